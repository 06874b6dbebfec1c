-- id: T-CMP-03
-- version: 1
-- every: hour
-- subject: party
-- publishes: alerts
-- window: {days} days before each complaint of the last {days} days: a cluster is told until so long after its last complaint
-- parameter days: UInt32 = 90 (domain.md 4.4)
-- parameter complaints: UInt32 = 5 (domain.md 4.4)
-- parameter factor: Float64 = 3.0 (domain.md 4.4)
-- parameter p: Float64 = 0.01 (domain.md 4.4)
-- parameter per_1000: Float64 = 7.0 (domain.md 4.4: 2 to 7, the upper is read)
-- parameter least_known: UInt32 = 20 (a design value)
-- parameter known_days: UInt32 = 730 (a design value: a contract's usual two years)
-- denominator: {least_known} workers known there within {known_days} days; below it only the count of complaints is judged
-- control: complaints of one worker, or under one case number, are one; complaints by employers and agencies do not count; where
--   the workers are known both halves need a Poisson probability below {p}; one complaint is no cluster
-- reads: complaint.complaint_filed, visa.clearance_issued, oversight.contract_registered_origin,
--   oversight.contract_authenticated_destination, deployment.arrived, deployment.worksite_assigned, recruitment.worker_registered, journeys
WITH
    fromUnixTimestamp64Milli({until:Int64}, 'UTC') AS until,
    filed AS
    (
        SELECT
            {{key named}} AS firm, event_id, toUnixTimestamp(time) AS at, time, origin,
            multiIf(person != '', person, case_id != '', concat(source, ' ', case_id), id) AS who,
            if(country = '', substring(firm, 1, 2), country) AS destination
        FROM
        (
            SELECT
                *, JSONExtractString(body, 'against') AS against, JSONExtractString(body, 'employer') AS employer,
                multiIf(against != '', against, employer != '', employer, JSONExtractString(body, 'agency')) AS named,
                JSONExtractString(body, 'country') AS country
            FROM {{worker_events complaint.complaint_filed}}
            WHERE JSONExtractString(body, 'complainant_role') IN ('worker', 'family', 'union', 'ngo')
        )
        WHERE named != '' AND time < until AND time >= until - toIntervalDay(2 * {days:UInt32})
    ),
    counted AS
    (
        SELECT
            *, uniqExact(who) OVER (PARTITION BY firm ORDER BY at RANGE BETWEEN {days:UInt32} * 86400 PRECEDING AND CURRENT ROW) AS near,
            time >= until - toIntervalDay({days:UInt32}) AS recent
        FROM filed
    ),
    peaks AS
    (
        SELECT firm, maxIf(near, recent) AS complaints, argMinIf(at, (-near, at), recent) AS peak
        FROM counted
        GROUP BY firm
    ),
    staff AS
    (
        SELECT {{key named}} AS firm, uniqExact(person) AS workers
        FROM
        (
            SELECT
                person, arrayJoin(arrayFilter(n -> n != '', arrayDistinct([JSONExtractString(body, 'employer'), JSONExtractString(body, 'agency'),
                    JSONExtractString(body, 'contractor')]))) AS named
            FROM {{worker_events visa.clearance_issued oversight.contract_registered_origin oversight.contract_authenticated_destination deployment.arrived deployment.worksite_assigned recruitment.worker_registered}}
            WHERE person != '' AND time < until AND time >= until - toIntervalDay({known_days:UInt32})
        )
        GROUP BY firm
    ),
    judged AS
    (
        SELECT
            p.firm AS firm, p.complaints AS complaints, p.peak AS peak, ifNull(s.workers, 0) AS workers, workers >= {least_known:UInt32} AS known,
            workers * {per_1000:Float64} / 1000 * {days:UInt32} / 365 AS expected,
            if(known, 1 - arraySum(k -> exp(k * log(expected) - expected - lgamma(k + 1)), range(complaints)), 0) AS chance,
            complaints >= {complaints:UInt32} AS many, known AND complaints > {factor:Float64} * expected AS more,
            multiIf(complaints < 2, 'clear', known, if((many OR more) AND chance < {p:Float64}, 'finding', 'clear'), many, 'finding', 'insufficient') AS outcome
        FROM peaks AS p
        LEFT JOIN staff AS s ON p.firm = s.firm
    ),
    told AS
    (
        SELECT
            firm, if(c.origin = '', 'unknown', c.origin) AS issue, any(c.origin) AS origin, max(c.destination) AS destination, any(j.outcome) AS outcome,
            any(j.complaints) AS complaints, any(j.workers) AS workers, any(j.known) AS known, any(j.expected) AS expected, any(j.peak) AS peak,
            any(j.many) AS many, uniqExactIf(c.who, c.at <= j.peak AND c.at >= j.peak - {days:UInt32} * 86400) AS nationals,
            groupArrayIf(c.event_id, c.at <= j.peak AND c.at >= j.peak - {days:UInt32} * 86400) AS evidence
        FROM counted AS c
        INNER JOIN judged AS j ON c.firm = j.firm
        GROUP BY firm, c.origin
        HAVING nationals > 0
    )
SELECT
    concat('party:', firm) AS subject, issue, outcome, if(outcome = 'finding', if(complaints >= 5, 'many_complaints', 'more_than_expected'), '') AS reason,
    if(outcome = 'finding', concat('Complaints against one employer or agency within ', toString({days:UInt32}), ' days: ',
        if(complaints < 5, 'fewer than 5', toString(complaints)), ', of these workers'' nationals ', if(nationals < 5, 'fewer than 5', toString(nationals)), '.'), '') AS summary,
    if(outcome = 'finding', arrayConcat([concat('complaints=', if(complaints < 5, 'fewer than 5', toString(complaints))),
        concat('nationals=', if(nationals < 5, 'fewer than 5', toString(nationals))), concat('days=', toString({days:UInt32}))],
        if(known, [concat('workers_known=', toString(workers)), concat('expected=', toString(round(expected, 2)))], [])), []) AS figures,
    if(outcome = 'finding', toNullable(1000 * peak), NULL) AS since, if(outcome = 'finding', evidence, []) AS evidence,
    if(outcome = 'finding', [firm], []) AS parties, origin, destination, substring(firm, 1, 2) AS authority,
    if(outcome = 'insufficient', 'how many workers are known there', '') AS missing
FROM told
