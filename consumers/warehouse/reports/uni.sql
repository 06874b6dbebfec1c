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
    WITH
        filed AS
        (
            SELECT if(c.corridor = '', 'unknown', c.corridor) AS corridor, count() AS many, count(c.represented) AS stated, countIf(ifNull(c.represented, false)) AS with_one
            FROM complaints AS c
            WHERE filed_at >= {since:Date32} AND filed_at < {until:Date32} + 1
            GROUP BY corridor
        ),
        left AS
        (
            SELECT corridor, count() AS many, countIf(journey IN (SELECT journey FROM journey_events WHERE type = 'deployment.worker_informed_of_union')) AS informed
            FROM journey_outlines
            WHERE departed_at >= {since:Date32} AND departed_at < {until:Date32} + 1
            GROUP BY corridor
        ),
        agreed AS (SELECT DISTINCT corridor FROM agreements WHERE kind = 'TU' AND valid_from <= {until:Date32} AND ifNull(valid_until >= {until:Date32}, true))
    SELECT
        s.corridor AS corridor, if(s.corridor IN (SELECT corridor FROM agreed), 'yes', 'none known') AS union_agreement, f.many AS n, f.stated AS stated,
        f.with_one AS represented, l.many AS journeys, l.informed AS informed, n - stated AS unknown,
        arrayFilter(p -> length(p) = 2 AND p != '??', splitByChar('-', s.corridor)) AS places
    FROM
    (
        SELECT corridor FROM filed
        UNION DISTINCT SELECT corridor FROM left
        UNION DISTINCT SELECT corridor FROM agreed
        UNION DISTINCT SELECT {corridor:String} WHERE {corridor:String} != ''
    ) AS s
    LEFT JOIN filed AS f ON s.corridor = f.corridor
    LEFT JOIN left AS l ON s.corridor = l.corridor
    WHERE {corridor:String} = '' OR s.corridor = {corridor:String}
