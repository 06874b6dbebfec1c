"""Which identifiers gather, and which are known by too many."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact, Was
from streams.linking import gather
from tests.support.builders import fact

REGISTERED = "recruitment.worker_registered"


def crowd(kind: str, many: int) -> list[Fact]:
    """One passport number beside `many` different identifiers of a kind."""
    return [fact(REGISTERED, "2025-01-01", worker=["passport:NP:000", f"{kind}:{n}"]) for n in range(many)]


@pytest.mark.parametrize(("kind", "most"), [
    ("national_id:NP", 4), ("passport:NP", 8), ("name_birthdate:NP", 8), ("registration:NP", 16), ("residence_permit:QA", 16),
    ("position:US", 16), ("phone:NP", 16),
])  # fmt: skip
def test_an_identifier_is_ignored_one_above_the_limit_of_its_neighbours_kind(kind: str, most: int) -> None:
    assert "passport:NP:000" not in gather.ignored(crowd(kind, most))
    assert gather.ignored(crowd(kind, most + 1)) == {"passport:NP:000"}


def test_kinds_and_countries_count_apart() -> None:
    assert gather.ignored([*crowd("national_id:NP", 4), *crowd("national_id:IN", 4), *crowd("registration:NP", 16)]) == frozenset()


def test_neighbours_of_corrected_facts_count() -> None:
    """Else a correction would change who is ignored, and with it every cluster at once."""
    seen = crowd("national_id:NP", 5)
    mended = fact(REGISTERED, "2025-01-01", worker=["passport:NP:x", "national_id:NP:4"], corrects=seen[4].event_id, was=Was("NP", ()))
    assert gather.ignored([*seen, mended]) == {"passport:NP:000"}


def test_weak_identifiers_gather_nothing() -> None:
    called = fact(REGISTERED, "2025-01-01", worker=["phone:NP:1", "name_birthdate:NP:1"])
    assert gather.tokens(called) == ()
    assert gather.neighbours(called) == {}
    assert gather.weak_only([called])
    assert not gather.weak_only([])


def test_a_worker_of_unknown_origin_is_linked_to_nobody() -> None:
    stranger = fact(REGISTERED, "2025-01-01", worker=["passport:NP:a", "phone:NP:1"], origin="")
    assert gather.tokens(stranger) == gather.weak_tokens(stranger) == ()
    assert gather.weak_only([stranger])


def test_a_corrected_identifier_still_gathers() -> None:
    """The cluster has to hold both sides, so that split can tell what the correction undid."""
    wrong = fact(REGISTERED, "2025-01-01", worker=["passport:NP:a"])
    right = fact(REGISTERED, "2025-01-01", worker=["passport:NP:b"], corrects=wrong.event_id, was=Was("NP", ()))
    other = fact("deployment.departed", "2025-02-01", worker=["passport:NP:a"])
    assert [len(cluster) for cluster in gather.clusters([wrong, right, other])] == [3]


def test_an_own_dossier_is_never_the_journey_of_the_same_event() -> None:
    assert gather.own_dossier("NP", "/office/NP/a", "1") != gather.journey_id("NP", "/office/NP/a", "1")
