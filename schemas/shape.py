"""Shape: whether a line of JSON has the fields and types of its event, said field by field as its author can mend it.

Avro alone would say only that a record does not fit. Raw identifiers (`value`, `mrz`) and narratives may be here.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from schemas import icao9303
from schemas.catalogue import EventType, envelope, event_type, event_types, known
from schemas.times import days, instant
from schemas.validate import KINDS, MOST_PROBLEMS, Problem

_REQUIRED = ("id", "source", "type", "time", "recordedat", "body")
_EVIDENCE = ("inferred", "declared", "documented", "verified")
_REFS = ("contract", "visa", "demand", "case")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # joiners stay: scripts of South Asia need them
_LONGEST_NAME = 80  # characters of a field that nobody knows; looking for its like takes the square of them
_RAW = frozenset({"kind", "country", "value", "mrz", "digest", "generation", "before"})


def problems(event: Any) -> list[Problem]:
    """The problems of shape of one parsed line, in a fixed order, the first hundred of them; empty when it can be sealed and encoded."""
    if not isinstance(event, Mapping):
        return [Problem("", "not_an_object", "write one JSON object a line")]
    if not isinstance(event.get("type"), str) or not known(event["type"]):
        return [_unknown_type(event.get("type"))]
    kind = event_type(event["type"])
    every = chain(_keys(event), _envelope(event), _worker(event.get("worker")), _papers(event), _body(kind, event.get("body")))
    return list(islice(every, MOST_PROBLEMS))


def _unknown_type(name: Any) -> Problem:
    if not isinstance(name, str):
        return Problem("type", "missing", "name the event type; `fairpassage schema` lists them")
    return Problem("type", "unknown_type", _suggest(name, [kind.name for kind in event_types()], "`fairpassage schema` lists the types"))


def _suggest(name: str, among: Iterable[str], otherwise: str) -> str:
    near = difflib.get_close_matches(name, list(among), n=1) if len(name) <= _LONGEST_NAME else []
    return f"did you mean {near[0]}?" if near else otherwise


def _unknown(found: Mapping[str, Any], names: Iterable[str], where: str) -> Iterator[Problem]:
    expected = list(names)
    for name in found:
        if name not in expected:
            remedy = _suggest(name, expected, "leave it out; `fairpassage schema TYPE` lists the fields")
            yield Problem(f"{where}{_shown(name)}", "unknown_field", remedy)


def _shown(name: str) -> str:
    """A name as a terminal and a file of rejects may be given it: a line's author wrote it, and it may hold anything."""
    return "".join(each if each.isprintable() else "?" for each in name[:_LONGEST_NAME])


