"""An audit asks for exactly what intake and the dossiers make of the same events: any events, with corrections, in any order."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.audit.comparison import KAFKA, MUST, Copy, Standing
from consumers.audit.expecting import asked, passed
from consumers.audit.scratch import Scratch
from schemas.codec import normalised
from streams.domain.frames import Frame
from streams.domain.standings import Standings
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.intake import accept
from streams.rules.policy import default
from streams.store.kv import MemoryStore
from tests.support.events import NOW, events

PLACE = ("visa", 1, 7)
_few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@_few
@given(events())
def test_an_event_asks_for_the_copies_and_the_standing_that_intake_sends(event: dict[str, Any]) -> None:
    decoded = normalised(event)
    sent, found = accept(decoded, dict), asked(decoded)
    assert {(home, fact.id) for home, fact in sent.copies} == {(home, found.id) for home in found.homes}
    assert found.standing == (sent.standing is not None)


@st.composite
def corrected(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Some events of one office, each but the first one correcting one of those before it, or one that nobody saw."""
    made: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 5))):
        event = draw(events())
        event = {name: value for name, value in event.items() if name not in ("corrects", "was", "retracted")}
        event |= {"id": f"e-{number}", "source": "/office/QA/doha"}
        if made:
            target = draw(st.sampled_from([each["id"] for each in made] + ["e-unseen"]))
            named = st.just(["place:BD"]) | st.just(list[str]())
            was = draw(st.fixed_dictionaries({"subjects": named}, optional={"origin": st.sampled_from(["NP", "IN"])}))
            event |= {"corrects": target, "was": was, "retracted": draw(st.booleans())}
        made.append(normalised(event))
    return draw(st.permutations(made))


def held(made: Sequence[dict[str, Any]]) -> set[tuple[str, str]]:
    """(home, fact id) of every copy that the homes' dossiers record, with what they pass on to each other."""
    context, homes, kept = Context((), default(), Standings(), lambda audience: True), dict[str, Partition](), set[tuple[str, str]]()
    waiting = [(home, fact) for event in made for home, fact in accept(event, dict).copies]
    while waiting:
        home, fact = waiting.pop(0)
        partition = homes.setdefault(home, Partition(MemoryStore(), context))
        outbox = partition.accept([Frame(home, (fact,))], NOW)
        partition.store.commit()
        kept |= {(where, each.id) for where, each in outbox.facts}
        waiting += outbox.passed
    return kept


@_few
@given(corrected())
def test_with_what_is_passed_on_it_asks_for_no_more_and_no_less_than_the_dossiers_record(made: list[dict[str, Any]]) -> None:
    all_asked = [asked(event) for event in made]
    direct = {(home, each.id) for each in all_asked for home in each.homes}
    expected = direct | set(passed(each.known for each in all_asked))
    recorded = held(made)
    assert expected <= recorded
    passed_too = {identity for _, identity in recorded - expected}  # by a home that did not know the whole group yet
    assert passed_too <= {each.id for each in all_asked if each.known.fact.corrects is not None}


@_few
@given(st.lists(events(), min_size=1, max_size=6), st.booleans())
def test_the_scratch_gives_back_what_was_marked(made: list[dict[str, Any]], reverse: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, Scratch(Path(folder), ("facts", "visa")) as scratch:
        wanted: dict[Any, set[str]] = {}
        for event in sorted(map(normalised, made), key=str, reverse=reverse):
            found = asked(event)
            for home in found.homes:
                for mark in (MUST, KAFKA):
                    scratch.mark(Copy(home, found.id), mark, PLACE)
                    scratch.mark(Copy(home, found.id), mark, PLACE)
                wanted[Copy(home, found.id)] = {MUST, KAFKA}
            scratch.mark(Standing(found.id), MUST)
            wanted[Standing(found.id)] = {MUST}
            scratch.event(found.known, PLACE)
        seen = list(scratch.seen())
        assert {subject: set(marks) for subject, marks in seen} == wanted
        assert len(seen) == len(wanted)
        assert all(marks[MUST] == PLACE for subject, marks in seen if isinstance(subject, Copy))
        groups = list(scratch.corrected())
        correcting = {each.id for each in map(asked, map(normalised, made)) if each.known.fact.corrects is not None}
        assert {known.fact.id for group in groups for known, _ in group if known.fact.corrects is not None} == correcting
