DROP VIEW IF EXISTS reported_stock;
DROP VIEW IF EXISTS agreements;
