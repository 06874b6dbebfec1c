CREATE OR REPLACE VIEW oflc_imported AS
SELECT
    JSONExtractString(body, 'layout') AS layout, count() AS rows,
    rows - uniqExact(source, replaceRegexpOne(event_id, '(:[0-9a-f]{12})[.][0-9]+$', '\\1')) AS alike,
    uniqExact(JSONExtractString(body, 'case_number')) AS cases, min(time) AS first, max(time) AS last
FROM events
WHERE type IN ('recruitment.demand_submitted', 'recruitment.recruiter_declared', 'deployment.worksite_assigned', 'licensing.employer_blacklisted')
    AND layout IN ('applications', 'recruiters', 'worksites', 'clients', 'debarments')
GROUP BY layout
COMMENT 'What was imported of US disclosure files, by layout. alike: rows that say what another one says in every column that is read.';

CREATE OR REPLACE VIEW oflc_named AS
WITH
    replaceRegexpAll(upperUTF8(replaceRegexpAll(normalizeUTF8NFKD(name), '[\\x{0300}-\\x{036F}]', '')), '[.\'’`]', '') AS bare,
    trimBoth(replaceRegexpAll(replaceRegexpAll(bare, '[&+]', ' AND '), '[^\\p{L}\\p{M}\\p{N}]+', ' ')) AS words,
    replaceRegexpOne(replaceRegexpOne(words, ' (DBA|D B A|AKA|A K A|FKA|F K A)( .*)?$', ''), '^THE (.)', '\\1') AS own,
    replaceRegexpOne(own, '( (AND|INC|INCORPORATED|CO|COMPANY|CORP|CORPORATION|LTD|LIMITED|LIABILITY|PARTNERSHIP|LLC|L L C|LC|LLP|L L P|LP|PLLC|PC|PA))+$', '') AS core
SELECT
    JSONExtractString(body, 'layout') AS layout, if(layout = 'debarments', JSONExtractString(body, 'name'), JSONExtractString(body, 'employer_name')) AS name,
    JSONExtractString(body, 'employer') AS employer, replaceAll(core, ' ', '') AS key,
    argMin(key, (length(key), key)) OVER (PARTITION BY employer) AS employer_key,
    upper(trimBoth(JSONExtractString(body, if(layout = 'debarments', 'city', 'employer_city')))) AS city,
    upper(trimBoth(JSONExtractString(body, if(layout = 'debarments', 'state', 'employer_state')))) AS state,
    body, id, event_id, source, time
FROM events
WHERE (type = 'recruitment.demand_submitted' AND layout = 'applications') OR (type = 'licensing.employer_blacklisted' AND layout = 'debarments')
COMMENT 'Application rows and debarments with the employer''s name and its employer_key, the same for spelling variants: without accents, punctuation, THE, legal forms and trade names. consumers/warehouse/decisions.md has the method, and what it joins wrongly and leaves apart. Holds names.';

CREATE OR REPLACE VIEW oflc_readings AS
WITH
    applied AS
    (
        SELECT
            JSONExtractString(body, 'visa_class') AS visa_class, JSONExtract(body, 'fiscal_year', 'Nullable(Int64)') AS fiscal_year,
            upper(JSONExtractString(body, 'case_number')) AS case_number, JSONExtractBool(body, 'certified') AS certified,
            JSONExtractBool(body, 'sub_application') AS sub_application, JSONExtract(body, 'jobs', 'Nullable(Int64)') AS jobs,
            JSONExtract(body, 'jobs_certified', 'Nullable(Int64)') AS jobs_certified,
            toDate32OrNull(JSONExtractString(body, 'decision_date')) AS decided, toDate32OrNull(JSONExtractString(body, 'start')) AS start,
            toDate32OrNull(JSONExtractString(body, 'end')) AS end, JSONExtractString(body, 'agency') AS agent, name, employer_key, employer, city, state,
            replaceRegexpAll(upper(JSONExtractString(body, 'employer_address')), '[^A-Z0-9]', '') AS address, id, event_id,
            row_number() OVER (PARTITION BY source, replaceRegexpOne(event_id, '(:[0-9a-f]{12})[.][0-9]+$', '\\1') ORDER BY id) > 1 AS copy
        FROM oflc_named
        WHERE layout = 'applications'
    ),
    versions AS
    (
        SELECT
            *, countIf(NOT sub_application) OVER (PARTITION BY visa_class, case_number) AS masters,
            row_number() OVER (PARTITION BY visa_class, case_number, employer_key, copy ORDER BY sub_application, ifNull(decided, toDate32('1900-01-01')) DESC, ifNull(jobs_certified, -1) DESC, id) AS version
        FROM applied
    ),
    placed AS
    (
        SELECT
            *, row_number() OVER (PARTITION BY visa_class, case_number, copy OR sub_application OR version > 1 ORDER BY ifNull(jobs_certified, -1) DESC, ifNull(decided, toDate32('1900-01-01')) DESC, id) AS place
        FROM versions
    )
