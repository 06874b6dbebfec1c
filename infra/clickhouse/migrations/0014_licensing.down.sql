DROP VIEW IF EXISTS shared_intelligence;
DROP VIEW IF EXISTS licence_watch;
