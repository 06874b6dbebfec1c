CREATE TABLE IF NOT EXISTS erasures
(
    home LowCardinality(String) COMMENT 'ISO2 of the home where it was carried out',
    id String COMMENT 'of the order; another in each home that held copies',
    subject String COMMENT 'the journey that was ordered to be erased; empty in the homes of copies',
    basis String COMMENT 'the law or request it rests on',
    officer LowCardinality(String) COMMENT 'who ordered it, a pseudonym',
    at DateTime64(3, 'UTC') COMMENT 'when it was ordered',
    subjects Array(String) COMMENT 'dossiers that it ended',
    facts Array(String) COMMENT 'ids of the facts that it emptied',
    events Array(String) COMMENT 'digests of the events that count as known from then on',
    src_topic LowCardinality(String),
    src_log LowCardinality(String),
    src_partition UInt32,
    src_offset UInt64,
    version UInt8 DEFAULT 0,
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (home, id)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Every lawful erasure: who, when, why, and of how much. Nothing of what was erased.';
