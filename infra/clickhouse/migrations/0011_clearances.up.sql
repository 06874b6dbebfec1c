CREATE OR REPLACE VIEW clearances AS
WITH
    voids AS
    (
        SELECT source, JSONExtractString(body, 'clearance') AS clearance, min(time) AS voided_at
        FROM events
        WHERE type = 'visa.clearance_voided'
        GROUP BY source, clearance
    ),
    cleared AS
    (
        SELECT
            e.id AS id, e.event_id AS event_id, e.source AS source, e.time AS time, e.office AS office, e.jurisdiction AS jurisdiction,
            if(e.demand != '', e.demand, JSONExtractString(e.body, 'demand')) AS demand, JSONExtractString(e.body, 'agency') AS agency,
            JSONExtractString(e.body, 'country') AS country, ifNull(j.journey, '') AS journey
        FROM (SELECT * FROM events WHERE type = 'visa.clearance_issued') AS e
        LEFT ANY JOIN (SELECT id, journey FROM journey_events WHERE type = 'visa.clearance_issued') AS j ON e.id = j.id
    )
SELECT
    c.id AS id, c.time AS time, c.office AS office, c.jurisdiction AS jurisdiction, c.demand AS demand, c.agency AS agency, c.country AS country,
    c.journey AS journey, nullIf(v.voided_at, toDateTime64(0, 3, 'UTC')) AS voided_at, o.departed_at AS departed_at,
    voided_at IS NULL OR ifNull(departed_at <= voided_at, false) AS takes_place,
    if(c.journey != '', concat(c.journey, '|', c.demand), c.id) AS place
FROM cleared AS c
LEFT JOIN voids AS v ON c.source = v.source AND c.event_id = v.clearance
LEFT JOIN journey_outlines AS o ON c.journey = o.journey
COMMENT 'A clearance. takes_place: it was not voided, or only when the worker had left. place: one worker''s clearances on one demand take one place.';

CREATE OR REPLACE VIEW demands AS
SELECT
    if(demand != '', demand, JSONExtractString(body, 'demand')) AS demand, min(time) AS first_at,
    argMaxIf(JSONExtractString(body, 'agency'), (time, id), JSONExtractString(body, 'agency') != '') AS agency,
    argMaxIf(JSONExtractString(body, 'employer'), (time, id), JSONExtractString(body, 'employer') != '') AS employer,
    argMaxIf(JSONExtractString(body, 'country'), (time, id), JSONExtractString(body, 'country') != '') AS country,
    argMaxIf(JSONExtract(body, 'jobs', 'Nullable(Int64)'), (time, id), type = 'recruitment.demand_submitted' AND JSONHas(body, 'jobs')) AS requested,
    argMaxIf(JSONExtract(body, 'jobs_certified', 'Nullable(Int64)'), (time, id), type = 'recruitment.demand_submitted' AND JSONHas(body, 'jobs_certified')) AS certified,
    argMaxIf(JSONExtract(body, 'jobs', 'Nullable(Int64)'), (time, id), type = 'oversight.demand_attested' AND JSONHas(body, 'jobs')) AS attested,
    maxIf(toNullable(time), type = 'oversight.demand_attested') AS attested_at,
    maxIf(toNullable(time), type = 'oversight.demand_rejected') AS rejected_at,
    if(rejected_at IS NOT NULL AND ifNull(attested_at < rejected_at, true), 0, coalesce(certified, attested)) AS approved
FROM events
WHERE type IN ('recruitment.demand_submitted', 'oversight.demand_attested', 'oversight.demand_rejected')
    AND (demand != '' OR JSONExtractString(body, 'demand') != '')
GROUP BY demand
COMMENT 'A job order: positions requested and approved. Approved are those certified, else those attested, none after a rejection that no attestation followed; unknown where nobody said.';

CREATE OR REPLACE VIEW contract_records AS
WITH firsts AS
(
    SELECT k.winner AS winner, min(f.recorded) AS recorded
    FROM corrections AS k
    INNER JOIN (SELECT source, event_id, recorded FROM facts FINAL WHERE erased = 0) AS f ON k.source = f.source AND k.root = f.event_id
    GROUP BY winner
)
SELECT
    e.journey AS journey, e.corridor AS corridor, e.office AS office, e.jurisdiction AS jurisdiction, e.type AS type, e.time AS time,
    if(w.recorded > toDateTime64(0, 3, 'UTC'), least(w.recorded, e.recorded), e.recorded) AS first_recorded, o.departed_at AS departed_at,
    o.arrived_at AS arrived_at,
    if(e.type = 'oversight.contract_registered_origin', departed_at, arrived_at + toIntervalDay(30)) AS due_at, e.id AS id
