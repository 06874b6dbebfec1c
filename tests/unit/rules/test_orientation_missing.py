"""T-PDO-01: departed without an orientation that counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.rules.policy import Policy
from tests.support.builders import at, fact, journey
from tests.support.judging import only
from tests.support.lately import lately
from tests.support.policies import loaded

AS_OF = at("2025-06-01")
DEPARTED = fact("deployment.departed", "2025-03-10T09:00:00Z", id="left", body={"country": "QA"})


def session(moment: str = "2025-02-20", id_level: str | None = "biometric", **body: Any) -> Fact:
    return fact("oversight.orientation_done", moment, body={**body, **({"id_level": id_level} if id_level else {})})


def outcome(origin: str, *facts: Fact, departed: bool = True) -> Outcome:
    view = journey(*facts, *((DEPARTED,) if departed else ()), id=f"journey:{origin}:0000000000000001")
    return only("T-PDO-01", view, AS_OF)


def reason(found: Outcome) -> str:
    assert isinstance(found, Finding)
    return found.reason


@pytest.mark.covers("T-PDO-01", "plain")
@pytest.mark.parametrize("origin", ["NP", "PH", "BD", "IN"])
def test_none_at_all(origin: str) -> None:
    assert reason(outcome(origin)) == "no_orientation"
    assert isinstance(outcome(origin, session(id_level="none"), departed=False), Clear)


@pytest.mark.covers("T-PDO-01", "boundary")
def test_the_philippines_ask_for_eight_hours() -> None:
    assert isinstance(outcome("PH", session(hours=8.0)), Clear)
    assert reason(outcome("PH", session(hours=7.9))) == "orientation_too_short"


@pytest.mark.covers("T-PDO-01", "boundary")
def test_bangladesh_asks_for_three_days() -> None:
    assert isinstance(outcome("BD", session(days=3.0)), Clear)
    assert reason(outcome("BD", session(days=2.5, hours=40.0))) == "orientation_too_short"


@pytest.mark.covers("T-PDO-01", "look_alike")
def test_elsewhere_any_session_counts() -> None:
    assert isinstance(outcome("NP", session(hours=0.5)), Clear)
    assert isinstance(outcome("NP", session()), Clear)


@pytest.mark.covers("T-PDO-01", "look_alike")
def test_sessions_add_up() -> None:
    parts = [session("2025-02-20", hours=2.7), session("2025-02-21", hours=2.7), session("2025-02-22", hours=2.6)]
    assert isinstance(outcome("PH", *parts), Clear)
    assert reason(outcome("PH", *parts[:2])) == "orientation_too_short"


@pytest.mark.covers("T-PDO-01", "plain")
@pytest.mark.parametrize("level", ["none", "name_only"])
def test_one_that_assured_no_identity_adds_nothing(level: str) -> None:
    assert reason(outcome("PH", session(id_level=level, hours=8.0))) == "identity_not_assured"
    assert reason(outcome("PH", session(hours=6.0), session("2025-02-21", id_level=level, hours=6.0))) == "identity_not_assured"
    assert isinstance(outcome("PH", session(hours=8.0), session("2025-02-21", id_level=level, hours=6.0)), Clear)


@pytest.mark.parametrize("level", ["document", "biometric"])
def test_a_paper_or_a_fingerprint_assures_it(level: str) -> None:
    assert isinstance(outcome("NP", session(id_level=level)), Clear)


@pytest.mark.covers("T-PDO-01", "missing")
def test_what_is_unknown_and_decides_is_insufficient() -> None:
    assert isinstance(outcome("NP", session(id_level=None)), Insufficient)
    assert isinstance(outcome("PH", session()), Insufficient)
    assert isinstance(outcome("PH", session(hours=6.0), session("2025-02-21")), Insufficient)
    assert isinstance(outcome("BD", session(hours=30.0)), Insufficient)
    assert reason(outcome("PH", session(id_level=None, hours=2.0))) == "orientation_too_short"


def test_made_up_late_ends_the_finding_but_orientation_after_arrival_is_another_programme() -> None:
    assert isinstance(outcome("PH", session("2025-04-01", hours=8.0)), Clear)
    assert reason(outcome("PH", session("2025-04-01", hours=8.0, kind="post_arrival"))) == "no_orientation"


@pytest.mark.covers("T-PDO-01", "late")
def test_hours_corrected_to_less() -> None:
    first = fact("oversight.orientation_done", "2025-02-20", id="pdos", body={"hours": 8.0, "id_level": "biometric"})
    less = fact(first.type, first.time, corrects="pdos", recorded="2025-04-01", body={"hours": 4.0, "id_level": "biometric"})
    assert isinstance(outcome("PH", first), Clear)
    assert reason(outcome("PH", first, less)) == "orientation_too_short"


def test_two_contents_of_one_session_do_not_add_up() -> None:
    def told(hours: float) -> Fact:
        return fact("oversight.orientation_done", "2025-02-20", id="pdos", body={"hours": hours, "id_level": "biometric"})

    assert isinstance(outcome("PH", told(4.0), told(5.0)), Insufficient)
    assert reason(outcome("PH", told(3.0), told(4.0))) == "orientation_too_short"
    assert isinstance(outcome("PH", told(4.0), told(5.0), session(hours=8.0)), Clear)


@pytest.mark.covers("T-PDO-01", "missing")
def test_arrived_and_no_departure_recorded_is_insufficient() -> None:
    assert isinstance(outcome("PH", fact("deployment.arrived", "2025-03-11"), departed=False), Insufficient)


@pytest.mark.covers("T-PDO-01", "look_alike")
def test_where_a_row_requires_none_there_is_none_to_miss(tmp_path: Path) -> None:
    plain = 'rule = "T-PDO-01"\nsource = "a test"\n'
    asked = 'required = true\nmin_hours = 0\nmin_days = 0\nlow_id_levels = []'
    policy = loaded(tmp_path, f'{plain}id = "all"\n{asked}', f'{plain}id = "MX"\norigin = "MX"\nrequired = false')
    for origin, kind in (("MX", Clear), ("NP", Finding)):
        view = journey(DEPARTED, id=f"journey:{origin}:0000000000000001")
        assert isinstance(only("T-PDO-01", view, AS_OF, policy=policy), kind)


def by_occupation(tmp_path: Path) -> Policy:
    """Eight hours, and forty for domestic workers."""
    plain = 'rule = "T-PDO-01"\nsource = "a test"\nrequired = true\nmin_days = 0\nlow_id_levels = []\n'
    return loaded(tmp_path, f'{plain}id = "all"\nmin_hours = 8', f'{plain}id = "domestic"\nisco = "9111"\nmin_hours = 40')


def contract(isco: str, moment: str = "2025-02-01") -> Fact:
    return fact("oversight.contract_registered_origin", moment, id="paper", body={"country": "QA", "isco": isco})


@pytest.mark.parametrize(("isco", "hours", "kind", "row"), [
    ("9111", 39.0, Finding, "domestic"), ("9111", 40.0, Clear, ""), ("9313", 39.0, Clear, ""), ("9313", 7.0, Finding, "all"),
    ("91", 39.0, Insufficient, ""), ("91", 7.0, Finding, "all"), ("", 39.0, Insufficient, ""), ("", 40.0, Clear, ""),
])  # fmt: skip
def test_a_row_may_be_by_occupation_and_what_is_not_known_is_no_compliance(
    tmp_path: Path, isco: str, hours: float, kind: type[Outcome], row: str
) -> None:
    facts = (session(hours=hours), *((contract(isco),) if isco else ()), DEPARTED)
    found = only("T-PDO-01", journey(*facts), AS_OF, policy=by_occupation(tmp_path))
    assert isinstance(found, kind)
    if isinstance(found, Finding):
        assert found.policy_rows == (row,)
        assert ("paper" in found.evidence) == (row == "domestic")
    if isinstance(found, Insufficient):
        assert found.missing == "the occupation"


def test_the_contract_by_departure_tells_the_occupation(tmp_path: Path) -> None:
    later = fact("deployment.contract_amended", "2025-03-11", body={"isco": "9313"})
    view = journey(session(hours=8.0), contract("9111"), later, DEPARTED)
    assert isinstance(only("T-PDO-01", view, AS_OF, policy=by_occupation(tmp_path)), Finding)


@pytest.mark.covers("T-PDO-01", "late")
def test_a_session_told_late_withdraws_the_alert() -> None:
    held = fact("oversight.orientation_done", "2025-02-20", body={"id_level": "document"}, recorded="2025-05-01")
    registered = fact("recruitment.worker_registered", "2025-01-10")
    assert lately("T-PDO-01", [registered, DEPARTED], [held], "2025-03-11", "2025-05-02") == ("raised", "withdrawn")
