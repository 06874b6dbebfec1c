"""Must-not 12: that a rule exists, and on what law, is public; its thresholds and the sources of its rows are not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from infra.cli import rules as command
from infra.cli.main import main
from streams.rules.policy import default
from streams.rules.registry import catalogue


def output(*arguments: str) -> str:
    done = CliRunner(env={"COLUMNS": "400"}).invoke(main, ["rules", *arguments])
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def restricted() -> dict[str, str]:
    """What only those who work with the rules may read: rows by id, where they come from, what they hold, and how a rule decides."""
    found = {f"row {row.id}": row.id for row in default().all()}
    found |= {f"source of {row.id}": " ".join(row.source.split()) for row in default().all()}
    found |= {f"parameter {name} of {rule.id}": f"{name} =" for rule in catalogue() for name in rule.shape.parameters or ()}
    return found | {f"reading of {rule.id}": " ".join(rule.doc.split("\n\n")[0].split()) for rule in catalogue()}


def told(text: str) -> list[str]:
    return sorted(what for what, said in restricted().items() if said in text)


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_the_public_view_tells_no_threshold_no_source_and_no_way_of_judging(arguments: tuple[str, ...]) -> None:
    assert told(output("--public", *arguments)) == []


@pytest.mark.parametrize("rule", sorted({rule.id for rule in catalogue()}))
def test_nor_does_it_of_one_rule(rule: str) -> None:
    assert told(output("--public", rule)) == []


def test_the_public_reads_of_every_rule_that_it_exists_and_on_what_law() -> None:
    listed = {each["id"]: each for each in json.loads(output("--public", "--json"))["rules"]}
    assert set(listed) == {rule.id for rule in catalogue()}
    assert {alias for each in listed.values() for alias in each["aliases"]} == {alias for rule in catalogue() for alias in rule.aliases}
    for rule in catalogue():
        assert (listed[rule.id]["harm"], bool(listed[rule.id]["basis"])) == (rule.harm, True)


def test_those_who_work_with_them_read_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what is looked for would be seen: were the public given the whole view, the tests above would fail."""
    whole = told(output("--json"))
    assert len(whole) > len(default().all())

    def everything(found: Any, as_json: bool) -> None:
        for each in found:
            print(command.described(each, default()))

    monkeypatch.setattr(command, "_public", everything)
    assert told(output("--public"))
