DROP VIEW IF EXISTS alert_changes;
DROP VIEW IF EXISTS alert_history_feed;
DROP TABLE IF EXISTS alert_history;
