"""T-CHN-04: one natural person recruits for many agencies at the same time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, timedelta

from streams.domain.chain import DECLARED, EMPLOYER, link
from streams.domain.facts import Fact
from streams.domain.instants import Instant, start_of_day
from streams.domain.licences import LINKED
from streams.domain.names import is_person, party_key, surely_different
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, days
from streams.rules.policy import Policy, Row
from streams.rules.registry import sums_rule


def _tied(fact: Fact, subject: str) -> Iterable[Key]:
    """(day, agency's key, agency) for each agency that a fact ties the person to; '' where it only shows that the person recruits."""
    person = subject.removeprefix("party:")
    if not is_person(person) or fact.implausible:
        return
    agencies = _registered(fact, person) if fact.type == LINKED else _declared(fact, person)
    if agencies is not None:
        day = fact.day(subject)
        for agency in sorted(agencies) or [""]:
            yield day, party_key(agency) if agency else "", agency


def _registered(fact: Fact, person: str) -> set[str] | None:
    """The agency that the person is registered with as a sub-agent; None when the registration is another's."""
    return _organisations(fact.text("principal")) if fact.text("subagent") == person else None


def _declared(fact: Fact, person: str) -> set[str] | None:
    """The organisations that a declared link ties the person to; None when it does not show that the person recruits.

    Who works for an organisation acts for it: from whom it took the workers is its own affair. An employer is no recruiter.
    """
    each = link(fact)
    if each is None or each.loop:
        return None
    if each.source == person:
        return _organisations(each.target if each.role != EMPLOYER else None)
    if each.role == EMPLOYER:
        return None
    if each.target == person:
        return _organisations(each.works_for or each.source)
    if fact.text("person") == person:
        return _organisations(fact.text("organisation")) or _organisations(each.target)
    return None


def _organisations(party: str | None) -> set[str]:
    return {party} if party and not is_person(party) else set()


Tie = tuple[str, str, str]  # day (ISO), the agency's key, the agency

TIES = Measure("person.agencies", frozenset({DECLARED, LINKED}), _tied)


@sums_rule(
    "T-CHN-04", "party", version=1, measures=(TIES,), audience=("licensing-authority", "embassy"), severity="P3",
    action="license_review", recommendations=("B1",), indicators=(),
    next_step="Ask each of the agencies on what terms this person recruits for it, and whether it knows of the others.",
    basis="A/70/310 p. 15: agencies formally establish relations with subcontractors; C181 Art. 8",
    parameters={"agencies": count("agencies", 2), "days": days(1)}, selectors=("jurisdiction",),
)  # fmt: skip
def one_person_many_agencies(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """One natural person is tied to 3 or more different agencies within 90 days, by declared links or registrations.

    Spelling variants of an agency are one agency. The first and the last day are both within the 90 days' distance.
    A person whose links name no agency at all is Insufficient; so is one with enough agencies only if those known by
    their names alone are others than those known by their numbers.
    """
    if not is_person(view.name):
        return
    ties = [(str(day), str(key), str(agency)) for day, key, agency in view.happened(TIES)]
    named = [tie for tie in ties if tie[1]]
    if not named:
        if view.sums.first(TIES.name) is not None:
            yield Insufficient(missing="the agencies that the person recruits for", evidence=_shown(view, ties))
        return
    row = policy.require("T-CHN-04", named[-1][0], jurisdiction=view.home)
    within, shown = _first(named, row, surely_different), _shown(view, named)
    if within:
        yield _finding(view, within, row)
    elif _first(named, row, len):
        yield Insufficient(missing="whether agencies known by name alone are others", evidence=shown)
    else:
        yield Clear(evidence=shown)


def _first(ties: list[Tie], row: Row, different: Callable[[Collection[str]], int]) -> list[Tie]:
    """The ties of the first days in which enough agencies come together, counted by `different`; none when there are no such days."""
    inside, until = Counter[str](), 0
    for number, (first, key, _) in enumerate(ties):
        end = (date.fromisoformat(first) + timedelta(days=row.whole("days"))).isoformat()
        while until < len(ties) and ties[until][0] <= end:
            inside[ties[until][1]] += 1
            until += 1
        if different(inside.keys()) >= row.whole("agencies"):
            return ties[number:until]
        inside[key] -= 1
        if not inside[key]:
            del inside[key]
    return []


def _finding(view: SumsView, window: list[Tie], row: Row) -> Finding:
    agencies = {key: agency for _, key, agency in reversed(window)}
    met: set[str] = set()
    since = next(day for day, key, _ in window if surely_different(met := met | {key}) >= row.whole("agencies"))
    began = start_of_day(since, view.home)
    return Finding(
        reason="many_agencies", evidence=_shown(view, window), policy_rows=(row.id,), since=began,
        summary=f"One natural person recruits for {surely_different(agencies)} agencies within {row.whole('days')} days.",
        due_at=answer_by(began, "P3", view.home), parties=tuple(sorted({view.name, *agencies.values()})), authority=view.home,
    )  # fmt: skip


def _shown(view: SumsView, ties: list[Tie]) -> tuple[str, ...]:
    """The least event of each agency, sorted."""
    first = {key: (day, key, agency) for day, key, agency in reversed(ties)}
    return tuple(sorted({event for tie in first.values() for event in view.sums.evidence(TIES.name, tie, 1)}))
