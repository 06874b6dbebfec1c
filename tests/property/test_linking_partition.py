"""The partition's incremental linking, in any order and batching, ends where linking the whole set does."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.standings import Standings
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.dossiers.publishing import digest
from streams.linking.home import link
from streams.rules.policy import Policy
from streams.store.kv import MemoryStore
from tests.support.linking_histories import crowds, histories, rotated

NOW = 1_800_000_000_000


def live(facts: list[Fact], random: Random) -> dict[str, str]:
    """Dossiers of a partition that were given the facts in batches, shuffled and in part twice: digests by subject."""
    again = facts + random.choices(facts, k=len(facts) // 2)
    random.shuffle(again)
    partition = Partition(MemoryStore(), Context((), Policy(()), Standings(), lambda audience: True))
    while again:
        size = random.randint(1, 5)
        partition.accept([Frame("NP", tuple(again[:size]))], NOW)
        again = again[size:]
    entries = [entry for subject in partition.subjects() if (entry := partition.entry(subject)) is not None]
    return {entry.subject: entry.digest for entry in entries if entry.digest and entry.subject.startswith("journey:")}


def whole(facts: list[Fact]) -> dict[str, str]:
    found = link("NP", facts)
    journeys = {journey.id: digest(journey.facts) for person in found.people for journey in person.journeys}
    return journeys | {own.id: digest(own.facts) for own in found.own}


@settings(max_examples=250, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_partition_links_as_the_whole_set(facts: list[Fact], random: Random) -> None:
    assert live(facts, random) == whole(facts)


@settings(max_examples=40, deadline=None)
@given(crowds(), st.randoms(use_true_random=False))
def test_partition_ignores_identifiers_of_too_many(facts: list[Fact], random: Random) -> None:
    assert live(facts, random) == whole(facts)


@settings(max_examples=150, deadline=None)
@given(rotated(wrong=True), st.randoms(use_true_random=False))
def test_partition_links_as_the_whole_set_while_keys_are_changed(both: tuple[list[Fact], list[Fact]], random: Random) -> None:
    assert live(both[1], random) == whole(both[1])
