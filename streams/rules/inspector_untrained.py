"""T-INS-04: inspectors are sent out without the training that the work takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, local_day, months_after, start_of_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import home, place_kind
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure
from streams.domain.views import SumsView
from streams.domain.workplaces import Told
from streams.rules.deadlines import answer_by, due_after_months
from streams.rules.parameters import months
from streams.rules.policy import Policy, Row
from streams.rules.registry import also, sums_rule

INSPECTED = "oversight.inspection_done"
TRAINED = "oversight.inspector_trained"
_UNNAMED = ""


def _here(fact: Fact, subject: str) -> bool:
    """Whether this is the dossier of the country whose inspectorate it is; else of the office, which tells its country."""
    country = fact.text("jurisdiction")
    return not fact.implausible and subject == (f"place:{country}" if country else f"party:{fact.office}")


def _meets(fact: Fact, subject: str) -> str:
    """The inspector; '' where nobody is named, or this is not the dossier to note it."""
    return fact.text("inspector") or "" if _here(fact, subject) else ""


def _month(fact: Fact, subject: str) -> str:
    return local_day(fact.time, home(subject)).replace(day=1).isoformat()


def _worked(fact: Fact, subject: str) -> Iterable[Key]:
    """(month, inspector or ''): the month by its first day."""
    if _here(fact, subject):
        yield _month(fact, subject), _meets(fact, subject)


def _of_each(fact: Fact, subject: str) -> Iterable[Key]:
    if inspector := _meets(fact, subject):
        yield inspector, _month(fact, subject)


def _trained(fact: Fact, subject: str) -> Iterable[Key]:
    """(inspector, day, last day that the training is good for, or '')."""
    if inspector := _meets(fact, subject):
        yield inspector, fact.day(subject), fact.text("valid_until") or ""


WORKED = Measure("inspectors.at_work", frozenset({INSPECTED}), _worked, told=True)
OF_EACH = Measure("inspectors.months", frozenset({INSPECTED}), _of_each, told=True)
TRAININGS = Measure("inspectors.trainings", frozenset({TRAINED}), _trained, told=True)


def tell_country(view: SumsView) -> Iterator[Told]:
    """An office tells its country of inspectors whom it names without a jurisdiction."""
    if view.kind == "party" and ":office:" in view.id:
        for measure in (WORKED, OF_EACH, TRAININGS):
            for key in view.sums.keys(measure.name):
                yield f"place:{view.home}", measure.name, key, view.sums.evidence(measure.name, key, 1)


@sums_rule(
    "T-INS-04", "place", version=1, measures=(WORKED, OF_EACH, TRAININGS), audience=("labour-inspectorate", "oversight"), severity="P3",
    action="verify", recommendations=("A2",), indicators=(),
    next_step="See whose training is due, and train them; no inspector is to be named or ranked outside the inspectorate.",
    basis="C81 Art. 7: inspectors are adequately trained; training of inspectors (A/70/310, A2)",
    parameters={"months": months(1), "active_months": months(1)}, selectors=("jurisdiction",),
)  # fmt: skip
def inspector_untrained(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An inspector of the country who is at work was not trained for 24 calendar months.

    At work is who made an inspection in one of the last 12 calendar months or in this one. A training is good until its 24
    months are over, or until the day on which it lapses by itself, whichever comes first. Of whom no training at all is known,
    the months run from the first known inspection; within them it is Insufficient. So is an inspection of which nobody says who
    made it: whoever did may be one of those. The finding is about the country's inspectorate, whoever it is and however many: the
    alert names no inspector.
    """
    if place_kind(view.id) != "jurisdiction":
        return
    today = local_day(as_of, view.home)
    row = policy.require("T-INS-04", today.replace(day=1), jurisdiction=view.home)
    since = months_after(today.replace(day=1), -row.whole("active_months")).isoformat()
    last = {str(inspector): str(month) for month, inspector in view.happened(WORKED, since)}
    nobody = last.pop(_UNNAMED, "")
    unnamed = view.sums.evidence(WORKED.name, (nobody, _UNNAMED), 1) if nobody else ()
    if last or unnamed:
        yield _together(view, row, as_of, [_inspector(view, row, today, *each) for each in sorted(last.items())], unnamed)
    elif view.sums.first(WORKED.name) is not None:
        yield Clear(next_at=_next_month(view, today))


@also("T-INS-04", "party", measures=(WORKED, OF_EACH, TRAININGS), tells=tell_country)
def inspectors_of_an_office(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An office says nothing itself: it tells its country."""
    return iter(())


@dataclass(frozen=True)
class _Inspector:
    """One inspector at work: until when the training holds, whether any is known, when the next one is, and what shows it."""

    until: Instant
    known: bool
    next_at: Instant | None
    shown: tuple[str, ...]


def _inspector(view: SumsView, row: Row, today: date, name: str, month: str) -> _Inspector:
    trainings = [(str(day), str(lapses)) for _, day, lapses in view.sums.keys(TRAININGS.name, (name,))]
    had = [each for each in trainings if each[0] <= today.isoformat()]
    later = min((day for day, _ in trainings if day > today.isoformat()), default="")
    next_at = start_of_day(later, view.home) if later else None
    shown = view.sums.evidence(WORKED.name, (month, name), 1)
    if had:
        until = max(_good_until(view, row, each) for each in had)
        return _Inspector(until, True, next_at, tuple(sorted({*shown, *view.sums.evidence(TRAININGS.name, (name, *had[-1]), 1)})))
    first = view.sums.first(OF_EACH.name, (name,))
    start = start_of_day(str(first[1]) if first is not None else month, view.home)
    return _Inspector(due_after_months(start, row.whole("months"), view.home), False, next_at, shown)


def _good_until(view: SumsView, row: Row, training: tuple[str, str]) -> Instant:
    day, lapses = training
    until = due_after_months(start_of_day(day, view.home), row.whole("months"), view.home)
    return min(until, end_of_day(lapses, view.home) - 1) if lapses else until


def _next_month(view: SumsView, today: date) -> Instant:
    return start_of_day(months_after(today.replace(day=1), 1).isoformat(), view.home)


def _together(view: SumsView, row: Row, as_of: Instant, at_work: list[_Inspector], unnamed: tuple[str, ...]) -> Outcome:
    """One outcome of all: a finding of any, else doubt of any; `unnamed` shows an inspection by nobody knows whom."""
    turns = [each.next_at for each in at_work if each.next_at is not None]
    turns += [each.until + 1 for each in at_work if each.until >= as_of]
    turns.append(_next_month(view, local_day(as_of, view.home)))
    next_at = min(turns)
    overdue = [each for each in at_work if as_of > each.until]
    if overdue:
        since = min(each.until for each in overdue)
        return Finding(
            reason="training_overdue", policy_rows=(row.id,), since=since, due_at=answer_by(since, "P3", view.home), next_at=next_at,
            evidence=tuple(sorted({event for each in overdue for event in each.shown})),
            summary=f"Inspectors who work in {view.home} have had no training for {row.whole('months')} months or longer.",
        )  # fmt: skip
    unknown = [each for each in at_work if not each.known]
    shown = tuple(sorted({event for each in unknown or at_work for event in each.shown}))
    if unknown:
        return Insufficient(missing="when an inspector was last trained", evidence=shown, next_at=next_at)
    if unnamed:
        return Insufficient(missing="who made an inspection", evidence=unnamed, next_at=next_at)
    return Clear(evidence=shown, next_at=next_at)
