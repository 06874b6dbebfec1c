"""Meaning: what a schema cannot say. The same checks where an office publishes and where intake reads."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, islice
from typing import Any

from schemas.catalogue import Field, event_type, known
from schemas.codes import LONGEST, MEANINGS, countries, country_problem, currencies, demand_problem, source_problem, subject_problem
from schemas.topicfiles import declared, may

DAY = 86_400_000
# domain.md 4.6: further ahead than this, of now or of its own recording, an event is a dead letter; more than a day ahead
# it is kept, for T-DQ-01.
FURTHEST_AHEAD = 400 * DAY
EARLIEST = -631_152_000_000  # 1950-01-01: nothing about a living worker is older
# Days and instants of a body. No register's year is later; 9999-12-31 for "no end" is no day that a rule can count from.
EARLIEST_DAY, LATEST_DAY = "1900-01-01", "2199-12-31"
FIRST_INSTANT, LAST_INSTANT = -2_208_988_800_000, 7_258_118_399_999  # the same days in UTC
# A sum of what is allowed still fits 64 bits, and a day plus so many months is still a day.
MOST_MINOR, MOST_NUMBER = 10**15, 10**9
_MOST: Mapping[str, int] = {"months": 1_200, "year": 2_199, "fiscal_year": 2_199}
MOST_PROBLEMS = 100  # of one event: each is told with the whole row, and nobody reads more
KINDS = ("national_id", "passport", "residence_permit", "registration", "position", "phone", "name_birthdate")
_ID = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_NARRATIVE = re.compile(r"n_[0-9a-f]{32}")
_PERSON = re.compile(r"(?:[A-Z]{2}:person:)?p_[0-9a-f]{32}")
_NUMBER = re.compile(r"d_[0-9a-f]{32}")
NUMBERS = ("phone", "account")  # meanings of fields with a party's own number
_RAW_PERSON = re.compile(r"[A-Z]{2}:person:(?!p_[0-9a-f]{32}$).+")
_ISO_639 = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the field, a reason code, and what to do about it. Never the value of an identifier."""

    field: str
    reason: str
    remedy: str


def check(event: Mapping[str, Any], now: int) -> list[Problem]:
    """Every problem of a decoded event (instants as milliseconds), in the order of its fields; `now` is an instant."""
    return [] if sound(event, now) else problems(event, now)


def problems(event: Mapping[str, Any], now: int) -> list[Problem]:
    """What `check` says, without its short cut."""
    if not known(event.get("type", "")):
        return [Problem("type", "unknown_type", "see `fairpassage schema` for the event types")]
    every = chain(_envelope(event), _times(event, now), _worker(event), _correction(event), _body(event))
    return list(islice(every, MOST_PROBLEMS))


