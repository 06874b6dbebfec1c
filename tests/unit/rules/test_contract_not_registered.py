"""T-CON-01: departed without a contract registered at origin."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.domain.facts import Fact
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import only
from tests.support.policies import loaded

DEPARTED = fact("deployment.departed", "2025-03-10T09:00:00Z", id="left", body={"country": "QA"})
ARRIVED = fact("deployment.arrived", "2025-03-10T18:00:00Z", body={"country": "QA"})


def registered(moment: str, **details: str) -> Fact:
    return fact("oversight.contract_registered_origin", moment, body={"country": "QA"}, **details)  # type: ignore[arg-type]


def outcome(*facts: Fact, as_of: str = "2025-06-01") -> Outcome:
    return only("T-CON-01", journey(*facts), at(as_of))


@pytest.mark.covers("T-CON-01", "plain")
def test_departed_without_a_registered_contract() -> None:
    found = outcome(DEPARTED, ARRIVED)
    assert isinstance(found, Finding)
    assert (found.evidence, found.since) == (("left",), at("2025-03-10T09:00:00Z"))
    assert found.policy_rows == ("T-CON-01.default",)


@pytest.mark.covers("T-CON-01", "look_alike")
def test_registered_before_departure() -> None:
    assert isinstance(outcome(DEPARTED, registered("2025-03-10T08:59:59.999Z")), Clear)


@pytest.mark.covers("T-CON-01", "boundary")
def test_registered_at_the_same_instant_counts_as_before_and_a_millisecond_later_does_not() -> None:
    left = "2025-03-10T09:00:00Z"
    assert isinstance(outcome(DEPARTED, registered(left), as_of=left), Clear)
    assert isinstance(outcome(DEPARTED, registered("2025-03-10T09:00:00.001Z"), as_of=left), Finding)


@pytest.mark.covers("T-CON-01", "late")
def test_recorded_a_month_later_but_registered_before() -> None:
    assert isinstance(outcome(DEPARTED), Finding)
    assert isinstance(outcome(DEPARTED, registered("2025-03-01", recorded="2025-04-20")), Clear)


def test_registered_late_ends_the_finding_from_then_on() -> None:
    late = registered("2025-03-20T00:00:00Z")
    assert isinstance(outcome(DEPARTED, late, as_of="2025-03-19T23:59:59.999Z"), Finding)
    assert isinstance(outcome(DEPARTED, late, as_of="2025-03-20T00:00:00Z"), Clear)


@pytest.mark.covers("T-CON-01", "plain")
def test_another_paper_is_no_registration() -> None:
    acknowledged = fact("oversight.contract_acknowledged_origin", "2025-03-01", body={"country": "QA"})
    assert isinstance(outcome(DEPARTED, acknowledged), Finding)


@pytest.mark.covers("T-CON-01", "late")
def test_a_registration_that_never_happened() -> None:
    made = registered("2025-03-01", id="reg")
    retracted = fact(made.type, made.time, corrects="reg", retracted=True, recorded="2025-03-05", body=made.body)
    assert isinstance(outcome(DEPARTED, made), Clear)
    assert isinstance(outcome(DEPARTED, made, retracted), Finding)


def test_a_departure_that_never_happened() -> None:
    retracted = fact(DEPARTED.type, DEPARTED.time, corrects="left", retracted=True, recorded="2025-03-12")
    assert isinstance(outcome(DEPARTED, retracted), Clear)


def test_a_departure_moved_behind_the_registration_stays_clear_and_one_still_to_come_waits() -> None:
    assert isinstance(outcome(DEPARTED, as_of="2025-03-10T08:00:00Z"), Clear)


@pytest.mark.covers("T-CON-01", "missing")
def test_arrived_and_no_departure_recorded_is_insufficient() -> None:
    assert isinstance(outcome(ARRIVED), Insufficient)


def test_a_registration_dated_more_than_a_day_ahead_counts_for_nothing() -> None:
    assert isinstance(outcome(DEPARTED, registered("2025-03-09T00:00:01Z", recorded="2025-03-08T00:00:00Z")), Finding)
    assert isinstance(outcome(DEPARTED, registered("2025-03-09T00:00:00Z", recorded="2025-03-08T00:00:00Z")), Clear)


def test_where_a_corridors_row_requires_none_there_is_none_to_miss(tmp_path: Path) -> None:
    """From the first day of the row on, by the origin's local day: 18:15 UTC on the 9th is the 10th in Kathmandu."""
    rows = ("required = true", 'origin = "NP"\ndestination = "QA"\nfrom = 2025-03-10\nrequired = false')
    policy = loaded(tmp_path, *(f'id = "row-{number}"\nrule = "T-CON-01"\nsource = "a test"\n{row}' for number, row in enumerate(rows)))
    for moment, country, kind in (("2025-03-09T18:15:00Z", "QA", Clear), ("2025-03-09T18:14:59.999Z", "QA", Finding),
                                  ("2025-03-10T09:00:00Z", "SA", Finding)):  # fmt: skip
        left = fact("deployment.departed", moment, id="left", body={"country": country})
        found = only("T-CON-01", journey(left), at("2025-06-01"), policy=policy)
        assert isinstance(found, kind)
        assert found.evidence == ("left",)
