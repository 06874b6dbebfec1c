CREATE OR REPLACE VIEW journey_chains AS
WITH
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
    graphs AS
    (
        SELECT
            journey, count() AS declarations, uniqExact(l.source, l.target) AS breadth, countIf(l.licensed IS NOT NULL) AS licence_said,
            countIf(ifNull(l.licensed = false, false)) AS unlicensed, countIf(l.source != '') AS linked,
            groupUniqArrayIf((l.source, l.target), l.target != '' AND l.source != l.target) AS edges,
            arrayFold(
                (depths, round) -> arrayMap(e -> 1 + arrayMax(arrayConcat([toInt64(0)], arrayFilter((d, other) -> other.2 = e.1, depths, edges))), edges),
                range(12), arrayMap(e -> toInt64(1), edges)) AS depths
        FROM links AS l
        GROUP BY journey
    )
SELECT
    journey, declarations, breadth, licence_said, unlicensed,
    if(notEmpty(edges) AND arrayMax(depths) <= 12 AND (breadth = 1 OR linked > 0), toNullable(arrayMax(depths)), NULL) AS depth
FROM graphs
COMMENT 'The recruitment chain that a journey declares: recruiters in the longest line of links, without the employer, at most 12. Unknown where recruiters stand side by side without links, or in a circle.';
