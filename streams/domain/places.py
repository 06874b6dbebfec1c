"""Countries, their clocks, and the home of a subject: whose partition keeps it (design.md, "Every subject has a home country")."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

# Countries with several zones whose first entry in zone.tab is not where the labour ministry sits.
_CAPITAL_ZONES = {"AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CD": "Africa/Kinshasa",
                  "CN": "Asia/Shanghai", "ID": "Asia/Jakarta", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur",
                  "RU": "Europe/Moscow", "US": "America/New_York", "UZ": "Asia/Tashkent"}  # fmt: skip


@cache
def zones() -> dict[str, str]:
    """ISO2 -> IANA zone, from the time zone database's own zone.tab."""
    names: dict[str, str] = {}
    for line in files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, name = line.split("\t")[:3]
            names.setdefault(country, name)
    return names | _CAPITAL_ZONES


@cache
def zone(country: str) -> ZoneInfo:
    """The capital's time zone of an ISO 3166-1 alpha-2 country; UTC for one that the database does not know."""
    return ZoneInfo(zones().get(country, "UTC"))


def home(subject: str) -> str:
    """The ISO2 that keeps a subject: 'party:NP:dofe:12' -> 'NP', 'place:NP-QA' -> 'NP', 'place:QA/9700' -> 'QA'."""
    return subject.partition(":")[2][:2]


def kind(subject: str) -> str:
    """journey | demand | party | place | case."""
    return subject.partition(":")[0]


def place_kind(place: str) -> str:
    """corridor | sector | jurisdiction, of 'place:NP-QA', 'place:QA/41' and 'place:QA'."""
    name = place.partition(":")[2]
    return {"-": "corridor", "/": "sector"}.get(name[2:3], "jurisdiction")


def corridor(origin: str, destination: str) -> str:
    """The corridor's name as audiences and places write it: 'NP-QA'."""
    return f"{origin}-{destination}"
