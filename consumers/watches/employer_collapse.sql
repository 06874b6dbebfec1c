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
-- control: a worker counts once a month; a wage whose {late_days} days are not over where the employer is is not late yet; workers of whom
--   no wage is known that month, and those paid in part or in another currency of what nobody stated, make it insufficient where they
--   could reach {share_percent} %; one bad month is silent
-- reads: deployment.wage_due, deployment.wage_paid, deployment.arrived, oversight.contract_authenticated_destination,
--   oversight.contract_registered_origin, deployment.employer_transferred, deployment.contract_ended, deployment.repatriation_done,
--   deployment.worker_dismissed, deployment.death_notified, journeys
WITH
    fromUnixTimestamp64Milli({until:Int64}, 'UTC') AS until,
    wages AS
    (
        SELECT
            type, id, event_id, time, person, origin, JSONExtractString(body, 'employer') AS employer, {{key employer}} AS firm,
            toDate32OrNull(JSONExtractString(body, 'period_start')) AS first_day, toDate32OrNull(JSONExtractString(body, 'period_end')) AS last_day,
            ifNull(toDate32OrNull(JSONExtractString(body, 'due')), ifNull(last_day, toDate32(time))) AS due,
            toStartOfMonth(ifNull(last_day, ifNull(first_day, due))) AS month,
            JSONExtract(body, 'amount', 'minor', 'Nullable(Int64)') AS minor, JSONExtractString(body, 'amount', 'currency') AS currency,
            if(JSONExtractString(body, 'deductions', 'currency') = currency, ifNull(JSONExtract(body, 'deductions', 'minor', 'Nullable(Int64)'), 0), 0) AS deducted,
            toDateTime64(due, 3, 'UTC') + toIntervalDay({late_days:UInt32} + 1) AS after_days
        FROM {{worker_events deployment.wage_due deployment.wage_paid}}
        WHERE time < until OR type = 'deployment.wage_due'
    ),
    owed AS
    (
        SELECT
            d.id AS fact, any(d.event_id) AS event, any(d.person) AS person, any(d.firm) AS firm, any(d.month) AS month, any(d.origin) AS origin, any(d.deadline) AS deadline,
            any(d.minor) AS minor, any(d.currency) AS currency, countIf(p.event_id != '') AS payments,
            sumIf(ifNull(p.minor, 0) + p.deducted, p.event_id != '' AND p.currency = d.currency) AS paid, countIf(p.event_id != '' AND p.currency != d.currency) AS other_currency
        FROM
        (
            SELECT w.*, after_days - toIntervalSecond(dateDiff('second', after_days, toDateTime64(formatDateTime(after_days, '%F %T', if(z.zone = '', 'UTC', z.zone)), 3, 'UTC'))) AS deadline
            FROM wages AS w
            LEFT JOIN {{zones}} AS z ON z.country = substring(w.employer, 1, 2)
            WHERE type = 'deployment.wage_due' AND employer != ''
        ) AS d
        LEFT JOIN
        (
            SELECT * FROM wages WHERE type = 'deployment.wage_paid' AND person != ''
        ) AS p ON d.person = p.person AND (p.firm = d.firm OR p.employer = '') AND p.time < d.deadline
            AND multiIf(p.last_day IS NOT NULL AND d.last_day IS NOT NULL, p.last_day = d.last_day, p.first_day IS NOT NULL AND d.first_day IS NOT NULL, p.first_day = d.first_day,
                p.time >= toDateTime64(ifNull(d.first_day, d.month), 3, 'UTC'))
        GROUP BY fact
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
    told AS
    (
        SELECT
            firm, month, if(person = '', fact, person) AS worker, origin, deadline <= until AS over, person != '' AS known,
            over AND known AND (payments = 0 OR (ifNull(short, false) AND other_currency = 0)) AS late, over AND known AND NOT late AND (short IS NULL OR (short AND other_currency > 0)) AS doubt,
            event, 100 * paid < minor * (100 - {short_percent:Float64}) AS short
        FROM owed
        UNION ALL
        SELECT firm, month, person, origin, false, true, false, false, '', NULL FROM wages WHERE type = 'deployment.wage_paid' AND person != '' AND employer != ''
        UNION ALL
        SELECT
            firm, toStartOfMonth(addMonths(first_month, arrayJoin(range(toUInt32(least(greatest(dateDiff('month', first_month, last_month) + 1, 0), 120)))))),
            person, origin, false, false, false, false, '', NULL
        FROM
        (
            SELECT
                firm, person, origin, addMonths(toStartOfMonth(toDate32(arrived)), if(toDayOfMonth(arrived) = 1, 0, 1)) AS first_month,
                if(ends = 0, toStartOfMonth(toDate32(until)), addMonths(toStartOfMonth(toDate32(ended)), -1)) AS last_month
            FROM staffed
        )
    ),
    workers AS
    (
        SELECT
            t.firm AS firm, t.month AS month, t.worker AS worker, max(t.origin) AS origin, max(t.over) AS over, max(t.late) AS late, NOT late AND (NOT max(t.known) OR max(t.doubt)) AS unknown,
            groupUniqArrayIf(t.event, t.late) AS events
        FROM told AS t
        GROUP BY firm, month, worker
    ),
    placed AS
    (
        SELECT *, maxIf(month, over) OVER (PARTITION BY firm) AS second, countIf(over) OVER (PARTITION BY firm) AS judged
        FROM workers
    ),
    counted AS
    (
        SELECT
            *, count() OVER (PARTITION BY firm, month) AS staff, countIf(late) OVER (PARTITION BY firm, month) AS lates,
            countIf(unknown) OVER (PARTITION BY firm, month) AS unknowns
        FROM placed
        WHERE judged > 0 AND (month = second OR month = addMonths(second, -1))
    ),
    both AS
    (
        SELECT
            firm, origin, second, events, maxIf(staff, month = second) OVER (PARTITION BY firm) AS staff_second, maxIf(staff, month < second) OVER (PARTITION BY firm) AS staff_first,
            maxIf(lates, month = second) OVER (PARTITION BY firm) AS late_second, maxIf(lates, month < second) OVER (PARTITION BY firm) AS late_first,
            maxIf(unknowns, month = second) OVER (PARTITION BY firm) AS unknown_second, maxIf(unknowns, month < second) OVER (PARTITION BY firm) AS unknown_first
        FROM counted
    ),
    judged AS
    (
        SELECT
            firm, origin, any(second) AS month, any(staff_second) AS staff, any(late_second) AS late, any(late_first) AS late_before,
            any(unknown_second + unknown_first) AS not_known, any(least(staff_second, staff_first)) AS fewest, arrayFlatten(groupArray(events)) AS found,
            any(100 * late_second >= {share_percent:Float64} * staff_second AND 100 * late_first >= {share_percent:Float64} * staff_first) AS reached,
            any(100 * (late_second + unknown_second) >= {share_percent:Float64} * staff_second AND 100 * (late_first + unknown_first) >= {share_percent:Float64} * staff_first) AS could
        FROM both
        GROUP BY firm, origin
    )
SELECT
    concat('party:', firm) AS subject, if(origin = '', 'unknown', origin) AS issue,
    multiIf(fewest = 0, 'clear', fewest < {least:UInt32}, if(could, 'insufficient', 'clear'), reached, 'finding', could, 'insufficient', 'clear') AS outcome,
    if(outcome = 'finding', 'wages_not_paid', '') AS reason,
    if(outcome = 'finding', concat(toString(late), ' of ', toString(staff), ' workers of one employer were not paid in time in ',
        formatDateTime(month, '%Y-%m'), ', and ', toString(late_before), ' in the month before.'), '') AS summary,
    if(outcome = 'finding', [concat('workers=', toString(staff)), concat('late=', toString(late)), concat('late_before=', toString(late_before)),
        concat('unknown=', toString(not_known)), concat('month=', formatDateTime(month, '%Y-%m'))], []) AS figures,
    if(outcome = 'finding', toNullable(1000 * toUnixTimestamp(toDateTime(month, 'UTC'))), NULL) AS since, if(outcome = 'finding', found, []) AS evidence,
    if(outcome = 'finding', [firm], []) AS parties, origin, substring(firm, 1, 2) AS destination,
    multiIf(outcome != 'insufficient', '', fewest < {least:UInt32}, concat(toString({least:UInt32}), ' workers known in both months'),
        'wages of workers known to work there') AS missing
FROM judged