SELECT
    visa_class, fiscal_year, case_number,
    multiIf(copy, 'exact copy', sub_application AND masters > 0, 'sub-application', sub_application, 'sub-application alone',
        version > 1, 'superseded', place > 1, 'other employer', 'counted') AS reading,
    certified, jobs, jobs_certified, decided, start, end, agent, name, employer_key, employer, address, city, state, sub_application,
    NOT copy AND version = 1 AS stands, id, event_id
FROM placed
COMMENT 'Every application row and how it counts: counted (once a case), exact copy, sub-application (alone: no master under its case), superseded by a later decision, or other employer of the case. stands: the row in force of its case and employer. Holds names.';

CREATE OR REPLACE VIEW oflc_positions AS
SELECT
    r.visa_class, fiscal_year, count() AS rows, uniqExactIf(r.case_number, r.reading IN ('counted', 'sub-application alone')) AS applications,
    countIf(r.reading = 'counted' AND r.certified) AS certified_applications, ifNull(sum(r.jobs), 0) AS requested_all_rows,
    ifNull(sumIf(r.jobs, r.reading = 'counted'), 0) AS requested, countIf(r.reading = 'counted' AND r.jobs IS NULL) AS requested_unknown,
    ifNull(sum(r.jobs_certified), 0) AS certified_all_rows, ifNull(sumIf(r.jobs_certified, r.reading = 'counted' AND r.certified), 0) AS certified,
    countIf(r.reading = 'counted' AND r.certified AND r.jobs_certified IS NULL) AS certified_unknown
FROM oflc_readings AS r
GROUP BY visa_class, fiscal_year
COMMENT 'Applications and positions by visa class and fiscal year, over all rows and without double counting. An empty count is unknown, never zero.';

CREATE OR REPLACE VIEW oflc_position_bridge AS
SELECT
    r.visa_class, if(r.reading = 'counted' AND NOT r.certified, 'not certified', r.reading) AS reading, count() AS rows,
    ifNull(sum(r.jobs), 0) AS requested, ifNull(sum(r.jobs_certified), 0) AS certified, countIf(r.jobs_certified IS NULL) AS unknown
FROM oflc_readings AS r
GROUP BY visa_class, reading
COMMENT 'From all rows to what is counted: each row under one reading, so that the readings add up to all rows. Positions requested count certified or not.';

CREATE OR REPLACE VIEW oflc_employers AS
SELECT
    r.employer_key, topK(1)(r.name)[1] AS name, countIf(r.reading = 'counted') AS applications, countIf(r.reading = 'counted' AND r.certified) AS certified_applications,
    ifNull(sumIf(r.jobs, r.reading = 'counted'), 0) AS requested, ifNull(sumIf(r.jobs_certified, r.reading = 'counted' AND r.certified), 0) AS certified,
    uniqExactIf(r.visa_class, r.case_number, r.reading IN ('sub-application', 'sub-application alone', 'other employer')) AS as_participant,
    uniqExact(r.name) AS spellings, uniqExact(r.employer) AS names, uniqExactIf(r.state, r.state != '') AS states,
    uniqExactIf(r.city, r.state, r.city != '') AS towns
FROM oflc_readings AS r
GROUP BY employer_key
COMMENT 'An employer after its spelling variants are one: applications and positions, once. A joint application''s positions are its master''s; as_participant counts those that others filed. Holds names.';

CREATE OR REPLACE VIEW oflc_name_checks AS
WITH
    joined AS
    (
        SELECT
            uniqExactArray(writings) AS spellings, sum(many) AS names, count() AS employers, countIf(many > 1) AS joined, sumIf(many, many > 1) AS joined_names,
            countIf(many > 1 AND shared) AS joined_at_one_address, countIf(many > 1 AND NOT shared AND states > 1) AS joined_across_states
        FROM
        (
            SELECT
                employer_key, groupUniqArray(name) AS writings, uniqExact(employer) AS many, uniqExactIf(state, state != '') AS states,
                uniqExactIf(employer, address, city, state, address != '') > uniqExactIf(address, city, state, address != '') AS shared
            FROM oflc_readings
            GROUP BY employer_key
        )
    ),
    addresses AS
    (
        SELECT countIf(employers > 1) AS addresses_with_several
        FROM
        (
            SELECT uniqExact(employer_key) AS employers
            FROM oflc_readings
            WHERE address != '' AND city != ''
            GROUP BY address, city, state
        )
    ),
    near AS
    (
        SELECT length(groupUniqArray((one, other))) AS near_pairs
        FROM
        (
            SELECT one, arrayJoin(arrayFilter(key -> key > one AND editDistanceUTF8(key, one) <= 2, keys)) AS other
            FROM
            (
                SELECT groupUniqArray(employer_key) AS keys, city, state
                FROM oflc_readings
                WHERE city != '' AND lengthUTF8(employer_key) > 7
                GROUP BY city, state
            )
            ARRAY JOIN keys AS one
        )
    )
