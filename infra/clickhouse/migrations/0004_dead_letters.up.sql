CREATE TABLE IF NOT EXISTS dead_letters
(
    topic LowCardinality(String) COMMENT 'the dead-letter topic',
    src_log LowCardinality(String) COMMENT 'Kafka''s own id of that topic',
    src_partition UInt32,
    src_offset UInt64,
    src_topic LowCardinality(String) COMMENT 'the dead-letter topic, under the name that every table has for it',
    reason LowCardinality(String) COMMENT 'reason code',
    detail String COMMENT 'what is wrong, without the event''s data',
    origin_topic LowCardinality(String) COMMENT 'where the record stood',
    origin_partition Nullable(UInt32),
    origin_offset Nullable(UInt64),
    at DateTime64(3, 'UTC') COMMENT 'broker time of the dead letter',
    bytes UInt64 COMMENT 'size of the original value, which stays in Kafka',
    version UInt8 DEFAULT 0,
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (topic, src_log, src_partition, src_offset)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Where every rejected record is and why. Its bytes stay in Kafka: list and replay them with `fairpassage dlq`.';
