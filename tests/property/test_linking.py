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
from tests.support.linking_histories import crowds, histories, known


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


@settings(max_examples=150, deadline=None)
@given(histories())
def test_a_wider_cluster_gives_the_same_people(facts: list[Fact]) -> None:
    """Clusters only grow, so the store's may be unions of the reference's: split must not notice."""
    ignoring = ignored(facts)
    apart = [person for cluster in clusters(facts, ignoring) for person in split("NP", cluster, ignoring).people]
    together = split("NP", [fact for cluster in clusters(facts) for fact in cluster], ignoring).people
    assert sorted(together, key=lambda p: p.id) == sorted(apart, key=lambda p: p.id)


@settings(max_examples=150, deadline=None)
@given(histories())
def test_every_fact_about_a_worker_is_in_one_place_at_most(facts: list[Fact]) -> None:
    found = link("NP", facts)
    placed = [fact.id for person in found.people for journey in person.journeys for fact in journey.facts]
    placed += [fact.id for own in found.own for fact in own.facts]
    assert len(placed) == len(set(placed))
    assert known(facts) <= set(placed)


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
