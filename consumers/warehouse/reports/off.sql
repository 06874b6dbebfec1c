/*
id = "R-OFF"
title = "What offices register, how late, and whom they reach"
says = """By office: contracts registered or authenticated, days from the event to its record, corrections, campaigns and the people they reached;
secondments allowed beside the contracts authenticated. An office that published nothing in these days is here too."""
denominator = "contracts registered or authenticated"
recommendations = ["A7"]
caveats = [
  "An office without events in these days is unknown, and not idle.",
  "Of people reached by campaigns the same one may count twice.",
  "Secondments allowed are lawful: beside authentications they say how much of the work is directed by others.",
]
narrow = ["reached", "secondments", "authenticated", "per_authentication", "corrections"]
[by]
office = "publishing office"
[figures]
p50_days = "days from event to record, median, of n"
p95_days = "days from event to record, 95th percentile, of n"
events = "events of all kinds"
corrections = "events that correct another"
campaigns = "campaigns held"
reached = "people reached, as stated"
authenticated = "contracts authenticated"
secondments = "secondments allowed"
[rates.per_authentication]
of = ["secondments", "authenticated"]
says = "secondments per contract authenticated"
interval = "count"
*/
    WITH
        published AS (SELECT DISTINCT id, office, type, time, recorded, corrects, body, jurisdiction FROM facts FINAL WHERE erased = 0),
        standing AS (SELECT id FROM events),
        counted_events AS
        (
            SELECT *, id IN standing AS stands, type IN ('oversight.contract_registered_origin', 'oversight.contract_authenticated_destination') AS contract
            FROM published
            WHERE time >= {since:Date32} AND time < {until:Date32} + 1
        )
    SELECT
        o.office AS office, e.n AS n, e.p50_days AS p50_days, e.p95_days AS p95_days, if(e.events = 0, NULL, e.events) AS events,
        if(e.events = 0, NULL, e.corrections) AS corrections, if(e.events = 0, NULL, e.campaigns) AS campaigns,
        if(e.events = 0, NULL, e.reached) AS reached, if(e.events = 0, NULL, e.authenticated) AS authenticated,
        if(e.events = 0, NULL, e.secondments) AS secondments, 0 AS unknown, [o.jurisdiction] AS places
    FROM
    (
        SELECT office, any(p.jurisdiction) AS jurisdiction FROM published AS p
        WHERE {corridor:String} = '' OR has(splitByChar('-', {corridor:String}), p.jurisdiction)
        GROUP BY office
        UNION DISTINCT SELECT office, s.jurisdiction FROM silent_offices AS s
        WHERE {corridor:String} = '' OR has(splitByChar('-', {corridor:String}), s.jurisdiction)
    ) AS o
    LEFT JOIN
    (
        SELECT
            office, countIf(contract AND stands) AS n, count() AS events, countIf(corrects != '') AS corrections,
            if(n = 0, NULL, round(quantileExactIf(0.5)(dateDiff('second', time, recorded) / 86400, contract AND stands), 1)) AS p50_days,
            if(n = 0, NULL, round(quantileExactIf(0.95)(dateDiff('second', time, recorded) / 86400, contract AND stands), 1)) AS p95_days,
            countIf(type = 'oversight.campaign_held' AND stands) AS campaigns,
            sumIf(JSONExtractInt(body, 'reached'), type = 'oversight.campaign_held' AND stands) AS reached,
            countIf(type = 'oversight.contract_authenticated_destination' AND stands) AS authenticated,
            countIf(type = 'deployment.secondment_approved' AND stands) AS secondments
        FROM counted_events
        GROUP BY office
    ) AS e ON o.office = e.office
