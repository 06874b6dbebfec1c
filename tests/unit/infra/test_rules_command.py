"""`fairpassage rules`: the whole catalogue for those who work with it, and no threshold for the public."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from infra.cli.main import main
from streams.rules.policy import default
from streams.rules.registry import catalogue

ROW = """
[[row]]
id = "T-CON-02.trial"
rule = "T-CON-02"
destination = "QA"
from = 2025-01-01
source = "a trial"
days = 41

[[row]]
id = "T-CON-02.plain"
rule = "T-CON-02"
source = "a trial"
days = 29
"""
CITATION = re.compile(r"Art\. [\d()a-z]+((, | and )[\d()a-z]+)*|p\. \d+|objective \d+|\d+\([a-z]\)|\d{4}")
DURATION = re.compile(r"\b\d+ ?(d|days?|h|hours?|weeks?|months?|working|%|percent)\b|\btwice\b")


def output(*arguments: str) -> str:
    done = CliRunner(env={"COLUMNS": "80"}).invoke(main, ["rules", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def listed(*arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(output("--json", *arguments))["rules"]
    return found


@pytest.mark.parametrize("arguments", [(), ("--public",), *((rule.id,) for rule in catalogue())])
def test_everything_fits_80_columns_and_nothing_is_cut_short(arguments: tuple[str, ...]) -> None:
    text = output(*arguments)
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "…" not in text


@pytest.mark.parametrize("arguments", [(), ("--public",)])
def test_a_table_has_every_rule_and_its_harm(arguments: tuple[str, ...]) -> None:
    words = output(*arguments).split()
    assert {rule.ref for rule in catalogue() if rule.ref not in words} == set()
    assert {each["harm"] for each in listed()} <= set(words)


def test_one_rule_has_its_docstring_and_its_policy_rows_with_sources() -> None:
    text = " ".join(output("T-CMP-01").split())
    assert "Closing counts only when the worker confirmed it, or cannot, which is on paper" in text
    assert "T-CMP-01.QA.P1 (jurisdiction QA, role worker, severity P1) ack_days = 3 follow_up_days = 7" in text
    assert "Source: domain.md 3.4 [S88]: Qatar" in text
    for said in ("Severity: P3", "confidential", "Action: refer.", "Legal basis: Qatar", "B5, B9", "complaint.complaint_filed"):
        assert said in text


def test_parameters_have_types_units_and_bounds() -> None:
    text = " ".join(output("T-CMP-01").split())
    assert "ack_days: whole number; days; 0 to 36,500" in text
    assert "refer_working_days: whole number; working days; 0 to 250; only with settle_days" in text
    assert "decide_days: whole number; days; 0 to 36,500; may be left out" in text
    assert "Rows may be narrowed by: jurisdiction, role, severity, isic" in text
    (found,) = listed("T-CHN-01")
    assert found["parameters"][1] == {
        "name": "alert_at", "type": "whole number", "unit": "organisations", "bounds": "2 to 1,000,000,000, more than warn_at"}  # fmt: skip
    assert found["selectors"] == ["origin", "destination"]


@pytest.mark.parametrize("rule", sorted({rule.id for rule in catalogue() if rule.shape.parameters}))
def test_each_parameter_of_a_rule_is_told(rule: str) -> None:
    (found,) = listed(rule)
    assert {name for row in found["policy"] for name in row["parameters"]} <= {each["name"] for each in found["parameters"]}
    assert all(each["type"] for each in found["parameters"])


def test_dates_and_selectors_of_a_row_are_told() -> None:
    text = output("T-ATT-01")
    assert "T-ATT-01.BD.groups (origin BD, until 2024-06-09)" in text
    assert "T-ATT-01.BD.all (origin BD, from 2024-06-10)" in text
    assert "T-ATT-01.default (everywhere, always)" in text


def test_a_rule_without_a_parameter_says_so() -> None:
    without = next(rule.id for rule in catalogue() if not rule.shape.parameters)
    assert "None: it has no parameter." in output(without)


def test_each_kind_of_dossier_says_what_it_reads() -> None:
    (found,) = listed("T-ATT-01")
    assert [kind["kind"] for kind in found["kinds"]] == ["demand", "party"]
    assert "attestation_elsewhere" in found["kinds"][1]["measures"]
    assert "On a demand\n" in output("T-ATT-01")
    assert "Reads: every event type" in output("T-OFF-01")


def test_json_has_every_rule_row_and_parameter() -> None:
    found = {each["id"]: each for each in listed()}
    assert sorted(found) == sorted({rule.id for rule in catalogue()})
    for rule in catalogue():
        rows = {row["id"]: row["parameters"] for row in found[rule.id]["policy"]}
        assert rows == {row.id: row.values for row in default().rows(rule.id)}
        assert found[rule.id]["doc"]


@pytest.mark.parametrize("name", ["T-LIC-04", "t-lic-04", "T-INT-02"])
def test_one_rule_of_two_ids_is_found_by_both_and_listed_with_both(name: str) -> None:
    """Domain.md 4.4 has no action after intelligence a second time."""
    (found,) = listed(name)
    assert (found["id"], found["aliases"]) == ("T-INT-02", ["T-LIC-04"])
    assert [each for each in listed("--public") if "T-LIC-04" in each["aliases"]] == listed("--public", name)
    assert "T-LIC-04" in output().split()
    assert "T-LIC-04" in output("--public").split()
    assert "Also known as: T-LIC-04" in output(name)


@pytest.mark.parametrize("name", ["T-CON-01", "t-con-01@1", "contract_not_registered"])
def test_a_rule_is_found_by_id_version_or_harm(name: str) -> None:
    assert [each["id"] for each in listed(name)] == ["T-CON-01"]


def test_an_unknown_rule_is_refused_with_a_name_that_is_near() -> None:
    done = CliRunner().invoke(main, ["rules", "T-CON-1"])
    assert done.exit_code == 2
    assert "did you mean T-CON-01?" in done.output


def test_another_policy_is_shown_from_the_option_or_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trial.toml").write_text(ROW)
    (found,) = listed("T-CON-02", "--policy", str(tmp_path / "trial.toml"))
    row, plain = found["policy"]
    assert plain["id"] == "T-CON-02.plain"
    assert (row["where"], row["from"], row["parameters"], row["source"]) == ({"destination": "QA"}, "2025-01-01", {"days": 41}, "a trial")
    monkeypatch.setenv("FAIRPASSAGE_POLICY", str(tmp_path / "trial.toml"))
    assert listed("T-CON-02") == [found]


def test_a_policy_that_cannot_be_used_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[[row]]\nid = 'x'\n")
    done = CliRunner().invoke(main, ["rules", "--policy", str(tmp_path / "bad.toml")])
    assert done.exit_code == 2
    assert "bad.toml, row 1 (x): rule is missing" in done.output


# Existence and legal basis are public, thresholds are not (domain.md 5, must-not 12).


def thresholds(basis: str, rule: str) -> list[str]:
    """What in a basis is a parameter of a rule's policy rows, or reads like one; citations are none."""
    left = CITATION.sub("", basis)
    values = {value for row in default().rows(rule) for value in row.values.values()
              if isinstance(value, int | float) and not isinstance(value, bool)}  # fmt: skip
    return [f"{value}" for value in sorted(values) if re.search(rf"(?<![\w./-]){value}(?![\w./-])", left)] + [
        found[0] for found in DURATION.finditer(left)
    ]


