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
WHERE rule IN ('T-CON-01', 'T-CON-02', 'T-CON-04', 'T-PDO-01', 'T-ATT-01', 'T-CMP-01', 'T-OFF-01')
GROUP BY office, corridor, rule
COMMENT 'Protecting steps that are missing, by office and corridor: open findings of the rules on missing steps. The office is one that published evidence or is named; a finding of two offices counts for both.';

DROP TABLE IF EXISTS rules;
