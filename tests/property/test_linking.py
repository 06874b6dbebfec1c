"""Linking equals an independent oracle, in any order, with redelivery, corrections, undone joins and late weak matches."""

from __future__ import annotations

import os
import subprocess
import sys
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.facts import Fact
from streams.domain.views import Review
from streams.linking.gather import clusters, ignored
from streams.linking.home import HomeLinks, link
from streams.linking.split import split
from tests.support import linking_oracle as oracle
from tests.support.linking_histories import crowds, histories, known, rotated


def told(found: HomeLinks) -> oracle.Told:
    """What linking found, in the oracle's words."""

    def said(reviews: tuple[Review, ...]) -> frozenset[oracle.Said]:
        return frozenset((r.reason, r.token, r.evidence) for r in reviews)

    return oracle.Told(
        journeys={j.id: (frozenset(f.id for f in j.facts), j.closed, said(j.reviews)) for p in found.people for j in p.journeys},
        people=frozenset((frozenset(j.id for j in p.journeys), p.tokens, p.weak_tokens) for p in found.people),
        own={each.id: (frozenset(f.id for f in each.facts), said(each.reviews)) for each in found.own},
        admitted={own: frozenset(where) for own, where in found.admitted.items()},
    )


@settings(max_examples=400, deadline=None)
@given(histories())
def test_linking_equals_the_oracle(facts: list[Fact]) -> None:
    assert told(link("NP", facts)) == oracle.tell("NP", facts)


@settings(max_examples=60, deadline=None)
@given(crowds())
def test_identifiers_of_too_many_equal_the_oracle(facts: list[Fact]) -> None:
    assert told(link("NP", facts)) == oracle.tell("NP", facts)


@settings(max_examples=200, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_order_and_redelivery_do_not_matter(facts: list[Fact], random: Random) -> None:
    again = facts + random.choices(facts, k=len(facts))
    random.shuffle(again)
    assert link("NP", again) == link("NP", facts)
    assert repr(link("NP", again).people) == repr(link("NP", facts).people)


def same_in_a_wider_cluster(facts: list[Fact]) -> None:
    """Clusters only grow, so the store's may be unions of the reference's: split must not notice."""
    ignoring = ignored(facts)
    apart = [person for cluster in clusters(facts, ignoring) for person in split("NP", cluster, ignoring).people]
    together = split("NP", [fact for cluster in clusters(facts) for fact in cluster], ignoring).people
    assert sorted(together, key=lambda p: p.id) == sorted(apart, key=lambda p: p.id)


@settings(max_examples=150, deadline=None)
@given(histories())
def test_a_wider_cluster_gives_the_same_people(facts: list[Fact]) -> None:
    same_in_a_wider_cluster(facts)


@settings(max_examples=150, deadline=None)
@given(histories())
def test_every_fact_about_a_worker_is_in_one_place_at_most(facts: list[Fact]) -> None:
    found = link("NP", facts)
    placed = [fact.id for person in found.people for journey in person.journeys for fact in journey.facts]
    placed += [fact.id for own in found.own for fact in own.facts]
    assert len(placed) == len(set(placed))
    assert known(facts) <= set(placed)


# While a key is changed: some events under the first generation, some as pairs, some under a later one.

PAIRED = (("",), ("2", ""))


@settings(max_examples=300, deadline=None)
@given(rotated(PAIRED), st.randoms(use_true_random=False))
def test_a_quiet_journey_and_a_pair_are_as_under_one_key(both: tuple[list[Fact], list[Fact]], random: Random) -> None:
    """In any order: same people, journeys, reviews and ignored identifiers as if nobody had changed a key."""
    before, after = both
    random.shuffle(after)
    one, changed = told(link("NP", before)), told(link("NP", after))
    assert (changed.journeys, changed.own, changed.admitted) == (one.journeys, one.own, one.admitted)
    assert {each[:2] for each in changed.people} == {each[:2] for each in one.people}, "the first digest stands for a number"


@settings(max_examples=300, deadline=None)
@given(rotated(), st.randoms(use_true_random=False))
def test_linking_during_a_change_of_keys_equals_the_oracle(both: tuple[list[Fact], list[Fact]], random: Random) -> None:
    facts = both[1]
    expected = oracle.tell("NP", facts)
    random.shuffle(facts)
    assert told(link("NP", facts)) == expected


@settings(max_examples=200, deadline=None)
@given(rotated(wrong=True))
def test_wrong_pairs_equal_the_oracle_and_give_the_same_in_a_wider_cluster(both: tuple[list[Fact], list[Fact]]) -> None:
    facts = both[1]
    assert told(link("NP", facts)) == oracle.tell("NP", facts)
    same_in_a_wider_cluster(facts)


@settings(max_examples=300, deadline=None)
@given(rotated())
def test_two_people_never_join_through_a_pair(both: tuple[list[Fact], list[Fact]]) -> None:
    for person in link("NP", both[1]).people:
        national = {token.split(":")[1]: set[str]() for token in person.tokens if token.startswith("national_id")}
        for token in person.tokens:
            if token.startswith("national_id"):
                national[token.split(":")[1]].add(token.rsplit(":", 1)[1])
        assert all(len(numbers) == 1 for numbers in national.values())


HASHED = """
from random import Random
from streams.linking.home import link
from tests.support.linking_histories import sample
print([(p.id, sorted(p.tokens), p.journeys) for p in link("NP", sample(Random(7), 120)).people])
"""


@pytest.mark.parametrize("seed", ["1", "4711"])
def test_hash_seed_does_not_matter(seed: str) -> None:
    def run(value: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": value}
        return subprocess.run([sys.executable, "-c", HASHED], env=environment, capture_output=True, check=True, timeout=120).stdout

    assert run(seed) == run("0")
