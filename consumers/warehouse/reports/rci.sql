/*
id = "R-RCI"
title = "Recruitment cost in months of wage (SDG 10.7.1)"
says = """What workers paid to be recruited, in months of their first wage, by corridor; by sex, occupation and use of a broker within it; and for
all of an origin ('BD-*'). Three readings side by side: mean cost by mean wage, mean of the workers' own ratios, their median."""
denominator = "journeys whose cost and wage are known and comparable"
recommendations = ["B13"]
caveats = [
  "Costs are what worker or family paid, each kind of fee less its own refunds; what several tell of one payment counts once, and where worker and agency differ the greater counts.",
  "A journey that declares no fee, or a fee without an amount, has an unknown cost, not none.",
  "Costs and wages in two currencies are compared by a row of exchange_rates; without one the journey is not comparable.",
  "The wage is the first one paid, as for a month; where none is known, the contract's (n less paid wage).",
  "Journeys are of the days on which they left, or else began. No worker is compared with another.",
]
totals = true
few = "if(n = 0, journeys, n)"
keep = "{corridor:String} = '' OR corridor = {corridor:String}"
order = "corridor, indexOf(['all', 'sex', 'occupation', 'broker'], by), of"
narrow = ["cost_unknown", "wage_unknown", "not_comparable", "mean_cost", "mean_wage", "currency", "paid_wage"]
[by]
corridor = "origin and destination"
by = "all; or what it is broken down by"
of = "sex; ISCO sub-major group; broker: yes, no"
[figures]
journeys = "journeys"
ratio_of_means = "mean cost by mean wage, months"
mean_of_ratios = "mean of cost by wage, months"
median_of_ratios = "median of cost by wage, months"
mean_cost = "mean cost, in currency"
mean_wage = "mean monthly wage, in currency"
currency = "currency of both; several where they are not one and no rates make them so"
paid_wage = "of n, those whose wage was paid and not only promised"
cost_unknown = "journeys whose cost is not known"
wage_unknown = "journeys whose wage is not known"
not_comparable = "journeys with both, in currencies without a rate"
*/
    WITH
        cohort AS
        (
            SELECT *, if(isco = '', 'unknown', substring(isco, 1, 2)) AS occupation, if(sex = '', 'unknown', sex) AS gender,
                multiIf(brokers > 0, 'yes', recruiters > 0 OR channel != '', 'no', 'unknown') AS broker
            FROM journey_costs
            WHERE ifNull(departed_at, opened_at) >= {since:Date32} AND ifNull(departed_at, opened_at) < {until:Date32} + 1
        )
    SELECT
        line.1 AS corridor, line.2 AS by, line.3 AS of, countIf(comparable) AS n, count() AS journeys,
        uniqExactIf(c.currency, comparable) = 1 AS alike, n > 0 AND countIf(comparable AND NOT rated) = 0 AS in_usd,
        multiIf(n = 0, NULL, alike, anyIf(c.currency, comparable), in_usd, 'USD', 'several') AS currency,
        multiIf(alike, avgIf(cost, comparable), in_usd, avgIf(cost_usd, comparable), NULL) AS mean_cost,
        multiIf(alike, avgIf(wage, comparable), in_usd, avgIf(wage_usd, comparable), NULL) AS mean_wage,
        mean_cost / mean_wage AS ratio_of_means, if(n = 0, NULL, avgIf(months, comparable)) AS mean_of_ratios,
        if(n = 0, NULL, quantileExactInclusiveIf(0.5)(ifNull(months, 0), comparable)) AS median_of_ratios,
        countIf(comparable AND wage_earned) AS paid_wage, countIf(NOT cost_known) AS cost_unknown, countIf(NOT wage_known) AS wage_unknown,
        countIf(cost_known AND wage_known AND NOT comparable) AS not_comparable,
        journeys - n AS unknown, arrayFilter(place -> place NOT IN ('*', '??'), splitByChar('-', line.1)) AS places,
        if(by = 'all', line.1, '') AS total_of,
        if(by != 'all', line.1, if(endsWith(line.1, '-*'), '', concat(splitByChar('-', line.1)[1], '-*'))) AS whole,
        if(by != 'all', concat(line.1, '|', by), whole) AS within
    FROM cohort AS c
    ARRAY JOIN [
        (concat(origin, '-*'), 'all', 'all'), (c.corridor, 'all', 'all'), (c.corridor, 'sex', gender), (c.corridor, 'occupation', occupation),
        (c.corridor, 'broker', broker)
    ] AS line
    GROUP BY line
    UNION ALL
    SELECT {corridor:String}, 'all', 'all', 0, 0, false, false, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, splitByChar('-', {corridor:String}), {corridor:String}, '', ''
    WHERE {corridor:String} != '' AND {corridor:String} NOT IN (SELECT corridor FROM cohort)
