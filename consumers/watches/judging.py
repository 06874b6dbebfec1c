"""One run of a watch: its SQL on ClickHouse under each policy row in force, and what it said as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clickhouse_connect.driver.client import Client
from msgspec import Struct
from msgspec.structs import replace

from consumers.watches.headers import UNTIL, Watch
from streams.domain.instants import DAY, Instant, local_day
from streams.domain.places import home
from streams.rules.policy import Policy, Row, shapes

MOST_EVIDENCE = 50
_LISTS = frozenset({"figures", "evidence", "parties"})


class Said(Struct, frozen=True, kw_only=True):
    """What a watch says of one issue of one subject. A row without a subject holds figures alone, and is published nowhere."""

    subject: str
    outcome: str
    issue: str = ""
    reason: str = ""
    severity: str = ""
    summary: str = ""
    figures: tuple[str, ...] = ()
    since: Instant | None = None
    evidence: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    origin: str = ""
    destination: str = ""
    authority: str = ""
    policy_rows: tuple[str, ...] = ()
    missing: str = ""


class Unusable(Exception):
    """A watch that cannot be run as it is: its SQL answers with a column that no report has, or lacks a parameter."""


def judge(client: Client, watch: Watch, policy: Policy, until: Instant, overrides: Mapping[str, Any] | None = None) -> list[Said]:
    """What a watch says at the end of a window, sorted by subject and issue. Raises Unusable, ClickHouseError, PolicyError.

    `overrides` are parameters in place of the policy row's, for a look at another window.
    """
    if not watch.parameters:
        return sorted(_asked(client, watch, {UNTIL: until}), key=_place)
    day = local_day(until - 1, "").isoformat()
    found: list[Said] = []
    for row in policy.rows(watch.id):
        if row.holds(day):
            answers = _asked(client, watch, _parameters(watch, row, until, overrides or {}))
            found += [replace(each, policy_rows=(row.id,)) for each in answers if _applies(policy, row, day, each)]
    return sorted(found, key=_place)


def _place(said: Said) -> tuple[str, str]:
    return said.subject, said.issue


def window_from(watch: Watch, policy: Policy, said: Said, until: Instant) -> Instant | None:
    """The first instant of the window that an answer is about; None where all of the past is."""
    row = next((row for row in policy.rows(watch.id) if row.id in said.policy_rows), None)
    return until - row.whole(watch.length) * DAY if row is not None and watch.length else None


def _parameters(watch: Watch, row: Row, until: Instant, overrides: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(row.values) | {name: value for name, value in overrides.items() if name in watch.parameters}
    if lacking := watch.parameters.keys() - values.keys():
        raise Unusable(f"{watch.id}: policy row {row.id} has no {min(lacking)}")
    return {name: values[name] for name in watch.parameters} | {UNTIL: until}


def _applies(policy: Policy, row: Row, day: str, said: Said) -> bool:
    """Whether this row is the one for what was said: the most special of those in force."""
    context = {"origin": said.origin, "destination": said.destination, "jurisdiction": home(said.subject)}
    wanted = shapes()[row.rule].selectors or ()
    return policy.row(row.rule, day, **{name: context[name] for name in wanted}) is row


def _asked(client: Client, watch: Watch, parameters: Mapping[str, Any]) -> Iterator[Said]:
    found = client.query(watch.sql, dict(parameters), settings={"allow_nonconst_timezone_arguments": 1})
    if unknown := set(found.column_names) - set(Said.__struct_fields__):
        raise Unusable(f"{watch.id}: its SQL answers with {min(unknown)!r}; a report has {', '.join(Said.__struct_fields__)}")
    for row in found.result_rows:
        yield Said(**dict(_plain(zip(found.column_names, row, strict=True))))


def _plain(row: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Lists sorted and once each, so that the same evidence is the same report; figures stay in their order."""
    for name, value in row:
        if name == "figures":
            yield name, tuple(value)
        elif name in _LISTS:
            yield name, tuple(sorted({each for each in value if each}))[:MOST_EVIDENCE]
        else:
            yield name, value
