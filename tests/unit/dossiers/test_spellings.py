"""An employer spelled in several ways has one dossier, where its demands add up, in whatever order events come (T-ATT-01)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from streams.evaluate import evaluate_events
from streams.rules.policy import default
from tests.support.builders import at

BMET = "/office/BD/bmet"
SPELLED = ("SA:cr:Al Amal Co.", "SA:cr:AL-AMAL CO")  # nobody writes the plain one
DOSSIER = "party:SA:cr:ALAMALCO"


def demand(number: int, employer: str, jobs: int, *, recorded: str = "2024-01-10", **details: Any) -> dict[str, Any]:
    return {
        "id": f"order-{number}", "source": BMET, "type": "recruitment.demand_submitted", "time": at("2024-01-10"),
        "recordedat": at(recorded), "refs": {"demand": f"BD:bmet:D-{number}"},
        "body": {"employer": employer, "country": "SA", "jobs": jobs}, **details,
    }  # fmt: skip


def clearance(number: int, employer: str) -> dict[str, Any]:
    return {
        "id": "clearance", "source": BMET, "type": "visa.clearance_issued", "time": at("2024-03-01"), "recordedat": at("2024-03-01"),
        "worker": {"origin": "BD", "identifiers": [{"kind": "passport", "country": "BD", "digest": "ab" * 32}]},
        "refs": {"demand": f"BD:bmet:D-{number}"}, "body": {"country": "SA", "employer": employer, "demand": f"BD:bmet:D-{number}"},
    }  # fmt: skip


def found(events: tuple[dict[str, Any], ...]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Judged one event at a time."""
    result = evaluate_events(events, default(), at("2024-04-01"), batch=1)
    return [(subject, each.issue, each.evidence) for subject, each in result.findings() if each.rule.startswith("T-ATT-01")]


EVENTS = demand(1, SPELLED[0], 15), demand(2, SPELLED[1], 11), clearance(2, SPELLED[1])


@pytest.mark.parametrize("order", list(permutations(EVENTS)), ids=lambda order: " ".join(each["id"] for each in order))
def test_demands_of_two_spellings_are_added_up(order: tuple[dict[str, Any], ...]) -> None:
    assert found(order) == [(DOSSIER, "BD:bmet:D-2", ("clearance", "order-1", "order-2"))]


MOVED = {"employer": "SA:cr:77", "country": "SA", "jobs": 15}


@pytest.mark.parametrize("more", [{"retracted": True}, {"body": MOVED}], ids=["gone", "moved"])
def test_a_demand_that_is_no_longer_the_employers_is_taken_back(more: dict[str, Any]) -> None:
    was = {"origin": None, "subjects": ["demand:BD:bmet:D-1", f"party:{SPELLED[0]}", "party:BD:office:bmet"]}
    undone = demand(1, SPELLED[0], 15, recorded="2024-02-01", corrects="order-1", was=was, **more) | {"id": "undone"}
    for order in permutations((*EVENTS, undone)):
        assert found(order) == []
