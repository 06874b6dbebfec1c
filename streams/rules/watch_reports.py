"""How a watch's findings become alerts: its reports are events, and a rule for each watch reads the latest on each issue.

A watch is a rule about the population, SQL over ClickHouse (`consumers/watches/`). What it has to say of one subject it
publishes as `oversight.watch_reported`; the subject's dossier hears of it like of any event. Nothing here judges again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from streams.domain.facts import Fact
from streams.domain.names import subject_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.sums import Key, Measure
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.registry import Kind, also, sums_rule

REPORTED = "oversight.watch_reported"
OFFICE = "watches"  # what a report's source is called, in whichever country its subject is at home: no office speaks for a watch
_SUBJECTS = {"party": "party:", "demand": "demand:", "corridor": "place:", "jurisdiction": "place:"}
_TOLD = ("issue", "outcome", "reason", "severity", "summary", "since", "evidence", "parties", "origin", "destination", "authority",
         "policy_rows", "missing")  # fmt: skip
_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.decode

S = TypeVar("S", bound=Callable[..., Iterable[Outcome]])


def about(body: dict[str, Any]) -> str:
    """The subject that a report is about: the first that it names of party, demand, corridor and jurisdiction; '' for none."""
    return next((prefix + body[field] for field, prefix in _SUBJECTS.items() if body.get(field)), "")


def reports(watch: str) -> Measure:
    """The reports of one watch on a subject: (time, revision, event id, issue, what it says as JSON)."""

    def keys(fact: Fact, subject: str) -> Iterable[Key]:
        if fact.text("watch") != watch or not fact.office.endswith(f":office:{OFFICE}") or fact.implausible:
            return
        if subject_key(about(fact.body)) == subject_key(subject):
            said = _encode({name: fact.body[name] for name in _TOLD if fact.body.get(name) is not None}).decode()
            yield fact.time, int(fact.number("revision") or 0), fact.event_id, fact.text("issue") or "", said

    return Measure(f"watch.{watch}", frozenset({REPORTED}), keys)


def watch_rule(id: str, kind: Kind, **details: Any) -> Callable[[S], S]:
    """Declares the rule of a watch; keyword arguments are Rule's own fields. Its check says `reported(id, view, severity)`."""
    return sums_rule(id, kind, measures=(reports(id),), by="watch", **details)


def watch_also(id: str, kind: Kind) -> Callable[[S], S]:
    """The same watch over another kind of dossier."""
    return also(id, kind, measures=(reports(id),))


def reported(id: str, view: SumsView, severity: str) -> Iterator[Outcome]:
    """What a watch says of a subject now: the latest report on each issue, by its window's end, then by revision and event id.

    `severity` is the rule's own, for reports that name no other.
    """
    latest = {str(issue): (int(time), str(event), _decode(str(said))) for time, _, event, issue, said in view.happened(reports(id))}
    for issue, (time, event, said) in sorted(latest.items()):
        if said["outcome"] == "finding":
            yield _finding(issue, time, event, said, severity)
        elif said["outcome"] == "clear":
            yield Clear(issue=issue, evidence=(event,))
        else:
            yield Insufficient(issue=issue, missing=said.get("missing", "facts that the watch needs"), evidence=(event,))


def _finding(issue: str, time: int, event: str, said: dict[str, Any], severity: str) -> Finding:
    """The evidence is the watch's own; a report that lists none is itself what there is to look at."""
    grave, since = said.get("severity", severity), said.get("since")
    where = said.get("authority") or said.get("destination") or said.get("origin", "")
    return Finding(
        issue=issue, reason=said.get("reason", "reported"), summary=said.get("summary", "The watch reports a finding."), severity=grave,
        evidence=tuple(sorted(set(said.get("evidence", ())))) or (event,), policy_rows=tuple(said.get("policy_rows", ())), since=since,
        due_at=answer_by(time if since is None else since, grave, where),
        origin=said.get("origin", ""), destination=said.get("destination", ""),
        authority=said.get("authority", ""), parties=tuple(said.get("parties", ())),
    )  # fmt: skip