SELECT *
FROM joined
CROSS JOIN addresses
CROSS JOIN near
COMMENT 'How far the joining of names can be trusted: employers made of several names, how many of them share an address or are doubtful (several states, no shared address); and what was left apart and may be one: addresses with several employers, pairs in one town that differ in two letters at most.';

CREATE OR REPLACE VIEW oflc_agents AS
SELECT
    r.agent, count() AS applications, countIf(r.certified) AS certified_applications, ifNull(sumIf(r.jobs_certified, r.certified), 0) AS certified,
    uniqExact(r.employer_key) AS employers, uniqExact(r.visa_class) AS visa_classes
FROM oflc_readings AS r
WHERE reading = 'counted' AND agent != ''
GROUP BY agent
COMMENT 'An agent or attorney (a pseudonym, made of the name as spelled) and the applications that they filed.';

CREATE OR REPLACE VIEW oflc_agents_by_application AS
SELECT
    r.visa_class AS visa_class, r.case_number AS case_number, max(r.certified) AS certified, uniqExactIf(r.agent, r.agent != '') AS agents
FROM oflc_readings AS r
WHERE r.stands
GROUP BY visa_class, case_number
COMMENT 'How many agents or attorneys an application names, over the rows in force of its employers.';

CREATE OR REPLACE VIEW oflc_debarred_certifications AS
WITH
    barred AS
    (
        SELECT
            employer_key, employer, state, replaceRegexpAll(upper(JSONExtractString(body, 'programme')), '[^A-Z0-9]', '') AS programme,
            toDate32(JSONExtractString(body, 'from')) AS since, ifNull(toDate32OrNull(JSONExtractString(body, 'until')), toDate32('2299-12-31')) AS until
        FROM oflc_named
        WHERE layout = 'debarments'
    ),
    pairs AS
    (
        SELECT
            r.visa_class AS visa_class, r.fiscal_year AS fiscal_year, r.case_number AS case_number, r.employer_key AS employer_key, r.employer AS employer,
            r.name AS name, r.reading AS reading, r.jobs_certified AS jobs_certified, r.decided AS decided, r.start AS start, r.end AS end,
            b.since AS since, b.until AS until, r.employer = b.employer AS named, r.state != '' AND r.state = b.state AS in_state,
            r.visa_class != '' AND position(b.programme, replaceRegexpAll(upper(r.visa_class), '[^A-Z0-9]', '')) > 0 AS in_programme,
            ifNull(decided BETWEEN since AND until, 0) AS by_decision,
            ifNull(ifNull(start, end) <= until AND ifNull(end, start) >= since, 0) AS by_period
        FROM oflc_readings AS r
        INNER JOIN barred AS b ON r.employer_key = b.employer_key
        WHERE r.certified AND r.stands
    )
SELECT
    p.visa_class AS visa_class, p.case_number AS case_number, p.employer_key AS employer_key, any(p.employer) AS employer, any(p.name) AS name,
    any(p.fiscal_year) AS fiscal_year, any(p.reading) AS reading, any(p.jobs_certified) AS jobs_certified, any(p.decided) AS decided, any(p.start) AS start, any(p.end) AS end,
    max(p.named) AS same_name, max(p.by_decision AND p.named) AS decision_inside, max(p.by_period AND p.named) AS period_inside,
    max(p.by_decision) AND NOT decision_inside AS variant_decision_inside, max(p.by_period) AND NOT period_inside AS variant_period_inside,
    max(p.decided IS NULL) AS decision_unknown, NOT max(p.by_period) AND max(p.start IS NULL OR p.end IS NULL) AS period_unknown,
    max((p.by_decision OR p.by_period) AND p.in_state) AS same_state, max((p.by_decision OR p.by_period) AND p.in_programme) AS same_programme,
    argMax(p.since, (p.by_decision, p.by_period, p.named, p.since)) AS barred_since, argMax(p.until, (p.by_decision, p.by_period, p.named, p.since)) AS barred_until
FROM pairs AS p
GROUP BY visa_class, case_number, employer_key
COMMENT 'A certification, once a case and employer, whose employer''s name, or only its key (variant), is a debarred entity''s: whether it was decided inside a debarment, whether its period overlaps one (period_inside); first and last day count. A match is no finding of fact. Holds names.';

CREATE OR REPLACE VIEW oflc_worksites_by_application AS
SELECT
    JSONExtractString(body, 'case_number') AS case_number, count() AS work_sites, uniqExactIf(JSONExtractString(body, 'site'), JSONExtractString(body, 'site') != '') AS places,
    uniqExactIf(upper(trimBoth(JSONExtractString(body, 'state'))), JSONExtractString(body, 'state') != '') AS states,
    countIf(JSONExtract(body, 'workers', 'Nullable(Int64)') IS NULL) AS workers_unknown
FROM events
WHERE type = 'deployment.worksite_assigned' AND JSONExtractString(body, 'layout') = 'worksites'
GROUP BY case_number
COMMENT 'An application''s work sites: rows, and places (town, county and state) that differ. Workers move between sites: their counts at sites are no positions and are not added up.';
