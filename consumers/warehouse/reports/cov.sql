/*
id = "R-COV"
title = "Inspections per 1,000 workers, by sector"
says = "Inspections of workplaces by sector (ISIC division; domestic work is 9700 and always among them), beside the workers known there."
denominator = "workers of the sector as an office reported them last, or those known here if they are more: arrived, and not known to have left"
recommendations = ["A4"]
caveats = [
  "Where no inspection of a country is known at all its inspections are unknown, not none.",
  "Where no office reports a sector's workers they are those whose journeys are here, fewer than live there: compare sectors and years, not countries.",
  "Domestic work is told by its sector, or by ISCO 9111; nothing of a household is here.",
]
[by]
jurisdiction = "country of work"
sector = "ISIC division; 9700 domestic work; unknown where no contract says"
[figures]
stock = "whether the workers are reported or known here"
inspections = "inspections of workplaces in the sector, in the days asked for"
[rates.per_1000]
of = ["inspections", "n"]
says = "inspections per 1,000 workers"
interval = "count"
per = 1000
*/
    WITH
        here AS
        (
            SELECT destination AS country, if(sector = '', 'unknown', sector) AS sector, count() AS workers
            FROM journey_outlines
            WHERE destination != '' AND arrived_at < {until:Date32} + 1 AND (ended_at IS NULL OR ended_at >= {until:Date32} + 1)
            GROUP BY country, sector
        ),
        stock AS
        (
            SELECT country, sector, sum(many) AS workers
            FROM (SELECT country, sector, isic, argMax(workers, (time, id)) AS many FROM reported_stock WHERE time < {until:Date32} + 1 GROUP BY country, sector, isic)
            GROUP BY country, sector
        ),
        visits AS
        (
            SELECT country, multiIf(isic = '', 'unknown', startsWith(isic, '97'), '9700', substring(isic, 1, 2)) AS sector, count() AS many
            FROM inspections
            WHERE visited = 'workplace' AND time >= {since:Date32} AND time < {until:Date32} + 1
            GROUP BY country, sector
        ),
        all_ AS
        (
            SELECT country, sector, workers AS known, 0 AS reported, 0 AS seen FROM here
            UNION ALL SELECT country, sector, 0, workers, 0 FROM stock
            UNION ALL SELECT country, sector, 0, 0, many FROM visits
            UNION ALL SELECT splitByChar('-', {corridor:String})[2], '9700', 0, 0, 0 WHERE {corridor:String} != ''
        ),
        spread AS
        (
            SELECT country, sector, known, reported, seen FROM all_
            UNION ALL SELECT country, '9700', 0, 0, 0 FROM all_
        ),
        sectors AS
        (
            SELECT
                country, sector, greatest(sum(s.known), sum(s.reported)) AS workers, sum(s.reported) >= sum(s.known) AS is_reported, sum(s.seen) AS inspected
            FROM spread AS s
            GROUP BY country, sector
        )
    SELECT
        country AS jurisdiction, sector, workers AS n, if(n = 0, NULL, if(is_reported, 'reported', 'known here')) AS stock,
        if(sum(inspected) OVER (PARTITION BY country) = 0, NULL, toNullable(inspected)) AS inspections, 0 AS unknown, [country] AS places
    FROM sectors
    WHERE {corridor:String} = '' OR country = splitByChar('-', {corridor:String})[2]
