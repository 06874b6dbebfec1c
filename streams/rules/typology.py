"""What typologies have in common: which rules' findings they weigh, how much, and how they say so. There is no score of a worker.

A typology runs after the rules of its own dossier, on what they found there (`view.found`) and, on a party, on what other
dossiers found and told of it (`FOUND`). Each rule counts once, whatever the number of its findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from streams.domain.instants import local_day, start_of_day
from streams.domain.outcomes import Finding, Outcome
from streams.domain.sums import Key, told
from streams.domain.views import JourneyView, SumsView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, number, optional, records, text
from streams.rules.registry import also, journey_rule, sums_rule
from streams.rules.rows import FIRST_DAY, Policy, Row

# (rule id, day since when) of findings elsewhere that name the party: one contribution a dossier, so that a count is of dossiers.
FOUND = told("typology.found")
_WEIGHTS = records({"rule": text(), "weight": number("points", 0, 100), "least": optional(count("dossiers"))})
PARAMETERS = {"weights": _WEIGHTS, "threshold": number("points", 0, 1_000), "rules": count("rules", 2)}

S = TypeVar("S", bound=Callable[..., Iterable[Outcome]])


def on_journey(id: str, combines: Iterable[str], **details: Any) -> Callable[[S], S]:
    """Declares a typology of a journey's situation; its check says `weighed(id, view, policy, ...)`."""
    return journey_rule(id, reads=(), combines=frozenset(combines), parameters=PARAMETERS, selectors=(), **details)


def on_party(id: str, combines: Iterable[str], **details: Any) -> Callable[[S], S]:
    """Declares a typology of a party."""
    return sums_rule(id, "party", measures=(FOUND,), combines=frozenset(combines), parameters=PARAMETERS, selectors=(), **details)


def on_party_too(id: str) -> Callable[[S], S]:
    """The same typology, also of a party."""
    return also(id, "party", measures=(FOUND,))


@dataclass
class _Seen:
    """What is known of one rule's findings: in how many dossiers, the findings of this one, and what was told of it by others."""

    dossiers: int = 0
    day: str = FIRST_DAY
    here: list[Finding] = field(default_factory=list)
    told: list[Key] = field(default_factory=list)

    def evidence(self, view: JourneyView | SumsView) -> set[str]:
        """Event ids, read where they are shown only."""
        shown = {event_id for each in self.here for event_id in each.evidence}
        return shown.union(*(view.sums.evidence(FOUND.name, key) for key in self.told)) if isinstance(view, SumsView) else shown


def weighed(id: str, view: JourneyView | SumsView, policy: Policy, harm: str, severity: str) -> Iterator[Outcome]:
    """A finding where the weights of the rules that found something reach the row's threshold, by as many rules as it asks for.

    `harm` begins the summary, which lists each rule with its weight. Where they do not reach it there is nothing to say: what
    the rules lacked is Insufficient in their own outcomes.
    """
    seen = _seen(view)
    row = policy.require(id, max(one.day for one in seen.values()))
    counted = [(str(each["rule"]), each["weight"]) for each in row.records("weights")
               if each["rule"] in seen and seen[str(each["rule"])].dossiers >= each.get("least", 1)]  # fmt: skip
    if len(counted) < row.whole("rules") or sum(weight for _, weight in counted) < row.number("threshold"):
        return
    yield _finding(view, row, counted, [seen[rule] for rule, _ in counted], harm, severity)


def _seen(view: JourneyView | SumsView) -> dict[str, _Seen]:
    found: dict[str, _Seen] = {}
    for rule, each in view.found:
        seen = found.setdefault(rule, _Seen())
        seen.dossiers = 1
        seen.day = max(seen.day, local_day(each.since, view.home).isoformat() if each.since is not None else FIRST_DAY)
        seen.here.append(each)
    if isinstance(view, SumsView):
        for key in view.sums.keys(FOUND.name):
            seen = found.setdefault(str(key[0]), _Seen())
            seen.day = max(seen.day, str(key[1]))
            seen.dossiers += view.sums.count(FOUND.name, key)
            seen.told.append(key)
    return found


def _finding(
    view: JourneyView | SumsView, row: Row, counted: list[tuple[str, float]], seen: list[_Seen], harm: str, severity: str
) -> Finding:
    here = [each for one in seen for each in one.here]
    day = max(one.day for one in seen)
    since = max((each.since for each in here if each.since is not None), default=start_of_day(day, view.home) if day > FIRST_DAY else None)
    parties = {party for each in here for party in each.parties} | ({view.name} if isinstance(view, SumsView) else set())
    return Finding(
        reason="combined", summary=f"{harm}: {', '.join(f'{rule} (weight {weight:g})' for rule, weight in counted)}.",
        evidence=tuple(sorted(set().union(*(one.evidence(view) for one in seen)))), policy_rows=tuple(sorted({row.id, *_rows(here)})),
        since=since, due_at=answer_by(since, severity) if since is not None else None, parties=tuple(sorted(parties)),
        origin=next((each.origin for each in here if each.origin), ""), severity=severity,
        destination=next((each.destination for each in here if each.destination), ""),
        authority=next((each.authority for each in here if each.authority), ""),
    )  # fmt: skip


def _rows(found: Iterable[Finding]) -> Iterator[str]:
    return (row for each in found for row in each.policy_rows)
