"""`fairpassage schema`: every field of every type with an example, within 80 columns, and a near miss is told the name."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from infra.cli.main import main
from schemas.catalogue import EventType, envelope, event_type, event_types
from schemas.composition import contracts, present
from schemas.examples import example


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["schema", *arguments])


def too_wide(output: str) -> list[str]:
    """Lines over 80 columns, but for one value that cannot be broken: a zone of two lines of 44 in an example."""
    return [line for line in output.splitlines() if len(line) > 80 and not line.lstrip().startswith('"mrz": "P<')]


def test_without_a_type_it_lists_all_of_them_by_topic() -> None:
    found = run()
    assert found.exit_code == 0
    assert not too_wide(found.output)
    listed = [line.split()[0] for line in found.output.splitlines() if line.startswith("  ") and not line.startswith("    ")]
    assert sorted(listed) == [kind.name for kind in event_types()]
    for kind in event_types():
        assert (f"  {kind.name}  [standing]\n" in found.output) == kind.standing


@pytest.mark.parametrize("kind", event_types(), ids=lambda kind: kind.name)
def test_a_page_has_every_field_and_an_example_that_is_json(kind: EventType) -> None:
    found = run(kind.name)
    assert found.exit_code == 0
    assert not too_wide(found.output)
    page, _, shown = found.output.partition("\nExample (one line in a file)\n\n")
    assert json.loads(shown) == example(kind.name)
    words = " ".join(page.split())
    for field in (*envelope(), *kind.fields):
        need = "required" if field.required else "may be left out"
        assert f"\n  {field.name}  {field.type}" in page
        assert " ".join(field.doc.split()) in words
        assert f" {need}, PII: {field.pii}" in words
    for field in kind.fields:
        assert all(code in words for code in field.symbols)


def test_a_page_says_what_a_value_is_beyond_its_type() -> None:
    words = " ".join(run("recruitment.fee_declared").output.split())
    assert "payee string (party id, NP:dofe:1234), may be left out, PII: organisation Who was paid. Names a party that hears" in words
    assert "amount Money (minor units, ISO 4217), may be left out, PII: none" in words


@pytest.mark.parametrize("kind", event_types()[::20], ids=lambda kind: kind.name)
def test_json_has_the_same_in_one_object(kind: EventType) -> None:
    found = json.loads(run(kind.name, "--json").output)
    assert (found["type"], found["topic"], found["standing"]) == (kind.name, kind.topic, kind.standing)
    assert [field["name"] for field in found["body"]] == [field.name for field in kind.fields]
    assert {"name", "type", "required", "doc", "pii", "subject", "semantic", "symbols"} == found["envelope"][0].keys()
    assert found["example"] == example(kind.name)


def test_json_without_a_type_lists_them() -> None:
    found = json.loads(run("--json").output)
    assert [each["type"] for each in found["types"]] == [kind.name for kind in event_types()]


@pytest.mark.parametrize("name", contracts())
def test_a_topic_or_what_goes_out_is_its_avro_schema(name: str) -> None:
    assert json.loads(run(name).output) == json.loads(run(name, "--json").output) == present(name)


@pytest.mark.parametrize(("wrong", "hint"), [
    ("recruitment.fee_declard", "did you mean recruitment.fee_declared"),
    ("fee_declared", "did you mean recruitment.fee_declared"),
    ("departed", "deployment.departed"),
    ("nothing-like-it", "`fairpassage schema` lists them"),
])  # fmt: skip
def test_a_name_that_is_none_is_told_the_nearest(wrong: str, hint: str) -> None:
    found = run(wrong)
    assert found.exit_code == 2
    assert hint in found.output


def test_the_lines_that_may_be_wide_are_zones_alone() -> None:
    assert too_wide("x" * 81) == ["x" * 81]
    assert event_type("visa.visa_issued").name in run().output
