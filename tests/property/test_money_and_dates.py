"""Money and dates at their limits: nothing is rounded, nothing overflows, and what no rule could count with is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas import shape
from schemas.catalogue import event_type
from schemas.codec import encode, normalised
from schemas.codes import countries, currencies
from schemas.examples import example as example_of
from schemas.times import instant
from schemas.validate import (
    DAY,
    EARLIEST,
    EARLIEST_DAY,
    FIRST_INSTANT,
    FURTHEST_AHEAD,
    LAST_INSTANT,
    LATEST_DAY,
    MOST_MINOR,
    MOST_NUMBER,
    check,
)  # fmt: skip
from streams.domain.instants import end_of_day, local_day, parse, start_of_day, text
from streams.domain.money import Money, exponent, from_decimal, money
from tests.support.events import NOW

LEAST_LONG, MOST_LONG = -(1 << 63), (1 << 63) - 1
# ISO 4217, list one: all that have not two decimals.
NONE = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"}
THREE = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
FOUR = {"CLF", "UYW"}
CURRENCY = st.sampled_from(sorted(currencies()))
COUNTRY = st.sampled_from(sorted(countries()))
A_DAY = st.dates(date.fromisoformat(EARLIEST_DAY), date.fromisoformat(LATEST_DAY))


def event(type: str, **body: Any) -> dict[str, Any]:
    """A sealed event of a type, good but for what the body may say."""
    return {"id": "a", "source": "/office/NP/dofe", "type": type, "time": NOW, "recordedat": NOW, "body": body}


def fee(minor: int, currency: str = "NPR") -> dict[str, Any]:
    return event("recruitment.fee_declared", by="worker", code="medical", amount={"minor": minor, "currency": currency})


def reasons(found: dict[str, Any], now: int = NOW) -> list[tuple[str, str]]:
    return [(problem.field, problem.reason) for problem in check(normalised(found), now)]


@pytest.mark.parametrize("currency", sorted(currencies()))
def test_every_currency_has_the_decimals_of_iso_4217(currency: str) -> None:
    expected = 0 if currency in NONE else 3 if currency in THREE else 4 if currency in FOUR else 2
    assert exponent(currency) == expected
    assert str(Money(currency, 1)) == f"{Decimal(1).scaleb(-expected):f} {currency}"


@settings(deadline=None)
@given(st.integers(LEAST_LONG, MOST_LONG), CURRENCY)
@example(MOST_LONG, "KWD")
@example(LEAST_LONG, "JPY")
@example(0, "BHD")
def test_minor_units_are_carried_and_shown_exactly(minor: int, currency: str) -> None:
    assert money(normalised(fee(minor, currency))["body"]["amount"]) == Money(currency, minor)
    shown, _, code = str(Money(currency, minor)).partition(" ")
    assert from_decimal(Decimal(shown), code) == Money(currency, minor)
    assert -Decimal(shown).as_tuple().exponent == exponent(currency)  # type: ignore[operator]  # finite


@given(st.one_of(st.integers(max_value=LEAST_LONG - 1), st.integers(MOST_LONG + 1), st.floats(), st.booleans(), st.text()))
def test_an_amount_is_a_whole_number_of_64_bits(minor: Any) -> None:
    given_ = {**example_of("recruitment.fee_declared")}
    given_["body"] = {**given_["body"], "amount": {"minor": minor, "currency": "NPR"}}
    assert [(problem.field, problem.reason) for problem in shape.problems(given_)] == [("body.amount", "wrong_type")]


@pytest.mark.parametrize("minor", [LEAST_LONG - 1, MOST_LONG + 1])
def test_one_more_than_64_bits_is_not_written(minor: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode(fee(minor))


@pytest.mark.parametrize(("minor", "expected"), [
    (0, []), (MOST_MINOR, []), (MOST_MINOR + 1, ["too_much_money"]), (MOST_LONG, ["too_much_money"]),
    (-1, ["negative_money"]), (LEAST_LONG, ["negative_money"]),
])  # fmt: skip
def test_what_an_amount_may_be(minor: int, expected: list[str]) -> None:
    assert [reason for _, reason in reasons(fee(minor))] == expected


def test_a_currency_is_one_of_iso_4217() -> None:
    for wrong in ("NPX", "npr", "", "Rs"):
        assert reasons(fee(1, wrong)) == [("body.amount.currency", "bad_currency")]


@given(st.lists(st.integers(0, MOST_MINOR), min_size=1, max_size=20), st.randoms())
def test_a_sum_is_the_same_in_any_order_and_never_of_two_currencies(amounts: list[int], random: Any) -> None:
    def total(minors: list[int]) -> Money:
        found = Money("KWD", 0)
        for minor in minors:
            found += Money("KWD", minor)
        return found

    shuffled = random.sample(amounts, len(amounts))
    assert total(amounts) == total(shuffled) == Money("KWD", sum(amounts))
    with pytest.raises(ValueError, match="cannot add BHD to KWD"):
        total(amounts) + Money("BHD", 1)


@given(st.integers(1, 9), st.integers(1, 60), CURRENCY)
@example(1, 40, "NPR")  # more digits than the 28 of the usual context, which would round it away
def test_a_decimal_with_more_digits_than_the_currency_is_refused(digit: int, further: int, currency: str) -> None:
    with pytest.raises(ValueError, match="more decimals"):
        from_decimal(Decimal(f"1.{'0' * (exponent(currency) + further - 1)}{digit}"), currency)


@settings(max_examples=200, deadline=None)
@given(st.dates())
@example(date.min)
@example(date.max)
def test_every_day_comes_back_and_those_out_of_reach_are_refused(day: date) -> None:
    found = event("licensing.agency_registered", holder="NP:dofe:1", jurisdiction="NP", valid_until=day.isoformat())
    assert normalised(found)["body"]["valid_until"] == day.isoformat()
    expected = "too_long_ago" if day.year < 1900 else "too_far_ahead" if day.year > 2199 else None
    assert reasons(found) == ([("body.valid_until", expected)] if expected else [])


@pytest.mark.parametrize("day", [
    "2025-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "0000-01-01", "2025-1-1", "20250101", "2025-W01-1", "2025-01-01T00:00:00Z",
    "\u0662\u0660\u0662\u0665-01-01", "", "01-01-2025", 20_250_101, None,
])  # fmt: skip
def test_a_day_that_no_calendar_has_is_refused(day: Any) -> None:
    field = next(each for each in event_type("licensing.agency_registered").fields if each.name == "valid_until")
    found = list(shape._typed(day, field.type, "body.valid_until"))
    assert [problem.reason for problem in found] == ([] if day is None else ["wrong_type"])  # left out is no fault


@settings(max_examples=200, deadline=None)
@given(A_DAY, COUNTRY)
@example(date(2011, 12, 30), "WS")  # a day that Samoa did not have
@example(date(2199, 12, 31), "KI")
@example(date(1900, 1, 1), "US")
def test_a_local_day_is_whole_wherever_it_is(day: date, country: str) -> None:
    begins, ends = start_of_day(day.isoformat(), country), end_of_day(day.isoformat(), country)
    assert 0 <= ends - begins <= 2 * DAY
    assert local_day(begins, country) >= day > local_day(begins - 1, country)
    assert local_day(ends, country) > day
    assert instant(text(begins)) == begins


@given(st.datetimes().filter(lambda each: 1 < each.year < 9999), st.integers(-14 * 60, 14 * 60), st.sampled_from(("T", "t", " ")))
def test_a_time_with_its_offset_is_one_instant_however_it_is_written(naive: datetime, minutes: int, separator: str) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    expected = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    written = moment.isoformat().replace("T", separator)
    assert instant(written) == parse(written) == expected
    assert parse(text(expected)) == instant(text(expected)) == instant(text(expected).lower()) == expected


@given(st.datetimes())
def test_a_time_without_its_offset_is_refused(moment: datetime) -> None:
    for read in (instant, parse):
        with pytest.raises(ValueError, match="offset"):
            read(moment.isoformat())


@pytest.mark.parametrize("value", ["2025-03-01T10:00:60Z", "2025-03-01T24:00:00Z", "2025-03-01T10:00:00+24:00", "2025-02-29T10:00:00Z",
                                   "0000-03-01T10:00:00Z", "2025-03-01", "2025-03-01T10Z", "now", "", 1_740_000_000_000, True])  # fmt: skip
def test_a_time_that_no_clock_has_is_refused(value: Any) -> None:
    given_ = {**example_of("recruitment.fee_declared"), "time": value}
    assert [(problem.field, problem.reason) for problem in shape.problems(given_)] == [("time", "wrong_type")]


@pytest.mark.parametrize("name", ["time", "recordedat"])
@pytest.mark.parametrize(("at", "expected"), [
    (NOW + FURTHEST_AHEAD, None), (NOW + FURTHEST_AHEAD + 1, "too_far_ahead"), (MOST_LONG, "too_far_ahead"),
    (EARLIEST, None), (EARLIEST - 1, "too_long_ago"), (LEAST_LONG, "too_long_ago"),
])  # fmt: skip
def test_more_than_400_days_ahead_or_before_1950_is_at_fault(name: str, at: int, expected: str | None) -> None:
    long_ago = {"time": EARLIEST} if at < NOW else {}
    assert reasons({**fee(1), **long_ago, name: at}) == ([(name, expected)] if expected else [])


@pytest.mark.parametrize(("ahead", "expected"), [(FURTHEST_AHEAD, []), (FURTHEST_AHEAD + 1, [("time", "too_far_ahead")])])
def test_400_days_ahead_are_counted_from_its_own_recording_too(ahead: int, expected: list[tuple[str, str]]) -> None:
    recorded = NOW - 2 * FURTHEST_AHEAD
    assert reasons({**fee(1), "recordedat": recorded, "time": recorded + ahead}) == expected


@pytest.mark.parametrize(("at", "expected"), [
    (FIRST_INSTANT, None), (FIRST_INSTANT - 1, "too_long_ago"), (LAST_INSTANT, None), (LAST_INSTANT + 1, "too_far_ahead"),
    (MOST_LONG, "too_far_ahead"), (LEAST_LONG, "too_long_ago"),
])  # fmt: skip
def test_an_instant_of_a_body_has_limits_too(at: int, expected: str | None) -> None:
    found = event("recruitment.contract_offered", country="QA", signed_at=at)
    assert reasons(found) == ([("body.signed_at", expected)] if expected else [])
    assert text(FIRST_INSTANT) == f"{EARLIEST_DAY}T00:00:00Z"
    assert text(LAST_INSTANT) == f"{LATEST_DAY}T23:59:59.999Z"


@pytest.mark.parametrize(("field", "most"), [("months", 1_200), ("hours_per_week", MOST_NUMBER)])
def test_a_measure_has_limits(field: str, most: int) -> None:
    for value, expected in ((0, []), (most, []), (most + 1, ["too_large"]), (-1, ["negative_number"])):
        found = reasons(event("recruitment.contract_offered", country="QA", **{field: value}))
        assert found == [(f"body.{field}", reason) for reason in expected]
    for unknown in (float("inf"), float("nan")):
        assert reasons(event("recruitment.contract_offered", country="QA", hours_per_week=unknown))[0][1] == "not_a_number"