def _keys(event: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown(event, [*(field.name for field in envelope()), "body"], "")
    for name in _REQUIRED:
        if event.get(name) is None:
            yield Problem(name, "missing", "every event has it; `fairpassage schema TYPE` shows an example")


def _typed(value: Any, type: str, where: str) -> Iterator[Problem]:
    if value is not None and (remedy := _EXPECTED[type](value)):
        yield Problem(where, "wrong_type", remedy)


def _envelope(event: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("id", "source", "corrects", "run"):
        yield from _typed(event.get(name), "string", name)
    for name in ("time", "recordedat"):
        yield from _typed(event.get(name), "timestamp", name)
    yield from _typed(event.get("retracted"), "boolean", "retracted")
    if event.get("evidence") is not None and event["evidence"] not in _EVIDENCE:
        yield Problem("evidence", "bad_code", f"one of {', '.join(_EVIDENCE)}")


def _papers(event: Mapping[str, Any]) -> Iterator[Problem]:
    """The papers an event names, and where the event that it corrects was."""
    refs, was = event.get("refs"), event.get("was")
    if refs is not None and not isinstance(refs, Mapping):
        yield Problem("refs", "wrong_type", "an object with contract, visa, demand and case")
    elif refs is not None:
        yield from _unknown(refs, _REFS, "refs.")
        for name in _REFS:
            yield from _typed(refs.get(name), "string", f"refs.{name}")
    if was is not None and not isinstance(was, Mapping):
        yield Problem("was", "wrong_type", "an object with origin and subjects of the corrected event")
    elif was is not None:
        yield from _unknown(was, ("origin", "subjects"), "was.")
        yield from _typed(was.get("origin"), "string", "was.origin")
        yield from _typed(was.get("subjects"), "list of string", "was.subjects")


def _worker(worker: Any) -> Iterator[Problem]:
    if worker is None:
        return
    if not isinstance(worker, Mapping):
        yield Problem("worker", "wrong_type", "an object with origin and identifiers, or left out")
        return
    yield from _unknown(worker, ("origin", "identifiers", "languages"), "worker.")
    yield from _typed(worker.get("origin"), "string", "worker.origin")
    yield from _typed(worker.get("languages"), "list of string", "worker.languages")
    listed = worker.get("identifiers")
    if not isinstance(listed, list):
        yield Problem("worker.identifiers", "missing", "a list of at least one identifier")
        return
    for number, each in enumerate(listed):
        yield from _identifier(each, f"worker.identifiers[{number}]")


def _identifier(raw: Any, where: str) -> Iterator[Problem]:
    if not isinstance(raw, Mapping):
        yield Problem(where, "wrong_type", "an object with kind, country and value")
        return
    yield from _unknown(raw, sorted(_RAW), f"{where}.")
    for name in ("kind", "country"):
        if not isinstance(raw.get(name), str):
            yield Problem(f"{where}.{name}", "missing", f"kind is one of {', '.join(KINDS)}; country is ISO 3166-1 alpha-2")
    for name in ("value", "digest", "mrz", "before"):
        yield from _typed(raw.get(name), "string", f"{where}.{name}")
    yield from _typed(raw.get("generation"), "int", f"{where}.generation")
    if raw.get("value") is None and raw.get("digest") is None:
        yield Problem(f"{where}.value", "missing", "give the number as `value`; it leaves the office only as a digest")
    if isinstance(raw.get("value"), str) and not re.search(r"[^\W_]", raw["value"]):
        yield Problem(f"{where}.value", "no_identifier", "it has no letter or digit; leave an unknown identifier out")
    yield from machine_readable(raw, f"{where}.mrz")


def machine_readable(raw: Mapping[str, Any], where: str) -> Iterator[Problem]:
    """What is wrong with an identifier's machine-readable zone, if it has one."""
    mrz, value = raw.get("mrz"), raw.get("value")
    if not isinstance(mrz, str):
        return
    wrong = icao9303.passport_problems(mrz)
    for each in wrong:
        yield Problem(where, "bad_check_digit", f"{each}: read the zone again")
    if not wrong and isinstance(value, str) and _bare(value) != _bare(icao9303.document_number(mrz)):
        yield Problem(where, "other_number", "the zone has another document number than `value`: correct one")


def _bare(number: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def _body(kind: EventType, body: Any) -> Iterator[Problem]:
    if body is None:
        return
    if not isinstance(body, Mapping):
        yield Problem("body", "wrong_type", "an object with the fields of the event type")
        return
    yield from _unknown(body, [field.name for field in kind.fields], "body.")
    for field in kind.fields:
        if body.get(field.name) is None and field.required:
            yield Problem(f"body.{field.name}", "missing", f"required: {field.doc}")
        yield from _typed(body.get(field.name), field.type, f"body.{field.name}")


def _is(kind: type | tuple[type, ...], what: str) -> Callable[[Any], str]:
    return lambda value: "" if isinstance(value, kind) and not isinstance(value, bool) else what


def _long(value: Any) -> str:
    good = isinstance(value, int) and not isinstance(value, bool) and -(1 << 63) <= value < 1 << 63
    return "" if good else "a whole number, without quotes"


def _int(value: Any) -> str:
    return _long(value) or ("" if 0 < value < 1 << 31 else "a generation: 1, 2, ...")


def _double(value: Any) -> str:
    try:
        good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # a whole number that no double holds
        good = False
    return "" if good else "a number, without quotes"


def _date(value: Any) -> str:
    try:
        good = isinstance(value, str) and days(value) is not None
    except ValueError:
        good = False
    return "" if good else "a day that exists, as 2025-03-01"


def _timestamp(value: Any) -> str:
    try:
        return "" if isinstance(value, str) and instant(value) is not None else "a time as 2025-03-01T10:00:00Z"
    except (ValueError, OverflowError):
        return "a time that exists, with its offset, as 2025-03-01T10:00:00Z"


def _money(value: Any) -> str:
    if not isinstance(value, Mapping) or set(value) != {"minor", "currency"}:
        return 'an amount as {"minor": 15000000, "currency": "NPR"}'
    return _long(value["minor"]) or ("" if isinstance(value["currency"], str) else "currency is an ISO 4217 code such as NPR")


def _strings(value: Any) -> str:
    good = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return "" if good else "a list of texts"


def _string(value: Any) -> str:
    if not isinstance(value, str):
        return "a text, in quotes"
    return "a text without control characters" if _CONTROL.search(value) else ""


_EXPECTED: Mapping[str, Callable[[Any], str]] = {
    "string": _string, "long": _long, "int": _int, "double": _double, "date": _date, "timestamp": _timestamp,
    "Money": _money, "list of string": _strings, "boolean": lambda value: "" if isinstance(value, bool) else "true or false",
}  # fmt: skip
