CREATE TABLE IF NOT EXISTS exchange_rates
(
    currency LowCardinality(String) COMMENT 'ISO 4217',
    valid_from Date32 COMMENT 'the rate is in force from this day until the next one of its currency',
    per_usd Float64 COMMENT 'how many units of the currency are one US dollar',
    source String COMMENT 'where the rate is published',
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(stored_at)
ORDER BY (currency, valid_from)
COMMENT 'Rates that reports may compare a fee and a wage by. Empty until somebody with a source fills it: without a rate two currencies are not comparable.';

CREATE OR REPLACE VIEW journey_events AS
SELECT
    s.journey AS journey, s.origin AS origin, s.destination AS destination,
    concat(s.origin, '-', if(s.destination = '', '??', s.destination)) AS corridor, s.demand AS journey_demand, s.place AS place,
    f.type AS type, f.time AS time, f.recorded AS recorded, f.event_id AS event_id, f.source AS source, f.office AS office,
    f.jurisdiction AS jurisdiction, f.contract AS contract, f.visa AS visa, f.demand AS demand, f.case_id AS case_id, f.body AS body,
    f.corrects AS corrects, f.id AS id
FROM
(
    SELECT id AS journey, home AS origin, destination, demand, type, at, event_id, place
    FROM journeys FINAL
    ARRAY JOIN step_type AS type, step_time AS at, step_event AS event_id, arrayEnumerate(step_type) AS place
    WHERE status != 'replaced'
) AS s
INNER ANY JOIN
(
    SELECT * FROM facts FINAL WHERE erased = 0
) AS f ON s.origin = f.home AND s.event_id = f.event_id AND s.type = f.type AND s.at = f.time
COMMENT 'An event of a journey as linked, with its content: what reports about workers count. Corrected, retracted and erased events are not among them. Two offices'' events of one id, type and instant in one home cannot be told apart here.';

CREATE OR REPLACE VIEW silent_offices AS
SELECT replaceOne(subject, 'party:', '') AS office, any(home) AS jurisdiction, min(since) AS since
FROM alerts FINAL
WHERE startsWith(rule, 'T-OFF-01@') AND status IN ('raised', 'updated')
GROUP BY office
COMMENT 'Offices with an open alert that they are silent (T-OFF-01), and since when: figures of their country and its corridors are incomplete.';

CREATE OR REPLACE VIEW inspections AS
SELECT
    if(JSONExtractString(body, 'jurisdiction') != '', JSONExtractString(body, 'jurisdiction'), jurisdiction) AS country, time, id,
    JSONExtractString(body, 'employer') AS employer, JSONExtractString(body, 'agency') AS agency, JSONExtractString(body, 'site') AS site,
    if(agency != '' AND employer = '' AND site = '', 'agency', 'workplace') AS visited,
    splitByChar('/', JSONExtractString(body, 'sector'))[2] AS isic,
    JSONExtract(body, 'worker_interviewed', 'Nullable(Bool)') AS interviewed,
    JSONExtract(body, 'employer_present', 'Nullable(Bool)') AS employer_present,
    JSONExtractBool(body, 'interpreter') OR notEmpty(JSONExtractArrayRaw(body, 'languages')) AS understood,
    JSONExtract(body, 'passport_checked', 'Nullable(Bool)') AS passport_checked, JSONExtractString(body, 'outcome') AS outcome
FROM events
WHERE type = 'oversight.inspection_done'
COMMENT 'Inspections done: where, of what, and what was looked at. Who inspected is left out.';

CREATE OR REPLACE VIEW journey_outlines AS
WITH told AS
(
    SELECT
        journey, minIf(toNullable(time), type = 'deployment.departed') AS departed_at,
        minIf(toNullable(time), type = 'deployment.arrived') AS arrived_at,
        maxIf(toNullable(time), type IN ('deployment.repatriation_done', 'deployment.contract_ended', 'deployment.death_notified')) AS ended_at,
        argMaxIf(JSONExtractString(body, 'sex'), (time, id), JSONExtractString(body, 'sex') != '' AND type = 'recruitment.worker_registered') AS sex,
        argMaxIf(JSONExtractString(body, 'channel'), (time, id), JSONExtractString(body, 'channel') != '' AND type = 'recruitment.worker_registered') AS channel,
        argMaxIf(JSONExtractString(body, 'isco'), (time, id), JSONExtractString(body, 'isco') != '') AS isco,
        argMaxIf(JSONExtractString(body, 'employer_isic'), (time, id), JSONExtractString(body, 'employer_isic') != '') AS employer_isic,
        argMaxIf(JSONExtractString(body, 'agency'), (time, id), JSONExtractString(body, 'agency') != '') AS agency,
        countIf(type = 'recruitment.recruiter_declared') AS recruiters,
        countIf(type = 'recruitment.recruiter_declared' AND (JSONExtractString(body, 'role') IN ('subagent', 'recruiter') OR JSONExtractString(body, 'person') != '' OR position(JSONExtractString(body, 'to_party'), ':person:') > 0)) AS brokers
    FROM journey_events
    WHERE type IN ('recruitment.worker_registered', 'recruitment.recruiter_declared', 'recruitment.contract_offered', 'visa.clearance_issued',
        'oversight.contract_acknowledged_origin', 'oversight.contract_registered_origin', 'oversight.contract_authenticated_destination',
        'deployment.departed', 'deployment.arrived', 'deployment.contract_amended', 'deployment.contract_ended', 'deployment.repatriation_done',
        'deployment.death_notified')
    GROUP BY journey
)
SELECT
    j.id AS journey, j.home AS origin, j.destination AS destination, concat(origin, '-', if(destination = '', '??', destination)) AS corridor,
    j.opened_at AS opened_at, t.departed_at AS departed_at, t.arrived_at AS arrived_at, t.ended_at AS ended_at, t.sex AS sex, t.channel AS channel,
    t.isco AS isco, t.employer_isic AS employer_isic,
    multiIf(startsWith(isco, '9111'), '9700', startsWith(employer_isic, '97'), '9700', substring(employer_isic, 1, 2)) AS sector,
    t.agency AS agency, t.recruiters AS recruiters, t.brokers AS brokers
FROM (SELECT id, toString(home) AS home, toString(destination) AS destination, opened_at FROM journeys FINAL WHERE status != 'replaced') AS j
LEFT JOIN told AS t ON j.id = t.journey
COMMENT 'A journey in one row: when it left, arrived and ended; sex, occupation and sector as last stated, empty where nobody stated them. Domestic work is sector 9700, others are the two digits of their division. brokers: declared sub-agents, recruiters and persons.';

CREATE OR REPLACE VIEW journey_costs AS
WITH
    told AS
    (
        SELECT
            journey, source, toDate32(time) AS day, JSONExtractString(body, 'code') AS code, JSONExtractString(body, 'by') = 'worker' AS own,
            type = 'recruitment.fee_refunded' AS back, JSONExtractString(body, if(back, 'payer', 'payee')) AS party,
            JSONExtractString(body, 'amount', 'currency') AS currency,
            if(NOT back AND NOT own AND JSONExtractString(body, 'payer') = '' AND code NOT IN ('recovered_from_worker', 'illicit_recovery'), NULL,
                JSONExtract(body, 'amount', 'minor', 'Nullable(Int64)')) AS stated
        FROM journey_events
        WHERE type = 'recruitment.fee_refunded' OR (type = 'recruitment.fee_declared' AND JSONExtractString(body, 'payer') IN ('', 'worker', 'family'))
    ),
    once AS
    (
        SELECT journey, code, own, back, party, currency, stated, day, max(times) AS times
        FROM (SELECT journey, source, code, own, back, party, currency, stated, day, count() AS times FROM told GROUP BY ALL)
        GROUP BY journey, code, own, back, party, currency, stated, day
    ),
    by_party AS
    (
        SELECT
            journey, code, back, currency, party, sumIf(ifNull(stated, 0) * times, own) AS said, sumIf(ifNull(stated, 0) * times, NOT own) AS booked,
            countIf(own) AS own_lines, countIf(stated IS NULL AND own) AS own_unknown, countIf(stated IS NULL AND NOT own) AS booked_unknown
        FROM once
        GROUP BY journey, code, back, currency, party
    ),
    by_code AS
    (
        SELECT
            journey, code, back, currency, greatest(sum(said), sum(booked), sumIf(greatest(said, booked), party != '')) AS minor,
            sum(own_lines) AS own_lines, sum(own_unknown) AS own_unknown, sum(booked_unknown) AS booked_unknown
        FROM by_party
        GROUP BY journey, code, back, currency
    ),
    beside AS
    (
        SELECT
            *, sumIf(minor, back) OVER (PARTITION BY journey, code, currency) AS back_minor,
            countIf(back) OVER (PARTITION BY journey, code, currency) AS back_here, countIf(back) OVER (PARTITION BY journey, code) AS back_any,
            sumIf(own_lines, NOT back) OVER (PARTITION BY journey, code) AS own_any
        FROM by_code
    ),
    paid AS
    (
        SELECT
            b.journey AS journey, b.currency AS currency, sum(greatest(0, b.minor - b.back_minor)) AS minor, count() AS fees,
            sum(b.own_unknown + if(b.own_any > 0, 0, b.booked_unknown) + (b.back_here = 0 AND b.back_any > 0)) AS amounts_unknown
        FROM beside AS b
        WHERE NOT b.back
        GROUP BY journey, currency
    ),
    wages AS
    (
        SELECT
            journey, JSONExtractString(body, if(type = 'deployment.wage_paid', 'amount', 'wage'), 'currency') AS currency,
            toFloat64(JSONExtract(body, if(type = 'deployment.wage_paid', 'amount', 'wage'), 'minor', 'Nullable(Int64)')) AS minor,
            type = 'deployment.wage_paid' AS earned,
            dateDiff('day', toDate32OrNull(JSONExtractString(body, 'period_start')), toDate32OrNull(JSONExtractString(body, 'period_end'))) + 1 AS days,
            if(JSONExtractString(body, 'wage_period') = '', 'month', JSONExtractString(body, 'wage_period')) AS period,
            ifNull(toDate32OrNull(JSONExtractString(body, 'period_start')), toDate32(time)) AS first_day,
            multiIf(
                earned AND (ifNull(days, 30) BETWEEN 27 AND 32), 1., earned AND days > 0, 365.25 / 12 / days, earned, NULL,
                period = 'month', 1., period = 'year', 1. / 12, period = 'biweekly', 26. / 12, period = 'week', 52. / 12,
                period = 'day', (7 - ifNull(JSONExtract(body, 'rest_days', 'Nullable(Float64)'), 1)) * 52 / 12,
                period = 'hour', JSONExtract(body, 'hours_per_week', 'Nullable(Float64)') * 52 / 12, NULL) * minor AS month_minor,
            indexOf(['deployment.wage_paid', 'oversight.contract_authenticated_destination', 'oversight.contract_registered_origin', 'oversight.contract_acknowledged_origin', 'recruitment.contract_offered'], type) AS preference,
            time, id
        FROM journey_events
        WHERE preference > 0 AND minor > 0
    ),
    wage AS
    (
        SELECT * FROM wages WHERE month_minor > 0
        ORDER BY journey, preference, if(earned, toInt64(first_day), -toInt64(toUnixTimestamp64Milli(time))), id
        LIMIT 1 BY journey
    ),
    rates AS (SELECT currency, valid_from, per_usd FROM exchange_rates FINAL),
    scaled AS
    (
        SELECT
            p.journey AS journey, p.currency AS currency, p.fees AS fees, p.amounts_unknown AS amounts_unknown,
            p.minor / pow(10, transform(p.currency, ['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND', 'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF', 'CLF', 'UYW'], [3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4], 2)) AS amount,
            if(p.currency = 'USD', 1, r.per_usd) AS per_usd
        FROM (SELECT p.*, toDate32(o.opened_at) AS day FROM paid AS p INNER JOIN (SELECT id, opened_at FROM journeys FINAL) AS o ON p.journey = o.id) AS p
        ASOF LEFT JOIN rates AS r ON p.currency = r.currency AND p.day >= r.valid_from
    ),
    cost AS
    (
        SELECT
            journey, sum(s.fees) AS fees, sum(s.amounts_unknown) AS amounts_unknown,
            arrayFilter(c -> c != '', groupUniqArrayIf(toString(currency), s.amount != 0)) AS currencies,
            greatest(0, sum(s.amount)) AS amount,
            if(countIf(s.amount != 0 AND per_usd = 0) = 0, greatest(0, sumIf(s.amount / per_usd, per_usd > 0)), NULL) AS usd
        FROM scaled AS s
        GROUP BY journey
    ),
    earning AS
    (
        SELECT
            w.journey AS journey, w.currency AS currency, w.earned AS earned,
            w.month_minor / pow(10, transform(w.currency, ['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND', 'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF', 'CLF', 'UYW'], [3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4], 2)) AS amount,
            if(w.currency = 'USD', 1, r.per_usd) AS per_usd
        FROM wage AS w
        ASOF LEFT JOIN rates AS r ON w.currency = r.currency AND w.first_day >= r.valid_from
    )
SELECT
    o.journey AS journey, o.origin AS origin, o.corridor AS corridor, o.opened_at AS opened_at, o.departed_at AS departed_at, o.sex AS sex,
    o.isco AS isco, o.channel AS channel, o.recruiters AS recruiters, o.brokers AS brokers,
    ifNull(c.fees, 0) > 0 AND c.amounts_unknown = 0 AS cost_known, ifNull(w.amount, 0) > 0 AS wage_known,
    cost_known AND wage_known AND (empty(c.currencies) OR c.currencies = [toString(w.currency)]) AS same,
    cost_known AND wage_known AND c.usd IS NOT NULL AND w.per_usd > 0 AS rated, same OR rated AS comparable,
    if(comparable, if(same, toString(w.currency), 'USD'), '') AS currency,
    if(comparable, if(same, c.amount, c.usd), NULL) AS cost, if(comparable, if(same, w.amount, w.amount / w.per_usd), NULL) AS wage,
    if(rated, c.usd, NULL) AS cost_usd, if(rated, w.amount / w.per_usd, NULL) AS wage_usd, cost / wage AS months, ifNull(w.earned, false) AS wage_earned
FROM journey_outlines AS o
LEFT JOIN cost AS c ON o.journey = c.journey
LEFT JOIN earning AS w ON o.journey = w.journey
COMMENT 'What each journey cost the worker, in months of the first wage. Costs are what worker or family paid, each code less its own refunds: what several offices tell of one payment counts once, and where worker and agency tell of one payee and code the greater counts. An amount, or an agency''s payer, that is not stated makes the cost unknown, as no declaration does. The wage is the first paid, as for a month, else the contract''s. Two currencies are comparable by exchange_rates alone.';

CREATE OR REPLACE VIEW complaint_steps AS
WITH
    told AS
    (
        SELECT
            e.id AS id, e.type AS type, e.time AS time, e.office AS office, e.jurisdiction AS jurisdiction, e.case_id AS case_id,
            e.origin AS origin, e.body AS body, ifNull(j.journey, '') AS journey, ifNull(j.corridor, '') AS corridor
        FROM (SELECT * FROM events WHERE context = 'complaint') AS e
        LEFT ANY JOIN (SELECT id, journey, corridor FROM journey_events WHERE startsWith(type, 'complaint.')) AS j ON e.id = j.id
    ),
    named AS
    (
        SELECT
            *, type = 'complaint.complaint_filed' AS filing,
            multiIf(NOT filing, '', case_id != '', concat(if(journey != '', journey, office), '|', case_id), concat('event|', id)) AS own_name
        FROM told
    ),
    beside AS
    (
        SELECT
            *, maxIf(own_name, filing) OVER (PARTITION BY journey, case_id) AS of_worker_and_case,
            minIf(own_name, filing) OVER (PARTITION BY office, case_id) AS of_office_first, maxIf(own_name, filing) OVER (PARTITION BY office, case_id) AS of_office_last,
            minIf(own_name, filing) OVER (PARTITION BY case_id) AS of_case_first, maxIf(own_name, filing) OVER (PARTITION BY case_id) AS of_case_last,
            minIf(own_name, filing) OVER (PARTITION BY journey) AS of_worker_first, maxIf(own_name, filing) OVER (PARTITION BY journey) AS of_worker_last
        FROM named
    )
SELECT
    multiIf(
        filing, own_name,
        case_id = '' AND journey != '' AND of_worker_first = of_worker_last, of_worker_first,
        case_id != '' AND journey != '', of_worker_and_case,
        case_id != '' AND of_office_last != '' AND of_office_first = of_office_last, of_office_first,
        case_id != '' AND of_office_last = '' AND of_case_first = of_case_last, of_case_first, '') AS complaint,
    type, time, office, jurisdiction, journey, corridor, origin, body, id
FROM beside
COMMENT 'What was done about each complaint. complaint names the case: by its number with its worker, else with its office, else wherever only one has that number; a step without a number is of the worker''s only complaint, and of none ('''') where there are several. Narratives are not here.';

CREATE OR REPLACE VIEW complaints AS
SELECT
    complaint, argMinIf(jurisdiction, (time, id), type = 'complaint.complaint_filed') AS received_in,
    minIf(time, type = 'complaint.complaint_filed') AS filed_at,
    argMinIf(if(corridor != '', corridor, if(origin != '' AND JSONExtractString(body, 'country') NOT IN ('', origin), concat(origin, '-', JSONExtractString(body, 'country')), '')), (time, id), type = 'complaint.complaint_filed') AS corridor,
    argMinIf(JSONExtract(body, 'represented', 'Nullable(Bool)'), (time, id), type = 'complaint.complaint_filed') AS represented,
    minIf(toNullable(time), type = 'complaint.complaint_acknowledged') AS acknowledged_at,
    minIf(toNullable(time), type IN ('complaint.complaint_followed_up', 'complaint.complaint_referred', 'complaint.hearing_held', 'complaint.complaint_decided')) AS investigated_at,
    minIf(toNullable(time), type = 'complaint.complaint_decided' AND JSONExtractBool(body, 'upheld')) AS substantiated_at,
    countIf(type = 'complaint.complaint_decided' AND NOT JSONHas(body, 'upheld')) AS decided_unsaid,
    minIf(toNullable(time), type = 'complaint.complaint_settled') AS settled_at,
    minIf(toNullable(time), type = 'complaint.complaint_settled' OR (type = 'complaint.sanction_imposed' AND JSONExtractString(body, 'on_kind') NOT IN ('', 'worker'))) AS measure_at,
    minIf(toNullable(time), type = 'complaint.complaint_enforced' OR (type = 'complaint.complaint_settled' AND JSONExtractBool(body, 'paid'))) AS enforced_at
FROM complaint_steps
WHERE complaint != ''
GROUP BY complaint
HAVING countIf(type = 'complaint.complaint_filed') > 0
COMMENT 'A complaint in one row, and when each stage was first reached. A measure is a settlement, or a sanction on anyone but a worker. Closing is no stage.';
