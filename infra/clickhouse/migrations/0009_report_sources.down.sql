DROP VIEW IF EXISTS complaints;
DROP VIEW IF EXISTS complaint_steps;
DROP VIEW IF EXISTS journey_costs;
DROP VIEW IF EXISTS journey_outlines;
DROP VIEW IF EXISTS inspections;
DROP VIEW IF EXISTS silent_offices;
DROP VIEW IF EXISTS journey_events;
DROP TABLE IF EXISTS exchange_rates;
