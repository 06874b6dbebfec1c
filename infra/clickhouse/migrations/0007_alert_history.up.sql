CREATE TABLE IF NOT EXISTS alert_history AS alerts
ENGINE = ReplacingMergeTree
ORDER BY (audience, id, revision)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Every revision of every alert, for audits: alerts keeps the last one. Restricted ones are in it: grant it to few.';

CREATE MATERIALIZED VIEW IF NOT EXISTS alert_history_feed TO alert_history AS
SELECT * FROM alerts
COMMENT 'Copies each revision of an alert into alert_history as it is stored.';

INSERT INTO alert_history SELECT * FROM alerts;

CREATE OR REPLACE VIEW alert_changes AS
SELECT
    audience, id, revision, status, changed_at, severity, splitByChar('@', rule)[1] AS rule, rule AS rule_version, reason, summary,
    evidence, policy_rows, subject, replaced_by
FROM alert_history FINAL
WHERE audience != 'oversight-restricted'
COMMENT 'What an alert said at each change: raised, updated, withdrawn by later evidence. Filter by id and audience, order by revision.';
