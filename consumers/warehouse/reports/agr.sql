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
        all_ AS
        (
            SELECT corridor, many AS gone, 0 AS told_of, '' AS kind, toDate32('1900-01-01') AS last_day FROM left
            UNION ALL SELECT corridor, 0, many, '', toDate32('1900-01-01') FROM told
            UNION ALL SELECT corridor, 0, 0, kind, ifNull(valid_until, toDate32('2299-12-31')) FROM agreements WHERE valid_from <= {until:Date32}
            UNION ALL SELECT {corridor:String}, 0, 0, '', toDate32('1900-01-01') WHERE {corridor:String} != ''
        ),
        standing AS
        (
            SELECT
                corridor, greatest(sum(gone), sum(told_of)) AS left_, maxIf(last_day, kind = 'BLA') AS b, maxIf(last_day, kind = 'MOU') AS m,
                maxIf(last_day, kind = 'TU') AS u
            FROM all_
            WHERE {corridor:String} = '' OR corridor = {corridor:String}
            GROUP BY corridor
        )
    SELECT
        corridor, left_ AS n,
        arrayMap(day -> multiIf(
            day < toDate32('1900-01-02') OR day = toDate32(0), 'none known', day >= toDate32('2299-12-31'), 'in force',
            day >= {until:Date32}, concat('in force to ', toString(day)), concat('ended ', toString(day))), [b, m, u]) AS said,
        said[1] AS bla, said[2] AS mou, said[3] AS tu, toInt64(arrayCount(each -> NOT startsWith(each, 'in force'), said)) AS gaps, gaps * n AS gap_departures,
        0 AS unknown, splitByChar('-', corridor) AS places
    FROM standing
