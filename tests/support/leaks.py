"""Everywhere that a raw value could have got to: topics with keys and headers, ClickHouse, logs, and the workers' stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clickhouse_connect.driver.client import Client

from infra.kafka.reading import consumer, headers, messages, topic_names
from streams.publishers.simulator.scan import Found, Scan
from streams.store.rocks import RocksStore

# The office's own files, and what is read through its server because its files are compressed.
NOT_READ = ("simulated", "kafka", "clickhouse", "workers")


def topics(scan: Scan, bootstrap: str) -> Iterator[Found]:
    """Every record of every topic, decompressed: key, value, headers. Avro and msgpack keep text as it is."""
    client = consumer(bootstrap, {})
    names = topic_names(client, bootstrap)
    assert any(name.endswith(".dlq") for name in names)
    for record in messages(client, names):
        named = [name.encode() + b" " + value for name, value in headers(record)]
        key, value = (part.encode() if isinstance(part, str) else part or b"" for part in (record.key(), record.value()))
        yield from scan.bytes(f"topic {record.topic()}", b"\n".join((key, value, *named)))
    client.close()


def tables(scan: Scan, client: Client) -> Iterator[Found]:
    """Every row of every table."""
    # A view that asks for values (a report its corridor, an audience's its name) holds nothing that the tables do not.
    asking = "name = 'audience_alerts' OR startsWith(name, 'report_')"
    listed = client.query(f"SELECT name FROM system.tables WHERE database = currentDatabase() AND NOT ({asking})")
    names = [str(name) for (name,) in listed.result_rows]
    assert {"facts", "alerts", "journeys", "dead_letters"} <= set(names)
    for name in names:
        rows = client.raw_query(f"SELECT * FROM {name} FORMAT JSONEachRow")  # the server's own names
        yield from scan.bytes(f"table {name}", rows)


def files(scan: Scan, home: Path) -> Iterator[Found]:
    """Logs, states, what publishing remembers."""
    assert list((home / "logs").glob("*.log"))
    for folder in sorted(home.iterdir()):
        if folder.is_dir() and folder.name not in NOT_READ:
            yield from scan.folder(folder)


def stores(scan: Scan, home: Path) -> Iterator[Found]:
    """Every key and value of every partition's store, once its worker has ended."""
    found = sorted((home / "workers").glob("*/p*"))
    assert found
    for path in found:
        store = RocksStore(path)
        for key, value in store.scan(b""):
            yield from scan.bytes(f"store {path.parent.name}/{path.name}", key + b"\n" + value)
        store.close()
