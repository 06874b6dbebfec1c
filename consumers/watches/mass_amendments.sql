-- id: T-CON-06
-- version: 1
-- every: hour
-- subject: party
-- publishes: alerts
-- window: {stands} days before its end; amendments within {days} days of each other are one wave
-- parameter days: UInt32 = 7 (domain.md 4.4)
-- parameter workers: UInt32 = 20 (domain.md 4.4)
-- parameter stands: UInt32 = 90 (a design value: how long after a wave it is told)
-- denominator: {workers} workers of one employer
-- control: only what differs from the worker's contract before counts, and only where some of it is for the worse; a worker counts
--   once; where the terms before are not known the wave is insufficient
-- reads: deployment.contract_amended, recruitment.contract_offered, oversight.contract_registered_origin,
--   oversight.contract_acknowledged_origin, oversight.contract_authenticated_destination, journeys
WITH
    fromUnixTimestamp64Milli({until:Int64}, 'UTC') AS until,
    terms AS
    (
        SELECT
            type, time, id, event_id, person, contract, origin, if(person = '', if(contract = '', id, concat(source, ' ', contract)), person) AS worker,
            if(person = '', worker, journey) AS whose, JSONExtractString(body, 'employer') AS employer, JSONExtractString(body, 'country') AS country,
            [JSONExtractString(body, 'wage', 'currency'), JSONExtractString(body, 'wage_period')] AS paid_in,
            JSONExtract(body, 'wage', 'minor', 'Nullable(Int64)') AS wage,
            JSONExtract(body, 'hours_per_week', 'Nullable(Float64)') AS hours, JSONExtract(body, 'rest_days', 'Nullable(Float64)') AS rest,
            JSONExtract(body, 'deductions', 'minor', 'Nullable(Int64)') AS deductions, JSONExtract(body, 'months', 'Nullable(Int64)') AS months,
            JSONExtractString(body, 'end') AS last_day, JSONExtractString(body, 'site') AS site, JSONExtractString(body, 'isco') AS isco
        FROM {{worker_events deployment.contract_amended recruitment.contract_offered oversight.contract_registered_origin oversight.contract_acknowledged_origin oversight.contract_authenticated_destination}}
        WHERE time < until
    ),
    amended AS
    (
        SELECT
            a.id AS fact, any(a.event_id) AS event, any(a.time) AS time, any(a.worker) AS worker, any(a.origin) AS origin, any(a.country) AS country,
            any(a.employer) AS new_employer, argMaxIf(b.employer, (b.time, b.event_id), b.employer != '') AS old_employer,
            any(a.wage) AS new_wage, any(a.paid_in) AS new_paid_in,
            argMaxIf(b.wage, (b.time, b.event_id), b.wage IS NOT NULL) AS old_wage, argMaxIf(b.paid_in, (b.time, b.event_id), b.wage IS NOT NULL) AS old_paid_in,
            any(a.hours) AS new_hours, argMaxIf(b.hours, (b.time, b.event_id), b.hours IS NOT NULL) AS old_hours,
            any(a.rest) AS new_rest, argMaxIf(b.rest, (b.time, b.event_id), b.rest IS NOT NULL) AS old_rest,
            any(a.deductions) AS new_deductions, argMaxIf(b.deductions, (b.time, b.event_id), b.deductions IS NOT NULL) AS old_deductions,
            any(a.months) AS new_months, argMaxIf(b.months, (b.time, b.event_id), b.months IS NOT NULL) AS old_months,
            any(a.last_day) AS new_last_day, argMaxIf(b.last_day, (b.time, b.event_id), b.last_day != '') AS old_last_day,
            any(a.site) AS new_site, argMaxIf(b.site, (b.time, b.event_id), b.site != '') AS old_site,
            any(a.isco) AS new_isco, argMaxIf(b.isco, (b.time, b.event_id), b.isco != '') AS old_isco
        FROM
        (
            SELECT * FROM terms WHERE type = 'deployment.contract_amended' AND time >= until - toIntervalDay({stands:UInt32} + {days:UInt32})
        ) AS a
        LEFT JOIN
        (
            SELECT * FROM terms
        ) AS b ON a.whose = b.whose AND (b.time, b.id) < (a.time, a.id)
        GROUP BY fact
    ),
    changed AS
    (
        SELECT
            *, if(old_employer = '', new_employer, old_employer) AS firm_named,
            [
                ('wage', toString(new_wage), if(new_wage IS NULL, 'same', if(old_wage IS NULL OR new_paid_in != old_paid_in, 'unknown',
                    multiIf(new_wage < old_wage, 'worse', new_wage > old_wage, 'better', 'same')))),
                ('hours', toString(new_hours), multiIf(new_hours IS NULL, 'same', old_hours IS NULL, 'unknown', new_hours > old_hours, 'worse', new_hours < old_hours, 'better', 'same')),
                ('rest days', toString(new_rest), multiIf(new_rest IS NULL, 'same', old_rest IS NULL, 'unknown', new_rest < old_rest, 'worse', new_rest > old_rest, 'better', 'same')),
                ('deductions', toString(new_deductions), multiIf(new_deductions IS NULL, 'same', old_deductions IS NULL, 'unknown', new_deductions > old_deductions, 'worse', new_deductions < old_deductions, 'better', 'same')),
                ('duration', concat(ifNull(toString(new_months), ''), ' ', new_last_day), multiIf(
                    (new_months IS NOT NULL AND old_months IS NOT NULL AND new_months != old_months) OR (new_last_day != '' AND old_last_day != '' AND new_last_day != old_last_day), 'worse',
                    (new_months IS NOT NULL AND old_months IS NULL) OR (new_last_day != '' AND old_last_day = ''), 'unknown', 'same')),
                ('employer', {{key new_employer}}, multiIf(new_employer = '', 'same', old_employer = '', 'unknown', {{key new_employer}} != {{key old_employer}}, 'worse', 'same')),
                ('place', {{key new_site}}, multiIf(new_site = '', 'same', old_site = '', 'unknown', {{key new_site}} != {{key old_site}}, 'worse', 'same')),
                ('occupation', new_isco, multiIf(new_isco = '', 'same', old_isco = '', 'unknown', substring(new_isco, 1, 2) = substring(old_isco, 1, 2), 'same',
                    substring(new_isco, 1, 1) != '0' AND substring(new_isco, 1, 1) < substring(old_isco, 1, 1), 'better', 'worse'))
            ] AS compared
        FROM amended
    ),
    waves AS
    (
        SELECT
            event, time, toUnixTimestamp(time) AS at, worker, origin, {{key firm_named}} AS firm, if(country = '', substring(firm, 1, 2), country) AS destination,
            arrayExists(c -> c.3 = 'worse', compared) AS worse, NOT worse AND arrayExists(c -> c.3 = 'unknown' AND c.1 != 'employer', compared) AS unknown,
            arrayStringConcat(arrayMap(c -> concat(c.1, ' ', ifNull(c.2, '')), arrayFilter(c -> if(worse, c.3 IN ('worse', 'better'), c.3 IN ('unknown', 'better')), compared)), ', ') AS change,
            arrayStringConcat(arrayMap(c -> c.1, arrayFilter(c -> c.3 = 'worse', compared)), ', ') AS what
        FROM changed
        WHERE firm_named != '' AND (worse OR unknown)
    ),
    counted AS
    (
        SELECT *, uniqExact(worker) OVER (PARTITION BY firm, worse, change ORDER BY at RANGE BETWEEN {days:UInt32} * 86400 PRECEDING AND CURRENT ROW) AS near
        FROM waves
    ),
    within AS
    (
        SELECT
            *, max(near >= {workers:UInt32} AND time >= until - toIntervalDay({stands:UInt32}))
                OVER (PARTITION BY firm, worse, change ORDER BY at RANGE BETWEEN CURRENT ROW AND {days:UInt32} * 86400 FOLLOWING) AS inside
        FROM counted
    ),
    whole AS
    (
        SELECT firm, worse, change, any(what) AS what, uniqExactIf(worker, inside) AS workers, minIf(at, inside AND near >= {workers:UInt32}) AS reached
        FROM within
        GROUP BY firm, worse, change
    )
