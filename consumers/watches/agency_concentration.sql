-- id: T-CHN-07
-- version: 1
-- every: day
-- subject: place
-- publishes: alerts
-- window: {days} days before its end
-- parameter days: UInt32 = 90 (domain.md 4.4)
-- parameter share_percent: Float64 = 30.0 (domain.md 4.4 [S26b])
-- parameter hhi: Float64 = 2500.0 (domain.md 4.4)
-- parameter least: UInt32 = 10 (domain.md 4.6)
-- denominator: {least} departures of a corridor, or job orders of a jurisdiction that declare their recruiters; below it is insufficient
-- control: a worker's departure counts once, with the last clearance before it; who went without an agency is nobody's share; a
--   departure whose agency is not known makes it insufficient where it could tip the balance; spellings of one number are one agency
-- reads: deployment.departed, visa.clearance_issued, recruitment.worker_registered, recruitment.recruiter_declared,
--   recruitment.demand_submitted, journeys
WITH
    fromUnixTimestamp64Milli({until:Int64}, 'UTC') AS until,
    journeyed AS
    (
        SELECT
            if(journey = '', id, journey) AS unit, max(origin) AS nationality,
            groupArrayIf((time, event_id, JSONExtractString(body, 'country')), type = 'deployment.departed') AS departures,
            groupArrayIf((time, event_id, JSONExtractString(body, 'agency')), type = 'visa.clearance_issued') AS clearances,
            max(type = 'recruitment.worker_registered' AND JSONExtractString(body, 'channel') IN ('direct', 'state', 'own_effort')) AS alone
        FROM {{worker_events deployment.departed visa.clearance_issued recruitment.worker_registered}}
        WHERE time < until
        GROUP BY unit
    ),
    departed AS
    (
        SELECT
            unit, nationality, alone, arraySort(departures)[-1] AS last, last.1 AS left_at, last.2 AS event, last.3 AS country,
            arraySort(arrayFilter(c -> c.1 <= left_at, clearances))[-1].3 AS agency
        FROM journeyed
        WHERE notEmpty(departures) AND nationality != ''
    ),
    ordered AS
    (
        SELECT
            if(r.demand = '', JSONExtractString(r.body, 'demand'), r.demand) AS unit,
            if(ifNull(d.country, '') = '', r.jurisdiction, d.country) AS country, r.time AS time, r.event_id AS event,
            JSONExtractString(r.body, 'organisation') AS organisation, JSONExtractString(r.body, 'person') AS natural_person,
            replaceRegexpAll(upper(JSONExtractString(r.body, 'organisation_name')), '[^A-Z0-9]', '') AS named,
            if(organisation LIKE '__:person:%', '', if(named != '', named, {{key organisation}})) AS taker
        FROM {{events recruitment.recruiter_declared}} AS r
        LEFT ANY JOIN
        (
            SELECT if(demand = '', JSONExtractString(body, 'demand'), demand) AS id, argMax(JSONExtractString(body, 'country'), (time, event_id)) AS country
            FROM {{events recruitment.demand_submitted}}
            WHERE time < until
            GROUP BY id
        ) AS d ON d.id = if(r.demand = '', JSONExtractString(r.body, 'demand'), r.demand)
        WHERE r.time < until AND unit != '' AND JSONExtractString(r.body, 'declared_by') = 'employer'
    ),
    taken AS
    (
        SELECT
            concat(nationality, '-', country) AS place, 'departures' AS what, unit, {{key agency}} AS taker, agency AS party,
            agency = '' AND NOT alone AS unknown, event, left_at >= until - toIntervalDay({days:UInt32}) AS inside
        FROM departed
        WHERE country != '' AND country != nationality
        UNION ALL
        SELECT
            country, 'job orders', unit, taker, if(taker = '', '', organisation), taker = '' AND organisation = '' AND natural_person = '', event,
            time >= until - toIntervalDay({days:UInt32})
        FROM ordered
    ),
    shares AS
    (
        SELECT place, what, taker, max(party) AS party, uniqExactIf(unit, inside) AS units, arraySlice(arraySort(groupUniqArrayIf(event, inside)), 1, 50) AS events
        FROM taken
        WHERE taker != ''
        GROUP BY place, what, taker
    ),
    markets AS
    (
        SELECT
            place, what, max(units) AS top, sum(units) AS held, sum(units * units) AS squares, countIf(units > 0) AS takers,
            argMax(party, (units, taker)) AS first, argMax(events, (units, taker)) AS shown
        FROM shares
        GROUP BY place, what
    ),
    wholes AS
    (
        SELECT place, what, uniqExactIf(unit, inside) AS units, uniqExactIf(unit, inside AND unknown) AS unknown
        FROM taken
        GROUP BY place, what
    ),
    judged AS
    (
        SELECT
            w.place AS place, w.what AS what, w.units AS units, w.unknown AS unknown, ifNull(m.top, 0) AS top, ifNull(m.takers, 0) AS takers,
            ifNull(m.first, '') AS first, m.shown AS shown, ifNull(m.squares, 0) AS squares, greatest(w.units, ifNull(m.held, 0)) AS whole,
            100 * top > {share_percent:Float64} * units AS large, 10000 * squares > {hhi:Float64} * whole * whole AS closed,
            100 * (top + unknown) > {share_percent:Float64} * units
                OR 10000 * (squares - top * top + (top + unknown) * (top + unknown)) > {hhi:Float64} * whole * whole AS could
        FROM wholes AS w
        LEFT JOIN markets AS m ON w.place = m.place AND w.what = m.what
    )
SELECT
    concat('place:', place) AS subject, what AS issue,
    multiIf(units < {least:UInt32}, 'insufficient', large OR closed, 'finding', could, 'insufficient', 'clear') AS outcome,
    multiIf(outcome != 'finding', '', large, 'agency_share', 'closed_market') AS reason,
    multiIf(outcome != 'finding', '', large, concat('One agency has more than ', toString({share_percent:Float64}), ' % of the ', what, ' within ',
        toString({days:UInt32}), ' days.'), concat('A few agencies have the ', what, ' of ', toString({days:UInt32}), ' days among them.')) AS summary,
    [concat('share_percent=', toString(round(100 * top / greatest(units, 1), 2))), concat('hhi=', toString(round(10000 * squares / greatest(whole * whole, 1)))),
        concat('counted=', toString(units)), concat('agencies=', toString(takers)), concat('unknown=', toString(unknown))] AS figures,
    if(outcome = 'finding', shown, []) AS evidence, if(outcome = 'finding' AND large, [first], []) AS parties,
    if(what = 'departures', substring(place, 1, 2), '') AS origin, if(what = 'departures', substring(place, 4, 2), place) AS destination,
    multiIf(outcome != 'insufficient', '', units < {least:UInt32}, concat(toString({least:UInt32}), ' ', what, ' within ', toString({days:UInt32}), ' days'),
        'the agency of some of them') AS missing
FROM judged
