-- id: T-VIS-03
-- version: 1
-- every: hour
-- subject: place
-- publishes: alerts
-- window: {days} days before its end
-- parameter days: UInt32 = 30 (a design value)
-- parameter signs: UInt32 = 2 (domain.md 4.4)
-- parameter burst: UInt32 = 10 (domain.md 4.6)
-- parameter burst_minutes: UInt32 = 60 (domain.md 4.6)
-- parameter new_hours: UInt32 = 24 (a design value)
-- parameter history: UInt32 = 5 (a design value)
-- denominator: {history} approvals by the officer from a known network, {new_hours} hours before or earlier, before one is called new
-- control: one sign alone is silent; a day of leave is a day in the officer's own country; a document submitted after the rejection ends that
--   sign; a network used {new_hours} hours before or earlier is not new; a burst counts approvals out of hours only
-- reads: visa.clearance_issued, oversight.demand_attested, oversight.demand_rejected, recruitment.demand_submitted, licensing.officer_leave
WITH
    fromUnixTimestamp64Milli({until:Int64}, 'UTC') AS until,
    given AS
    (
        SELECT
            event_id, source, jurisdiction, time, toUnixTimestamp(time) AS at, if(demand = '', JSONExtractString(body, 'demand'), demand) AS of,
            JSONExtractString(body, 'officer') AS officer, JSONExtractString(body, 'network') AS network, JSONExtractString(body, 'agency') AS agency,
            if(type = 'visa.clearance_issued', JSONExtract(body, 'out_of_hours', 'Nullable(Bool)'), false) AS out_of_hours,
            type = 'visa.clearance_issued' AS clearance, if(officer = '', source, officer) AS who
        FROM {{events visa.clearance_issued oversight.demand_attested}}
        WHERE time < until
    ),
    turned AS
    (
        SELECT of, arraySort(groupArrayIf(time, type = 'oversight.demand_rejected')) AS rejections, arraySort(groupArrayIf(time, type = 'recruitment.demand_submitted')) AS documents
        FROM
        (
            SELECT type, time, if(demand = '', JSONExtractString(body, 'demand'), demand) AS of
            FROM {{events oversight.demand_rejected recruitment.demand_submitted}}
            WHERE time < until
        )
        WHERE of != ''
        GROUP BY of
    ),
    leaves AS
    (
        SELECT JSONExtractString(body, 'officer') AS officer, groupArray((JSONExtractString(body, 'from'), JSONExtractString(body, 'until'))) AS spans
        FROM {{events licensing.officer_leave}}
        WHERE time < until + toIntervalDay(400)
        GROUP BY officer
    ),
    watched AS
    (
        SELECT
            *, sum(ifNull(out_of_hours, false)) OVER (PARTITION BY who ORDER BY at RANGE BETWEEN {burst_minutes:UInt32} * 60 PRECEDING AND CURRENT ROW) AS lately,
            min(at) OVER (PARTITION BY who, network) AS first_from_there,
            countIf(network != '') OVER (PARTITION BY who ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND {new_hours:UInt32} * 3600 PRECEDING) AS earlier
        FROM given
    ),
    bursting AS
    (
        SELECT
            *, ifNull(out_of_hours, false) AND max(lately >= {burst:UInt32}) OVER (PARTITION BY who ORDER BY at RANGE BETWEEN CURRENT ROW AND {burst_minutes:UInt32} * 60 FOLLOWING) AS burst
        FROM watched
    ),
    signed AS
    (
        SELECT
            b.event_id AS event, b.jurisdiction AS jurisdiction, b.officer AS officer, b.agency AS agency, b.time AS time,
            arrayFilter(r -> r < b.time, t.rejections)[-1] AS rejected, b.of != '' AND arrayExists(r -> r < b.time, t.rejections)
                AND NOT arrayExists(s -> s > rejected AND s <= b.time, t.documents) AS after_rejection,
            b.officer != '' AND arrayExists(s -> formatDateTime(b.time, '%F', if(z.zone = '', 'UTC', z.zone)) BETWEEN s.1 AND s.2, l.spans) AS on_leave,
            b.network != '' AND b.earlier >= {history:UInt32} AND b.first_from_there > b.at - {new_hours:UInt32} * 3600 AS new_network, b.burst AS burst,
            after_rejection + on_leave + new_network + burst AS signs,
            (b.officer = '') + (b.clearance AND b.network = '') + (b.clearance AND b.out_of_hours IS NULL) + (b.of = '') AS unknown
        FROM bursting AS b
        LEFT JOIN turned AS t ON b.of = t.of
        LEFT JOIN leaves AS l ON b.officer = l.officer
        LEFT JOIN {{zones}} AS z ON z.country = b.jurisdiction
        WHERE b.time >= until - toIntervalDay({days:UInt32})
    )
SELECT
    concat('place:', jurisdiction) AS subject, if(officer = '', 'an officer who is not named', officer) AS issue,
    multiIf(max(signs) >= {signs:UInt32}, 'finding', max(signs > 0 AND signs + unknown >= {signs:UInt32}), 'insufficient', 'clear') AS outcome,
    if(outcome = 'finding', 'irregular_approval', '') AS reason,
    if(outcome = 'finding', concat(toString(countIf(signs >= {signs:UInt32})), ' approvals by one officer show two signs or more: ', arrayStringConcat(arrayFilter(s -> s != '', [
        if(maxIf(after_rejection, signs >= {signs:UInt32}), 'after a rejection', ''), if(maxIf(on_leave, signs >= {signs:UInt32}), 'on leave', ''),
        if(maxIf(new_network, signs >= {signs:UInt32}), 'a new network', ''), if(maxIf(burst, signs >= {signs:UInt32}), 'a burst out of hours', '')]), ', '), '.'), '') AS summary,
    if(outcome = 'finding', [concat('approvals=', toString(count())), concat('irregular=', toString(countIf(signs >= {signs:UInt32}))),
        concat('days=', toString({days:UInt32}))], []) AS figures,
    if(outcome = 'finding', toNullable(toUnixTimestamp64Milli(minIf(time, signs >= {signs:UInt32}))), NULL) AS since,
    groupUniqArrayIf(event, signs >= {signs:UInt32}) AS evidence, groupUniqArrayIf(agency, signs >= {signs:UInt32}) AS parties,
    jurisdiction AS origin, '' AS destination, if(outcome = 'insufficient', 'officer, network, hours or demand of some approvals', '') AS missing
FROM signed
GROUP BY jurisdiction, officer
