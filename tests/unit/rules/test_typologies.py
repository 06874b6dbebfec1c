"""Typologies: which findings they combine, with which weights, and that no journey gets a number."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.outcomes import Finding, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import MemorySums
from streams.domain.views import JourneyView, SumsView
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.rules.typology import FOUND
from tests.support.builders import at, fact, journey

AS_OF = at("2025-09-01")
SINCE = at("2025-08-01")
COMBINING = [rule for rule in catalogue() if rule.combines]
ROWS = {row.rule: row for rule in COMBINING for row in default().rows(rule.id)}


def weights(rule: str) -> dict[str, dict[str, Any]]:
    return {str(each["rule"]): dict(each) for each in ROWS[rule].records("weights")}


def found(rule: str, *evidence: str, **details: Any) -> tuple[str, Finding]:
    said: dict[str, Any] = {"reason": "said", "summary": "Said.", "evidence": evidence or ("ev-1",), "since": SINCE,
                            "policy_rows": (f"{rule}.default",)}  # fmt: skip
    return rule, Finding(**(said | details))


def on_journey(rule: str, *findings: tuple[str, Finding]) -> list[Outcome]:
    (declared,) = (each for each in COMBINING if (each.id, each.kind) == (rule, "journey"))
    view: JourneyView = journey(fact("deployment.departed", "2025-03-01")).at(AS_OF).having(tuple(sorted(findings, key=lambda f: f[0])))
    return list(declared.check(view, Standings(), default(), AS_OF))


def on_party(rule: str, told: dict[str, int], *findings: tuple[str, Finding]) -> list[Outcome]:
    (declared,) = (each for each in COMBINING if (each.id, each.kind) == (rule, "party"))
    sums = MemorySums()
    for name, many in told.items():
        for number in range(many):
            sums.add(FOUND.name, (name, "2025-08-01"), f"{name}-{number}", f"journey:NP:{number}")
    view = SumsView(id="party:QA:cr:1", sums=sums).having(findings)
    return list(declared.check(view, Standings(), default(), AS_OF))


def test_debt_and_a_withheld_passport_are_a_situation_and_neither_alone_is() -> None:
    both = [found("T-FEE-05", "loan"), found("T-DOC-01", "custody", parties=("QA:cr:1",))]
    (said,) = on_journey("Y-DEB-01", *both)
    assert isinstance(said, Finding)
    assert said.summary == "Signs of debt bondage: T-FEE-05 (weight 2), T-DOC-01 (weight 1)."
    assert said.evidence == ("custody", "loan")
    assert said.policy_rows == ("T-DOC-01.default", "T-FEE-05.default", "Y-DEB-01.default")
    assert (said.since, said.parties) == (SINCE, ("QA:cr:1",))
    for one in both:
        assert on_journey("Y-DEB-01", one) == []


def test_two_of_little_weight_are_below_the_threshold() -> None:
    assert on_journey("Y-DEB-01", found("T-WAG-01"), found("T-DOC-01")) == []
    assert on_journey("Y-DEB-01", found("T-WAG-01"), found("T-DOC-01"), found("T-FEE-05")) != []


def test_a_rule_counts_once_however_much_it_found() -> None:
    assert on_journey("Y-OUT-01", found("T-OUT-01", issue="a"), found("T-OUT-01", issue="b")) == []
    assert on_journey("Y-OUT-01", found("T-OUT-01"), found("T-OUT-03")) != []


def test_what_several_dossiers_found_of_a_party_adds_up() -> None:
    (said,) = on_party("Y-OUT-01", {"T-OUT-01": 3, "T-OUT-02": 1})
    assert isinstance(said, Finding)
    assert said.parties == ("QA:cr:1",)
    assert said.summary == "Signs of outsourcing abuse: T-OUT-01 (weight 2), T-OUT-02 (weight 2)."
    assert on_party("Y-OUT-01", {"T-OUT-01": 9}) == []
    assert on_party("Y-OUT-01", {"T-OUT-01": 1}, found("T-VIS-01")) != []


def test_complaints_count_from_five_journeys_on() -> None:
    for many, said in ((4, 0), (5, 1)):
        assert len(on_party("Y-NEG-01", {"T-CMP-01": many, "T-INT-02": 1})) == said


def test_phoenix_and_deception() -> None:
    assert len(on_party("Y-PHX-01", {"T-CHN-04": 1}, found("T-LIC-03"))) == 1
    assert on_party("Y-PHX-01", {"T-CHN-04": 1}, found("T-LIC-01")) == []
    assert len(on_journey("Y-DEC-01", found("T-CON-03"), found("T-FEE-04"))) == 1
    assert on_journey("Y-DEC-01", found("T-FEE-04")) == []


@pytest.mark.parametrize("rule", COMBINING, ids=lambda rule: f"{rule.id} {rule.kind}")
def test_a_row_weighs_the_rules_that_are_declared_and_each_exists(rule: Any) -> None:
    assert weights(rule.id).keys() == rule.combines
