/*
id = "R-CHAIN"
title = "Recruitment chains: depth, licences, concentration"
says = """How many recruiters stand between worker and employer, how many declared links are said to be unlicensed, and what part of the departures
the largest agency has, by corridor."""
denominator = "journeys whose depth is known; links that say whether licensed; departures whose agency is known"
recommendations = ["A11", "B1"]
caveats = [
  "Depth is the longest line of declared links, persons included, without the employer. Recruiters declared side by side are no line: not known.",
  "Unlicensed is as declared; what the register says is T-CHN-02's.",
  "hhi: sum of the squared shares of all agencies in percent, 10,000 where there is one.",
]
order = "corridor, place"
[by]
corridor = "origin and destination"
measure = "what is counted"
[figures]
many = "of n"
hhi = "Herfindahl-Hirschman index of departures by agency"
[rates.share]
of = ["many", "n"]
says = "many by n"
*/
    WITH
        cohort AS
        (
            SELECT o.corridor AS corridor, o.journey AS journey, o.agency AS agency, o.departed_at AS departed_at, c.depth AS depth, c.declarations AS declarations,
                c.licence_said AS licence_said, c.unlicensed AS unlicensed
            FROM journey_outlines AS o
            LEFT JOIN journey_chains AS c ON o.journey = c.journey
            WHERE ifNull(o.departed_at, o.opened_at) >= {since:Date32} AND ifNull(o.departed_at, o.opened_at) < {until:Date32} + 1
                AND ({corridor:String} = '' OR o.corridor = {corridor:String})
        ),
        agencies AS
        (
            SELECT corridor, sum(left) AS total, max(left) AS most, sum(left * left) AS squares, any(unsaid) AS unsaid
            FROM
            (
                SELECT corridor, agency, count() AS left, countIf(agency = '') OVER (PARTITION BY corridor) AS unsaid
                FROM cohort WHERE departed_at IS NOT NULL GROUP BY corridor, agency
            )
            WHERE agency != ''
            GROUP BY corridor
        )
    SELECT
        d.corridor AS corridor, line.1 AS measure, line.2 AS place, count(d.depth) AS n, countIf(d.depth IS NOT NULL AND least(ifNull(d.depth, 0), 4) = line.2) AS many,
        CAST(NULL, 'Nullable(Float64)') AS hhi, count() - n AS unknown, arrayFilter(c -> c != '??', splitByChar('-', d.corridor)) AS places
    FROM cohort AS d
    ARRAY JOIN [('one recruiter', 1), ('two', 2), ('three', 3), ('four or more', 4)] AS line
    GROUP BY corridor, line
    UNION ALL
    SELECT corridor, 'unlicensed link', 5, sum(licence_said) AS n, sum(c.unlicensed), NULL, sum(declarations) - n, arrayFilter(p -> p != '??', splitByChar('-', corridor))
    FROM cohort AS c
    GROUP BY corridor
    UNION ALL
    SELECT corridor, 'largest agency', 6, total, most, round(squares / total / total * 10000), unsaid, arrayFilter(p -> p != '??', splitByChar('-', corridor))
    FROM agencies
    UNION ALL
    SELECT {corridor:String}, 'one recruiter', 1, 0, 0, NULL, 0, splitByChar('-', {corridor:String})
    WHERE {corridor:String} != '' AND (SELECT count() FROM cohort) = 0
