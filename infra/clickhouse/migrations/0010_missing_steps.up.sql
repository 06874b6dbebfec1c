CREATE TABLE IF NOT EXISTS rules
(
    id LowCardinality(String) COMMENT 'T-CON-01',
    version UInt32,
    harm LowCardinality(String),
    kinds Array(String) COMMENT 'kinds of dossier that it is over: journey, demand, party, place',
    audience Array(String) COMMENT 'roles that hear of a finding',
    confidential Bool COMMENT 'nobody else may hear of it',
    severity LowCardinality(String),
    action LowCardinality(String),
    basis String COMMENT 'legal basis',
    recommendations Array(String) COMMENT 'A1 to A12, B1 to B16',
    indicators Array(String) COMMENT 'ILO indicators of forced labour',
    missing_step Bool COMMENT 'a finding says that a protecting step is missing'
)
ENGINE = ReplacingMergeTree
ORDER BY id
COMMENT 'The catalogue of rules of the build that migrated last. `fairpassage migrate` writes it anew; thresholds are not here.';

CREATE OR REPLACE VIEW missing_steps AS
SELECT
    office, concat(origin, '-', destination) AS corridor, rule, any(harm) AS harm, count() AS missing,
    uniqExact(subject) AS subjects, min(since) AS since, min(due_at) AS first_due,
    countIf(due_at < now64(3)) AS overdue
FROM
(
    SELECT
        rule, harm, subject, since, due_at, origin, destination,
        arrayJoin(if(empty(named), ['unknown'], named)) AS office
    FROM
    (
        SELECT *, arrayDistinct(arrayConcat(CAST(offices AS Array(String)), arrayFilter(p -> p LIKE '%:office:%', parties))) AS named
        FROM findings_open
    )
)
WHERE rule IN (SELECT id FROM rules WHERE missing_step)
GROUP BY office, corridor, rule
COMMENT 'Protecting steps that are missing, by office and corridor: open findings of the rules on missing steps (table rules). The office is one that published evidence or is named; a finding of two offices counts for both.';
