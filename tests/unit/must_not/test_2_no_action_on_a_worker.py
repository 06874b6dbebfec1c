"""Must-not 2: five actions, none on a worker; the registry, the alert and its contract take no other, and no text asks for one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

import streams.rules
from schemas.composition import OUTGOING, present, releases
from streams.domain.outputs import Action, Alert, decode_alert, encode
from streams.rules.registry import Rule, _add, catalogue
from tests.support.published import watched

FIVE = ("notify", "inspect", "verify", "refer", "license_review")
ON_A_WORKER = ("block_departure", "sanction_worker", "block", "deport", "")

_VERBS = "|".join((
    "stop", "block", "bar", "ban", "prevent", "refuse", "forbid", "detain", "hold", "arrest", "deport", "expel", "remove", "return", "send",
    "repatriate", "punish", "penalise", "fine", "sanction", "blacklist", "suspend", "prosecute", "score", "rate", "rank",
    "report", "denounce",
))  # fmt: skip
_WORKER = r"(worker|migrant|national|emigrant|passenger|maid|carer|complainant)"
# "Stop the worker": a verb and, with nothing but articles and adjectives between, whom it is done to.
DONE_TO_A_WORKER = re.compile(
    rf"\b({_VERBS})s?\s+((the|a|an|this|that|any|such|each|every|his|her|its|their)\s+)?(\w+\s+)?{_WORKER}s?\b(?!')", re.I
)


def texts() -> Iterator[str]:
    """What alerts say and ask: every next step, every summary of the run, and every literal of the rules' own code, docstrings included."""
    for rule in catalogue():
        yield rule.next_step
    for alert in watched().published.alerts:
        yield from (alert.summary, alert.next_step)
    for path in Path(streams.rules.__path__[0]).glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        yield from (each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def aimed_at_a_worker(said: Iterable[str]) -> list[str]:
    return sorted({each for each in said if DONE_TO_A_WORKER.search(each)})


def test_there_are_five_actions_and_every_rule_asks_for_one() -> None:
    assert get_args(Action) == FIVE
    assert {rule.action for rule in catalogue()} <= set(FIVE)
    assert {alert.action for alert in watched().published.alerts} <= set(FIVE)


@pytest.mark.parametrize("action", ON_A_WORKER)
def test_no_rule_with_another_action_can_be_declared(action: str) -> None:
    with pytest.raises(ValueError, match="none on a worker"):
        _add(replace(catalogue()[0], id="T-NEW-01", action=action))  # type: ignore[arg-type]
    assert all(rule.id != "T-NEW-01" for rule in catalogue())


@pytest.mark.parametrize("action", ON_A_WORKER)
def test_no_alert_with_another_action_can_be_read(action: str) -> None:
    alert = watched().published.alerts[0]
    assert decode_alert(encode(alert)) == alert
    with pytest.raises(msgspec.ValidationError):
        decode_alert(encode(msgspec.structs.replace(alert, action=action)))


def _codes(schema: dict[str, Any]) -> tuple[str, ...]:
    return next(tuple(field["symbols"]) for field in schema["fields"] if field["name"] == "action")


def test_the_contract_of_alerts_names_the_five_in_every_version() -> None:
    assert _codes(present("alert")) == FIVE
    assert releases("alert")
    assert all(_codes(schema) == FIVE for _, schema in releases("alert"))


def test_nothing_that_goes_out_has_a_field_for_a_score_or_an_action_on_someone() -> None:
    names = {field["name"] for name in OUTGOING for field in present(name)["fields"]} | set(Alert.__struct_fields__)
    assert [name for name in names if re.search(r"score|risk|rank|block|sanction|penal|blame|suspect", name)] == []


def test_no_text_of_a_rule_asks_for_something_to_be_done_to_a_worker() -> None:
    said = list(texts())
    assert len(set(said)) > 100
    assert aimed_at_a_worker(said) == []


@pytest.mark.parametrize("text", [
    "Stop the worker at the airport.", "Report undocumented workers to the police.", "Ask the office, then blacklist this worker.",
    "Refuse a migrant the clearance.", "Detain her nationals.",
])  # fmt: skip
def test_such_a_text_is_seen(text: str) -> None:
    first: Rule = catalogue()[0]
    assert aimed_at_a_worker([replace(first, next_step=text).next_step]) == [text]


@pytest.mark.parametrize(
    "text", ["Ask the worker, where no employer can hear.", "Offer the worker another orientation.", "Stop the agency."]
)
def test_what_is_done_for_a_worker_or_to_an_agency_is_not(text: str) -> None:
    assert aimed_at_a_worker([text]) == []
