"""Meaning: what a schema cannot say. The same checks where an office publishes and where intake reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pycountry

from schemas.catalogue import EventType, Field, event_type, known

DAY = 86_400_000
# domain.md 4.6: further ahead than this an event is a dead letter; more than a day ahead it is kept, for T-DQ-01.
FURTHEST_AHEAD = 400 * DAY
EARLIEST = -631_152_000_000  # 1950-01-01: nothing about a living worker is older
_ID = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_SOURCE = re.compile(r"/office/([A-Z]{2})/([a-z0-9][a-z0-9_.-]{0,79})")
_PARTY = re.compile(r"([A-Z]{2}):([a-z0-9_-]{1,40}):([^\x00-\x1f\x7f]{1,120})")
_CORRIDOR = re.compile(r"([A-Z]{2})-([A-Z]{2})")
_SECTOR = re.compile(r"([A-Z]{2})/(\d{2,4})")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_ISO_639 = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the field, a reason code, and what to do about it. Never the value of an identifier."""

    field: str
    reason: str
    remedy: str


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2."""
    return frozenset(country.alpha_2 for country in pycountry.countries)


@cache
def currencies() -> frozenset[str]:
    """ISO 4217 codes."""
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


def _country(value: str) -> str | None:
    return None if value in countries() else "write an ISO 3166-1 alpha-2 country such as NP"


def _prefixed(pattern: re.Pattern[str], shape: str) -> Callable[[str], str | None]:
    def problem(value: str) -> str | None:
        found = pattern.fullmatch(value)
        if found is None or found[1] not in countries():
            return f"write {shape}"
        return None

    return problem


def _corridor(value: str) -> str | None:
    found = _CORRIDOR.fullmatch(value)
    good = found is not None and {found[1], found[2]} <= countries() and found[1] != found[2]
    return None if good else "write origin and destination, NP-QA"


def _isco(value: str) -> str | None:
    # ISCO-08 major groups are 0 to 9; a code has one to four digits.
    return None if re.fullmatch(r"\d{1,4}", value) else "write an ISCO-08 code of one to four digits, such as 9111"


def _isic(value: str) -> str | None:
    good = re.fullmatch(r"\d{2,4}", value) and 1 <= int(value[:2]) <= 99
    return None if good else "write an ISIC rev. 4 code of two to four digits, such as 4100"


_SEMANTIC: Mapping[str, Callable[[str], str | None]] = {
    "country": _country,
    "party": _prefixed(_PARTY, "the register's country, the register and the number: NP:dofe:123"),
    "demand": _prefixed(_PARTY, "the register's country, the register and the number: NP:dofe:LT-77"),
    "corridor": _corridor,
    "sector": _prefixed(_SECTOR, "the country and the ISIC code: QA/4100"),
    "isco": _isco,
    "isic": _isic,
}


def check(event: Mapping[str, Any], now: int) -> list[Problem]:
    """Every problem of a decoded event (instants as milliseconds), in the order of its fields; `now` is an instant."""
    if not known(event.get("type", "")):
        return [Problem("type", "unknown_type", "see `fairpassage schema` for the event types")]
    return [*_envelope(event), *_times(event, now), *_worker(event), *_correction(event), *_body(event)]


def _envelope(event: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(event["id"], str) or not _ID.fullmatch(event["id"]):
        yield Problem("id", "bad_id", "give the office's own id, 1 to 200 printable characters")
    found = _SOURCE.fullmatch(event["source"])
    if found is None or found[1] not in countries():
        yield Problem("source", "bad_source", "write /office/{ISO2}/{office}, the office in lower case")
    demand = (event.get("refs") or {}).get("demand")
    if demand and (remedy := _SEMANTIC["demand"](demand)):
        yield Problem("refs.demand", "bad_demand", remedy)


def _times(event: Mapping[str, Any], now: int) -> Iterator[Problem]:
    for name in ("time", "recordedat"):
        if event[name] > now + FURTHEST_AHEAD:
            yield Problem(name, "too_far_ahead", "more than 400 days ahead: correct the year")
        if event[name] < EARLIEST:
            yield Problem(name, "too_long_ago", "before 1950: correct the year")


def _worker(event: Mapping[str, Any]) -> Iterator[Problem]:
    worker = event.get("worker")
    if not worker:
        return
    if worker.get("origin") is not None and (remedy := _country(worker["origin"])):
        yield Problem("worker.origin", "bad_country", remedy)
    if not worker.get("identifiers"):
        yield Problem("worker.identifiers", "no_identifier", "give at least one identifier, or no worker")
    for number, each in enumerate(worker.get("identifiers") or ()):
        where = f"worker.identifiers[{number}]"
        if each["kind"] not in _kinds():
            yield Problem(f"{where}.kind", "bad_kind", f"one of {', '.join(_kinds())}")
        if remedy := _country(each["country"]):
            yield Problem(f"{where}.country", "bad_country", remedy)
        if not _DIGEST.fullmatch(each.get("digest") or ""):
            yield Problem(f"{where}.digest", "not_a_digest", "an identifier leaves an office as a digest of 32 hex digits only")
    for code in worker.get("languages") or ():
        if not _ISO_639.fullmatch(code):
            yield Problem("worker.languages", "bad_language", "write ISO 639 codes such as ne")


@cache
def _kinds() -> tuple[str, ...]:
    return ("national_id", "passport", "residence_permit", "registration", "position", "phone", "name_birthdate")


def _correction(event: Mapping[str, Any]) -> Iterator[Problem]:
    corrects, was = event.get("corrects"), event.get("was")
    if corrects == event["id"]:
        yield Problem("corrects", "corrects_itself", "a correction is a new event with an id of its own")
    if corrects is not None and was is None:
        yield Problem("was", "correction_without_was", "carry the origin and subjects of the corrected event")
    if corrects is None and (was is not None or event.get("retracted")):
        yield Problem("corrects", "no_corrected_event", "name the event that is corrected or retracted")


def _body(event: Mapping[str, Any]) -> Iterator[Problem]:
    kind, body = event_type(event["type"]), event.get("body") or {}
    for field in kind.fields:
        value = body.get(field.name)
        if value is None:
            if field.required:
                yield Problem(f"body.{field.name}", "missing", f"required: {field.doc}")
        else:
            yield from _value(field, value)
    yield from _order(kind, body)


def _value(field: Field, value: Any) -> Iterator[Problem]:
    where = f"body.{field.name}"
    if field.symbols and value not in field.symbols:
        yield Problem(where, "bad_code", f"one of {', '.join(field.symbols)}")
    if field.semantic in _SEMANTIC and (remedy := _SEMANTIC[field.semantic](value)):
        yield Problem(where, f"bad_{field.semantic}", remedy)
    if field.semantic == "money":
        if value["currency"] not in currencies():
            yield Problem(f"{where}.currency", "bad_currency", "write an ISO 4217 code such as NPR")
        if value["minor"] < 0:
            yield Problem(f"{where}.minor", "negative_money", "money is never negative; a refund is fee_refunded")
    if field.type in ("double", "long") and value < 0:
        yield Problem(where, "negative_number", "a count or measure is never negative")


_PAIRS = (("valid_from", "valid_until"), ("from", "until"), ("start", "end"), ("period_start", "period_end"))


def _order(kind: EventType, body: Mapping[str, Any]) -> Iterator[Problem]:
    """Dates that end before they begin."""
    for first, last in _PAIRS:
        begins, ends = body.get(first), body.get(last)
        if begins and ends and date.fromisoformat(ends) < date.fromisoformat(begins):
            yield Problem(f"body.{last}", "ends_before_it_begins", f"{last} is before {first}: correct one")
