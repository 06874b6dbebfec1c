"""What a rule's rows hold: declared once, checked when a policy is loaded, and refused when declared wrongly."""

from __future__ import annotations

from typing import Any

import pytest

from streams.rules.parameters import (
    Parameters,
    count,
    country,
    currency,
    days,
    flag,
    hours,
    isco,
    isic,
    listed,
    minor,
    months,
    more_than,
    number,
    one_of,
    optional,
    percent,
    records,
    text,
    told,
    undeclared,
    weekend,
    when,
    working_days,
    wrong,
)
from streams.rules.registry import sums_rule

GOOD: list[tuple[Parameters, Any]] = [
    ({"p": days()}, 0), ({"p": working_days()}, 250), ({"p": hours(1)}, 1), ({"p": months()}, 24), ({"p": count("firms")}, 1),
    ({"p": minor()}, 10**15), ({"p": number("times")}, 0.5), ({"p": number("times")}, 2), ({"p": percent()}, 100), ({"p": flag()}, False),
    ({"p": one_of("a", "b")}, "b"), ({"p": text()}, "x"), ({"p": currency()}, "KWD"), ({"p": country()}, "NP"), ({"p": isco()}, "9"),
    ({"p": isic()}, "97"), ({"p": weekend()}, ["FR", "SA"]), ({"p": listed(days(1), rising=True)}, [7, 15]), ({"p": listed(isco())}, []),
    ({"p": records({"up_to": count("departures"), "minor": minor()})}, [{"up_to": 3000, "minor": 0}]),
]  # fmt: skip
BAD: list[tuple[Parameters, Any, str]] = [
    ({"p": working_days()}, 251, "p must be a whole number (working days) from 0 to 250; it is 251"),
    ({"p": percent()}, 100.5, "p must be a number (%) from 0 to 100; it is 100.5"),
    ({"p": percent()}, True, "p must be a number (%) from 0 to 100; it is true"),
    ({"p": minor()}, 1.5, "p must be a whole number (minor units of the currency) from 0 to 1000000000000000; it is 1.5"),
    ({"p": text()}, "  ", "p must be text; it is '  '"),
    ({"p": country()}, "UK", "p must be country code (ISO 3166-1 alpha-2); it is 'UK'"),
    ({"p": currency()}, 3, "p must be currency code (ISO 4217); it is 3"),
    ({"p": isco()}, "99", "p must be occupation (1 to 4 digits of ISCO-08); it is '99'"),
    ({"p": isic()}, "9", "p must be sector (2 to 4 digits of ISIC rev. 4); it is '9'"),
    ({"p": weekend()}, ["FR", "XX"], "p[2] must be one of MO, TU, WE, TH, FR, SA, SU; it is 'XX'"),
    ({"p": weekend()}, ["MO", "TU", "WE", "TH"], "p must be a list of 1 to 3: one of MO, TU, WE, TH, FR, SA, SU; it is"),
    ({"p": listed(days(1), rising=True)}, [15, 7], "p must be a list in which each is greater than the one before; it is [15, 7]"),
    ({"p": listed(days(1), rising=True)}, [0, 7], "p[1] must be a whole number (days) from 1 to 36500; it is 0"),
    ({"p": records({"up_to": count("departures")})}, [], "p must be a list of 1 or more tables with up_to; it is []"),
    ({"p": records({"up_to": count("departures")})}, [3], "p must be a list of 1 or more tables with up_to; it is [3]"),
    ({"p": records({"up_to": count("departures")})}, [{"up_to": 1}, {"upto": 2}], "p[2].upto is no parameter here (did you mean up_to?)"),
]  # fmt: skip


def said(values: dict[str, Any], declared: Parameters) -> list[str]:
    return [told(*each) for each in wrong(values, declared)]


@pytest.mark.parametrize(("declared", "value"), GOOD)
def test_what_is_as_declared_is_right(declared: Parameters, value: Any) -> None:
    assert said({"p": value}, declared) == []


@pytest.mark.parametrize(("declared", "value", "problem"), BAD)
def test_what_is_not_is_told_with_key_and_remedy(declared: Parameters, value: Any, problem: str) -> None:
    (found,) = said({"p": value}, declared)
    assert found.startswith(problem)


def test_a_parameter_may_be_left_out_or_hang_on_another() -> None:
    declared = {"law": one_of("none", "capped"), "cap_minor": when(minor(), "law", "capped"), "grace_days": optional(days())}
    assert said({"law": "none"}, declared) == []
    assert said({"law": "capped", "cap_minor": 1, "grace_days": 2}, declared) == []
    assert said({"law": "capped"}, declared) == ["cap_minor must be given: whole number (minor units of the currency)"]
    assert said({"law": "none", "cap_minor": 1}, declared) == ["cap_minor must be left out: it is only with law = 'capped'"]
    assert said({}, declared) == ["law must be given: one of none, capped"]


def test_a_parameter_may_have_to_exceed_another() -> None:
    declared = {"warn": count("months"), "alert": optional(more_than("warn", count("months")))}
    assert said({"warn": 3}, declared) == []
    assert said({"warn": 3, "alert": 3}, declared) == ["alert must be more than warn, which is 3; it is 3"]


@pytest.mark.parametrize(("declared", "problem"), [
    ({"from": days()}, "'from' is what every row may have"),
    ({"role": text()}, "'role' is what every row may have"),
    ({"a": when(days(), "b")}, "'a' leans on 'b', which is not declared"),
    ({"a": more_than("b", days())}, "'a' leans on 'b', which is not declared"),
])  # fmt: skip
def test_a_declaration_that_cannot_be_is_refused(declared: Parameters, problem: str) -> None:
    with pytest.raises(ValueError, match=f"T-A-01 declares a policy parameter that cannot be: {problem}"):
        _declared(parameters=declared)


def test_a_rule_may_not_look_rows_up_by_sex_or_by_what_is_no_selector() -> None:
    with pytest.raises(ValueError, match="T-A-01 looks rows up by sex: only T-ATT-01 may; narrow by occupation"):
        _declared(selectors=("origin", "sex"))
    with pytest.raises(ValueError, match="T-A-01 looks rows up by 'region': a selector is one of origin, destination"):
        _declared(selectors=("region",))


def test_what_a_parameter_is_called_in_the_catalogue() -> None:
    assert list(undeclared({"a": days()}, ())) == []
    assert days(1).described() == {"type": "whole number", "unit": "days", "bounds": "1 to 36,500"}
    assert optional(when(percent(), "law", True)).described()["asked"] == "only with law = true, and may be left out"
    assert records({"up_to": count("firms"), "on": flag()}).described()["unit"] == "up_to (firms), on"


def _declared(**shape: Any) -> None:
    """Tries to declare a rule with this shape; it is refused before it is in the catalogue."""
    sums_rule("T-A-01", "party", measures=(), **shape)(lambda *_: ())
