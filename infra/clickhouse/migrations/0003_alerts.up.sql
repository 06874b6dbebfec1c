CREATE TABLE IF NOT EXISTS alerts
(
    audience LowCardinality(String) COMMENT 'role.place, embassy.NP-QA',
    id String COMMENT 'from rule, subject and what is at issue',
    revision UInt128 COMMENT 'epoch * 2^64 + n; the greatest is the alert as it stands',
    rule LowCardinality(String) COMMENT 'id@version',
    harm LowCardinality(String),
    subject String COMMENT 'the dossier, as far as this audience may read it',
    issue String,
    home LowCardinality(String),
    status LowCardinality(String) COMMENT 'raised, updated, withdrawn, superseded',
    severity LowCardinality(String),
    reason LowCardinality(String),
    summary String,
    action LowCardinality(String),
    next_step String,
    evidence Array(String) COMMENT 'event ids',
    basis String COMMENT 'legal basis',
    indicators Array(LowCardinality(String)) COMMENT 'ILO indicators of forced labour',
    policy_rows Array(String),
    parties Array(String),
    offices Array(LowCardinality(String)) COMMENT 'offices that published the evidence',
    origin LowCardinality(String),
    destination LowCardinality(String),
    since Nullable(DateTime64(3, 'UTC')),
    due_at Nullable(DateTime64(3, 'UTC')),
    raised_at DateTime64(3, 'UTC'),
    changed_at DateTime64(3, 'UTC'),
    replaced_by String,
    run String,
    src_topic LowCardinality(String),
    src_log LowCardinality(String),
    src_partition UInt32,
    src_offset UInt64,
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (audience, id)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Each alert as each audience reads it. Read with FINAL, or through the views.';
