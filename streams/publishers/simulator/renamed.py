"""Agencies that come back under another name (the watch T-LIC-03), and what only looks like it, story by story."""

from __future__ import annotations

from datetime import date
from typing import Any

from streams.domain.instants import DAY, HOUR, Instant, local_day
from streams.domain.names import party_key
from streams.publishers.simulator import bodies
from streams.publishers.simulator.stories import Book, Story, Told

ENDED = 1_200  # days before the end
YEARS = 3


def _old(s: Story) -> str:
    return f"{s.party}-old"


def _new(s: Story) -> str:
    return f"{s.party}-new"


def _address(s: Story) -> str:
    return f"{s.number} Station Street, Block {s.place}"


def _of(s: Story) -> dict[str, Any]:
    """All that a register holds of the old agency; no other story shares any of it."""
    return {"address": _address(s), "phone": f"+9771{4_000_000 + s.number}", "bank_account": f"AG00 1000 {s.number:06d}",
            "email_domain": f"agency{s.number}.example", "person": f"DIRECTOR {s.number}"}  # fmt: skip


def _ended_on(s: Story) -> date:
    """A day that there is in every month."""
    day = local_day(s.before(ENDED), s.party[:2])
    return day.replace(day=min(day.day, 28))


def _morning(day: date) -> Instant:
    return (day - date(1970, 1, 1)).days * DAY + 6 * HOUR


def _licensed(s: Story, holder: str, day: date, name: str, kind: str = "registered", **shared: Any) -> None:
    body = bodies.licence(holder, "agency", day.isoformat()) | {"name": name} | shared
    s.say(f"licensing.agency_{kind}", _morning(day), {field: value for field, value in body.items() if value != ""})


def _decided(s: Story, kind: str, day: date) -> None:
    body = bodies.decision(_old(s), day.isoformat(), "inspection") | {"name": f"Harbour Manpower {s.number}"}
    s.say(f"licensing.agency_{kind}", _morning(day), body)


def _years_later(s: Story, years: int = 1, days: int = 0) -> date:
    day = _ended_on(s)
    return date.fromordinal(day.replace(year=day.year + years).toordinal() + days)


def _history(s: Story, on: date | None = None, ended: str = "cancelled", name: str = "", **shared: Any) -> Told:
    """A licence that ended, and a new one that has `shared` in common with it, a year later unless said."""
    _licensed(s, _old(s), _years_later(s, -3), f"Harbour Manpower {s.number} Pvt. Ltd.", **_of(s))
    _decided(s, ended, _ended_on(s))
    _licensed(s, _new(s), on or _years_later(s), f"Lotus Overseas {s.number}" if name == "" else name, **shared)
    return f"party:{_new(s)}", party_key(_old(s))


def _some(s: Story, *kinds: str) -> dict[str, Any]:
    return {kind: _of(s)[kind] for kind in kinds}


def _address_and_telephone(s: Story) -> Told:
    return _history(s, **_some(s, "address", "phone"))


def _account_and_director(s: Story) -> Told:
    return _history(s, **_some(s, "bank_account", "person"))


def _spelled_otherwise(s: Story) -> Told:
    number = f"+977 1-{4_000_000 + s.number}"
    return _history(s, address=f"{s.number}, STATION ST. Block {s.place}", phone=number, email_domain="other.example")


def _all_five_after_a_blacklisting(s: Story) -> Told:
    return _history(s, ended="blacklisted", **_of(s))


def _thirty_six_months_to_the_day(s: Story) -> Told:
    return _history(s, _years_later(s, YEARS), **_some(s, "email_domain", "bank_account"))


def _on_the_next_day(s: Story) -> Told:
    return _history(s, _years_later(s, 0, 1), **_some(s, "person", "phone"))


def _blacklisted_elsewhere_too(s: Story) -> Told:
    """The new one goes on under its licence when another country has blacklisted it: a network (Y-PHX-01)."""
    told = _history(s, **_some(s, "address", "bank_account"))
    listed = bodies.decision(_new(s), _years_later(s, 1, 100).isoformat(), "inspection") | {"jurisdiction": s.office[:2]}
    s.say("licensing.agency_blacklisted", _morning(_years_later(s, 1, 100)), listed)
    for rule in ("T-LIC-02", "Y-PHX-01"):
        s.also(rule, told[0], "*")
    return told


def _one_kind(s: Story) -> Told:
    return _history(s, **_some(s, "phone"), address=f"{s.number} Temple Road", bank_account=f"ZZ{s.number:06d}", person=f"OTHER {s.number}",
                    email_domain=f"lotus{s.number}.example")  # fmt: skip


def _the_same_name(s: Story) -> Told:
    return _history(s, name=f"HARBOUR MAN-POWER {s.number} (P) LTD", **_some(s, "address", "phone"))


def _a_day_after_thirty_six_months(s: Story) -> Told:
    return _history(s, _years_later(s, YEARS, 1), **_some(s, "address", "phone"))


def _before_the_other_ended(s: Story) -> Told:
    return _history(s, _years_later(s, 0, -1), **_some(s, "address", "phone"))


def _only_suspended(s: Story) -> Told:
    return _history(s, ended="suspended", **_some(s, "address", "bank_account"))


def _given_back_before(s: Story) -> Told:
    told = _history(s, **_some(s, "address", "bank_account"))
    _decided(s, "released", _years_later(s, 0, 200))
    return told


def _a_sister_that_was_there_before(s: Story) -> Told:
    told = _history(s, **_some(s, "person", "bank_account"))
    _licensed(s, _new(s), _years_later(s, -1), f"Lotus Overseas {s.number}", **_some(s, "person"))
    return told


def _mail_that_anyone_can_have(s: Story) -> Told:
    _licensed(s, _old(s), _years_later(s, -2), f"Harbour Manpower {s.number} Pvt. Ltd.", "renewed", email_domain="gmail.com")
    return _history(s, phone=_of(s)["phone"], email_domain="gmail.com", address=f"{s.number} Temple Road", bank_account=f"ZZ{s.number:06d}",
                    person=f"OTHER {s.number}")  # fmt: skip


def _two_telephones(s: Story) -> Told:
    """Two of one kind are one kind."""
    second = {"phone": f"+9771{5_000_000 + s.number}"}
    _licensed(s, _old(s), _years_later(s, -2), f"Harbour Manpower {s.number} Pvt. Ltd.", "renewed", **second)
    told = _history(s, **_some(s, "phone"), address=f"{s.number} Temple Road")
    _licensed(s, _new(s), _years_later(s, 1, 90), f"Lotus Overseas {s.number}", "renewed", **second)
    return told


def _name_not_known(s: Story) -> Told:
    told = _history(s, **_some(s, "address", "phone"))
    del s.drafts[-1].body["name"]
    return told


BOOK: Book = {
    "T-LIC-03": ((_address_and_telephone, _account_and_director, _spelled_otherwise, _all_five_after_a_blacklisting,
                  _thirty_six_months_to_the_day, _on_the_next_day, _blacklisted_elsewhere_too),
                 (_one_kind, _the_same_name, _before_the_other_ended, _a_day_after_thirty_six_months, _only_suspended, _given_back_before,
                  _a_sister_that_was_there_before, _mail_that_anyone_can_have, _two_telephones, _name_not_known)),
}  # fmt: skip