FROM journey_events AS e
LEFT JOIN journey_outlines AS o ON e.journey = o.journey
LEFT JOIN firsts AS w ON e.id = w.winner
WHERE e.type IN ('oversight.contract_registered_origin', 'oversight.contract_authenticated_destination')
COMMENT 'A contract registered at origin, due at departure, or authenticated at destination, due 30 days after arrival; judged by its first record, also where that was corrected.';

CREATE OR REPLACE VIEW contract_pairs AS
WITH
    stated AS
    (
        SELECT
            journey, type = 'oversight.contract_registered_origin' AS origin, time, id,
            JSONExtractString(body, 'employer') AS employer, substring(JSONExtractString(body, 'isco'), 1, 2) AS isco,
            JSONExtractString(body, 'wage', 'currency') AS currency, JSONExtract(body, 'wage', 'minor', 'Nullable(Float64)') * multiIf(
                JSONExtractString(body, 'wage_period') IN ('', 'month'), 1., JSONExtractString(body, 'wage_period') = 'year', 1. / 12,
                JSONExtractString(body, 'wage_period') = 'biweekly', 26. / 12, JSONExtractString(body, 'wage_period') = 'week', 52. / 12,
                JSONExtractString(body, 'wage_period') = 'day', (7 - ifNull(JSONExtract(body, 'rest_days', 'Nullable(Float64)'), 1)) * 52 / 12,
                JSONExtractString(body, 'wage_period') = 'hour', JSONExtract(body, 'hours_per_week', 'Nullable(Float64)') * 52 / 12, NULL) AS wage,
            JSONExtract(body, 'hours_per_week', 'Nullable(Float64)') AS hours, JSONExtract(body, 'rest_days', 'Nullable(Float64)') AS rest,
            JSONExtractString(body, 'site') AS site, JSONExtract(body, 'months', 'Nullable(Int64)') AS months,
            JSONExtractString(body, 'country') AS country, JSONExtractString(body, 'deductions', 'currency') AS deducted_in,
            JSONExtract(body, 'deductions', 'minor', 'Nullable(Float64)') AS deductions, JSONExtractString(body, 'agency') AS agency
        FROM journey_events
        WHERE type IN ('oversight.contract_registered_origin', 'oversight.contract_authenticated_destination')
    ),
    lawful AS
    (
        SELECT JSONExtractString(body, 'from_employer') AS giver, JSONExtractString(body, 'to_employer') AS receiver
        FROM events
        WHERE type IN ('deployment.secondment_approved', 'deployment.employer_transferred')
    ),
    both AS
    (
        SELECT
            journey, maxIf(toNullable(time), origin) AS registered_at, maxIf(toNullable(time), NOT origin) AS authenticated_at,
            argMaxIf(tuple(employer, isco, currency, wage, hours, rest, site, months, country, deducted_in, deductions), (time, id), origin) AS a,
            argMaxIf(tuple(employer, isco, currency, wage, hours, rest, site, months, country, deducted_in, deductions), (time, id), NOT origin) AS b,
            argMaxIf(agency, (time, id), agency != '') AS contract_agency
        FROM stated
        GROUP BY journey
    )
SELECT
    p.journey AS journey, o.corridor AS corridor, if(contract_agency != '', contract_agency, o.agency) AS agency, registered_at, authenticated_at,
    registered_at IS NOT NULL AND authenticated_at IS NOT NULL AS paired, (a.1, b.1) IN (SELECT giver, receiver FROM lawful) AS moved,
    if(NOT paired, [], [
        ('employer', if(a.1 = '' OR b.1 = '', NULL, a.1 != b.1 AND NOT moved)),
        ('job', if(a.2 = '' OR b.2 = '', NULL, a.2 != b.2 AND substring(b.2, 1, 1) >= substring(a.2, 1, 1))),
        ('wage', if(a.3 != b.3, NULL, b.4 < a.4 * 0.95)),
        ('hours', b.5 > a.5 * 1.1),
        ('rest day', b.6 < a.6),
        ('place', if(a.9 != '' AND b.9 != '' AND a.9 != b.9, true, if(a.7 = '' OR b.7 = '', NULL, a.7 != b.7 AND NOT moved))),
        ('duration', b.8 != a.8),
        ('deductions', if(a.10 != b.10, NULL, b.11 > a.11))
    ]) AS fields,
    arrayExists(f -> ifNull(f.2, false), fields) AS worse, arrayExists(f -> f.2 IS NOT NULL, fields) AS told
FROM both AS p
LEFT JOIN journey_outlines AS o ON p.journey = o.journey
COMMENT 'What was registered at origin beside what was authenticated at destination, one row a journey. fields: what both state, and whether it is worse for the worker: wage more than 5 % less, hours more than 10 % more, another employer, place or duration, another job of no higher group, fewer rest days, higher deductions. Improvements are none. moved: between these employers a secondment or transfer is known, at any time; it excuses employer and site.';
