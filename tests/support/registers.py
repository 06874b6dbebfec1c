"""What registers and authorities say of one party, for tests of rules on licences: everything has a sound default."""

from __future__ import annotations

from typing import Any

from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.standings import Standings
from streams.domain.sums import Measure
from streams.domain.views import SumsView
from tests.support.builders import fact, sums

PARTY = "NP:dofe:LT-77"
_ENVELOPE = ("id", "corrects", "retracted", "recorded", "evidence", "source")


def said(type: str, moment: str | Instant, body: dict[str, Any], **envelope: Any) -> Fact:
    """One standing about the party that its body names."""
    named = sorted([*(f"party:{body[field]}" for field in ("holder", "about", "employer", "party") if body.get(field)),
                    *(f"place:{country}" for country in (body.get("with_jurisdiction"),) if country)])  # fmt: skip
    return fact(type, moment, body={name: value for name, value in body.items() if value is not None}, subjects=named, **envelope)


def _split(details: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    envelope = {name: details.pop(name) for name in _ENVELOPE if name in details}
    return {("from" if name == "from_" else name): value for name, value in details.items()}, envelope


def licence(country: str = "NP", first: str | None = "2020-01-01", last: str | None = None, moment: str | Instant = "2020-01-01",
            kind: str = "registered", **details: Any) -> Fact:  # fmt: skip
    """A grant or a renewal."""
    body, envelope = _split(details)
    body = {"holder": PARTY, "jurisdiction": country, "valid_from": first, "valid_until": last} | body
    return said(f"licensing.agency_{kind}", moment, body, **envelope)


def decision(kind: str, moment: str | Instant, country: str = "NP", **details: Any) -> Fact:
    """suspended | cancelled | blacklisted | released | renewed; from its own instant, unless `from_` gives its first day."""
    body, envelope = _split(details)
    return said(f"licensing.agency_{kind}", moment, {"holder": PARTY, "jurisdiction": country} | body, **envelope)


def intelligence(kind: str, moment: str | Instant, reference: str = "INT-1", country: str | None = "QA", **details: Any) -> Fact:
    """received | shared | acknowledged | actioned."""
    body, envelope = _split(details)
    body = {"intelligence": reference, "about": PARTY, "with_jurisdiction": country} | body
    return said(f"licensing.intelligence_{kind}", moment, body, **({"source": "/office/BD/bmet"} | envelope))


def known(*facts: Fact) -> Standings:
    """Standings of these facts."""
    return Standings(facts)


def dossier(*facts: Fact, measures: tuple[Measure, ...] = (), party: str = PARTY) -> SumsView:
    """The party's own dossier: its register's words are facts there too."""
    return sums(f"party:{party}", measures, *facts)
