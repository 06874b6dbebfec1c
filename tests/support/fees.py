"""Declared fees, refunds and loans for tests: what a worker paid an agency of Nepal, unless a test says otherwise."""

from __future__ import annotations

from typing import Any

from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant
from tests.support.builders import at, fact

BEGAN: Instant = at("2024-03-01T06:00:00Z")
AGENCY, OTHER, BROKER = "NP:dofe:1", "NP:dofe:2", "NP:person:p_1"
_DETAILS = ("id", "corrects", "retracted", "recorded", "source")


def money(minor: int | None, currency: str = "NPR") -> dict[str, Any] | None:
    return None if minor is None else {"minor": minor, "currency": currency}


def _about(kind: str, day: float, said: dict[str, Any]) -> Fact:
    details = {name: said.pop(name) for name in _DETAILS if name in said}
    return fact(f"recruitment.{kind}", BEGAN + round(day * DAY), body={k: v for k, v in said.items() if v is not None}, **details)


def fee(minor: int | None, payee: str | None = AGENCY, day: float = 0, currency: str = "NPR", **said: Any) -> Fact:
    """A payment of so many minor units, declared by the worker as the worker's own."""
    body = {"by": "worker", "payer": "worker", "payee": payee, "code": "recruitment_service", "amount": money(minor, currency), **said}
    return _about("fee_declared", day, body)


def refund(minor: int, day: float = 10, currency: str = "NPR", **said: Any) -> Fact:
    """A refund of so many minor units, declared by the worker."""
    return _about("fee_refunded", day, {"by": "worker", "code": "recruitment_service", "amount": money(minor, currency), **said})


def loan(minor: int, day: float = 0, currency: str = "NPR", months: int | None = 12, rate: float | None = 0.0, **said: Any) -> Fact:
    """A loan of so many minor units for so many months, without interest unless a test says so."""
    return _about("loan_declared", day, {"principal": money(minor, currency), "months": months, "rate_percent": rate, **said})


def bound_for(country: str, day: float = -5, **said: Any) -> Fact:
    """The worker registered for work in a country."""
    return _about("worker_registered", day, {"country": country, **said})


def edge(source: str | None, target: str | None, day: float = -4, **said: Any) -> Fact:
    """A declared link of the chain; no source is the worker's own end."""
    return _about("recruiter_declared", day, {"from_party": source, "to_party": target, **said})
