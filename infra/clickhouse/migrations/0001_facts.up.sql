CREATE TABLE IF NOT EXISTS facts
(
    home LowCardinality(String) COMMENT 'ISO2 of the home whose copy of the fact this is',
    id String COMMENT 'hash of source, event id and canonical content',
    event_id String COMMENT 'the id that the office gave; with source it names an event',
    source LowCardinality(String) COMMENT '/office/{ISO2}/{office}',
    context LowCardinality(String) COMMENT 'the public topic',
    type LowCardinality(String) COMMENT 'context and name of the event type',
    office LowCardinality(String) COMMENT 'publishing office as a party, NP:office:kathmandu',
    jurisdiction LowCardinality(String) COMMENT 'ISO2 of the publishing office',
    time DateTime64(3, 'UTC') COMMENT 'when it happened; kept within 1900 to 2299',
    recorded DateTime64(3, 'UTC') COMMENT 'when the office recorded it; kept within 1900 to 2299',
    evidence LowCardinality(String) COMMENT 'inferred < declared < documented < verified',
    origin LowCardinality(String) COMMENT 'the worker''s state; empty in a copy for another home, or when about no worker',
    identifier_kinds Array(LowCardinality(String)) COMMENT 'kinds of the worker''s identifiers; the digests stay in Kafka',
    contract String COMMENT 'contract number that the event names, or empty',
    visa String COMMENT 'visa number, or empty',
    demand String COMMENT 'demand id, or empty',
    case_id String COMMENT 'case number, or empty',
    subjects Array(String) COMMENT 'demands, parties and places it names',
    body String COMMENT 'the event''s own fields as JSON; instants in ms, dates as ISO text; read with JSONExtract',
    corrects String COMMENT 'event id that this one corrects (same source), or empty',
    retracted Bool COMMENT 'the corrected event never happened',
    run String COMMENT 'import run, or empty',
    erased UInt8 COMMENT '1: its content was erased; only home and id are left',
    src_topic LowCardinality(String) COMMENT 'Kafka topic',
    src_log LowCardinality(String) COMMENT 'Kafka''s own id of that topic; a topic made again has another',
    src_partition UInt32,
    src_offset UInt64,
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(erased)
ORDER BY (home, id)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'The record: every accepted fact once per home. Read with FINAL, or through the views.';
