"""The catalogue page: as the rules and reports are, a row for each of the 28 recommendations, and no threshold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.catalogue import page as pages
from infra.catalogue.page import NAMES, PAGE, Recommendation, page, recommendations, reports_of, rules_of
from infra.cli.main import main
from streams.rules.registry import catalogue

# domain.md 4.2 to 4.4, every T- id; T-LIC-04 is T-INT-02 (4.6).
FIELD = """
T-INS-02 T-INS-03 T-INS-04 T-INS-05 T-DOC-01 T-PEN-01 T-OFF-01 T-BLA-01 T-BLA-02 T-INT-01 T-INT-02 T-TRI-01 T-TRI-02 T-TRI-03 T-TRI-04
T-SPT-01 T-EMB-01 T-EMB-02 T-FPO-01 T-LEG-01 T-LEG-02 T-RET-01 T-RET-02 T-CHN-01 T-CHN-02 T-CHN-03 T-CHN-04 T-CHN-05 T-CHN-06 T-CHN-07
T-OUT-01 T-OUT-02 T-OUT-03 T-OUT-04 T-LIC-01 T-LIC-02 T-LIC-03 T-LIC-05 T-FEE-01 T-FEE-02 T-FEE-03 T-FEE-04 T-FEE-05 T-VIS-01 T-VIS-02
T-VIS-03 T-VIS-04 T-CON-01 T-CON-02 T-CON-03 T-CON-04 T-CON-05 T-CON-06 T-ATT-01 T-ATT-02 T-PDO-01 T-WAG-01 T-WAG-02 T-HRS-01 T-CMP-01
T-CMP-02 T-CMP-03 T-RTL-01 T-DTH-01 T-DQ-01
"""
POPULATION = {"T-CHN-07", "T-LIC-03", "T-CMP-03", "T-WAG-02", "T-DTH-01", "T-CON-06", "T-VIS-02", "T-VIS-03"}


def test_the_page_is_as_the_catalogue_is() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `fairpassage rules --markdown > streams/rules/catalogue.md`"
    assert CliRunner().invoke(main, ["rules", "--markdown"]).output == page()


def test_every_id_of_the_field_is_a_rule_or_a_watch() -> None:
    by = {rule.id: rule.by for rule in catalogue()}
    assert set(FIELD.split()) - by.keys() == set()
    assert {name for name, kind in by.items() if kind == "watch"} == POPULATION
    assert {alias for rule in catalogue() for alias in rule.aliases} == {"T-LIC-04"}


@pytest.mark.parametrize("each", recommendations(), ids=lambda each: each.name)
def test_every_recommendation_is_watched_and_says_whose_facts_and_what_must_not_be(each: Recommendation) -> None:
    assert rules_of(each.name) or reports_of(each.name)
    assert all((each.title, each.facts, each.must_not))
    (row,) = (line for line in page().splitlines() if line.startswith(f"| {each.name} |"))
    assert row.count("|") == 7


def test_there_are_twenty_eight() -> None:
    assert len(NAMES) == len(recommendations()) == 28
    assert {name for rule in catalogue() for name in rule.recommendations} <= set(NAMES)


def test_a_page_that_is_behind_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    behind = tmp_path / "catalogue.md"
    behind.write_text(page().replace("T-CON-01", "T-CON-99"), "utf-8")
    monkeypatch.setattr(pages, "PAGE", behind)
    assert pages.PAGE.read_text("utf-8") != page()


def test_no_number_of_a_policy_row_is_on_the_page() -> None:
    """What a rule's file begins with, and its basis, tell a law's own numbers at most (domain.md 5, must-not 12)."""
    rows = [line.split("|") for line in page().splitlines() if re.match(r"\| [TY]-", line)]
    assert {row[1].strip() for row in rows if re.search(r"\d+ ?(days?|hours?|%|percent|months)\b", row[3])} == set()
