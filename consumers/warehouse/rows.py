"""Records to rows: pure. A row has a value for each column of its table (tables.py), instants as milliseconds; `encoded` gives the
same bytes for the same rows every time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from consumers.warehouse.native import Row, block
from consumers.warehouse.records import Bad, Record
from consumers.warehouse.tables import COLUMNS, PLACE
from streams.domain.erasures import Husk, decode_erasure, kept
from streams.domain.facts import Fact
from streams.domain.outputs import Revision, decode_alert, decode_journey

Given = dict[str, Any]  # values by column; others have their default

STATEMENT = b"!"  # what a statement's key on `facts` begins with: not a fact, no row
_LEAST, _MOST = -2_208_988_800_000, 10_413_791_999_999  # 1900 to 2299, what DateTime64 holds
_json = msgspec.json.Encoder()


def instant(ms: int) -> int:
    """An instant kept within 1900 to 2299."""
    return ms if _LEAST <= ms <= _MOST else min(max(ms, _LEAST), _MOST)


def _maybe(ms: int | None) -> int | None:
    return None if ms is None else instant(ms)


def _revision(revision: Revision) -> int:
    """(epoch, n) as one number that orders the same way."""
    return (revision[0] << 64) + revision[1]


def _value(record: Record) -> bytes:
    if record.value is None:
        raise Bad("null_value", "the record has no value")
    return record.value


Opener = Callable[[str, str, bytes], "Fact | Husk"]  # home, fact id and value of a record to what it is


def fact(record: Record, opened: Opener) -> Row | Given | None:
    """A row of `facts`; None for a statement. Of an erased fact home and id alone are left: its value is a husk or null, or its key
    is destroyed."""
    key = record.key or b""
    if key.startswith(STATEMENT):
        return None
    home, _, identity = key.decode("utf-8", "replace").partition("|")
    if not home or not identity:
        raise Bad("wrong_key", "the key of a fact is home|fact id")
    found = opened(home, identity, record.value) if record.value is not None else None
    if found is None or isinstance(found, Husk):
        return {"home": home, "id": identity, "erased": 1}
    if found.id != identity:
        raise Bad("wrong_key", "the key names another fact than the value")
    return _fact(home, found)


def _fact(home: str, found: Fact) -> Row:
    worker, refs = found.worker, found.refs
    jurisdiction, office = _office(found.source)
    return (
        home, found.id, found.event_id, found.source, _context(found.type), found.type, office, jurisdiction, instant(found.time),
        instant(found.recorded), found.evidence, worker.origin if worker else "",
        worker.kinds if worker else (), refs.contract or "", refs.visa or "", refs.demand or "",
        refs.case or "", found.subjects, _json.encode(found.body), found.corrects or "", found.retracted, found.run or "", 0,
    )  # fmt: skip


@lru_cache(maxsize=1_024)
def _office(source: str) -> tuple[str, str]:
    """Jurisdiction and party id of an office: '/office/NP/kathmandu' is NP and 'NP:office:kathmandu'."""
    _, _, country, name = source.split("/", 3)
    return country, f"{country}:office:{name}"


@lru_cache(maxsize=1_024)
def _context(type: str) -> str:
    return type.partition(".")[0]


def _filled(name: str, given: Given) -> Row:
    """Values of a table's columns but the record's place; where none is given, the column's default."""
    return tuple(given.get(column, kind.default) for column, kind in COLUMNS[name].items() if column not in PLACE)


def journey(record: Record) -> Given:
    """A row of `journeys`."""
    found = decode_journey(_value(record))
    types, times, events = zip(*found.steps, strict=True) if found.steps else ((), (), ())
    return msgspec.structs.asdict(found) | {
        "revision": _revision(found.revision),
        "opened_at": instant(found.opened_at),
        "step_type": types,
        "step_time": [instant(ms) for ms in times],
        "step_event": events,
        "demand": found.demand or "",
        "replaced_by": found.replaced_by or "",
        "run": found.run or "",
    }


def alert(record: Record) -> Given:
    """A row of `alerts`."""
    found = decode_alert(_value(record))
    return msgspec.structs.asdict(found) | {
        "revision": _revision(found.revision),
        "since": _maybe(found.since),
        "due_at": _maybe(found.due_at),
        "raised_at": instant(found.raised_at),
        "changed_at": instant(found.changed_at),
        "replaced_by": found.replaced_by or "",
        "run": found.run or "",
    }


def erasure(record: Record) -> Given:
    """A row of `erasures`."""
    found = decode_erasure(_value(record))
    return msgspec.structs.asdict(found) | {"at": instant(found.at)}


def dead_letter(record: Record) -> Given:
    """A row of `dead_letters`: where and why; the letter's bytes stay in Kafka."""
    given = {name: value.decode("utf-8", "replace") for name, value in record.headers if name.startswith("fp_")}
    return {
        "topic": record.topic,
        "reason": given.get("fp_reason", "unknown"),
        "detail": given.get("fp_detail", ""),
        "origin_topic": given.get("fp_topic", ""),
        "origin_partition": _number(given.get("fp_partition")),
        "origin_offset": _number(given.get("fp_offset")),
        "at": instant(record.timestamp),
        "bytes": len(record.value or b""),
    }


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdigit() else None


def table(topic: str) -> str:
    """The table that a topic's records go to."""
    if topic.endswith(".dlq"):
        return "dead_letters"
    return "alerts" if topic.startswith("alerts.") else topic


_MAKERS: dict[str, Callable[[Record], Given]] = {
    "journeys": journey,
    "alerts": alert,
    "erasures": erasure,
    "dead_letters": dead_letter,
}
TABLES = ("facts", *_MAKERS)


def row(record: Record, log: str, opened: Opener = kept) -> Row | None:
    """The row of a record, its place in Kafka last; None when it makes none. `log` is Kafka's id of its topic, `opened` opens sealed
    facts. Raises Bad, and what keeps `opened` from it."""
    name = table(record.topic)
    try:
        made = fact(record, opened) if name == "facts" else _MAKERS[name](record)
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError) as problem:
        raise Bad("undecodable", f"{type(problem).__name__} while reading a {name} record") from problem
    if made is None:
        return None
    values = _filled(name, made) if isinstance(made, dict) else made
    return (*values, record.topic, log, record.partition, record.offset)


def encoded(name: str, rows: Sequence[Row]) -> bytes:
    """Rows of a table as one block. Raises OverflowError or struct.error when a number does not fit its column."""
    return block(COLUMNS[name], rows)
