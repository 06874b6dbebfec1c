/*
id = "R-FUNNEL"
title = "What became of complaints"
says = """Complaints by the country whose office received them and the year of filing, and how many came to each stage: acknowledged, investigated,
substantiated, a measure, enforced; and how many were settled. A later stage stands for a missing earlier one."""
denominator = "complaints filed"
recommendations = ["B5"]
caveats = [
  "Investigated: followed up, referred, heard or decided. Substantiated: upheld. Measure: settled, or a sanction on anyone but a worker. Enforced: so said, or settled and paid.",
  "median days: from the stage before (settled: from filing), of the complaints that have both; the latest years have had less time.",
  "A closed complaint is at no stage for it: only what was done counts.",
]
order = "jurisdiction, year, place"
narrow = ["timed"]
[by]
jurisdiction = "country of the office that received the complaint"
year = "year of filing, UTC"
stage = "stage"
[figures]
reached = "complaints that came to it, or beyond"
timed = "complaints whose days are known"
median_days = "days from the stage before, median"
[guards]
median_days = "timed"
timed = "timed"
[rates.share]
of = ["reached", "n"]
says = "reached by n"
*/
    SELECT
        received_in AS jurisdiction, toYear(filed_at) AS year, at.1 AS place, at.2 AS stage, count() AS n, countIf(at.3) AS reached,
        count(at.4) AS timed, if(timed = 0, NULL, round(quantileExactInclusive(0.5)(ifNull(at.4, 0)), 1)) AS median_days,
        if(place = 4, sum(decided_unsaid > 0 AND NOT at.3), 0) AS unknown, [jurisdiction] AS places
    FROM complaints
    ARRAY JOIN [
        (1, 'filed', true, NULL),
        (2, 'acknowledged', coalesce(acknowledged_at, investigated_at, substantiated_at, measure_at, enforced_at) IS NOT NULL, dateDiff('second', filed_at, acknowledged_at) / 86400),
        (3, 'investigated', coalesce(investigated_at, substantiated_at, measure_at, enforced_at) IS NOT NULL, dateDiff('second', acknowledged_at, investigated_at) / 86400),
        (4, 'substantiated', coalesce(substantiated_at, measure_at, enforced_at) IS NOT NULL, dateDiff('second', investigated_at, substantiated_at) / 86400),
        (5, 'measure', coalesce(measure_at, enforced_at) IS NOT NULL, dateDiff('second', substantiated_at, measure_at) / 86400),
        (6, 'enforced', enforced_at IS NOT NULL, dateDiff('second', measure_at, enforced_at) / 86400),
        (7, 'settled', settled_at IS NOT NULL, dateDiff('second', filed_at, settled_at) / 86400)
    ] AS at
    WHERE filed_at >= {since:Date32} AND filed_at < {until:Date32} + 1 AND ({corridor:String} = '' OR corridor = {corridor:String})
    GROUP BY jurisdiction, year, place, stage
