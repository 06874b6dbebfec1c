/*
id = "R-AGR"
title = "Agreements in force, by corridor"
says = """Which corridors have an agreement between governments (BLA), one with employers (MOU) and one between trade unions (TU) in force on the last
day, and how many departures go without."""
denominator = "departures in the days asked for: as reported for the corridor, or those known here if they are more"
recommendations = ["A9", "B10"]
caveats = [
  "An agreement that nobody recorded is not known, and counted as a gap.",
  "A memorandum between governments counts as an agreement between governments.",
  "gap_departures: the kinds that are lacking, times n: which gap concerns most workers.",
  "Reported departures are those of periods that lie within the days asked for.",
]
order = "gaps * ifNull(n, 0) DESC, corridor"
[by]
corridor = "origin and destination"
bla = "between governments: in force, until when; ended; none known"
mou = "with employers"
tu = "between trade unions"
gaps = "kinds that are not in force"
[figures]
gap_departures = "gaps times departures"
*/
    WITH
        left AS
        (
            SELECT corridor, count() AS many FROM journey_outlines
            WHERE departed_at >= {since:Date32} AND departed_at < {until:Date32} + 1 AND destination != '' GROUP BY corridor
        ),
        told AS
        (
            SELECT JSONExtractString(body, 'corridor') AS corridor, sum(JSONExtractUInt(body, 'departures')) AS many
            FROM events
            WHERE type = 'oversight.departures_reported' AND toDate32OrZero(JSONExtractString(body, 'from')) >= {since:Date32}
                AND toDate32OrZero(JSONExtractString(body, 'until')) <= {until:Date32}
            GROUP BY corridor
        ),
        signed AS (SELECT * FROM agreements WHERE valid_from <= {until:Date32}),
        standing AS
        (
            SELECT
                corridor, kind, maxIf(ifNull(valid_until, toDate32('2299-12-31')), ifNull(valid_until >= {until:Date32}, true)) AS last_day,
                max(ifNull(valid_until, toDate32('2299-12-31'))) AS ended, countIf(ifNull(valid_until >= {until:Date32}, true)) > 0 AS in_force,
                multiIf(in_force AND last_day = toDate32('2299-12-31'), 'in force', in_force, concat('in force to ', toString(last_day)), concat('ended ', toString(ended))) AS said
            FROM signed
            GROUP BY corridor, kind
        )
    SELECT
        c.corridor AS corridor, greatest(l.many, t.many) AS n, if(b.said = '', 'none known', b.said) AS bla, if(m.said = '', 'none known', m.said) AS mou,
        if(u.said = '', 'none known', u.said) AS tu, 3 - (b.in_force + m.in_force + u.in_force) AS gaps, gaps * n AS gap_departures, 0 AS unknown,
        splitByChar('-', c.corridor) AS places
    FROM
    (
        SELECT corridor FROM left
        UNION DISTINCT SELECT corridor FROM told
        UNION DISTINCT SELECT corridor FROM signed
        UNION DISTINCT SELECT {corridor:String} WHERE {corridor:String} != ''
    ) AS c
    LEFT JOIN left AS l ON c.corridor = l.corridor
    LEFT JOIN told AS t ON c.corridor = t.corridor
    LEFT JOIN (SELECT * FROM standing WHERE kind = 'BLA') AS b ON c.corridor = b.corridor
    LEFT JOIN (SELECT * FROM standing WHERE kind = 'MOU') AS m ON c.corridor = m.corridor
    LEFT JOIN (SELECT * FROM standing WHERE kind = 'TU') AS u ON c.corridor = u.corridor
    WHERE {corridor:String} = '' OR c.corridor = {corridor:String}