def _envelope(event: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(event["id"], str) or not _ID.fullmatch(event["id"]):
        yield Problem("id", "bad_id", "give the office's own id, 1 to 200 printable characters")
    if remedy := source_problem(event["source"]):
        yield Problem("source", "bad_source", remedy)
    refs = event.get("refs") or {}
    if refs.get("demand") and (remedy := demand_problem(refs["demand"])):
        yield Problem("refs.demand", "bad_demand", remedy)
    for name, value in refs.items():
        if value is not None and not _ID.fullmatch(value):
            yield Problem(f"refs.{name}", "bad_reference", "1 to 200 printable characters, or leave it out")


def _times(event: Mapping[str, Any], now: int) -> Iterator[Problem]:
    # What was recorded long ago and dated long after is as far ahead as it was then.
    furthest = {"time": min(now, max(event["recordedat"], EARLIEST)) + FURTHEST_AHEAD, "recordedat": now + FURTHEST_AHEAD}
    for name in ("time", "recordedat"):
        if event[name] > furthest[name]:
            yield Problem(name, "too_far_ahead", "more than 400 days ahead: correct the year")
        if event[name] < EARLIEST:
            yield Problem(name, "too_long_ago", "before 1950: correct the year")


# What may be said of parties and never of a worker, who has no score (domain.md 5, must-not 3).
_OF_PARTIES = frozenset({"licensing.party_risk_assessed"})
_CLOSED = "complaint.complaint_closed"


def _worker(event: Mapping[str, Any]) -> Iterator[Problem]:
    worker = event.get("worker")
    if not worker:
        return
    if event["type"] in _OF_PARTIES:
        yield Problem("worker", "no_worker", "a risk is an agency's, an employer's or a site's: leave the worker out")
    if worker.get("origin") is not None and (remedy := country_problem(worker["origin"])):
        yield Problem("worker.origin", "bad_country", remedy)
    if not worker.get("identifiers"):
        yield Problem("worker.identifiers", "no_identifier", "give at least one identifier, or no worker")
    for number, each in enumerate(worker.get("identifiers") or ()):
        yield from _identifier(each, f"worker.identifiers[{number}]")
    for code in worker.get("languages") or ():
        if not _ISO_639.fullmatch(code):
            yield Problem("worker.languages", "bad_language", "write ISO 639 codes such as ne")


def _identifier(each: Mapping[str, Any], where: str) -> Iterator[Problem]:
    if each["kind"] not in KINDS:
        yield Problem(f"{where}.kind", "bad_kind", f"one of {', '.join(KINDS)}")
    if remedy := country_problem(each["country"]):
        yield Problem(f"{where}.country", "bad_country", remedy)
    if not _DIGEST.fullmatch(each.get("digest") or ""):
        yield Problem(f"{where}.digest", "not_a_digest", "an identifier leaves an office as a digest of 32 hex digits only")
    if each.get("generation", 1) < 1:
        yield Problem(f"{where}.generation", "bad_generation", "generations of the key are 1, 2, ...")
    if not _sound_before(each):
        yield Problem(f"{where}.before", "bad_before", "the digest under the key before, 32 hex digits; none in generation 1")


def _sound_before(each: Mapping[str, Any]) -> bool:
    before = each.get("before")
    return before is None or (bool(_DIGEST.fullmatch(before)) and each.get("generation", 1) > 1 and before != each.get("digest"))


def _correction(event: Mapping[str, Any]) -> Iterator[Problem]:
    corrects, was = event.get("corrects"), event.get("was")
    if corrects == event["id"]:
        yield Problem("corrects", "corrects_itself", "a correction is a new event with an id of its own")
    if corrects is not None and not _ID.fullmatch(corrects):
        yield Problem("corrects", "bad_id", "the id of the corrected event, 1 to 200 printable characters")
    if corrects is not None and was is None:
        yield Problem("was", "correction_without_was", "carry the origin and subjects of the corrected event")
    if corrects is None and (was is not None or event.get("retracted")):
        yield Problem("corrects", "no_corrected_event", "name the event that is corrected or retracted")
    if was is not None:
        yield from _was(was)


def _was(was: Mapping[str, Any]) -> Iterator[Problem]:
    if was.get("origin") is not None and (remedy := country_problem(was["origin"])):
        yield Problem("was.origin", "bad_country", remedy)
    for subject in was.get("subjects") or ():
        if remedy := subject_problem(subject):
            yield Problem("was.subjects", "bad_subject", remedy)


def _body(event: Mapping[str, Any]) -> Iterator[Problem]:
    body = event.get("body") or {}
    for field, test in _tests(event["type"]):
        value = body.get(field.name)
        if value is not None:
            yield from test(field, value)
        elif field.required:
            yield Problem(f"body.{field.name}", "missing", f"required: {field.doc}")
    yield from _order(event["type"], body)
    yield from _case(event["type"], body)


def _case(name: str, body: Mapping[str, Any]) -> Iterator[Problem]:
    """What was done about an alert or a complaint: by whom it may be, and how it may end (domain.md 5, must-nots 2 and 10)."""
    role, measure = str(body.get("audience") or "").partition(".")[0], body.get("measure")
    if name == "case.measure_recorded" and measure and declared(body.get("audience") or "") and measure not in may(role):
        yield Problem("body.measure", "not_theirs", f"{role} may {', '.join(may(role))}: refer it to whose measure it is")
    if name in ("case.closed", _CLOSED) and body.get("impossible") and not body.get("document"):
        yield Problem("body.document", "undocumented", "give the paper that documents why the worker could not confirm")


Test = Callable[[Field, Any], Iterator[Problem]]


@cache
def _tests(name: str) -> tuple[tuple[Field, Test], ...]:
    """Each field of a body with its test, found once a type."""
    return tuple((field, _BY_TYPE.get(field.type, _nothing)) for field in event_type(name).fields)


def _nothing(field: Field, value: Any) -> Iterator[Problem]:
    return iter(())


def _text(field: Field, value: str) -> Iterator[Problem]:
    where = f"body.{field.name}"
    if field.symbols:
        if value not in field.symbols:
            yield Problem(where, "bad_code", f"one of {', '.join(field.symbols)}")
        return
    if not value or len(value) > LONGEST[field.pii]:
        yield Problem(where, "bad_length", f"1 to {LONGEST[field.pii]} characters, or leave it out")
    elif field.semantic in MEANINGS and (remedy := MEANINGS[field.semantic](value)):
        yield Problem(where, f"bad_{field.semantic}", remedy)
    elif field.pii == "narrative" and not _NARRATIVE.fullmatch(value):
        yield Problem(where, "not_a_digest", "a narrative leaves an office only as a digest, n_ and 32 hex digits")
    elif field.semantic == "person" and not _PERSON.fullmatch(value):
        yield Problem(where, "not_a_pseudonym", "a natural person leaves an office only as a pseudonym, p_ and 32 hex digits")
    elif field.semantic in NUMBERS and not _NUMBER.fullmatch(value):
        yield Problem(where, "not_a_digest", "a telephone or account leaves an office only as a digest, d_ and 32 hex digits")
    elif field.semantic == "party" and _RAW_PERSON.fullmatch(value):
        yield Problem(where, "not_a_pseudonym", "a natural person leaves an office only as NP:person:p_ and 32 hex digits")


def _texts(field: Field, values: list[str]) -> Iterator[Problem]:
    for value in values:
        yield from _text(field, value)


def _money(field: Field, value: Mapping[str, Any]) -> Iterator[Problem]:
    if value["currency"] not in currencies():
        yield Problem(f"body.{field.name}.currency", "bad_currency", "write an ISO 4217 code such as NPR")
    if value["minor"] < 0:
        yield Problem(f"body.{field.name}.minor", "negative_money", "money is never negative; a refund is fee_refunded")
    elif value["minor"] > MOST_MINOR:
        yield Problem(f"body.{field.name}.minor", "too_much_money", f"more than {MOST_MINOR} minor units: correct the amount")


def _number(field: Field, value: float) -> Iterator[Problem]:
    if not math.isfinite(value):
        yield Problem(f"body.{field.name}", "not_a_number", "leave an unknown measure out")
    elif value < 0:
        yield Problem(f"body.{field.name}", "negative_number", "a count or measure is never negative")
    elif value > (most := _MOST.get(field.name, MOST_NUMBER)):
        yield Problem(f"body.{field.name}", "too_large", f"more than {most}: correct it, or leave an unknown measure out")


def _day(field: Field, value: str) -> Iterator[Problem]:
    if value < EARLIEST_DAY:
        yield Problem(f"body.{field.name}", "too_long_ago", "before 1900: correct the year")
    elif value > LATEST_DAY:
        yield Problem(f"body.{field.name}", "too_far_ahead", "after 2199: correct the year; what has no end is left out")


def _moment(field: Field, value: int) -> Iterator[Problem]:
    if value < FIRST_INSTANT:
        yield Problem(f"body.{field.name}", "too_long_ago", "before 1900: correct the year")
    elif value > LAST_INSTANT:
        yield Problem(f"body.{field.name}", "too_far_ahead", "after 2199: correct the year")


_BY_TYPE: Mapping[str, Test] = {
    "string": _text, "list of string": _texts, "Money": _money, "double": _number, "long": _number, "date": _day,
    "timestamp": _moment,
}  # fmt: skip
_PAIRS = (("valid_from", "valid_until"), ("from", "until"), ("start", "end"), ("period_start", "period_end"))


@cache
def _pairs(name: str) -> tuple[tuple[str, str], ...]:
    names = {field.name for field in event_type(name).fields}
    return tuple(pair for pair in _PAIRS if names.issuperset(pair))


def _order(name: str, body: Mapping[str, Any]) -> Iterator[Problem]:
    """Days that end before they begin; ISO days sort as text."""
    for first, last in _pairs(name):
        begins, ends = body.get(first), body.get(last)
        if begins and ends and ends < begins:
            yield Problem(f"body.{last}", "ends_before_it_begins", f"{last} is before {first}: correct one")


# The short cut: most events are sound, and to see that takes a fraction of what it takes to say what is wrong.


def sound(event: Mapping[str, Any], now: int) -> bool:
    """Whether an event has plainly no problem. False leaves it to `problems`, which may find none either."""
    try:
        name, worker = event["type"], event.get("worker")
        if worker and name in _OF_PARTIES:
            return False
        return _sound_envelope(event, now) and _sound_worker(worker) and _sound_body(name, event.get("body") or {})
    except (TypeError, KeyError, AttributeError):  # nothing that was decoded
        return False


def _sound_envelope(event: Mapping[str, Any], now: int) -> bool:
    if event.get("corrects") is not None or event.get("was") is not None or event.get("retracted"):
        return False
    refs, recorded = event.get("refs") or {}, event["recordedat"]
    for value in refs.values():
        if value is not None and not _ID.fullmatch(value):
            return False
    return (
        _ID.fullmatch(event["id"]) is not None
        and not source_problem(event["source"])
        and EARLIEST <= recorded <= now + FURTHEST_AHEAD
        and EARLIEST <= event["time"] <= (now if now < recorded else recorded) + FURTHEST_AHEAD
        and not (refs.get("demand") and _demand_problem(refs["demand"]))
    )


_demand_problem = lru_cache(maxsize=4_096)(demand_problem)


def _sound_worker(worker: Mapping[str, Any] | None) -> bool:
    if not worker:
        return True
    known_countries, origin, listed = countries(), worker.get("origin"), worker.get("identifiers")
    if not listed or (origin is not None and origin not in known_countries):
        return False
    for each in listed:
        if each["kind"] not in KINDS or each["country"] not in known_countries or each.get("generation", 1) < 1:
            return False
        if not _DIGEST.fullmatch(each["digest"]) or not _sound_before(each):
            return False
    return all(map(_ISO_639.fullmatch, worker.get("languages") or ()))


def _sound_body(name: str, body: Mapping[str, Any]) -> bool:
    get = body.get
    for field, required, passes in _passes(name):
        value = get(field)
        if required if value is None else not passes(value):
            return False
    ends = name.startswith("case.") or name == _CLOSED
    return (not _pairs(name) or not any(_order(name, body))) and (not ends or not any(_case(name, body)))


@cache
def _passes(name: str) -> tuple[tuple[str, bool, Callable[[Any], bool]], ...]:
    return tuple((field.name, field.required, _passing(field)) for field in event_type(name).fields)


def _passing(field: Field) -> Callable[[Any], bool]:
    """Whether a value of a field is plainly good."""
    if field.type == "string":
        return frozenset(field.symbols).__contains__ if field.symbols else _passing_text(field.pii, field.semantic)
    if field.type == "list of string":
        return lambda values: not any(_texts(field, values))
    if field.type in ("long", "double"):
        most = _MOST.get(field.name, MOST_NUMBER)
        return lambda value: 0 <= value <= most
    return _PASSING.get(field.type, lambda value: True)


@cache
def _passing_text(pii: str, semantic: str) -> Callable[[str], bool]:
    """By a text's length, by its pattern, or as its own test said when the same text was seen before."""
    longest = LONGEST[pii]
    if semantic not in MEANINGS and (semantic == "person" or semantic in NUMBERS or pii == "narrative"):
        pattern = _PERSON if semantic == "person" else _NUMBER if semantic in NUMBERS else _NARRATIVE
        return lambda value: len(value) <= longest and bool(pattern.fullmatch(value))
    if semantic not in MEANINGS:
        return lambda value: 0 < len(value) <= longest
    field = Field("", "string", False, "", pii, semantic=semantic)
    return lru_cache(maxsize=4_096)(lambda value: not any(_text(field, value)))


_PASSING: Mapping[str, Callable[[Any], bool]] = {
    "Money": lambda value: value["currency"] in currencies() and 0 <= value["minor"] <= MOST_MINOR,
    "date": lambda value: EARLIEST_DAY <= value <= LATEST_DAY,
    "timestamp": lambda value: FIRST_INSTANT <= value <= LAST_INSTANT,
}
