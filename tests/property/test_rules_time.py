"""Time: an evaluation is a function of its instant alone, and says no later than the first change when to look again."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import event_type
from streams.domain.facts import FUTURE, Fact
from streams.domain.frames import Frame
from streams.domain.instants import DAY, HOUR, Instant
from streams.domain.outputs import OPEN
from streams.domain.places import kind
from streams.domain.standings import Standings
from streams.domain.sums import Measure
from streams.domain.views import JourneyView, SumsView
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.rules.evaluation import Evaluation, evaluate
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import journey, sums
from tests.support.histories import BEGIN, DEMANDS, FIRM, OFFICE, journeys, orders
from tests.support.register_histories import AGENCY, EMPLOYER, registers

_OFFSETS = (0, 2, 3, 5, 7, 15, 21, 28, 30, 31, 37, 60)


def moments(facts: list[Fact]) -> list[Instant]:
    """Sampled densely where something could change: at and around each event, and so many days after it, and every hour of some days."""
    found = {BEGIN + hours * HOUR for hours in range(0, 70 * 24, 5)}
    for fact in facts:
        for base in (fact.time, fact.recorded, fact.time - FUTURE, fact.recorded - FUTURE):
            found |= {base + days * DAY + step for days in _OFFSETS for step in (-1, 0, 1)}
    return sorted(found)


def said(evaluation: Evaluation) -> bytes:
    """All outcomes, without when to look again."""
    return msgspec.msgpack.encode([
        (each.rule.ref, each.rule.kind, type(each.outcome).__name__, msgspec.structs.replace(each.outcome, next_at=None))
        for each in evaluation.judged
    ])  # fmt: skip


def changes_are_announced(view: JourneyView | SumsView, facts: list[Fact], standings: Standings | None = None) -> None:
    before: tuple[Instant, Evaluation] | None = None
    for moment in moments(facts):
        now = evaluate(view, standings or Standings(), default(), moment, catalogue())
        if before is not None and said(before[1]) != said(now):
            due = before[1].next_due
            assert due is not None, f"nothing was due at {before[0]}, and {said(now)!r} at {moment}"
            assert before[0] < due <= moment
        before = moment, now


@settings(max_examples=80, deadline=None)
@given(journeys())
def test_a_journey_is_looked_at_again_no_later_than_it_changes(facts: list[Fact]) -> None:
    changes_are_announced(journey(*facts, id="journey:BD:0000000000000001"), facts)


def measures(kind: str) -> list[Measure]:
    return list({measure.name: measure for rule in catalogue() if rule.kind == kind for measure in rule.measures}.values())


@settings(max_examples=80, deadline=None)
@given(orders())
def test_a_demand_a_party_and_an_office_are_looked_at_again_no_later_than_they_change(facts: list[Fact]) -> None:
    for subject in (f"demand:{DEMANDS[0]}", f"party:{FIRM}", OFFICE):
        changes_are_announced(sums(subject, measures(subject.partition(":")[0]), *facts), facts)


@settings(max_examples=25, deadline=None)
@given(registers())
def test_so_are_parties_for_what_registers_say_of_them(facts: list[Fact]) -> None:
    papers = Standings(fact for fact in facts if event_type(fact.type).standing)
    for party in (AGENCY, EMPLOYER):
        changes_are_announced(sums(f"party:{party}", measures("party"), *facts), facts, papers)


def open_findings(partition: Partition) -> set[tuple[object, ...]]:
    """What makes two sets of alerts equal (design.md, "Alerts"), of all that is open.

    But of alerts that nobody answered: that one was published, and when, is a fact, which whoever looks later does not have.
    """
    entries = [partition.entry(subject) for subject in partition.subjects() if kind(subject) != "case"]
    return {(entry.subject, each.alert, each.rule, each.reason, each.evidence)
            for entry in entries if entry is not None for each in entry.published if each.status in OPEN}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(journeys(), orders(), st.lists(st.integers(0, 70 * 24), min_size=1, max_size=4, unique=True))
def test_at_one_instant_and_then_another_is_as_at_the_other_alone(facts: list[Fact], others: list[Fact], hours: list[int]) -> None:
    instants = sorted(BEGIN + hour * HOUR for hour in hours)
    frames = [Frame(home, tuple(each for each in (*facts, *others))) for home in ("BD", "QA")]
    watched, alone = (Partition(MemoryStore(), Context(catalogue(), default(), Standings(), lambda audience: True)) for _ in range(2))
    watched.accept(frames, instants[0])
    for instant in instants[1:]:
        watched.tick(instant)
    alone.accept(frames, instants[-1])
    assert open_findings(watched) == open_findings(alone)
