-- id: T-WAG-02
-- version: 1
-- every: day
-- subject: party
-- publishes: alerts
-- window: all of the past before its end; the last two consecutive months of pay whose wages should have come are judged
-- parameter share_percent: Float64 = 30.0 (domain.md 4.4)
-- parameter least: UInt32 = 5 (domain.md 4.6)
-- parameter late_days: UInt32 = 7 (T-WAG-01's first tier [S90])
-- parameter short_percent: Float64 = 5.0 (domain.md 4.4, T-WAG-01)
-- denominator: {least} workers known to work there in each of both months; below it is insufficient
-- control: a worker counts once a month; a wage whose {late_days} days are not over is not late yet; workers of whom no wage is known that
--   month make it insufficient where they could reach {share_percent} %; one bad month is silent
-- reads: deployment.wage_due, deployment.wage_paid, deployment.arrived, oversight.contract_authenticated_destination,
--   oversight.contract_registered_origin, deployment.employer_transferred, deployment.contract_ended, deployment.repatriation_done,
--   deployment.worker_dismissed, deployment.death_notified, journeys
WITH
    fromUnixTimestamp64Milli({until:Int64}, 'UTC') AS until,
    wages AS
    (
        SELECT
            type, event_id, time, person, origin, JSONExtractString(body, 'employer') AS employer, {{key employer}} AS firm,
            toDate32OrNull(JSONExtractString(body, 'period_start')) AS first_day, toDate32OrNull(JSONExtractString(body, 'period_end')) AS last_day,
            ifNull(toDate32OrNull(JSONExtractString(body, 'due')), ifNull(last_day, toDate32(time))) AS due,
            toStartOfMonth(ifNull(last_day, ifNull(first_day, due))) AS month,
            JSONExtract(body, 'amount', 'minor', 'Nullable(Int64)') AS minor, JSONExtractString(body, 'amount', 'currency') AS currency,
            if(JSONExtractString(body, 'deductions', 'currency') = currency, ifNull(JSONExtract(body, 'deductions', 'minor', 'Nullable(Int64)'), 0), 0) AS deducted,
            toDateTime64(due, 3, 'UTC') + toIntervalDay({late_days:UInt32} + 1) AS deadline
        FROM {{worker_events deployment.wage_due deployment.wage_paid}}
        WHERE time < until OR type = 'deployment.wage_due'
    ),
    owed AS
    (
        SELECT
            d.event_id AS event, any(d.person) AS person, any(d.firm) AS firm, any(d.month) AS month, any(d.origin) AS origin, any(d.deadline) AS deadline,
            any(d.minor) AS minor, any(d.currency) AS currency, countIf(p.event_id != '') AS payments,
            sumIf(ifNull(p.minor, 0) + p.deducted, p.event_id != '' AND p.currency = d.currency) AS paid, countIf(p.event_id != '' AND p.currency != d.currency) AS other_currency
        FROM
        (
            SELECT * FROM wages WHERE type = 'deployment.wage_due' AND employer != ''
        ) AS d
        LEFT JOIN
        (
            SELECT * FROM wages WHERE type = 'deployment.wage_paid' AND person != ''
        ) AS p ON d.person = p.person AND (p.firm = d.firm OR p.employer = '') AND p.time < d.deadline
            AND multiIf(p.last_day IS NOT NULL AND d.last_day IS NOT NULL, p.last_day = d.last_day, p.first_day IS NOT NULL AND d.first_day IS NOT NULL, p.first_day = d.first_day,
                p.time >= toDateTime64(ifNull(d.first_day, d.month), 3, 'UTC'))
        GROUP BY event
    ),
    of_workers AS
    (
        SELECT
            firm, month, if(person = '', event, person) AS worker, max(origin) AS origin, max(deadline <= until) AS over, max(person = '') AS unmatched,
            max(deadline <= until AND person != '' AND (payments = 0 OR (minor IS NOT NULL AND other_currency = 0 AND paid < minor * (1 - {short_percent:Float64} / 100)))) AS late,
            groupArray(event) AS events
        FROM owed
        GROUP BY firm, month, worker
    ),
    staffed AS
    (
        SELECT
            person, journey, max(origin) AS origin, minIf(time, type = 'deployment.arrived') AS arrived,
            argMaxIf({{key firm_named}}, (time, event_id), firm_named != '') AS firm,
            minIf(time, type IN ('deployment.contract_ended', 'deployment.repatriation_done', 'deployment.worker_dismissed', 'deployment.death_notified')) AS ended,
            countIf(type = 'deployment.arrived') AS arrivals, countIf(type IN ('deployment.contract_ended', 'deployment.repatriation_done', 'deployment.worker_dismissed', 'deployment.death_notified')) AS ends
        FROM
        (
            SELECT
                *, multiIf(type = 'deployment.employer_transferred', JSONExtractString(body, 'to_employer'),
                    type IN ('deployment.arrived', 'oversight.contract_authenticated_destination', 'oversight.contract_registered_origin'), JSONExtractString(body, 'employer'), '') AS firm_named
            FROM {{worker_events deployment.arrived oversight.contract_authenticated_destination oversight.contract_registered_origin deployment.employer_transferred deployment.contract_ended deployment.repatriation_done deployment.worker_dismissed deployment.death_notified}}
            WHERE person != '' AND time < until
        )
        GROUP BY person, journey
        HAVING arrivals > 0 AND firm != ''
    ),
    latest AS
    (
        SELECT firm, max(month) AS second, addMonths(second, -1) AS first
        FROM of_workers
        WHERE over
        GROUP BY firm
    ),
    present AS
    (
        SELECT l.firm AS firm, m AS month, s.person AS worker, s.origin AS origin
        FROM
        (
            SELECT firm, arrayJoin([first, second]) AS m FROM latest
        ) AS l
        INNER JOIN staffed AS s ON l.firm = s.firm
        WHERE toDate32(s.arrived) <= toDate32(m) AND (s.ends = 0 OR toDate32(s.ended) >= addMonths(toDate32(m), 1))
    ),
    each AS
    (
        SELECT firm, month, worker, max(late) AS late, max(told) AS told, max(origin) AS origin, arrayFlatten(groupArray(events)) AS events
        FROM
        (
            SELECT firm, month, worker, late, NOT unmatched AS told, origin, if(late, events, []) AS events FROM of_workers
            UNION ALL
            SELECT firm, month, worker, false, false, origin, [] FROM present
            UNION ALL
            SELECT firm, month, person, false, true, origin, [] FROM wages WHERE type = 'deployment.wage_paid' AND person != '' AND employer != ''
        )
        GROUP BY firm, month, worker
    ),
    months AS
    (
        SELECT e.firm AS firm, e.month AS month, uniqExact(e.worker) AS workers, countIf(e.late) AS late, countIf(NOT e.told) AS unknown
        FROM each AS e
        INNER JOIN latest AS l ON e.firm = l.firm
        WHERE e.month IN (l.first, l.second)
        GROUP BY firm, month
    ),
    judged AS
    (
        SELECT
            m.firm AS firm, min(m.month) AS first, max(m.month) AS second, count() AS both, min(m.workers) AS least, argMax(m.workers, m.month) AS staff,
            argMin(m.late, m.month) AS late_first, argMax(m.late, m.month) AS late_second, sum(m.unknown) AS not_known,
            min(100 * m.late >= {share_percent:Float64} * m.workers) AS reached,
            min(100 * (m.late + m.unknown) >= {share_percent:Float64} * m.workers) AS could
        FROM months AS m
        GROUP BY firm
    )
SELECT
    concat('party:', j.firm) AS subject, if(e.origin = '', 'unknown', e.origin) AS issue,
    multiIf(any(j.both) < 2, 'clear', any(j.least) < {least:UInt32}, if(any(j.could), 'insufficient', 'clear'), any(j.reached), 'finding', any(j.could), 'insufficient', 'clear') AS outcome,
    if(outcome = 'finding', 'wages_not_paid', '') AS reason,
    if(outcome = 'finding', concat(toString(any(j.late_second)), ' of ', toString(any(j.staff)), ' workers of one employer were not paid in time in ',
        formatDateTime(any(j.second), '%Y-%m'), ', and ', toString(any(j.late_first)), ' in the month before.'), '') AS summary,
    if(outcome = 'finding', [concat('workers=', toString(any(j.staff))), concat('late=', toString(any(j.late_second))), concat('late_before=', toString(any(j.late_first))),
        concat('unknown=', toString(any(j.not_known))), concat('month=', formatDateTime(any(j.second), '%Y-%m'))], []) AS figures,
    if(outcome = 'finding', toNullable(1000 * toUnixTimestamp(any(j.second))), NULL) AS since, if(outcome = 'finding', arrayFlatten(groupArray(e.events)), []) AS evidence,
    if(outcome = 'finding', [j.firm], []) AS parties, e.origin AS origin, substring(j.firm, 1, 2) AS destination,
    multiIf(outcome != 'insufficient', '', any(j.least) < {least:UInt32}, concat(toString({least:UInt32}), ' workers known in both months'), 'wages of workers known to work there') AS missing
FROM each AS e
INNER JOIN judged AS j ON e.firm = j.firm
WHERE e.month IN (j.first, j.second)
GROUP BY j.firm, e.origin
