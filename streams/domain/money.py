"""Money: integer minor units of an ISO 4217 currency. Never a float, never two decimals by assumption."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import msgspec

# ISO 4217 exponents that are not 2 (domain.md 2.2).
_EXPONENTS = {"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
              "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
              "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
              "CLF": 4, "UYW": 4}  # fmt: skip


class Money(msgspec.Struct, frozen=True, array_like=True, order=True):
    """`minor` units (fils, paisa, cents) of `currency`."""

    currency: str
    minor: int

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.currency, self.minor + other.minor)

    def __str__(self) -> str:
        return f"{Decimal(self.minor).scaleb(-exponent(self.currency))} {self.currency}"


@lru_cache(maxsize=4_096)
def exact(number: float) -> Fraction:
    """A number of a body or a policy row as it is written: 29.4 is 294 tenths, not what a machine makes of them."""
    return Fraction(str(number))


def exponent(currency: str) -> int:
    """Digits after the point of an ISO 4217 currency."""
    return _EXPONENTS.get(currency, 2)


def money(value: Mapping[str, Any] | None) -> Money | None:
    """A body's money field, {"minor": int, "currency": code}; None when absent. Zero is a value."""
    return None if value is None else Money(value["currency"], value["minor"])


def from_decimal(amount: Decimal, currency: str) -> Money:
    """A decimal amount in major units to Money. Raises ValueError when it has more digits than the currency."""
    exact = Context(prec=max(28, len(amount.as_tuple().digits)))  # the usual 28 digits would round a longer one, unseen
    minor = amount.scaleb(exponent(currency), exact)
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} has more decimals than {currency} has")
    return Money(currency, int(minor))
