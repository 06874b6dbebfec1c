DROP VIEW IF EXISTS contract_pairs;
DROP VIEW IF EXISTS contract_records;
DROP VIEW IF EXISTS demands;
DROP VIEW IF EXISTS clearances;
