"""Must-not 3: a worker has no score: no schema, record, table or rule can hold one, and what befell a worker is never held against them."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schemas.catalogue import event_types
from schemas.composition import OUTGOING, present
from schemas.validate import check
from streams.domain import facts, outcomes, outputs
from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Finding
from streams.domain.standings import Standings
from streams.rules.evaluation import evaluate
from streams.rules.policy import default
from streams.rules.registry import Rule, catalogue
from tests.support.builders import at, fact, journey
from tests.support.grievances import NOW, event

ROOT = Path(__file__).parents[3]
SCORE = re.compile(r"(^|_)(score|scored|rating|rank|risk|credib\w*|suspic\w*|trust\w*|probab\w*|likelihood|grade|points|weight)($|_)")
# A party's risk, as its authority assessed it (the event may name no worker, below), and how well intelligence on a party is shown.
OF_PARTIES = {"licensing.party_risk_assessed", "licensing.intelligence_received", "licensing.intelligence_shared",
              "licensing.intelligence_acknowledged", "licensing.intelligence_actioned"}  # fmt: skip
# The only numbers in what goes out: instants, revisions, and how many identifiers a journey joined, which says how well it is linked.
INSTANTS = {"since", "due_at", "raised_at", "changed_at", "opened_at", "as_of", "next_due", "next_at", "held", "time", "recorded"}
COUNTS = {"revision", "position", "identities", "epoch", "n"}


def scores(names: Iterator[str]) -> list[str]:
    return sorted({name for name in names if SCORE.search(name.rpartition(".")[2])})


def of_events() -> Iterator[str]:
    for each in event_types():
        if each.name not in OF_PARTIES:
            yield from (f"{each.name}.{field.name}" for field in each.fields)


def avro_fields(schema: Any, numbers: bool = False) -> Iterator[str]:
    """The names of all fields of an Avro schema, however deep; of numbers alone if asked."""
    if isinstance(schema, list):
        for each in schema:
            yield from avro_fields(each, numbers)
    elif isinstance(schema, dict):
        for each in schema.get("fields", ()):
            if not numbers or _is_number(each["type"]):
                yield each["name"]
            yield from avro_fields(each["type"], numbers)
        yield from avro_fields(schema.get("items"), numbers)


def _is_number(found: Any) -> bool:
    if isinstance(found, list):
        return any(map(_is_number, found))
    return (found.get("type") if isinstance(found, dict) else found) in ("int", "long", "float", "double")


def struct_numbers(struct: Any) -> Iterator[str]:
    """Fields of a record that hold a number, or a tuple of them."""
    for name, hint in typing.get_type_hints(struct).items():
        if {int, float} & set(_parts(hint)):
            yield name


def _parts(hint: Any) -> Iterator[Any]:
    yield hint
    for each in typing.get_args(hint):
        yield from _parts(each)


def test_no_event_about_a_worker_has_a_field_for_a_score() -> None:
    assert scores(of_events()) == []


@pytest.mark.parametrize("name", OUTGOING)
def test_nothing_that_goes_out_has_one(name: str) -> None:
    schema = present(name)
    assert scores(avro_fields(schema)) == []
    assert set(avro_fields(schema, numbers=True)) <= INSTANTS | COUNTS


@pytest.mark.parametrize("struct", [outputs.Alert, outputs.Journey, outputs.Published, outputs.Entry, outcomes.Finding, outcomes.Clear,
                                    outcomes.Insufficient, facts.Fact, facts.Worker, facts.Identifier])  # fmt: skip
def test_no_record_has_a_number_that_could_be_one(struct: Any) -> None:
    numbers = {name for name in struct_numbers(struct) if name not in ("steps", "announces", "opener", "asked", "unknown", "body")}
    assert numbers <= INSTANTS | COUNTS
    assert scores(iter(typing.get_type_hints(struct))) == []


def test_no_table_or_view_has_a_column_for_one() -> None:
    said = "\n".join(path.read_text("utf-8") for path in (ROOT / "infra/clickhouse/migrations").glob("*.sql"))
    columns = re.findall(r"^ {4}(\w+) [A-Z]\w+", said, re.MULTILINE) + re.findall(r"\bAS (\w+)", said)
    assert len(columns) > 100
    assert scores(name for name in columns if name != "rank") == []


def test_no_measure_adds_one_up() -> None:
    """A typology weighs rules that found something, and what it says has no number (below): a party's measures count dossiers."""
    assert scores(iter(measure.name.replace(".", "_") for rule in catalogue() for measure in rule.measures)) == []


def test_a_risk_that_names_a_worker_is_a_dead_letter() -> None:
    said = event("licensing.party_risk_assessed", None, 0)
    assert check(said, NOW) == []
    assert [problem.reason for problem in check(event("licensing.party_risk_assessed", 7, 0), NOW)] == ["no_worker"]


# What befalls a worker is never held against them: none of it raises an alert of its own, or makes another one graver.

BEGAN = at("2025-03-01")
LAWFUL = (fact("recruitment.worker_registered", BEGAN, body={"country": "QA"}),)
HELD_AGAINST = (
    fact("complaint.absconding_report_received", BEGAN + 60 * DAY, source="/office/QA/moi", body={"employer": "QA:cr:1"}),
    fact("complaint.sanction_imposed", BEGAN + 61 * DAY, source="/office/QA/moi", body={"on_kind": "worker", "kind": "fine"}),
    fact("deployment.worker_dismissed", BEGAN + 62 * DAY, source="/office/QA/mol", body={"reason": "misconduct"}),
)


def found(*more: Fact, rules: tuple[Rule, ...] = ()) -> set[tuple[str, str]]:
    judged = evaluate(journey(*LAWFUL, *more), Standings(), default(), BEGAN + 400 * DAY, rules or catalogue()).judged
    return {(each.rule.id, each.outcome.severity or each.rule.severity) for each in judged if isinstance(each.outcome, Finding)}


@pytest.mark.parametrize("against", HELD_AGAINST, ids=lambda each: each.type)
def test_an_absconding_report_a_fine_or_a_dismissal_says_nothing_about_the_worker(against: Fact) -> None:
    assert found(against) == found()


def test_a_rule_that_holds_it_against_the_worker_is_seen() -> None:
    def suspects(view: Any, *_: Any) -> Iterator[outcomes.Outcome]:
        if reports := view.of("complaint.absconding_report_received"):
            yield Finding(reason="absconded", summary="The worker absconded.", evidence=(reports[0].event_id,))

    rule = next(each for each in catalogue() if each.kind == "journey")
    broken = replace(rule, check=suspects, reads=frozenset())
    assert found(HELD_AGAINST[0], rules=(broken,)) != found(rules=(broken,))


@pytest.mark.parametrize("name", ["risk_score", "worker_rating", "credibility", "score"])
def test_a_field_for_a_score_is_seen(name: str) -> None:
    assert scores(iter([f"deployment.departed.{name}", "deployment.departed.port"])) == [f"deployment.departed.{name}"]


def test_a_number_on_an_alert_is_seen() -> None:
    class Scored(outputs.Alert, frozen=True, array_like=True, kw_only=True):
        certainty: float

    assert not set(struct_numbers(Scored)) <= INSTANTS | COUNTS