SELECT
    concat('party:', w.firm) AS subject, concat(if(w.origin = '', 'unknown', w.origin), ' ', lower(hex(sipHash64(w.change)))) AS issue,
    multiIf(NOT max(w.inside), 'clear', w.worse, 'finding', 'insufficient') AS outcome, if(outcome = 'finding', 'mass_amendments', '') AS reason,
    if(outcome = 'finding', concat('Contracts of ', toString(any(a.workers)), ' workers of one employer were amended alike within ', toString({days:UInt32}),
        ' days, for the worse: ', any(a.what), '.'), '') AS summary,
    if(outcome = 'finding', [concat('workers=', toString(any(a.workers))), concat('nationals=', toString(uniqExactIf(w.worker, w.inside))),
        concat('days=', toString({days:UInt32})), concat('worse=', any(a.what))], []) AS figures,
    if(outcome = 'finding', toNullable(1000 * any(a.reached)), NULL) AS since, groupArrayIf(w.event, w.inside AND w.worse) AS evidence,
    if(outcome = 'finding', [w.firm], []) AS parties, w.origin AS origin, max(w.destination) AS destination,
    if(outcome = 'insufficient', 'the terms before the amendments', '') AS missing
FROM within AS w
INNER JOIN whole AS a ON w.firm = a.firm AND w.worse = a.worse AND w.change = a.change
GROUP BY w.firm, w.worse, w.change, w.origin