def test_the_public_reads_existence_harm_and_basis_and_no_more() -> None:
    assert {key for each in listed("--public") for key in each} == {"id", "aliases", "version", "harm", "basis"}
    assert [each["id"] for each in listed("--public")] == [each["id"] for each in listed()]
    assert listed("--public", "T-OFF-01") == [each for each in listed("--public") if each["id"] == "T-OFF-01"]


@pytest.mark.parametrize("rule", sorted({rule.id for rule in catalogue()}))
def test_no_basis_tells_a_threshold(rule: str) -> None:
    assert [found for each in catalogue() if each.id == rule for found in thresholds(each.basis, rule)] == []


def test_a_threshold_in_a_basis_is_seen() -> None:
    assert thresholds("Silence of twice the usual interval, 48 hours at least (A/70/310)", "T-OFF-01") == ["48", "twice", "48 hours"]
    assert thresholds("Attested in groups above 25 (S15)", "T-ATT-01") == ["25"]
    assert thresholds("C181 Art. 1(1)(b), 11 and 12; GCM objective 6, 22(e); in October 2023", "T-CHN-01") == []


def test_public_output_does_not_follow_another_policy(tmp_path: Path) -> None:
    (tmp_path / "trial.toml").write_text(ROW)
    arguments = ("--public", "--policy", str(tmp_path / "trial.toml"))
    for text in (output(*arguments), output(*arguments, "--json"), output(*arguments, "T-CON-02")):
        assert not re.search(r"\b41\b|trial", text)
