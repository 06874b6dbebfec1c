DROP VIEW IF EXISTS oflc_reconciliation;
DROP VIEW IF EXISTS oflc_debarments;
DROP VIEW IF EXISTS oflc_clients;
DROP VIEW IF EXISTS oflc_worksites;
DROP VIEW IF EXISTS oflc_recruiter_organisations;
DROP VIEW IF EXISTS oflc_recruiters_by_application;
DROP VIEW IF EXISTS oflc_applications;
DROP VIEW IF EXISTS oflc_application_rows;
