"""Contracts of one employer made worse at once (the watch T-CON-06), and what only looks like it, story by story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from streams.domain.instants import HOUR
from streams.publishers.simulator import bodies
from streams.publishers.simulator.lawful import PASSPORT
from streams.publishers.simulator.script import Script
from streams.publishers.simulator.stories import Book, Story, Told

MANY = 20
_HOURS_OF_A_WEEK = 7 * 24


def _signed(s: Story, many: int, promised: bool = True, firm: str = "", origin: str = "") -> list[Script]:
    """So many workers whose contracts were registered at origin half a year ago, or of whose contracts nobody knows."""
    staff = [s.hire(origin) for _ in range(many)]
    for number, who in enumerate(staff):
        who.setting.employer = firm or s.firm
        if promised:
            who.add("contract", bodies.REGISTERED, s.before(170, number), s.office, bodies.terms(who), PASSPORT,
                    refs={"contract": f"C-{who.setting.serial}"}, clean=True)  # fmt: skip
    return staff


def _amended(s: Story, staff: Sequence[Script], days: int = 60, hours: int = 48, name: str = "amended", **terms: Any) -> None:
    """Each worker's contract is amended, the first so many days before the end and the last so many hours later."""
    steps = max(1, len(staff) - 1)
    for number, who in enumerate(staff):
        at = s.before(days) + hours * number // steps * HOUR
        who.add(name, "deployment.contract_amended", at, s.office, bodies.terms(who) | terms, PASSPORT,
                refs={"contract": f"C-{who.setting.serial}"}, clean=True)  # fmt: skip


def _pay(s: Story, percent: int) -> dict[str, Any]:
    """The lane's wage, so many hundredths of it."""
    return bodies.money(s.lane.wage * percent // 100, _currency(s))


def _currency(s: Story) -> str:
    return str(bodies.pay(s.scripts[0].setting)["currency"])


def _told(s: Story) -> Told:
    return f"party:{s.firm}", f"{s.lane.origin} *"


# Four hundredths of the wage, and two hours, are less than makes a substitution of one contract (T-CON-03).


def _less_pay(s: Story) -> Told:
    staff = _signed(s, MANY)
    _amended(s, staff, wage=_pay(s, 96))
    return _told(s)


def _longer_hours(s: Story) -> Told:
    _amended(s, _signed(s, MANY), hours_per_week=50.0)
    return _told(s)


def _seven_days_to_the_hour(s: Story) -> Told:
    staff = _signed(s, MANY)
    _amended(s, staff, hours=_HOURS_OF_A_WEEK, wage=_pay(s, 97))
    return _told(s)


def _longer_hours_for_more_pay(s: Story) -> Told:
    staff = _signed(s, MANY + 1)
    _amended(s, staff, hours_per_week=51.0, wage=_pay(s, 102))
    return _told(s)


def _ten_each_of_two_nations(s: Story) -> Told:
    _amended(s, [*_signed(s, MANY // 2), *_signed(s, MANY // 2, origin=s.another)], hours_per_week=52.0)
    s.also("T-CON-06", f"party:{s.firm}", f"{s.another} *")
    return _told(s)


def _nineteen(s: Story) -> Told:
    staff = _signed(s, MANY - 1)
    _amended(s, staff, wage=_pay(s, 96))
    return _told(s)


def _better_pay(s: Story) -> Told:
    staff = _signed(s, MANY)
    _amended(s, staff, wage=_pay(s, 110))
    return _told(s)


def _the_same_terms(s: Story) -> Told:
    _amended(s, _signed(s, MANY))
    return _told(s)


def _two_ways(s: Story) -> Told:
    staff = _signed(s, MANY)
    _amended(s, staff[::2], wage=_pay(s, 96))
    _amended(s, staff[1::2], hours_per_week=50.0)
    return _told(s)


def _of_two_employers(s: Story) -> Told:
    _amended(s, [*_signed(s, MANY // 2), *_signed(s, MANY // 2, firm=f"{s.firm}-next")], hours_per_week=50.0)
    return _told(s)


def _over_more_than_seven_days(s: Story) -> Told:
    staff = _signed(s, MANY)
    _amended(s, staff, hours=_HOURS_OF_A_WEEK + 1, wage=_pay(s, 96))
    return _told(s)


def _terms_before_not_known(s: Story) -> Told:
    staff = _signed(s, MANY, promised=False)
    _amended(s, staff, wage=_pay(s, 96))
    return _told(s)


def _ninety_days_ago(s: Story) -> Told:
    staff = _signed(s, MANY)
    _amended(s, staff, days=93, wage=_pay(s, 96))
    return _told(s)


BOOK: Book = {
    "T-CON-06": ((_less_pay, _longer_hours, _ten_each_of_two_nations, _seven_days_to_the_hour, _longer_hours_for_more_pay),
                 (_nineteen, _better_pay, _two_ways, _of_two_employers, _over_more_than_seven_days, _terms_before_not_known,
                  _the_same_terms, _ninety_days_ago)),
}  # fmt: skip
