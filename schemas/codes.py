"""Codes and ids: ISO 3166, ISO 4217, ISCO-08, ISIC rev. 4, and the shapes of the ids that Fair Passage itself gives.

Each test takes a text and returns what to write instead, or "" where the text is good.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache

import pycountry

from schemas.topicfiles import declared

_SOURCE = re.compile(r"/office/([A-Z]{2})/([a-z0-9][a-z0-9_.-]{0,79})")
_PARTY = re.compile(r"([A-Z]{2}):([a-z0-9_-]{1,40}):([^\x00-\x1f\x7f]{1,120})")
_CORRIDOR = re.compile(r"([A-Z]{2})-([A-Z]{2})")
_SECTOR = re.compile(r"([A-Z]{2})/(\d{2,4})")
_CASE = re.compile(r"([A-Z]{2}):[0-9a-f]{32}")
_ISO_639 = re.compile(r"[a-z]{2,3}")
_DUE = re.compile(r"due (\d{4}-\d{2}-\d{2})", re.ASCII)

# ISCO-08: major groups and sub-major groups.
_ISCO_MAJOR = frozenset("0123456789")
_ISCO_SUB_MAJOR = re.compile(
    "01 02 03 11 12 13 14 21 22 23 24 25 26 31 32 33 34 35 41 42 43 44 51 52 53 54 61 62 63 71 72 73 74 75"
    " 81 82 83 91 92 93 94 95 96".replace(" ", "|")
)
# ISIC rev. 4: divisions.
_ISIC_DIVISION = re.compile(
    "01 02 03 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 35 36 37 38 39"
    " 41 42 43 45 46 47 49 50 51 52 53 55 56 58 59 60 61 62 63 64 65 66 68 69 70 71 72 73 74 75 77 78 79 80 81 82 84"
    " 85 86 87 88 90 91 92 93 94 95 96 97 98 99".replace(" ", "|")
)
# The longest text of each PII class, in characters: a code is short, a register's name or title is not.
LONGEST = {"none": 200, "organisation": 500, "pseudonym": 200, "identifier": 200, "narrative": 34, "sensitive": 200}


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2."""
    return frozenset(country.alpha_2 for country in pycountry.countries)


@cache
def currencies() -> frozenset[str]:
    """ISO 4217 codes."""
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


def country_problem(value: str) -> str:
    """ISO 3166-1 alpha-2."""
    return "" if value in countries() else "write an ISO 3166-1 alpha-2 country such as NP"


@lru_cache(maxsize=4_096)
def source_problem(value: str) -> str:
    """/office/{ISO2}/{office}."""
    found = _SOURCE.fullmatch(value)
    good = found is not None and found[1] in countries()
    return "" if good else "write /office/{ISO2}/{office}, the office in lower case"


def _prefixed(pattern: re.Pattern[str], shape: str) -> Callable[[str], str]:
    def problem(value: str) -> str:
        found = pattern.fullmatch(value)
        return "" if found is not None and found[1] in countries() else f"write {shape}"

    return problem


party_problem = _prefixed(_PARTY, "the register's country, the register and the number: NP:dofe:123")
demand_problem = _prefixed(_PARTY, "the register's country, the register and the number: NP:dofe:LT-77")


def corridor_problem(value: str) -> str:
    """Origin and destination, two countries."""
    found = _CORRIDOR.fullmatch(value)
    good = found is not None and {found[1], found[2]} <= countries() and found[1] != found[2]
    return "" if good else "write origin and destination, NP-QA"


def sector_problem(value: str) -> str:
    """An ISIC sector in a country."""
    found = _SECTOR.fullmatch(value)
    good = found is not None and found[1] in countries() and not isic_problem(found[2])
    return "" if good else "write the country and the ISIC rev. 4 code: QA/4100"


def isco_problem(value: str) -> str:
    """ISCO-08, one to four digits under a sub-major group that exists."""
    good = re.fullmatch(r"[0-9]{1,4}", value) and (value in _ISCO_MAJOR or _ISCO_SUB_MAJOR.match(value))
    return "" if good else "write an ISCO-08 code of one to four digits, such as 9111"


def isic_problem(value: str) -> str:
    """ISIC rev. 4, two to four digits under a division that exists."""
    good = re.fullmatch(r"[0-9]{2,4}", value) and _ISIC_DIVISION.match(value)
    return "" if good else "write an ISIC rev. 4 code of two to four digits, such as 4100"


def language_problem(value: str) -> str:
    """ISO 639, by its shape."""
    return "" if _ISO_639.fullmatch(value) else "write an ISO 639 code such as ne"


def case_problem(value: str) -> str:
    """An alert, by its home and its id."""
    found = _CASE.fullmatch(value)
    good = found is not None and found[1] in countries()
    return "" if good else "write the alert's home and its id as the alert has them: NP:9b1c7a40d2e35f6081a4c7b2d9e0f135"


def audience_problem(value: str) -> str:
    """An audience that is declared."""
    return "" if declared(value) else "write an audience of schemas/topics/audiences.toml, such as embassy.NP-QA"


def action_item_problem(value: str) -> str:
    """A committee's action item: its reference, and after bars when it is due and what it is."""
    reference, *rest = (part.strip() for part in value.split("|"))
    due = [_DUE.fullmatch(part) for part in rest if part == "due" or part.startswith("due ")]
    good = reference and len(due) <= 1 and all(found is not None and _is_day(found[1]) for found in due)
    return "" if good else "write the item's reference, and after bars what else is known: A-7 | due 2025-03-01 | what is to be done"


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def subject_problem(value: str) -> str:
    """A demand, a party or a place; a journey's id is the system's own and no office knows it."""
    kind, _, name = value.partition(":")
    if kind in ("demand", "party"):
        return party_problem(name)
    if kind == "case":
        return case_problem(name)
    if kind == "place" and not all(test(name) for test in (country_problem, corridor_problem, sector_problem)):
        return ""
    return "write demand:NP:dofe:LT-77, party:QA:cr:1, place:NP-QA, place:QA or place:QA/9700"


# The `semantic` attribute of a schema's field -> its test.
MEANINGS: Mapping[str, Callable[[str], str]] = {
    "country": country_problem, "party": party_problem, "demand": demand_problem, "corridor": corridor_problem,
    "sector": sector_problem, "case": case_problem, "audience": audience_problem,
    "isco": isco_problem, "isic": isic_problem, "language": language_problem,
    "action_item": action_item_problem,
}  # fmt: skip
