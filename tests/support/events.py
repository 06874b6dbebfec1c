"""Hypothesis strategies of public events, built from the schemas: whatever an office may publish of a type."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from schemas import validate
from schemas.catalogue import EventType, Field, event_types
from schemas.codes import LONGEST, countries, currencies
from schemas.topicfiles import audiences, may

NOW = 1_800_000_000_000
_HEX = "0123456789abcdef"

hex32 = st.text(_HEX, min_size=32, max_size=32)
country = st.sampled_from(sorted(countries()))
printable = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
days = st.dates(date.fromisoformat(validate.EARLIEST_DAY), date.fromisoformat(validate.LATEST_DAY)).map(date.isoformat)
instants = st.integers(validate.EARLIEST, NOW + validate.FURTHEST_AHEAD)
money = st.fixed_dictionaries({"minor": st.integers(0, validate.MOST_MINOR), "currency": st.sampled_from(sorted(currencies()))})


def texts(longest: int) -> st.SearchStrategy[str]:
    """Any printable text, of any script, rarely as long as it may be."""
    return st.text(printable, min_size=1, max_size=min(longest, 60))


_id = texts(200)
_register = st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True).filter(lambda name: name != "person")
_number = st.builds("{}:{}:{}".format, country, _register, texts(120))
_person = st.builds("{}:person:p_{}".format, country, hex32)
_corridor = st.lists(country, min_size=2, max_size=2, unique=True).map("-".join)
_isco = st.sampled_from(("9", "91", "9111", "5322", "0110"))
_isic = st.sampled_from(("41", "4100", "7820", "9700"))
_sector = st.builds("{}/{}".format, country, _isic)
_case = st.builds("{}:{}".format, country, hex32)
_language = st.from_regex(r"[a-z]{2,3}", fullmatch=True)
_item = st.builds("I-{}{}".format, st.integers(0, 99), days.map(" | due {}".format) | st.just(" | what is to be done") | st.just(""))
_SEMANTIC: Mapping[str, st.SearchStrategy[str]] = {
    "country": country, "party": _number | _person, "demand": _number, "corridor": _corridor, "isco": _isco, "isic": _isic,
    "case": _case, "audience": st.sampled_from(sorted(audiences())),
    "sector": _sector, "language": _language, "person": _person | hex32.map("p_{}".format), "action_item": _item,
    "phone": hex32.map("d_{}".format), "account": hex32.map("d_{}".format),
}  # fmt: skip
_subject = st.one_of(
    _number.map("demand:{}".format), (_number | _person).map("party:{}".format), (country | _corridor | _sector).map("place:{}".format)
)


def _text(field: Field) -> st.SearchStrategy[str]:
    if field.symbols:
        return st.sampled_from(field.symbols)
    if field.pii == "narrative":
        return hex32.map("n_{}".format)
    found = _SEMANTIC.get(field.semantic)
    return texts(LONGEST[field.pii]) if found is None else found


def _measures(field: Field) -> tuple[int, int]:
    return 0, validate._MOST.get(field.name, validate.MOST_NUMBER)


def values(field: Field) -> st.SearchStrategy[Any]:
    """Values of a field that are good in shape and in meaning."""
    found: dict[str, st.SearchStrategy[Any]] = {
        "Money": money, "date": days, "boolean": st.booleans(), "timestamp": st.integers(validate.FIRST_INSTANT, validate.LAST_INSTANT),
        "long": st.integers(*_measures(field)), "double": st.floats(*_measures(field)),
    }  # fmt: skip
    if field.type == "string":
        return _text(field)
    return st.lists(_text(field), max_size=3) if field.type == "list of string" else found[field.type]


@st.composite
def bodies(draw: st.DrawFn, kind: EventType) -> dict[str, Any]:
    """A body of a type: every required field, any of the others, days in their order."""
    fields = {field.name: field for field in kind.fields}
    required = {name: values(field) for name, field in fields.items() if field.required}
    optional = {name: values(field) for name, field in fields.items() if not field.required}
    body: dict[str, Any] = draw(st.fixed_dictionaries(required, optional=optional))
    for first, last in validate._PAIRS:
        if first in body and last in body:
            body[first], body[last] = sorted((body[first], body[last]))
    if kind.name == "case.measure_recorded":
        body["measure"] = draw(st.sampled_from(may(body["audience"].partition(".")[0])))
    if body.get("impossible") is not None:
        body["document"] = draw(hex32.map("n_{}".format))
    return body


_plain = {"kind": st.sampled_from(validate.KINDS), "country": country, "digest": hex32}
_identifier = st.fixed_dictionaries(_plain, optional={"generation": st.integers(1, (1 << 31) - 1)}) | st.fixed_dictionaries(
    {**_plain, "generation": st.integers(2, 9), "before": hex32}
).filter(lambda each: each["before"] != each["digest"])
workers = st.fixed_dictionaries(
    {"identifiers": st.lists(_identifier, min_size=1, max_size=3), "languages": st.lists(_language, max_size=2)},
    optional={"origin": country},
)
WORKERLESS = frozenset({"licensing.party_risk_assessed"})  # a risk is an organisation's
_refs = st.fixed_dictionaries({}, optional={"contract": _id, "visa": _id, "case": _id, "demand": _number})
_was = st.fixed_dictionaries({"subjects": st.lists(_subject, max_size=3)}, optional={"origin": country})


@st.composite
def events(draw: st.DrawFn, kind: EventType | None = None) -> dict[str, Any]:
    """A sealed event of a type, or of any, that intake accepts at NOW: instants as milliseconds, absent fields left out."""
    kind = kind or draw(st.sampled_from(event_types()))
    recorded = draw(instants)
    event: dict[str, Any] = {
        "id": draw(_id), "source": f"/office/{draw(country)}/{draw(st.from_regex(r'[a-z0-9][a-z0-9_.-]{0,20}', fullmatch=True))}",
        "type": kind.name, "recordedat": recorded, "body": draw(bodies(kind)),
        "time": draw(st.integers(validate.EARLIEST, min(NOW, recorded) + validate.FURTHEST_AHEAD)),
    }  # fmt: skip
    others = {"evidence": st.sampled_from(("inferred", "declared", "documented", "verified")), "worker": workers, "refs": _refs, "run": _id}
    if kind.name in WORKERLESS:
        del others["worker"]
    event |= draw(st.fixed_dictionaries({}, optional=others))
    if draw(st.booleans()):
        event |= {"corrects": f"{event['id'][:190]}-before", "was": draw(_was), "retracted": draw(st.booleans())}
    return event


def decoded(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event as a reader has it: what was left out is null, or its default."""
    worker, was = event.get("worker"), event.get("was")
    return {
        **dict.fromkeys(("corrects", "run")), "evidence": "declared", "retracted": False, **event,
        "worker": worker and {
            "origin": None, **worker, "identifiers": [{"generation": 1, "before": None, **each} for each in worker["identifiers"]],
        },
        "refs": {**dict.fromkeys(("contract", "visa", "demand", "case")), **event.get("refs", {})},
        "was": was and {"origin": None, **was},
    }  # fmt: skip
