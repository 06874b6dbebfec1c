"""T-VIS-04: the final country against the contract in force at departure."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.dossiers.audiences import addresses
from streams.rules.registry import catalogue
from tests.support.builders import at, fact, journey
from tests.support.judging import judge
from tests.support.lately import lately

LEFT = "2025-03-10T09:00:00Z"


def contract(country: str, moment: str = "2025-02-01", kind: str = "oversight.contract_registered_origin", **details: Any) -> Fact:
    body = {"country": country, "employer": f"{country}:cr:1", "agency": "NP:dofe:1"}
    return fact(kind, moment, id=details.pop("id", "paper"), body=body, **details)


def left(country: str, *transit: str, moment: str = LEFT, **details: Any) -> Fact:
    body: dict[str, Any] = {"country": country} | ({"transit": list(transit)} if transit else {})
    return fact("deployment.departed", moment, id=details.pop("id", "left"), body=body, **details)


def came(country: str, moment: str = "2025-03-10T18:00:00Z", **details: Any) -> Fact:
    return fact("deployment.arrived", moment, id=details.pop("id", f"came-{country}"), body={"country": country}, **details)


def outcomes(*facts: Fact, as_of: str = "2025-06-01") -> dict[str, Outcome]:
    return {each.issue: each for each in judge("T-VIS-04", journey(*facts), at(as_of))}


def findings(*facts: Fact, as_of: str = "2025-06-01") -> list[str]:
    return [issue for issue, each in outcomes(*facts, as_of=as_of).items() if isinstance(each, Finding)]


@pytest.mark.covers("T-VIS-04", "plain")
def test_departed_for_another_country_both_embassies_hear() -> None:
    found = outcomes(contract("AE"), left("LB"))
    assert list(found) == ["AE", "LB"]
    (rule,) = (each for each in catalogue() if each.id == "T-VIS-04")
    heard: list[str] = []
    for country, each in found.items():
        assert isinstance(each, Finding)
        assert (each.evidence, each.since, each.parties) == (("left", "paper"), at(LEFT), ("AE:cr:1", "NP:dofe:1"))
        heard += addresses(rule.audience, "NP", each.destination, each.authority, lambda name: True)
        assert each.destination == country
    assert heard == ["embassy.NP-AE", "embassy.NP-LB"]


@pytest.mark.covers("T-VIS-04", "look_alike")
def test_the_country_of_the_contract_is_as_it_should_be() -> None:
    assert [type(each) for each in outcomes(contract("AE"), left("AE"), came("AE")).values()] == [Clear]
    assert isinstance(outcomes(contract("AE"), left("AE"))["AE"], Clear)


@pytest.mark.covers("T-VIS-04", "plain")
def test_declared_for_one_country_and_arrived_in_another() -> None:
    found = outcomes(contract("AE"), left("AE"), came("LB"))["LB"]
    assert isinstance(found, Finding)
    assert (found.since, found.evidence) == (at("2025-03-10T18:00:00Z"), ("came-LB", "left", "paper"))


@pytest.mark.covers("T-VIS-04", "look_alike", "missing")
def test_a_stop_on_the_way_is_no_switch() -> None:
    assert findings(contract("AE"), left("AE", "QA"), came("QA"), came("AE", "2025-03-11")) == []
    assert isinstance(outcomes(contract("AE"), left("AE", "QA"), came("QA"))["AE"], Insufficient)


def test_the_contracts_country_as_a_stop_on_the_way_to_another_is_one() -> None:
    assert findings(contract("AE"), left("LB", "AE")) == ["AE", "LB"]
    assert findings(contract("AE"), left("LB", "AE"), came("AE")) == ["AE", "LB"]
    assert findings(contract("AE"), left("AE"), came("AE"), came("LB", "2025-03-12")) == ["AE", "LB"]


@pytest.mark.covers("T-VIS-04", "look_alike")
def test_arrived_where_the_contract_says_after_all() -> None:
    assert findings(contract("AE"), left("LB")) == ["AE", "LB"]
    assert findings(contract("AE"), left("LB"), came("AE")) == []


@pytest.mark.covers("T-VIS-04", "boundary")
def test_the_contract_in_force_at_departure_counts() -> None:
    changed = contract("LB", "2025-03-01", "deployment.contract_amended", id="changed")
    assert findings(contract("AE"), changed, left("LB")) == []
    assert findings(contract("AE"), changed, left("AE")) == ["AE", "LB"]
    at_departure = contract("LB", LEFT, "deployment.contract_amended", id="changed")
    assert findings(contract("AE"), at_departure, left("LB")) == []
    after = contract("LB", "2025-03-20", "oversight.contract_authenticated_destination", id="after")
    assert findings(contract("AE"), after, left("LB"), came("LB")) == ["AE", "LB"]


@pytest.mark.covers("T-VIS-04", "missing")
def test_without_a_contract_by_departure_it_is_insufficient() -> None:
    assert [type(each) for each in outcomes(left("LB"), came("LB")).values()] == [Insufficient]
    assert [type(each) for each in outcomes(contract("AE", "2025-03-20"), left("LB")).values()] == [Insufficient]
    assert outcomes(contract("AE")) == {}


def test_an_arrival_whose_departure_nobody_recorded() -> None:
    assert findings(contract("AE"), came("LB")) == ["AE", "LB"]
    assert findings(contract("AE"), came("AE")) == []


@pytest.mark.covers("T-VIS-04", "look_alike")
def test_home_again_is_no_other_country() -> None:
    back = left("NP", moment="2025-05-01", id="back")
    assert findings(contract("AE"), left("AE"), came("AE"), back, came("NP", "2025-05-01T06:00:00Z")) == []


def test_a_second_departure_is_judged_by_the_contract_of_its_time() -> None:
    again = contract("LB", "2025-05-01", "deployment.contract_amended", id="again"), left("LB", moment="2025-05-10", id="second")
    assert findings(contract("AE"), left("AE"), came("AE"), *again) == []
    assert findings(contract("AE"), left("LB"), *again) == ["AE", "LB"]


@pytest.mark.parametrize(("right", "found"), [("AE", []), ("LB", ["AE", "LB"])])
def test_a_departure_corrected_late(right: str, found: list[str]) -> None:
    corrected = left(right, id="corrected", corrects="left", recorded="2025-04-20")
    assert findings(contract("AE"), left("SY"), corrected) == found


@pytest.mark.covers("T-VIS-04", "late")
def test_an_amendment_told_late_withdraws_the_alert() -> None:
    late = contract("LB", "2025-03-01", "deployment.contract_amended", id="changed", recorded="2025-04-20")
    assert lately("T-VIS-04", [contract("AE"), left("LB")], [late], "2025-03-11", "2025-04-21", "LB") == ("raised", "withdrawn")
