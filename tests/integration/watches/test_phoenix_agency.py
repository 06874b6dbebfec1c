"""T-LIC-03: two kinds shared with a licence that ended up to 36 months before; variants of a name are one agency; never proven."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.instants import DAY
from tests.support.builders import at
from tests.support.watching import Population, told

pytestmark = [pytest.mark.integration, pytest.mark.together]
WATCH, OLD, NEW = "T-LIC-03", "NP:dofe:100", "NP:dofe:200"
ENDED, NOW = "2023-03-15", at("2026-06-01")
ADDRESS, PHONE, BANK, DIRECTOR = "12 Durbar Street, Kathmandu", "d_" + "1" * 32, "d_" + "2" * 32, "p_" + "3" * 32
SHARED = {"address": ADDRESS, "phone": PHONE}


def licence(kind: str, holder: str, day: str, name: str, **body: Any) -> dict[str, Any]:
    dated = "valid_from" if kind in ("registered", "renewed") else "from"
    given = {"holder": holder, "jurisdiction": holder[:2], "role": "agency", "name": name, dated: day} | body
    source = f"/office/{holder[:2]}/dofe"
    return told(f"licensing.agency_{kind}", f"{day}T06:00:00Z", given, source=source, id=f"{kind}-{holder}-{day}")


def history(new_on: str = "2024-01-10", new_name: str = "Lotus Overseas", ended: str = "cancelled", **shared: Any) -> list[dict[str, Any]]:
    old = licence("registered", OLD, "2020-01-01", "Himal Manpower Pvt. Ltd.", **SHARED, person=DIRECTOR, bank_account=BANK)
    return [old, licence(ended, OLD, ENDED, "Himal Manpower"), licence("registered", NEW, new_on, new_name, **(shared or SHARED))]


def judged(population: Population, *events: dict[str, Any]) -> dict[str, int]:
    population.publish(*events)
    return dict(population.judge(WATCH, NOW).found)


@pytest.mark.covers("T-LIC-03", "plain")
def test_two_kinds_shared_is_a_possible_phoenix_that_somebody_verifies(population: Population) -> None:
    variant = history(address="12, DURBAR ST. Kathmandu", phone=PHONE)
    assert judged(population, *variant) == {"finding": 1}
    body = population.reports()[NEW, OLD]
    assert (body["reason"], body["parties"], body["figures"]) == ("possible_phoenix", [OLD, NEW], ["kinds=2", "days=301"])
    assert "address, telephone" in body["summary"]
    assert body["summary"].endswith("possible, not proven.")
    assert body["evidence"] == [f"cancelled-{OLD}-{ENDED}", f"registered-{NEW}-2024-01-10"]
    alerts = population.alerts(WATCH)
    assert {alert.audience for alert in alerts} == {"licensing-authority.NP", "oversight"}
    assert {alert.action for alert in alerts} == {"verify"}
    assert population.judge(WATCH, NOW + DAY).new == {}


@pytest.mark.covers("T-LIC-03", "look_alike")
@pytest.mark.parametrize("events", [
    history(phone=PHONE),  # one kind
    history(new_name="HIMAL MAN-POWER (P) LTD"),  # the same agency licensed again
    history(ended="suspended"),
    [*history(), licence("released", OLD, "2023-09-01", "Himal Manpower")],
    [*history(), licence("registered", NEW, "2021-01-01", "Lotus Overseas", **SHARED)],  # a sister that was there before
    history(email_domain="gmail.com", phone=PHONE),
])  # fmt: skip
def test_a_look_alike_is_silent(population: Population, events: list[dict[str, Any]]) -> None:
    assert judged(population, *events).get("finding", 0) == 0


@pytest.mark.covers("T-LIC-03", "boundary")
@pytest.mark.parametrize(("new_on", "found"), [
    ("2023-03-14", 0), ("2023-03-15", 0), ("2023-03-16", 1), ("2026-03-15", 1), ("2026-03-16", 0),
])  # fmt: skip
def test_from_the_day_after_the_other_ended_for_thirty_six_months_to_the_day(population: Population, new_on: str, found: int) -> None:
    assert judged(population, *history(new_on=new_on)).get("finding", 0) == found


def test_a_blacklisting_ends_a_licence_too(population: Population) -> None:
    assert judged(population, *history(ended="blacklisted")) == {"finding": 1}


@pytest.mark.covers("T-LIC-03", "look_alike")
def test_a_business_centre_s_address_tells_nothing(population: Population) -> None:
    others = [licence("registered", f"NP:dofe:3{number:02}", "2019-01-01", f"Agency {number}", address=ADDRESS) for number in range(9)]
    assert judged(population, *history(), *others).get("finding", 0) == 0
    assert judged(population, licence("registered", "NP:dofe:400", "2019-01-01", "One More", person=DIRECTOR)).get("finding", 0) == 0


@pytest.mark.covers("T-LIC-03", "missing")
def test_without_names_or_other_attributes_it_is_insufficient(population: Population) -> None:
    unnamed = history()
    del unnamed[2]["body"]["name"]
    assert judged(population, *unnamed) == {"insufficient": 1}
    assert population.reports()[NEW, OLD]["missing"] == "the names of both in the register"
    one = licence("registered", "NP:dofe:201", "2024-02-01", "Rose Overseas", phone=PHONE)
    assert judged(population, one)["insufficient"] == 2
    assert population.reports()["NP:dofe:201", OLD]["missing"] == "other attributes of both in the register"


@pytest.mark.covers("T-LIC-03", "late")
def test_a_cancellation_told_late_raises_and_its_correction_withdraws(population: Population) -> None:
    old, ended, new = history()
    assert judged(population, old, new) == {}
    assert judged(population, ended) == {"finding": 1}
    mended = licence("cancelled", OLD, "2024-03-15", "Himal Manpower") | {
        "corrects": ended["id"], "was": {"subjects": [f"party:{OLD}"]}, "recordedat": NOW}  # fmt: skip
    population.publish(mended)
    assert population.judge(WATCH, NOW + DAY).new == {"clear": 1}
    assert population.findings(WATCH) == {}
    assert {alert.status for alert in population.alerts(WATCH)} == {"withdrawn"}
