"""T-LEG-02: a case may not end because the worker went home."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact, Refs
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import judge, only
from tests.support.lately import lately

DAY_0 = at("2025-03-02T08:00:00Z")


def filed(role: str = "worker") -> Fact:
    return fact("complaint.complaint_filed", DAY_0 - 60 * DAY, source="/office/QA/mol", refs=Refs(case="K-1"),
                body={"complainant_role": role, "country": "QA", "channel": "embassy"})  # fmt: skip


def decided(ground: str | None, upheld: bool | None = False) -> Fact:
    body = {"ground": ground, "upheld": upheld}
    return fact("complaint.complaint_decided", DAY_0, id="end", source="/office/QA/mol", refs=Refs(case="K-1"),
                body={name: value for name, value in body.items() if value is not None})  # fmt: skip


def closed(reason: str | None, **body: Any) -> Fact:
    said = body | ({"reason": reason} if reason else {})
    return fact("complaint.complaint_closed", DAY_0, id="end", source="/office/QA/mol", refs=Refs(case="K-1"), body=said)


def home(day: int = -10, cause: str = "contract_end") -> Fact:
    return fact("deployment.repatriation_done", DAY_0 + day * DAY, id="home", source="/office/QA/moi", body={"cause": cause})


def outcome(*facts: Fact) -> Outcome:
    return only("T-LEG-02", journey(*facts), DAY_0 + 100 * DAY, "end")


@pytest.mark.covers("T-LEG-02", "plain")
@pytest.mark.parametrize("end", [decided("repatriated"), closed("repatriated")])
def test_because_the_worker_went_home(end: Fact) -> None:
    found = outcome(filed(), end, home())
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.since) == ("repatriated", ("end", "home"), DAY_0)
    assert isinstance(outcome(filed(), end), Finding)  # the ground says it


@pytest.mark.covers("T-LEG-02", "plain")
@pytest.mark.parametrize("gone", [
    home(cause="deportation"), home(), home(0), fact("deployment.returnee_registered", DAY_0 - DAY, id="home"),
    fact("complaint.sanction_imposed", DAY_0 - DAY, id="home", body={"on_kind": "worker", "kind": "deportation"}),
])  # fmt: skip
def test_for_not_appearing_after_leaving(gone: Fact) -> None:
    found = outcome(filed(), decided("absence"), gone)
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence) == ("absent_after_leaving", ("end", "home"))


@pytest.mark.covers("T-LEG-02", "boundary")
@pytest.mark.parametrize(("instant", "kind"), [
    ("2025-03-02T20:59:59.999Z", Finding), ("2025-03-02T21:00:00Z", Insufficient),
])  # fmt: skip
def test_who_left_on_the_day_of_the_decision_had_left_and_on_the_next_had_not(instant: str, kind: type) -> None:
    """21:00 UTC is midnight in Doha."""
    gone = fact("deployment.repatriation_done", instant, id="home", source="/office/QA/moi", body={"cause": "contract_end"})
    assert isinstance(outcome(filed(), decided("absence"), gone), kind)


@pytest.mark.covers("T-LEG-02", "missing")
def test_for_not_appearing_before_leaving_or_where_nobody_knows_of_it() -> None:
    for facts in ((filed(), decided("absence")), (filed(), decided("absence"), home(10))):
        found = outcome(*facts)
        assert isinstance(found, Insufficient)
        assert found.missing == "whether the worker had left when the case was dismissed for absence"


@pytest.mark.covers("T-LEG-02", "look_alike")
@pytest.mark.parametrize("end", [
    decided("merits"), decided("time_barred"), decided("repatriated", upheld=True), closed("withdrawn"), closed("timeout"),
    closed("repatriated", confirmed_by_worker=True), closed("repatriated", impossible="worker_died", document="n_1"),
])  # fmt: skip
def test_on_other_grounds_or_with_the_workers_word_it_is_none(end: Fact) -> None:
    assert isinstance(outcome(filed(), end, home()), Clear)


@pytest.mark.covers("T-LEG-02", "missing")
@pytest.mark.parametrize("end", [decided(None), decided(None, upheld=None), closed(None)])
def test_without_a_ground_after_the_worker_left(end: Fact) -> None:
    assert isinstance(outcome(filed(), end, home()), Insufficient)
    assert isinstance(outcome(filed(), end), Clear)


def test_what_cannot_be_confirmed_needs_its_paper() -> None:
    assert isinstance(outcome(filed(), closed("repatriated", impossible="worker_unreachable"), home()), Finding)


@pytest.mark.covers("T-LEG-02", "look_alike")
def test_an_employers_own_case_does_not_count() -> None:
    assert judge("T-LEG-02", journey(filed("employer"), decided("absence"), home()), DAY_0 + DAY) == []


@pytest.mark.covers("T-LEG-02", "late")
def test_a_return_that_is_known_late_counts_from_its_day() -> None:
    late = fact("deployment.repatriation_done", DAY_0 - DAY, id="home", recorded=DAY_0 + 50 * DAY)
    assert isinstance(outcome(filed(), decided("absence")), Insufficient)
    assert isinstance(outcome(filed(), decided("absence"), late), Finding)


@pytest.mark.covers("T-LEG-02", "late")
def test_a_ground_corrected_late_withdraws_the_alert() -> None:
    merits = fact("complaint.complaint_decided", DAY_0, source="/office/QA/mol", corrects="end", recorded=DAY_0 + 50 * DAY,
                  refs=Refs(case="K-1"), body={"ground": "merits", "upheld": False})  # fmt: skip
    facts = filed(), decided("absence"), home()
    assert lately("T-LEG-02", facts, [merits], DAY_0 + DAY, DAY_0 + 51 * DAY) == ("raised", "withdrawn")
