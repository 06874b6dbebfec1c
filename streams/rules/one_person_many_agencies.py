"""T-CHN-04: one natural person recruits for many agencies at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from streams.domain.chain import DECLARED, EMPLOYER, link
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day, start_of_day
from streams.domain.licences import LINKED
from streams.domain.names import is_person, party_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import home
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy, Row
from streams.rules.registry import sums_rule


def _tied(fact: Fact, subject: str) -> Iterable[Key]:
    """(day, agency's key, agency) for each agency that a fact ties the person to; '' where it only shows that the person recruits."""
    person = subject.removeprefix("party:")
    if not is_person(person) or fact.implausible:
        return
    day = local_day(fact.time, home(subject)).isoformat()
    for agency in sorted(set(_agencies(fact, person))) or [""]:
        yield day, party_key(agency) if agency else "", agency


def _agencies(fact: Fact, person: str) -> Iterator[str]:
    if fact.type == LINKED:
        yield from (party for party in (fact.text("principal"),) if party)
        return
    each = link(fact)
    if each is None:
        return
    if each.works_for and each.target == person:
        yield each.works_for
    organisation = fact.text("organisation")
    if organisation and fact.text("person") == person:
        yield organisation
    role = each.role if each.source == person else ""
    other = each.target if each.source == person else each.source if each.target == person else ""
    if other and not is_person(other) and role != EMPLOYER:
        yield other


Tie = tuple[str, str, str]  # day (ISO), the agency's key, the agency

TIES = Measure("person.agencies", frozenset({DECLARED, LINKED}), _tied)


@sums_rule(
    "T-CHN-04", "party", version=1, measures=(TIES,), audience=("licensing-authority", "embassy"), severity="P3",
    action="license_review", recommendations=("B1",), indicators=(),
    next_step="Ask each of the agencies on what terms this person recruits for it, and whether it knows of the others.",
    basis="A/70/310 p. 15: agencies formally establish relations with subcontractors; C181 Art. 8",
)  # fmt: skip
def one_person_many_agencies(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """One natural person is tied to 3 or more different agencies within 90 days, by declared links or registrations.

    Spelling variants of an agency are one agency. The first and the last day are both within the 90 days' distance.
    A person whose links name no agency at all is Insufficient.
    """
    today = local_day(as_of, view.home).isoformat()
    ties = [(str(day), str(key), str(agency)) for day, key, agency in view.sums.keys(TIES.name)]
    later = [day for day, _, _ in ties if day > today]
    next_at = start_of_day(min(later), view.home) if later else None
    named = [tie for tie in ties if tie[0] <= today and tie[1]]
    if not ties:
        return
    if not named:
        yield Insufficient(missing="the agencies that the person recruits for", next_at=next_at, evidence=_shown(view, ties))
        return
    row = policy.require("T-CHN-04", named[-1][0], jurisdiction=view.home)
    within = _first(named, row)
    yield _finding(view, within, row, next_at) if within else Clear(next_at=next_at, evidence=_shown(view, named))


def _first(ties: list[Tie], row: Row) -> list[Tie]:
    """The ties of the first days in which enough agencies come together; none when there are no such days."""
    for number, (first, _, _) in enumerate(ties):
        end = (date.fromisoformat(first) + timedelta(days=row.whole("days"))).isoformat()
        window = [tie for tie in ties[number:] if tie[0] <= end]
        if len({key for _, key, _ in window}) >= row.whole("agencies"):
            return window
    return []


def _finding(view: SumsView, window: list[Tie], row: Row, next_at: Instant | None) -> Finding:
    agencies = {key: agency for _, key, agency in reversed(window)}
    met: set[str] = set()
    since = window[0][0]
    for day, key, _ in window:
        if key not in met and len(met) < row.whole("agencies"):
            met.add(key)
            since = day
    began = start_of_day(since, view.home)
    return Finding(
        reason="many_agencies", evidence=_shown(view, window), policy_rows=(row.id,), since=began, next_at=next_at,
        summary=f"One natural person recruits for {len(agencies)} agencies within {row.whole('days')} days.",
        due_at=answer_by(began, "P3"), parties=tuple(sorted({view.name, *agencies.values()})), authority=view.home,
    )  # fmt: skip


def _shown(view: SumsView, ties: list[Tie]) -> tuple[str, ...]:
    """The least event of each agency, sorted."""
    first = {key: (day, key, agency) for day, key, agency in reversed(ties)}
    return tuple(sorted({event for tie in first.values() for event in view.sums.evidence(TIES.name, tie, 1)}))
