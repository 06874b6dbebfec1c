"""A correction reaches every home that the root or another correction named, in whatever order they come."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from msgspec import structs

from schemas.catalogue import event_types
from schemas.examples import example
from streams.domain.facts import encode
from streams.dossiers.passing import passed_on
from streams.evaluate import Evaluated, evaluate_events
from streams.intake import accept
from streams.publishers.identity import seal
from streams.rules.policy import default
from tests.support.builders import at

SOURCE = "/office/QA/doha"


def departure(id: str, origin: str, recorded: str, corrects: str | None = None, was: str | None = None) -> dict[str, Any]:
    """A departure as decoded; the office mistook the worker's nationality, twice."""
    return {
        "id": id, "source": SOURCE, "type": "deployment.departed", "time": at("2025-03-01"), "recordedat": at(recorded),
        "worker": {"origin": origin, "identifiers": [{"kind": "passport", "country": origin, "digest": "ab" * 32}]},
        "body": {"country": "QA"}, "corrects": corrects, "was": {"origin": was, "subjects": []} if was else None,
    }  # fmt: skip


ROOT = departure("e-1", "NP", "2025-03-02")
FIRST = departure("e-2", "BD", "2025-03-03", "e-1", "NP")
SECOND = departure("e-3", "IN", "2025-03-04", "e-1", "NP")  # says nothing of Bangladesh


def homes_with_a_finding(result: Evaluated) -> set[str]:
    return {subject.split(":")[1] for subject, each in result.findings() if each.rule.startswith("T-CON-01")}


@pytest.mark.parametrize("order", list(permutations((ROOT, FIRST, SECOND))), ids=lambda order: "".join(e["id"][-1] for e in order))
def test_a_home_that_only_another_correction_named_hears_of_it(order: tuple[dict[str, Any], ...]) -> None:
    assert homes_with_a_finding(evaluate_events(order, default(), at("2025-06-01"))) == {"IN"}


def test_without_passing_on_the_home_in_between_would_keep_its_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.dossiers.partition.passed_on", lambda home, root, group: [])
    assert homes_with_a_finding(evaluate_events((ROOT, FIRST, SECOND), default(), at("2025-06-01"))) == {"BD", "IN"}


def test_no_copy_that_is_passed_on_names_the_worker() -> None:
    given: list[Any] = []
    original = passed_on

    def watched(*arguments: Any) -> Any:
        found = original(*arguments)
        given.extend(found)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streams.dossiers.partition.passed_on", watched)
        evaluate_events((ROOT, FIRST, SECOND), default(), at("2025-06-01"))
    assert {(home, fact.event_id) for home, fact in given} == {("BD", "e-3"), ("IN", "e-2")}
    assert all(fact.worker is None and fact.withheld for _, fact in given)


@pytest.mark.parametrize("kind", [each.name for each in event_types()])
def test_what_is_passed_on_is_what_intake_would_have_sent(kind: str) -> None:
    made = {**seal(example(kind), b"k" * 32), "worker": ROOT["worker"], "refs": {"demand": "QA:mol:D-1", "case": "K-1"}}
    made |= {"time": ROOT["time"], "recordedat": ROOT["recordedat"], "corrects": "e-0", "was": {"origin": "BD", "subjects": []}}
    sent = dict(accept(made, dict).copies)
    root, late = structs.replace(sent["NP"], event_id="e-0", corrects=None), structs.replace(sent["NP"], homes=("NP",))
    passed = dict(passed_on("NP", "e-0", [root, late]))
    assert encode(passed["BD"]) == encode(structs.replace(sent["BD"], homes=("NP",)))


def test_a_copy_says_that_it_leaves_a_worker_out() -> None:
    copies = dict(accept({**FIRST, "refs": {"demand": "QA:mol:D-1"}}, dict).copies)
    assert {home: fact.withheld for home, fact in copies.items()} == {"BD": False, "NP": True, "QA": True}
    beat = {**ROOT, "type": "oversight.office_heartbeat", "worker": None, "body": {}, "refs": {"demand": "NP:dofe:D-1"}}
    assert not any(fact.withheld for _, fact in accept(beat, dict).copies)
