"""Amounts of two currencies compared, by the dated rates of a policy row: never by one that is not there."""

from __future__ import annotations

from fractions import Fraction

from streams.domain.money import exact, exponent
from streams.rules.policy import Row


def converted(minor: int | Fraction, currency: str, into: str, row: Row) -> Fraction | None:
    """Minor units of one currency in minor units of another, by a row's `rates` (units to the US dollar); None without both rates."""
    if currency == into:
        return Fraction(minor)
    if (known := row.kept.get("rates")) is None:
        known = {each["currency"]: exact(each["per_usd"]) for each in row.records("rates")} | {"USD": Fraction(1)}
        row.kept["rates"] = known
    if currency not in known or into not in known:
        return None
    scale = Fraction(10) ** (exponent(into) - exponent(currency))
    return Fraction(minor) / known[currency] * known[into] * scale
