"""What of a sum has happened at an instant, and when the next of it will have."""

from __future__ import annotations

from collections.abc import Iterable

from streams.domain.facts import Fact
from streams.domain.instants import local_day
from streams.domain.sums import Key, Measure
from tests.support.builders import at, fact, sums

CLEARED = "visa.clearance_issued"


def _day(fact: Fact, subject: str) -> Iterable[Key]:
    return ((local_day(fact.time, "NP").isoformat(), fact.event_id),)


def _instant(fact: Fact, subject: str) -> Iterable[Key]:
    return ((fact.time, fact.event_id),)


DAYS, INSTANTS = (Measure(name, frozenset({CLEARED}), keys) for name, keys in (("days", _day), ("instants", _instant)))
PARTY = "party:NP:dofe:12"
FACTS = [fact(CLEARED, moment, id=moment, subjects=(PARTY,)) for moment in ("2025-03-01", "2025-03-02", "2025-03-03")]
VIEW = sums(PARTY, (DAYS, INSTANTS), *FACTS)
SECOND = at("2025-03-01T18:15:00Z")  # midnight in Kathmandu


def test_keys_by_day_count_from_the_beginning_of_their_day_at_home() -> None:
    before, after = VIEW.at(SECOND - 1), VIEW.at(SECOND)
    assert [key[0] for key in before.happened(DAYS)] == ["2025-03-01"]
    assert before.next_key() == SECOND
    assert [key[0] for key in after.happened(DAYS)] == ["2025-03-01", "2025-03-02"]


def test_keys_by_instant_count_from_it() -> None:
    before, after = VIEW.at(FACTS[1].time - 1), VIEW.at(FACTS[1].time)
    assert (len(before.happened(INSTANTS)), before.next_key()) == (1, FACTS[1].time)
    assert (len(after.happened(INSTANTS)), after.next_key()) == (2, FACTS[2].time)


def test_since_leaves_out_what_is_older_and_the_next_is_the_least_of_all_that_was_asked() -> None:
    view = VIEW.at(SECOND)
    assert [key[0] for key in view.happened(DAYS, since="2025-03-02")] == ["2025-03-02"]
    assert view.happened(INSTANTS)
    assert view.next_key() == FACTS[1].time


def test_everything_has_happened_where_nothing_is_to_come_and_in_a_view_of_no_instant() -> None:
    view = VIEW.at(at("2026-01-01"))
    assert len(view.happened(DAYS)) == len(VIEW.happened(DAYS)) == 3
    assert view.next_key() is None
