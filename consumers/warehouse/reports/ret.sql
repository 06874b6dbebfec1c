/*
id = "R-RET"
title = "Workers who came home: referral, enrolment, outcome"
says = "Registered returnees by corridor: referred to reintegration, in 30 days; enrolled; at work after 6 and after 12 months."
denominator = "returnees registered; for what is due, such as were registered so long ago; at work: of known outcomes"
recommendations = ["B15"]
caveats = [
  "An offer that was declined is a referral. Who is enrolled was referred.",
  "An outcome told at 6 to 11 months is that after 6, from 12 on that after 12. An outcome that nobody told is unknown.",
]
order = "corridor, place"
[by]
corridor = "origin and destination"
stage = "what came of it"
[figures]
reached = "returnees that came to it"
[rates.share]
of = ["reached", "n"]
says = "reached by n"
*/
    WITH
        toDateTime64({until:Date32} + 1, 3, 'UTC') AS now_,
        returned AS
        (
            SELECT
                any(corridor) AS corridor, minIf(toNullable(time), type = 'deployment.returnee_registered') AS home_at,
                minIf(toNullable(time), type IN ('deployment.reintegration_referred', 'deployment.reintegration_enrolled')) AS referred_at,
                countIf(type = 'deployment.reintegration_enrolled') > 0 AS enrolled,
                argMaxIf(JSONExtractString(body, 'outcome'), (time, id), type = 'deployment.reintegration_outcome' AND JSONExtractInt(body, 'months') BETWEEN 6 AND 11) AS after_6,
                argMaxIf(JSONExtractString(body, 'outcome'), (time, id), type = 'deployment.reintegration_outcome' AND JSONExtractInt(body, 'months') >= 12) AS after_12
            FROM journey_events
            WHERE time < {until:Date32} + 1 AND (startsWith(type, 'deployment.reintegration') OR type = 'deployment.returnee_registered')
            GROUP BY journey
            HAVING home_at >= {since:Date32}
        )
    SELECT
        r.corridor AS corridor, line.1 AS place, line.2 AS stage, countIf(line.3) AS n, countIf(line.3 AND line.4) AS reached, sum(line.5) AS unknown,
        arrayFilter(p -> p != '??', splitByChar('-', r.corridor)) AS places
    FROM returned AS r
    ARRAY JOIN [
        (1, 'referred', true, referred_at IS NOT NULL, 0),
        (2, 'referred in 30 days', ifNull(referred_at <= home_at + toIntervalDay(30), false) OR home_at + toIntervalDay(30) < now_, ifNull(referred_at <= home_at + toIntervalDay(30), false), 0),
        (3, 'enrolled', true, enrolled, 0),
        (4, 'at work after 6 months', after_6 != '', after_6 IN ('employed', 'self_employed'), after_6 = '' AND home_at + toIntervalMonth(6) < now_),
        (5, 'at work after 12 months', after_12 != '', after_12 IN ('employed', 'self_employed'), after_12 = '' AND home_at + toIntervalMonth(12) < now_)
    ] AS line
    WHERE {corridor:String} = '' OR r.corridor = {corridor:String}
    GROUP BY corridor, place, stage
    UNION ALL
    SELECT {corridor:String}, 1, 'referred', 0, 0, 0, splitByChar('-', {corridor:String})
    WHERE {corridor:String} != '' AND {corridor:String} NOT IN (SELECT corridor FROM returned)
