CREATE OR REPLACE VIEW journey_chains AS
WITH RECURSIVE
    links AS
    (
        SELECT
            journey, JSONExtractString(body, 'from_party') AS source, JSONExtract(body, 'licensed', 'Nullable(Bool)') AS licensed,
            multiIf(
                JSONExtractString(body, 'to_party') != '', JSONExtractString(body, 'to_party'),
                JSONExtractString(body, 'person') != '', JSONExtractString(body, 'person'),
                JSONExtractString(body, 'organisation') != '', JSONExtractString(body, 'organisation'), JSONExtractString(body, 'organisation_name')) AS target
        FROM journey_events
        WHERE type = 'recruitment.recruiter_declared' AND JSONExtractString(body, 'role') != 'employer'
    ),
    edges AS (SELECT DISTINCT journey, source, target FROM links WHERE target != '' AND source != target),
    walk AS
    (
        SELECT journey, target AS node, 1 AS depth
        FROM edges
        WHERE source = '' OR (journey, source) NOT IN (SELECT journey, target FROM edges)
        UNION ALL
        SELECT e.journey, e.target, w.depth + 1
        FROM edges AS e
        INNER JOIN walk AS w ON e.journey = w.journey AND e.source = w.node
        WHERE w.depth < 12
    ),
    longest AS (SELECT journey, max(depth) AS depth FROM walk GROUP BY journey)
SELECT
    l.journey AS journey, count() AS declarations, uniqExact(l.source, l.target) AS breadth, countIf(l.licensed IS NOT NULL) AS licence_said,
    countIf(ifNull(l.licensed = false, false)) AS unlicensed,
    if(any(d.depth) > 0 AND (breadth = 1 OR countIf(l.source != '') > 0), toNullable(any(d.depth)), NULL) AS depth
FROM links AS l
LEFT JOIN longest AS d ON l.journey = d.journey
GROUP BY journey
COMMENT 'The recruitment chain that a journey declares: recruiters in the longest line of links, without the employer, at most 12. Unknown where recruiters stand side by side without links, or in a circle alone.';
