"""What publish and intake accept, every dossier and rule can count with: no event that is let in stops a worker."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemas.codec import normalised
from schemas.topicfiles import declared
from schemas.validate import LATEST_DAY, MOST_MINOR, check
from streams.evaluate import Evaluator
from streams.rules.policy import default
from tests.support.events import NOW, WORKERLESS, events, workers

POLICY = default()
_EDGE: dict[str, Any] = {
    "type": "recruitment.contract_offered", "source": "/office/NP/dofe", "time": NOW, "recordedat": NOW,
    "body": {"country": "QA", "start": LATEST_DAY, "months": 1_200, "wage": {"minor": MOST_MINOR, "currency": "KWD"}},
}  # fmt: skip


def _of(worker: dict[str, Any], event: dict[str, Any], number: int) -> dict[str, Any]:
    found = {name: value for name, value in event.items() if name not in ("corrects", "was", "retracted")}
    return normalised({**found, "id": f"ev-{number}", "worker": worker if event["type"] not in WORKERLESS else None})


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(workers, st.lists(events(), min_size=1, max_size=5))
@example({"identifiers": [{"kind": "passport", "country": "NP", "digest": "a" * 32}], "origin": "NP", "languages": []}, [_EDGE])
def test_any_accepted_events_of_one_worker_can_be_evaluated(worker: dict[str, Any], given_: list[dict[str, Any]]) -> None:
    accepted = [_of(worker, event, number) for number, event in enumerate(given_)]
    assert not any(check(event, NOW) for event in accepted)
    evaluator = Evaluator(POLICY, NOW, declared)
    evaluator.add(accepted)
    assert evaluator.finish().entries
