CREATE OR REPLACE VIEW oflc_application_rows AS
SELECT
    JSONExtractString(body, 'visa_class') AS visa_class, JSONExtract(body, 'fiscal_year', 'Nullable(Int64)') AS fiscal_year,
    JSONExtractString(body, 'case_number') AS case_number, JSONExtractString(body, 'status') AS status,
    JSONExtractBool(body, 'certified') AS certified, JSONExtractBool(body, 'sub_application') AS sub_application,
    JSONExtractString(body, 'organisation_flag') AS organisation_flag,
    JSONExtract(body, 'jobs', 'Nullable(Int64)') AS jobs, JSONExtract(body, 'jobs_certified', 'Nullable(Int64)') AS jobs_certified,
    JSONExtractString(body, 'employer') AS employer, id, event_id, time, evidence
FROM events
WHERE type = 'recruitment.demand_submitted' AND JSONExtractString(body, 'layout') = 'applications'
COMMENT 'US labour certification: one row an application row of a disclosure file. An empty count is unknown, never zero.';

CREATE OR REPLACE VIEW oflc_applications AS
SELECT
    visa_class, count() AS applications, uniqExact(case_number) AS case_numbers, countIf(certified) AS certified_rows,
    countIf(sub_application) AS sub_applications, ifNull(sum(jobs), 0) AS requested, ifNull(sum(jobs_certified), 0) AS certified_all_rows,
    ifNull(sumIf(jobs_certified, certified), 0) AS certified_on_certified_rows,
    ifNull(sumIf(jobs_certified, certified AND NOT sub_application), 0) AS certified_without_sub_applications,
    countIf(jobs_certified IS NULL) AS count_unknown
FROM oflc_application_rows
GROUP BY visa_class
COMMENT 'Applications and positions by visa class: over all rows, on certified rows, and on certified rows without sub-applications, which repeat their joint master''s positions.';

CREATE OR REPLACE VIEW oflc_recruiters_by_application AS
SELECT
    case_number, count() AS declarations, uniqExactIf(person, person != '') AS persons,
    uniqExactIf(organisation_key, organisation_key != '') AS organisations,
    uniqExactIf(trimBoth(organisation_name), trimBoth(organisation_name) != '') AS organisations_as_spelled
FROM recruiter_links
WHERE layout = 'recruiters'
GROUP BY case_number
COMMENT 'Recruiters declared for each application. Organisations are counted by their normalised name; as spelled is beside it, since a spelling is no other organisation.';

CREATE OR REPLACE VIEW oflc_recruiter_organisations AS
SELECT
    ['none', 'one', 'two', 'three or more'][least(organisations, 3) + 1] AS organisations_named, count() AS applications,
    round(100 * count() / (SELECT count() FROM oflc_recruiters_by_application), 2) AS percent
FROM oflc_recruiters_by_application
GROUP BY least(organisations, 3)
ORDER BY least(organisations, 3)
COMMENT 'How many recruiting organisations an application names, as a share of the applications that declare recruiters.';

CREATE OR REPLACE VIEW oflc_worksites AS
SELECT
    count() AS work_sites, uniqExact(JSONExtractString(body, 'case_number')) AS applications,
    ifNull(sum(JSONExtract(body, 'workers', 'Nullable(Int64)')), 0) AS workers_known,
    countIf(JSONExtract(body, 'workers', 'Nullable(Int64)') IS NULL) AS workers_unknown
FROM events
WHERE type = 'deployment.worksite_assigned' AND JSONExtractString(body, 'layout') = 'worksites'
COMMENT 'Work sites of applications, with how many say how many workers.';

CREATE OR REPLACE VIEW oflc_clients AS
SELECT
    JSONExtractString(body, 'case_number') AS case_number, JSONExtractString(body, 'employer') AS client,
    JSONExtractString(body, 'city') AS city, JSONExtractString(body, 'state') AS state, id, time
FROM events
WHERE type = 'deployment.worksite_assigned' AND JSONExtractString(body, 'layout') = 'clients'
COMMENT 'Clients that job contractors declared: outsourcing in their own words. The client is a register id made from its name.';

CREATE OR REPLACE VIEW oflc_debarments AS
SELECT
    JSONExtractString(body, 'employer') AS employer, JSONExtractString(body, 'programme') AS programme,
    JSONExtractString(body, 'from') AS from, JSONExtractString(body, 'until') AS until,
    JSONExtractString(body, 'city') AS city, JSONExtractString(body, 'state') AS state, id, time
FROM events
WHERE type = 'licensing.employer_blacklisted' AND JSONExtractString(body, 'layout') = 'debarments'
COMMENT 'Debarments from the programme; an empty until has no end. That a name matches is no finding of fact.';

CREATE OR REPLACE VIEW oflc_reconciliation AS
SELECT concat('applications ', visa_class) AS measure, toFloat64(applications) AS value FROM oflc_applications
UNION ALL SELECT concat('positions requested ', visa_class), toFloat64(requested) FROM oflc_applications
UNION ALL SELECT concat('positions certified, all rows ', visa_class), toFloat64(certified_all_rows) FROM oflc_applications
UNION ALL SELECT concat('positions certified, without sub-applications ', visa_class), toFloat64(certified_without_sub_applications) FROM oflc_applications
UNION ALL SELECT 'recruiter declarations', toFloat64(sum(declarations)) FROM oflc_recruiters_by_application
UNION ALL SELECT 'applications that declare recruiters', toFloat64(count()) FROM oflc_recruiters_by_application
UNION ALL SELECT concat('percent naming organisations: ', organisations_named), percent FROM oflc_recruiter_organisations
UNION ALL SELECT 'work sites', toFloat64(work_sites) FROM oflc_worksites
UNION ALL SELECT 'declared clients', toFloat64(count()) FROM oflc_clients
UNION ALL SELECT 'debarments', toFloat64(count()) FROM oflc_debarments
COMMENT 'The figures that the published files give, in one list, to hold beside them.';
