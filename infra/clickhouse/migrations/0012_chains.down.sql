DROP VIEW IF EXISTS journey_chains;
