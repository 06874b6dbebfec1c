-- id: T-DTH-01
-- version: 1
-- every: hour
-- subject: party
-- publishes: alerts
-- window: {days} days before each death or injury of the last {days} days: a cluster is told until so long after its last case
-- parameter days: UInt32 = 90 (domain.md 4.4)
-- parameter workers: UInt32 = 2 (domain.md 4.4)
-- denominator: none; two are two, however many work there
-- control: one worker is one case, however many offices notify it or what an injury led to; a worker who is not known is one case an event
-- reads: deployment.death_notified, deployment.injury_notified, journeys
WITH
    fromUnixTimestamp64Milli({until:Int64}, 'UTC') AS until,
    notified AS
    (
        SELECT
            {{key employer}} AS firm, event_id, type, time, toUnixTimestamp(time) AS at, if(person = '', id, person) AS worker,
            origin, if(country = '', substring(firm, 1, 2), country) AS destination
        FROM
        (
            SELECT *, JSONExtractString(body, 'employer') AS employer, JSONExtractString(body, 'country') AS country
            FROM {{worker_events deployment.death_notified deployment.injury_notified}}
        )
        WHERE employer != '' AND time < until AND time >= until - toIntervalDay(2 * {days:UInt32})
    ),
    counted AS
    (
        SELECT *, uniqExact(worker) OVER (PARTITION BY firm ORDER BY at RANGE BETWEEN {days:UInt32} * 86400 PRECEDING AND CURRENT ROW) AS near
        FROM notified
    ),
    clustered AS
    (
        SELECT
            *, max(near >= {workers:UInt32} AND time >= until - toIntervalDay({days:UInt32}))
                OVER (PARTITION BY firm ORDER BY at RANGE BETWEEN CURRENT ROW AND {days:UInt32} * 86400 FOLLOWING) AS within
        FROM counted
    ),
    firms AS
    (
        SELECT
            firm, uniqExactIf(worker, within) AS workers, uniqExactIf(worker, within AND type = 'deployment.death_notified') AS died,
            minIf(at, within AND near >= {workers:UInt32}) AS reached
        FROM clustered
        GROUP BY firm
    )
SELECT
    concat('party:', c.firm) AS subject, if(c.origin = '', 'unknown', c.origin) AS issue, if(max(c.within), 'finding', 'clear') AS outcome,
    if(outcome = 'finding', 'deaths_at_one_employer', '') AS reason,
    if(outcome = 'finding', concat(toString(any(f.workers)), ' workers of one employer died or were injured within ',
        toString({days:UInt32}), ' days of each other.'), '') AS summary,
    if(outcome = 'finding', [concat('workers=', toString(any(f.workers))), concat('died=', toString(any(f.died))),
        concat('nationals=', toString(uniqExactIf(c.worker, c.within))), concat('days=', toString({days:UInt32}))], []) AS figures,
    if(outcome = 'finding', toNullable(1000 * any(f.reached)), NULL) AS since, groupArrayIf(c.event_id, c.within) AS evidence,
    if(outcome = 'finding', [c.firm], []) AS parties, c.origin AS origin, max(c.destination) AS destination
FROM clustered AS c
INNER JOIN firms AS f ON c.firm = f.firm
GROUP BY c.firm, c.origin
