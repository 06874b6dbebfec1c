-- id: T-VIS-02
-- version: 1
-- every: hour
-- subject: demand, party
-- publishes: alerts
-- window: all of the past before its end
-- parameter excess: UInt32 = 0 (domain.md 4.4)
-- denominator: none; one more than approved is one more
-- control: a worker cleared twice for one demand takes one place; a clearance voided before the worker left frees its place; of an
--   agency only its own demands are added up; where positions approved are not known, those requested are the most that could be
-- reads: visa.clearance_issued, visa.clearance_voided, recruitment.demand_submitted, oversight.demand_attested, deployment.departed, journeys
WITH
    fromUnixTimestamp64Milli({until:Int64}, 'UTC') AS until,
    left_on AS
    (
        SELECT journey, min(time) AS at
        FROM {{worker_events deployment.departed}}
        WHERE journey != '' AND time < until
        GROUP BY journey
    ),
    voids AS
    (
        SELECT clearance, groupArray((source, of, time)) AS told
        FROM
        (
            SELECT JSONExtractString(body, 'clearance') AS clearance, source, if(demand = '', JSONExtractString(body, 'demand'), demand) AS of, time
            FROM {{events visa.clearance_voided}}
            WHERE time < until
        )
        GROUP BY clearance
    ),
    standing AS
    (
        SELECT
            c.event_id AS event, if(c.demand = '', JSONExtractString(c.body, 'demand'), c.demand) AS of, JSONExtractString(c.body, 'agency') AS agency,
            if(c.person = '', concat(c.source, ' ', c.event_id), c.person) AS worker, c.time AS time, c.origin AS origin, JSONExtractString(c.body, 'country') AS country,
            if(l.journey = '', toDateTime64('2299-12-31', 3, 'UTC'), l.at) AS departed
        FROM {{worker_events visa.clearance_issued}} AS c
        LEFT JOIN left_on AS l ON c.journey = l.journey
        LEFT JOIN voids AS v ON v.clearance = c.event_id
        LEFT JOIN voids AS w ON w.clearance = c.corrects AND c.corrects != ''
        WHERE c.time < until
            AND NOT arrayExists(each -> (each.1 = c.source OR (each.2 = of AND of != '')) AND each.3 < departed, v.told)
            AND NOT arrayExists(each -> each.1 = c.source AND each.3 < departed, w.told)
    ),
    demands AS
    (
        SELECT
            of, argMaxIf({{key agency}}, (time, event_id), agency != '') AS holder,
            argMaxIf(certified, (time, event_id), certified IS NOT NULL) AS certified, argMaxIf(attested, (time, event_id), attested IS NOT NULL) AS attested,
            argMaxIf(requested, (time, event_id), requested IS NOT NULL) AS requested
        FROM
        (
            SELECT
                if(demand = '', JSONExtractString(body, 'demand'), demand) AS of, time, event_id, JSONExtractString(body, 'agency') AS agency,
                if(type = 'recruitment.demand_submitted', JSONExtract(body, 'jobs_certified', 'Nullable(Int64)'), NULL) AS certified,
                if(type = 'oversight.demand_attested', JSONExtract(body, 'jobs', 'Nullable(Int64)'), NULL) AS attested,
                if(type = 'recruitment.demand_submitted', JSONExtract(body, 'jobs', 'Nullable(Int64)'), NULL) AS requested
            FROM {{events recruitment.demand_submitted oversight.demand_attested}}
            WHERE time < until
        )
        WHERE of != ''
        GROUP BY of
    ),
    per_demand AS
    (
        SELECT
            s.of AS of, any(d.of != '') AS known, any(d.holder) AS holder, uniqExact(s.worker) AS issued, arraySlice(arraySort(groupUniqArray(s.event)), 1, 50) AS events,
            any(ifNull(d.certified, d.attested)) AS approved, any(d.requested) AS requested, max(s.origin) AS origin, max(s.country) AS country, max(s.time) AS latest
        FROM standing AS s
        LEFT JOIN demands AS d ON s.of = d.of
        WHERE s.of != ''
        GROUP BY of
    ),
    own AS
    (
        SELECT {{key agency}} AS party, uniqExact(s.worker, s.of) AS issued, arraySlice(arraySort(groupUniqArray(s.event)), 1, 50) AS events, max(s.time) AS latest
        FROM standing AS s
        LEFT JOIN demands AS d ON s.of = d.of
        WHERE agency != '' AND (s.of = '' OR d.holder = {{key agency}})
        GROUP BY party
    ),
    held AS
    (
        SELECT
            holder AS party, count() AS demands, ifNull(sum(ifNull(certified, attested)), 0) AS approved,
            countIf(certified IS NULL AND attested IS NULL) AS unknown, ifNull(sum(coalesce(certified, attested, requested)), 0) AS most,
            countIf(certified IS NULL AND attested IS NULL AND requested IS NULL) AS boundless
        FROM demands
        WHERE holder != ''
        GROUP BY holder
    )
SELECT
    concat('demand:', of) AS subject, '' AS issue,
    multiIf(approved IS NOT NULL, if(issued > approved + {excess:UInt32}, 'finding', 'clear'),
        requested IS NOT NULL AND issued > requested + {excess:UInt32}, 'finding', 'insufficient') AS outcome,
    multiIf(outcome != 'finding', '', approved IS NOT NULL, 'issued_over_approved', 'issued_over_requested') AS reason,
    if(outcome = 'finding', concat(toString(issued), ' clearances stand on a demand with ', toString(coalesce(approved, requested)), ' positions ',
        if(approved IS NOT NULL, 'approved.', 'requested.')), '') AS summary,
    if(outcome = 'finding', [concat('issued=', toString(issued)), concat(if(approved IS NOT NULL, 'approved=', 'requested='), toString(coalesce(approved, requested))),
        concat('excess=', toString(issued - coalesce(approved, requested)))], []) AS figures,
    if(outcome = 'finding', events, []) AS evidence, if(outcome = 'finding' AND holder != '', [holder], []) AS parties, origin, country AS destination,
    if(outcome = 'insufficient', 'how many positions were approved', '') AS missing
FROM per_demand
UNION ALL
SELECT
    concat('party:', o.party), 'all demands',
    multiIf(h.party = '', 'insufficient', o.issued <= h.approved + {excess:UInt32}, 'clear', h.unknown = 0, 'finding',
        h.boundless = 0 AND o.issued > h.most + {excess:UInt32}, 'finding', 'insufficient') AS outcome,
    multiIf(outcome != 'finding', '', h.unknown = 0, 'issued_over_approved', 'issued_over_requested'),
    if(outcome = 'finding', concat(toString(o.issued), ' clearances by an agency stand on ', toString(h.demands), ' demands with ', toString(h.most), ' positions.'), ''),
    if(outcome = 'finding', [concat('issued=', toString(o.issued)), concat('approved=', toString(h.approved)), concat('positions=', toString(h.most)),
        concat('demands=', toString(h.demands)), concat('excess=', toString(o.issued - h.most))], []),
    if(outcome = 'finding', o.events, []), if(outcome = 'finding', [o.party], []), '', '', if(outcome = 'insufficient', if(h.party = '', 'the demands that the agency holds', 'how many positions were approved'), '')
FROM own AS o
LEFT JOIN held AS h ON o.party = h.party
