"""Facts into a database without a broker: the rows and the inserts are the sink's own."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from consumers.warehouse.pieces import BLOCK
from consumers.warehouse.records import Record
from consumers.warehouse.rows import encoded, row, table
from consumers.warehouse.store import Warehouse
from consumers.warehouse.tables import COLUMNS
from streams.domain.facts import encode
from streams.intake import accept
from streams.publishers.identity import rekey

KEY = b"k" * 32


def store(warehouse: Warehouse, topic: str, records: Iterable[tuple[str, bytes | None]]) -> int:
    """Store (key, value) records of a topic as a sink would, from offset 0; how many there were."""
    rows = (made for n, (key, value) in enumerate(records) if (made := row(Record(topic, 0, n, key.encode(), value), "log")))
    total = 0
    while batch := list(islice(rows, BLOCK)):
        name = table(topic)
        warehouse.insert(name, tuple(COLUMNS[name]), encoded(name, batch), uuid.uuid4().hex)
        total += len(batch)
    return total


def store_events(warehouse: Warehouse, events: Iterable[Mapping[str, Any]]) -> int:
    """Store sealed public events (plain JSON form) as the facts that intake makes of them."""
    copies = (copy for event in events for copy in accept(event, lambda e: rekey(e, KEY)).copies)
    return store(warehouse, "facts", ((f"{home}|{fact.id}", encode(fact)) for home, fact in copies))
