/*
id = "R-REG-2"
title = "Comparable indicators of each corridor"
says = """Side by side for a region: how late contracts are registered, how many are substituted, what recruitment costs in months of wage, and how far
inspection covers the workers of the destination."""
denominator = "journeys that left"
recommendations = ["A12"]
caveats = [
  "No league table: corridors differ in which offices publish, and each figure has its own denominator, of ten or more or it is withheld.",
  "Lag: days from departure to the first record of the contract at origin, 95th percentile. Substituted: any field worse at destination.",
  "Cost: median of the journeys' own ratios. Inspections are of workplaces of the destination, in all sectors, for all its workers known here.",
]
narrow = ["lag_n", "pairs", "substituted", "cost_n", "workers", "inspections"]
[by]
corridor = "origin and destination"
[figures]
lag_n = "contracts registered at origin whose due day is known"
lag_p95 = "days from departure to record, 95th percentile"
pairs = "journeys with comparable contracts of both ends"
substituted = "of these, worse at destination"
cost_n = "journeys whose cost and wage are comparable"
cost_months = "cost in months of wage, median"
workers = "workers known at the destination on the last day"
inspections = "inspections of its workplaces"
[guards]
lag_n = "lag_n"
lag_p95 = "lag_n"
cost_n = "cost_n"
cost_months = "cost_n"
[rates.subst]
of = ["substituted", "pairs"]
says = "substituted by pairs"
[rates.per_1000]
of = ["inspections", "workers"]
says = "inspections per 1,000 workers of the destination"
interval = "count"
per = 1000
*/
    WITH
        left AS
        (
            SELECT corridor, o.destination AS destination, count() AS many FROM journey_outlines AS o
            WHERE departed_at >= {since:Date32} AND departed_at < {until:Date32} + 1 AND destination != '' GROUP BY corridor, destination
        ),
        lags AS
        (
            SELECT
                corridor, count(due_at) AS many,
                round(quantileExactIf(0.95)(ifNull(dateDiff('second', due_at, first_recorded), 0) / 86400, due_at IS NOT NULL), 1) AS p95
            FROM contract_records
            WHERE type = 'oversight.contract_registered_origin' AND time >= {since:Date32} AND time < {until:Date32} + 1
            GROUP BY corridor
        ),
        pairs_of AS
        (
            SELECT corridor, countIf(told) AS many, countIf(told AND worse) AS worse_ones
            FROM contract_pairs
            WHERE authenticated_at >= {since:Date32} AND authenticated_at < {until:Date32} + 1
            GROUP BY corridor
        ),
        costs AS
        (
            SELECT corridor, countIf(comparable) AS many, quantileExactInclusiveIf(0.5)(ifNull(months, 0), comparable) AS middle
            FROM journey_costs
            WHERE ifNull(departed_at, opened_at) >= {since:Date32} AND ifNull(departed_at, opened_at) < {until:Date32} + 1
            GROUP BY corridor
        ),
        here AS
        (
            SELECT destination, count() AS many FROM journey_outlines
            WHERE arrived_at < {until:Date32} + 1 AND (ended_at IS NULL OR ended_at >= {until:Date32} + 1) GROUP BY destination
        ),
        visits AS
        (
            SELECT country, count() AS many FROM inspections
            WHERE visited = 'workplace' AND time >= {since:Date32} AND time < {until:Date32} + 1 GROUP BY country
        )
    SELECT
        s.corridor AS corridor, l.many AS n, g.many AS lag_n, if(lag_n = 0, NULL, g.p95) AS lag_p95, p.many AS pairs, p.worse_ones AS substituted,
        c.many AS cost_n, if(cost_n = 0, NULL, c.middle) AS cost_months, h.many AS workers, if(v.many = 0, NULL, toNullable(v.many)) AS inspections,
        0 AS unknown, splitByChar('-', s.corridor) AS places
    FROM (SELECT corridor, destination FROM left UNION DISTINCT SELECT {corridor:String}, splitByChar('-', {corridor:String})[2] WHERE {corridor:String} != '') AS s
    LEFT JOIN left AS l ON s.corridor = l.corridor
    LEFT JOIN lags AS g ON s.corridor = g.corridor
    LEFT JOIN pairs_of AS p ON s.corridor = p.corridor
    LEFT JOIN costs AS c ON s.corridor = c.corridor
    LEFT JOIN here AS h ON s.destination = h.destination
    LEFT JOIN visits AS v ON s.destination = v.country
    WHERE {corridor:String} = '' OR s.corridor = {corridor:String}
