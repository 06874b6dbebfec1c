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
            SELECT
                o.corridor AS corridor, o.agency AS agency, o.departed_at IS NOT NULL AS gone, c.depth AS depth, c.declarations AS declarations,
                c.licence_said AS licence_said, c.unlicensed AS unlicensed, 1 AS real
            FROM journey_outlines AS o
            LEFT JOIN journey_chains AS c ON o.journey = c.journey
            WHERE ifNull(o.departed_at, o.opened_at) >= {since:Date32} AND ifNull(o.departed_at, o.opened_at) < {until:Date32} + 1
                AND ({corridor:String} = '' OR o.corridor = {corridor:String})
            UNION ALL SELECT {corridor:String}, '', false, NULL, 0, 0, 0, 0 WHERE {corridor:String} != ''
        ),
        corridors AS
        (
            SELECT
                corridor, count(depth) AS deep, sum(real) - deep AS not_deep, sum(licence_said) AS said, sum(c.unlicensed) AS without, sum(declarations) - said AS unsaid,
                sumMapIf([agency], [toUInt64(1)], gone AND agency != '').2 AS by_agency, arraySum(by_agency) AS total, countIf(gone AND agency = '') AS no_agency,
                countIf(ifNull(depth = 1, false)) AS one, countIf(ifNull(depth = 2, false)) AS two, countIf(ifNull(depth = 3, false)) AS three,
                countIf(ifNull(depth > 3, false)) AS more
            FROM cohort AS c
            GROUP BY corridor
        )
    SELECT
        corridor, line.1 AS place, line.2 AS measure, line.3 AS n, line.4 AS many, line.5 AS unknown,
        if(place = 6 AND total > 0, round(arraySum(k -> k * k, by_agency) / total / total * 10000), NULL) AS hhi,
        arrayFilter(p -> p != '??', splitByChar('-', corridor)) AS places
    FROM corridors
    ARRAY JOIN [
        (1, 'one recruiter', toInt64(deep), toInt64(one), toInt64(not_deep)), (2, 'two', toInt64(deep), toInt64(two), toInt64(not_deep)),
        (3, 'three', toInt64(deep), toInt64(three), toInt64(not_deep)), (4, 'four or more', toInt64(deep), toInt64(more), toInt64(not_deep)),
        (5, 'unlicensed link', toInt64(said), toInt64(without), toInt64(unsaid)),
        (6, 'largest agency', toInt64(total), if(total = 0, toInt64(0), toInt64(arrayMax(by_agency))), toInt64(no_agency))
    ] AS line
