"""What goes out travels by position: each contract names the positions of its records as the streams write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import fastavro
import msgspec
import pytest
from fastavro.validation import validate

from schemas.composition import OUTGOING, present
from streams.domain import facts, outputs
from streams.domain.outputs import Alert, Entry, Journey, Published, Status
from tests.support.builders import fact
from tests.support.linking_histories import keyed

WRITTEN: dict[str, type[msgspec.Struct]] = {"alert": Alert, "journey": Journey, "finding": Entry, "fact": facts.Fact}
AT = 1_740_000_000_000
PUBLISHED = Published(
    alert="a1", rule="T-CON-01@1", issue="i", reason="r", severity="P2", summary="s", evidence=("e1",), policy_rows=("p",),
    audiences=("embassy.NP-QA",), raised_at=AT, changed_at=AT, status="raised", since=None, due_at=AT, origin="NP", destination="QA",
    parties=("QA:cr:1",), offices=("NP:office:dofe",),
)  # fmt: skip
SAMPLES: dict[str, msgspec.Struct] = {
    "alert": Alert(
        id="a1", revision=(3, 1), rule="T-CON-01@1", harm="contract_not_registered", subject="journey:NP:1", issue="i", home="NP",
        status="raised", severity="P2", reason="r", summary="s", action="verify", next_step="n", evidence=("e1", "e2"), basis="b",
        indicators=("deception",), policy_rows=("p",), audience="embassy.NP-QA", parties=("QA:cr:1",), offices=("NP:office:dofe",),
        origin="NP", destination="QA", since=AT, due_at=None, raised_at=AT, changed_at=AT,
    ),
    "journey": Journey(
        id="journey:NP:1", revision=(3, 1), home="NP", destination="QA", status="open", opened_at=AT,
        steps=(("deployment.departed", AT, "e1"),), missing=("T-CON-01",), unknown=(), identities=2, offices=("NP:office:dofe",),
        demand=None, person="p",
    ),
    "finding": Entry(
        subject="journey:NP:1", revision=(3, 1), home="NP", digest="d", as_of=AT, next_due=None, published=(PUBLISHED,),
        announces=(("alerts.oversight", b"k", b"v"),), position=7, opener=("/office/NP/dofe", "e1"), weak=False, told=b"",
        unknown=(("T-PDO-01", "i", "missing"),), asked=("place:NP-QA",),
    ),
    "fact": keyed(fact(
        "recruitment.fee_declared", "2025-01-01", worker=("passport:NP:ab12",), subjects=("place:NP",),
        body={"by": "worker", "receipt": False, "hours": 4.5, "months": 3, "languages": ["ne"], "amount": {"minor": 1, "currency": "NPR"}},
        refs=facts.Refs(demand="NP:dofe:1"), corrects="e0", was=facts.Was("NP", ("place:NP",)),
    ), ("2", "")),
}  # fmt: skip


def named(value: Any, schema: Any) -> Any:
    """What was written by position, under the names of its contract."""
    if isinstance(schema, list):
        return None if value is None else named(value, next((each for each in schema if isinstance(each, Mapping)), schema[-1]))
    if not isinstance(schema, Mapping):
        return value
    if schema["type"] == "array":
        return [named(each, schema["items"]) for each in value]
    if schema["type"] == "record":
        assert len(value) == len(schema["fields"]), schema["name"]
        return {field["name"]: named(each, field["type"]) for field, each in zip(schema["fields"], value, strict=True)}
    return value


@pytest.mark.parametrize("name", OUTGOING)
def test_a_contract_names_the_fields_that_are_written_in_their_order(name: str) -> None:
    assert [field["name"] for field in present(name)["fields"]] == list(WRITTEN[name].__struct_fields__)


@pytest.mark.parametrize("name", OUTGOING)
def test_what_is_written_fits_its_contract(name: str) -> None:
    encode = facts.encode if name == "fact" else outputs.encode
    written = msgspec.msgpack.decode(encode(SAMPLES[name]))  # type: ignore[arg-type]  # each its own kind
    assert validate(named(written, present(name)), fastavro.parse_schema(present(name)))


def test_one_field_too_few_is_seen() -> None:
    written = msgspec.msgpack.decode(outputs.encode(SAMPLES["journey"]))
    with pytest.raises(AssertionError):
        named(written[:-1], present("journey"))
    wrong = named(written, present("journey")) | {"identities": "two"}
    assert not validate(wrong, fastavro.parse_schema(present("journey")), raise_errors=False)


def _symbols(name: str, field: str) -> list[str]:
    found: list[str] = next(each["type"]["symbols"] for each in present(name)["fields"] if each["name"] == field)
    return found


def test_a_status_is_one_of_those_that_are_written() -> None:
    assert _symbols("alert", "status") == list(get_args(Status))
    assert _symbols("journey", "status") == list(get_args(get_type_hints(Journey)["status"]))
