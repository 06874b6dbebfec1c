"""A journey tells parties and corridors what concerns them: once, again when it changes, and no more when it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from streams.domain import frames, sums
from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.outcomes import Clear, Outcome
from streams.domain.outputs import Statement
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, SumsView
from streams.dossiers.context import Context, Outbox
from streams.dossiers.partition import Partition
from streams.rules.policy import Policy, default
from streams.rules.registry import Catalogue, Rule, Told, catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import at, fact

DEPARTED, ARRIVED = "deployment.departed", "deployment.arrived"
CORRIDOR, SECTOR = "place:NP-QA", "place:QA/9700"  # at home where the worker is, and elsewhere
AS_OF = at("2025-09-01")
LEFT = fact(DEPARTED, "2025-03-01", id="left", body={"country": "QA"}, worker=["passport:NP:a"])
CAME = fact(ARRIVED, "2025-03-02", id="came", body={"country": "QA"}, worker=["passport:NP:a"])
DEPARTURES = sums.told("test.departures")


def _departures(view: JourneyView) -> Iterator[Told]:
    for each in view.of(DEPARTED):
        yield SECTOR, DEPARTURES.name, ("2025-03-01",), (each.event_id,)
        yield CORRIDOR, DEPARTURES.name, ("2025-03-01",), (each.event_id,)


def _nothing(view: object, standings: Standings, policy: Policy, as_of: int) -> Iterator[Outcome]:
    yield Clear()


def _counted(view: SumsView, standings: Standings, policy: Policy, as_of: int) -> Iterator[Outcome]:
    yield Clear(evidence=tuple(event for key in view.sums.keys(DEPARTURES.name) for event in view.sums.evidence(DEPARTURES.name, key)))


SAMPLE = catalogue()[0]
TELLER: Rule = replace(SAMPLE, id="T-EXA-02", kind="journey", check=_nothing, reads=frozenset({DEPARTED}), measures=(), tells=_departures)
HEARER: Rule = replace(SAMPLE, id="T-EXA-02", kind="place", check=_counted, reads=frozenset(), measures=(DEPARTURES,), tells=None)


def partition(store: MemoryStore | None = None) -> Partition:
    return Partition(store or MemoryStore(), Context(Catalogue([TELLER, HEARER]), default(), Standings(), lambda audience: True))


def told(outbox: Outbox) -> list[Statement]:
    return [each for topic, _, value in outbox.announced() if topic == "feed" for each in frames.decode(value).statements]


def take(keeper: Partition, *facts: Fact) -> list[Statement]:
    return told(keeper.accept([Frame("NP", facts)], AS_OF))


def test_it_is_told_once_and_not_again_by_facts_that_do_not_change_it() -> None:
    keeper = partition()
    (said,) = take(keeper, LEFT)
    assert (said.about, said.keys) == (SECTOR, ((DEPARTURES.name, ("2025-03-01",), ("left",)),))
    assert said.teller.startswith("journey:NP:")
    assert take(keeper, CAME) == []


def test_a_departure_that_never_was_is_told_no_more() -> None:
    keeper = partition()
    (said,) = take(keeper, LEFT, CAME)
    (unsaid,) = take(keeper, replace_fact(LEFT))
    assert (unsaid.teller, unsaid.about, unsaid.keys) == (said.teller, SECTOR, ())
    assert unsaid.revision > said.revision


def test_a_journey_that_is_part_of_another_tells_no_more() -> None:
    """The earlier event that opens it came late: the journey has another id, and the corridor counts one departure."""
    keeper = partition()
    (first,) = take(keeper, LEFT)
    opens = fact("recruitment.worker_registered", "2025-01-01", body={"country": "QA"}, worker=["passport:NP:a"])
    said = {each.teller: each.keys for each in take(keeper, opens)}
    assert said.pop(first.teller) == ()
    assert [len(keys) for keys in said.values()] == [1]


def test_what_was_told_is_known_to_the_next_owner() -> None:
    keeper = partition()
    outbox = keeper.accept([Frame("NP", (LEFT,))], AS_OF)
    store = MemoryStore()
    later = partition(store)
    later.restoring.restore(next(entry for entry in outbox.entries if entry.subject.startswith("journey:")))
    assert take(later, LEFT, CAME) == []


def test_what_lives_here_hears_at_once_and_the_record_keeps_what_it_heard() -> None:
    keeper = partition()
    outbox = keeper.accept([Frame("NP", (LEFT,))], AS_OF)
    (heard,) = outbox.heard
    assert (heard.about, heard.keys) == (CORRIDOR, ((DEPARTURES.name, ("2025-03-01",), ("left",)),))
    assert keeper.entry(CORRIDOR) is not None
    assert keeper.entry(SECTOR) is None
    assert not keeper.accept([Frame("NP", (CAME,))], AS_OF).heard


def replace_fact(known: Fact) -> Fact:
    return fact(known.type, known.time, id="undone", corrects=known.event_id, retracted=True, worker=["passport:NP:a"],
                recorded="2025-04-01", body=known.body)  # fmt: skip
