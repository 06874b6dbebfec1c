"""T-LEG-01: who was at the hearing, and whether they could understand it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from streams.domain.facts import Fact, Refs
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import judge, only
from tests.support.lately import lately

HELD = at("2025-03-02T08:00:00Z")
FILED = fact("complaint.complaint_filed", "2025-01-01", refs=Refs(case="K-1"), body={"complainant_role": "worker", "channel": "embassy"})


def hearing(worker: bool | None = None, represented: bool | None = None, interpreter: bool | None = None, id: str = "held",
            **more: Any) -> Fact:  # fmt: skip
    said = {"worker_present": worker, "representative_present": represented, "interpreter_present": interpreter, **more}
    return fact("complaint.hearing_held", HELD, id=id, source="/office/QA/court", refs=Refs(case="K-1"),
                body={name: value for name, value in said.items() if value is not None})  # fmt: skip


def outcome(*facts: Fact) -> Outcome:
    return only("T-LEG-01", journey(FILED, *facts), HELD, "held")


@pytest.mark.covers("T-LEG-01", "plain")
def test_neither_worker_nor_representative() -> None:
    found = outcome(hearing(False, False))
    assert isinstance(found, Finding)
    assert (found.reason, found.severity, found.since, found.evidence) == ("worker_not_heard", "P2", HELD, ("held",))
    assert (found.destination, found.parties) == ("QA", ("QA:office:court",))


@pytest.mark.covers("T-LEG-01", "look_alike", "missing")
@pytest.mark.parametrize(("worker", "represented", "interpreter", "kind"), [
    (True, False, True, Clear), (False, True, None, Clear), (False, True, False, Clear), (None, True, True, Clear),
    (None, True, None, Insufficient), (None, True, False, Insufficient),
    (None, False, None, Insufficient), (False, None, None, Insufficient), (None, None, None, Insufficient),
    (True, True, None, Insufficient), (True, False, False, Finding), (True, True, False, Finding),
])  # fmt: skip
def test_who_was_there(worker: bool | None, represented: bool | None, interpreter: bool | None, kind: type) -> None:
    assert isinstance(outcome(hearing(worker, represented, interpreter)), kind)


@pytest.mark.covers("T-LEG-01", "plain")
def test_a_missing_interpreter_is_the_lesser_finding() -> None:
    found = outcome(hearing(True, False, False))
    assert isinstance(found, Finding)
    assert (found.reason, found.severity) == ("no_interpreter", "P3")


@pytest.mark.covers("T-LEG-01", "look_alike")
def test_none_is_missing_where_the_worker_understands_the_language() -> None:
    registered = fact("recruitment.worker_registered", "2024-06-01", worker=["passport:NP:a"])
    assert registered.worker is not None
    speaks = structs.replace(registered, worker=structs.replace(registered.worker, languages=("ne", "en")))
    assert isinstance(outcome(speaks, hearing(True, False, False, language="en")), Clear)
    assert isinstance(outcome(speaks, hearing(True, False, False, language="nep")), Clear)  # one language, two codes
    assert isinstance(outcome(speaks, hearing(True, False, False, language="ar")), Finding)
    assert isinstance(outcome(speaks, hearing(True, False, False)), Finding)


@pytest.mark.covers("T-LEG-01", "boundary")
def test_a_hearing_counts_from_its_instant() -> None:
    view = journey(FILED, hearing(False, False))
    assert judge("T-LEG-01", view, HELD - 1) == []
    assert isinstance(only("T-LEG-01", view, HELD, "held"), Finding)


@pytest.mark.covers("T-LEG-01", "look_alike")
def test_what_was_adjourned_for_absence_is_no_hearing() -> None:
    assert isinstance(outcome(hearing(False, False, adjourned=True)), Clear)
    assert isinstance(outcome(hearing(False, False, adjourned=False)), Finding)


def test_each_hearing_is_an_issue_and_a_correction_ends_it() -> None:
    corrected = fact("complaint.hearing_held", HELD, id="corrected", source="/office/QA/court", corrects="held",
                     body={"worker_present": True, "interpreter_present": True}, recorded=HELD + 1)  # fmt: skip
    said = judge("T-LEG-01", journey(hearing(False, False), corrected, hearing(False, False, id="second")), HELD)
    assert [(each.issue, type(each)) for each in said] == [("held", Clear), ("second", Finding)]


@pytest.mark.covers("T-LEG-01", "late")
def test_a_record_corrected_late_withdraws_the_alert() -> None:
    there = fact("complaint.hearing_held", HELD, source="/office/QA/court", corrects="held", recorded=HELD + 40 * DAY,
                 body={"worker_present": True, "interpreter_present": True})  # fmt: skip
    assert lately("T-LEG-01", [FILED, hearing(False, False)], [there], HELD + DAY, HELD + 41 * DAY) == ("raised", "withdrawn")
