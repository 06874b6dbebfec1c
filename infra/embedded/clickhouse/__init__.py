"""A loopback front that speaks ClickHouse's HTTP interface over chDB, ClickHouse's own engine in this process.

The sink, the watches and an analyst's client use the code path and the port that a ClickHouse server has; only the
address differs. Run it with `python -m infra.embedded.clickhouse`.

Not here, and refused or absent rather than half done: external data tables, the native block compression of
`compress=1`, progress headers, users beyond the one, roles, replicated engines. Results are built in memory.
"""
