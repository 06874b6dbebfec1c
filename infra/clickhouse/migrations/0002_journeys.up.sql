CREATE TABLE IF NOT EXISTS journeys
(
    id String COMMENT 'journey:{ISO2}:{hex}',
    revision UInt128 COMMENT 'epoch * 2^64 + n; the greatest is the journey as it stands',
    home LowCardinality(String) COMMENT 'ISO2 of the origin',
    destination LowCardinality(String) COMMENT 'ISO2, or empty while unknown',
    status LowCardinality(String) COMMENT 'open, closed, or replaced by another journey',
    opened_at DateTime64(3, 'UTC'),
    step_type Array(LowCardinality(String)) COMMENT 'event types, in order; step_time and step_event go with it',
    step_time Array(DateTime64(3, 'UTC')),
    step_event Array(String) COMMENT 'event ids',
    missing Array(LowCardinality(String)) COMMENT 'rules with an open finding',
    unknown Array(LowCardinality(String)) COMMENT 'rules that lack data: never read as compliance',
    identities UInt32 COMMENT 'strong identifiers that linking joined',
    offices Array(LowCardinality(String)),
    demand String,
    person String COMMENT 'pseudonym shared by the journeys of one worker',
    replaced_by String,
    run String,
    src_topic LowCardinality(String),
    src_log LowCardinality(String),
    src_partition UInt32,
    src_offset UInt64,
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY id
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Each journey''s public outline. Read with FINAL, or through the views.';
