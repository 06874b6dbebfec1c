/*
id = "R-SUBST"
title = "Contracts substituted, by field"
says = """Contracts registered at origin beside those authenticated at destination, journey by journey: how many are worse for the worker in each
field, by corridor and by agency. Improvements do not count."""
denominator = "journeys whose two contracts both state the field"
recommendations = ["A5", "B14"]
caveats = [
  "Worse: wage more than 5 % less, hours more than 10 % more, fewer rest days, higher deductions, another employer or place, any other duration, another job (ISCO, two digits) that is of no higher group.",
  "A secondment or transfer between the two employers, known at any time, excuses employer and site. Papers alone are compared; T-CON-03 reads amendments, dates and pay too.",
  "Wages in two currencies, and what one contract leaves out, are not compared.",
  "A journey with one contract alone is in no share: that step is missing, and T-CON-01 or T-CON-02 says so.",
]
totals = true
order = "corridor, agency != 'all', agency, place"
[by]
corridor = "origin and destination"
agency = "all; or the agency that the contract or the registration names"
field = "what is compared; any: at least one of them"
[figures]
worse = "journeys where it is worse at destination"
[rates.share]
of = ["worse", "n"]
says = "worse by n"
*/
    WITH pairs AS
    (
        SELECT *, arrayConcat([('any', if(told, worse, NULL))], if(paired, fields, [('employer', NULL), ('job', NULL), ('wage', NULL), ('hours', NULL), ('rest day', NULL), ('place', NULL), ('duration', NULL), ('deductions', NULL)])) AS compared
        FROM contract_pairs
        WHERE coalesce(authenticated_at, registered_at) >= {since:Date32} AND coalesce(authenticated_at, registered_at) < {until:Date32} + 1
            AND ({corridor:String} = '' OR corridor = {corridor:String})
    )
    SELECT
        p.corridor AS corridor, line AS agency, f.1 AS field, indexOf(['any', 'wage', 'job', 'employer', 'place', 'hours', 'rest day', 'duration', 'deductions'], field) AS place,
        count(f.2) AS n, countIf(ifNull(f.2, false)) AS worse, count() - n AS unknown, arrayFilter(c -> c != '??', splitByChar('-', p.corridor)) AS places,
        if(line = 'all', concat(p.corridor, '|', field), '') AS total_of, if(line = 'all', '', concat(p.corridor, '|', field)) AS whole, whole AS within
    FROM pairs AS p
    ARRAY JOIN compared AS f
    ARRAY JOIN ['all', if(p.agency = '', 'unknown', p.agency)] AS line
    GROUP BY corridor, line, f.1
    UNION ALL
    SELECT {corridor:String}, 'all', 'any', 1, 0, 0, 0, splitByChar('-', {corridor:String}), '', '', ''
    WHERE {corridor:String} != '' AND (SELECT count() FROM pairs) = 0
