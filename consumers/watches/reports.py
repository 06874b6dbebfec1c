"""What a watch publishes: the difference between what it says now and what it said last, as events that a second run makes again.

An event's id is made of watch, version, subject, issue, the window's end and the content; its times are the window's end.
What was said last is read back from ClickHouse, in the order in which the streamed rule reads it; no watch's SQL reads it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from clickhouse_connect.driver.client import Client
from msgspec import Struct

from consumers.watches.headers import Watch
from consumers.watches.judging import Said
from streams.domain.instants import Instant, text
from streams.domain.names import subject_key
from streams.domain.places import home
from streams.rules.watch_reports import OFFICE, REPORTED, about

Key = tuple[str, str]  # subject however spelled, issue
_LAST = f"""
SELECT toUnixTimestamp64Milli(time), event_id, body FROM events
WHERE type = '{REPORTED}' AND office LIKE '%:office:{OFFICE}' AND JSONExtractString(body, 'watch') = {{watch:String}}
    AND time <= fromUnixTimestamp64Milli({{until:Int64}})"""  # noqa: S608  # constants alone
_FIELDS = {"party": "party", "demand": "demand"}
_encode = msgspec.json.Encoder(order="deterministic").encode


class Last(Struct, frozen=True):
    """The last report on an issue: the window's end, how often it had been revised, and its body."""

    until: Instant
    revision: int
    event: str
    body: dict[str, Any]

    @property
    def order(self) -> tuple[Instant, int, str]:
        """The later window decides, then the later revision, then the greater event id: as `watch_reports.reported` reads them."""
        return self.until, self.revision, self.event


def last(client: Client, watch: Watch, until: Instant) -> dict[Key, Last]:
    """What a watch said last, by subject and issue, up to the end of a window. Raises ClickHouseError."""
    found: dict[Key, Last] = {}
    for time, event, written in client.query(_LAST, {"watch": watch.id, "until": until}).result_rows:
        body = json.loads(written)
        report = Last(int(time), int(body.get("revision", 0)), str(event), body)
        key = subject_key(about(body)), body.get("issue", "")
        if key not in found or found[key].order < report.order:
            found[key] = report
    return found


def difference(watch: Watch, said: Iterable[Said], before: Mapping[Key, Last], until: Instant) -> Iterator[Said]:
    """What is new, sorted by subject and issue: other outcomes and other content, and Clear of what is found no more.

    Clear is only said of what was said otherwise before.
    """
    now = {(subject_key(each.subject), each.issue): each for each in said if each.subject}
    gone = (Said(subject=subject, issue=issue, outcome="clear") for subject, issue in before.keys() - now.keys())
    for each in sorted([*now.values(), *gone], key=lambda each: (each.subject, each.issue)):
        known = before.get((subject_key(each.subject), each.issue))
        if (known is None and each.outcome != "clear") or (known is not None and content(each) != _told(known.body)):
            yield each


def content(said: Said) -> dict[str, Any]:
    """What makes a report another one: all of a finding, what is missing, that it is clear."""
    if said.outcome == "clear":
        return {"outcome": "clear"}
    if said.outcome == "insufficient":
        return {"outcome": "insufficient", "missing": said.missing}
    told = {name: list(value) if isinstance(value, tuple) else value for name, value in msgspec.structs.asdict(said).items()}
    return {name: value for name, value in told.items() if value not in ("", [], None) and name not in ("subject", "issue")}


def _told(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a report as it was published."""
    given = {name: value for name, value in body.items() if name in Said.__struct_fields__}
    return content(msgspec.convert({"subject": "", **given}, Said))


def event(watch: Watch, said: Said, before: Mapping[Key, Last], start: Instant | None, until: Instant) -> dict[str, Any]:
    """The event of a report, as an office would write it. `start` and `until` are the window."""
    known = before.get((subject_key(said.subject), said.issue))
    revision = known.revision + 1 if known is not None and known.until == until else 0
    body = {
        "watch": watch.id, "version": watch.version, **_subject(said.subject), "issue": said.issue, **content(said), "origin": said.origin,
        "destination": said.destination, "authority": said.authority, "revision": revision, "policy_rows": list(said.policy_rows),
        "since": _moment(said.since), "window_from": _moment(start), "window_until": text(until),
    }  # fmt: skip
    shown = {name: value for name, value in body.items() if value not in ("", [], None)}
    digest = hashlib.sha256(_encode([watch.ref, subject_key(said.subject), shown])).hexdigest()[:32]
    return {
        "id": f"{watch.ref}:{digest}", "source": f"/office/{home(said.subject)}/{OFFICE}", "type": REPORTED, "time": text(until),
        "recordedat": text(until), "evidence": "inferred", "body": shown,
    }  # fmt: skip


def _moment(instant: Instant | None) -> str | None:
    return text(instant) if instant is not None else None


def _subject(subject: str) -> dict[str, str]:
    """The one field of a report that names its subject."""
    kind, _, name = subject.partition(":")
    if kind == "place":
        return {"corridor" if "-" in name else "jurisdiction": name}
    return {_FIELDS[kind]: name}
