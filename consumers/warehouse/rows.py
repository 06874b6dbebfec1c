"""Records to rows: pure. A row is a dict of columns; `encoded` gives the same bytes for the same rows every time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from consumers.warehouse.records import Bad, Record
from streams.domain.facts import Fact
from streams.domain.facts import decode as decode_fact
from streams.domain.outputs import Revision, decode_alert, decode_journey

Row = dict[str, Any]

STATEMENT = b"!"  # what a statement's key on `facts` begins with: not a fact, no row
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST, _MOST = -2_208_988_800_000, 10_413_791_999_999  # 1900 to 2299, what DateTime64 holds
_json = msgspec.json.Encoder()


def instant(ms: int) -> str:
    """An instant as ClickHouse reads it, '2025-03-01 10:00:00.123', kept within 1900 to 2299."""
    moment = _EPOCH + timedelta(milliseconds=min(max(ms, _LEAST), _MOST))
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03}"


def _maybe(ms: int | None) -> str | None:
    return None if ms is None else instant(ms)


def _revision(revision: Revision) -> str:
    """(epoch, n) as one number that orders the same way. JSON numbers end at 2^64, so as text."""
    return str((revision[0] << 64) + revision[1])


def _value(record: Record) -> bytes:
    if record.value is None:
        raise Bad("null_value", "the record has no value")
    return record.value


def fact(record: Record) -> Row | None:
    """A row of `facts`; None for a statement. A null value is an erased fact: home and id alone are left."""
    key = record.key or b""
    if key.startswith(STATEMENT):
        return None
    home, _, identity = key.decode("utf-8", "replace").partition("|")
    if not home or not identity:
        raise Bad("wrong_key", "the key of a fact is home|fact id")
    if record.value is None:
        return {"home": home, "id": identity, "erased": 1}
    found = decode_fact(record.value)
    if found.id != identity:
        raise Bad("wrong_key", "the key names another fact than the value")
    return _fact(home, found)


def _fact(home: str, found: Fact) -> Row:
    return {
        "home": home,
        "id": found.id,
        "event_id": found.event_id,
        "source": found.source,
        "context": found.type.partition(".")[0],
        "type": found.type,
        "office": found.office,
        "jurisdiction": found.jurisdiction,
        "time": instant(found.time),
        "recorded": instant(found.recorded),
        "evidence": found.evidence,
        "origin": found.worker.origin if found.worker else "",
        "identifier_kinds": [i.kind for i in found.worker.identifiers] if found.worker else [],
        "contract": found.refs.contract or "",
        "visa": found.refs.visa or "",
        "demand": found.refs.demand or "",
        "case_id": found.refs.case or "",
        "subjects": found.subjects,
        "body": _json.encode(found.body).decode(),
        "corrects": found.corrects or "",
        "retracted": found.retracted,
        "run": found.run or "",
        "erased": 0,
    }


def journey(record: Record) -> Row:
    """A row of `journeys`."""
    found = decode_journey(_value(record))
    types, times, events = zip(*found.steps, strict=True) if found.steps else ((), (), ())
    row = msgspec.structs.asdict(found)
    del row["steps"]
    return row | {
        "revision": _revision(found.revision),
        "opened_at": instant(found.opened_at),
        "step_type": types,
        "step_time": [instant(ms) for ms in times],
        "step_event": events,
        "demand": found.demand or "",
        "replaced_by": found.replaced_by or "",
        "run": found.run or "",
    }


def alert(record: Record) -> Row:
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


def dead_letter(record: Record) -> Row:
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


_MAKERS: dict[str, Callable[[Record], Row | None]] = {
    "facts": fact,
    "journeys": journey,
    "alerts": alert,
    "dead_letters": dead_letter,
}
TABLES = tuple(_MAKERS)


def row(record: Record, log: str) -> Row | None:
    """The row of a record with its coordinates; None when it makes none. `log` is Kafka's id of its topic. Raises Bad."""
    try:
        made = _MAKERS[table(record.topic)](record)
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError) as problem:
        raise Bad("undecodable", f"{type(problem).__name__} while reading a {table(record.topic)} record") from problem
    if made is None:
        return None
    place = {"src_log": log, "src_partition": record.partition, "src_offset": record.offset}
    return made | place | {"src_topic": record.topic}


def encoded(rows: Iterable[Row]) -> bytes:
    """Rows as JSONEachRow."""
    return b"".join(_json.encode(each) + b"\n" for each in rows)
