"""ClickHouse's schema as numbered, reversible files, and what applies them."""
