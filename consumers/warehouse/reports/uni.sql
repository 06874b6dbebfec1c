/*
id = "R-UNI"
title = "Workers' representation, and agreements between unions"
says = "Complaints in which a worker had a representative, workers who were told of a union, and whether the unions of the corridor have an agreement."
denominator = "complaints filed"
recommendations = ["A8"]
caveats = [
  "Who is a member of a union is nowhere in this system: only how many were told of one.",
  "An agreement between unions that nobody recorded is not known.",
]
[by]
corridor = "origin and destination; unknown"
union_agreement = "in force on the last day: yes; none known"
[figures]
stated = "complaints that say whether there was a representative"
represented = "complaints with one"
journeys = "journeys that left"
informed = "of these, workers told of a union"
[guards]
journeys = "journeys"
[rates.share]
of = ["represented", "stated"]
says = "represented by stated"
[rates.told]
of = ["informed", "journeys"]
says = "informed by journeys"
*/
    WITH all_ AS
    (
        SELECT
            if(c.corridor = '', 'unknown', c.corridor) AS corridor, 1 AS filed, c.represented IS NOT NULL AS said, ifNull(c.represented, false) AS with_one,
            0 AS gone, 0 AS told_of, 0 AS agreed
        FROM complaints AS c
        WHERE filed_at >= {since:Date32} AND filed_at < {until:Date32} + 1
        UNION ALL
        SELECT corridor, 0, 0, 0, 1, journey IN (SELECT journey FROM journey_events WHERE type = 'deployment.worker_informed_of_union'), 0
        FROM journey_outlines
        WHERE departed_at >= {since:Date32} AND departed_at < {until:Date32} + 1
        UNION ALL
        SELECT corridor, 0, 0, 0, 0, 0, 1 FROM agreements WHERE kind = 'TU' AND valid_from <= {until:Date32} AND ifNull(valid_until >= {until:Date32}, true)
        UNION ALL
        SELECT {corridor:String}, 0, 0, 0, 0, 0, 0 WHERE {corridor:String} != ''
    )
    SELECT
        corridor, if(max(agreed) = 1, 'yes', 'none known') AS union_agreement, sum(filed) AS n, sum(said) AS stated, sum(with_one) AS represented,
        sum(gone) AS journeys, sum(told_of) AS informed, n - stated AS unknown,
        arrayFilter(p -> length(p) = 2 AND p != '??', splitByChar('-', a.corridor)) AS places
    FROM all_ AS a
    WHERE {corridor:String} = '' OR a.corridor = {corridor:String}
    GROUP BY corridor
