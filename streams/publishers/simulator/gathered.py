"""What gathers at one employer or agency (the watches T-DTH-01, T-CMP-03, T-WAG-02), and what only looks like it, story by story.

Each has a party of its own and workers that no other story knows. What many of one employer's contracts have in common is in
`reworded.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from streams.domain.instants import DAY, HOUR, Instant
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator.lawful import PASSPORT
from streams.publishers.simulator.script import Script
from streams.publishers.simulator.stories import Book, Story, Told

NINETY = 90 * 24  # hours


def _at(s: Story, party: str = "") -> str:
    return f"party:{party or s.firm}"


def _here(s: Story, party: str = "") -> Told:
    """Of the firm, or of another party: each nationality concerned is an issue, and this is the lane's own."""
    return _at(s, party), s.lane.origin


def _staff(s: Story, many: int) -> list[Script]:
    return [s.hire() for _ in range(many)]


# T-DTH-01: deaths and injuries.


def _died(s: Story, days: int, hours: int = 0, worker: Script | None = None, firm: str | None = None, cause: str = "unknown") -> Script:
    """A worker died at the firm, as the ministry of the origin hears."""
    who = worker or s.hire()
    body = {"employer": s.firm if firm is None else firm, "cause": cause, "country": s.lane.destination}
    who.add("died", "deployment.death_notified", s.before(days, hours), world.ministry(s.lane.origin),
            {name: value for name, value in body.items() if value}, PASSPORT)  # fmt: skip
    return who


def _hurt(s: Story, days: int, hours: int = 0, worker: Script | None = None, name: str = "hurt", office: str = "") -> Script:
    """A worker was hurt at the firm, as the ministry of the destination hears."""
    who = worker or s.hire()
    body = {"employer": s.firm, "severity": "serious"}
    who.add(name, "deployment.injury_notified", s.before(days, hours), office or s.office, body, PASSPORT)
    return who


def _two_died_in_a_week(s: Story) -> Told:
    _died(s, 40, 5)
    _died(s, 33)
    return _here(s)


def _ninety_days_to_the_hour(s: Story) -> Told:
    _died(s, 120, 7, cause="illness")
    _died(s, 30, 7, cause="road")
    return _here(s)


def _one_died_and_another_was_hurt(s: Story) -> Told:
    _died(s, 60)
    _hurt(s, 12)
    return _here(s)


def _of_two_nations(s: Story) -> Told:
    _hurt(s, 50)
    _hurt(s, 45, worker=s.hire(s.another))
    s.also("T-DTH-01", _at(s), s.another)
    return _here(s)


def _three_hurt_on_one_day(s: Story) -> Told:
    for hours in (1, 2, 3):
        _hurt(s, 20, hours)
    return _here(s)


def _ninety_days_and_an_hour(s: Story) -> Told:
    _died(s, 110, 8)
    _died(s, 20, 7)
    return _here(s)


def _ninety_one_days(s: Story) -> Told:
    _hurt(s, 106)
    _died(s, 15)
    return _here(s)


def _notified_by_two_offices(s: Story) -> Told:
    who = _hurt(s, 40)
    _hurt(s, 39, worker=who, name="again", office=world.ministry(s.lane.origin))
    return _here(s)


def _hurt_and_then_died(s: Story) -> Told:
    _died(s, 25, worker=_hurt(s, 60))
    return _here(s)


def _at_two_employers(s: Story) -> Told:
    _died(s, 40)
    _died(s, 38, firm=f"{s.firm}-next")
    return _here(s)


def _one_at_nobody_knows_whose_work(s: Story) -> Told:
    _died(s, 40)
    _died(s, 38, firm="").plant("T-DQ-01", "died_at_nobody_knows_whose_work", "died")
    return _here(s)


def _over_for_ninety_days(s: Story) -> Told:
    _died(s, 130)
    _died(s, 90, 1)
    return _here(s)


# T-CMP-03: complaints.

_ROLES = ("family", "union", "ngo")  # whose complaints no office owes an answer on time; the worker's own is settled


def _complains(s: Story, hours: int, role: str = "family", who: Script | None = None, name: str = "filed", **about: str) -> Script:
    """A complaint so many hours before the end, against the firm unless it says whom it is about."""
    worker = who or s.hire()
    case = {"case": f"K-{worker.setting.serial}-{name}"}
    filed = s.end - hours * HOUR
    body = {"complainant_role": role, "channel": "office", "country": s.lane.destination, **(about or {"against": s.firm})}
    worker.add(name, "complaint.complaint_filed", filed, s.office, body, PASSPORT, refs=case, evidence="declared", clean=True)
    if role == "worker":
        worker.add(f"{name}_settled", "complaint.complaint_settled", filed + DAY, s.office,
                   {"jurisdiction": s.lane.destination, "paid": True, "payment_proof": True}, PASSPORT, refs=case, clean=True)  # fmt: skip
    return worker


def _works(s: Story, many: int) -> list[Script]:
    """So many of the firm's workers are known: they were cleared for it a year ago."""
    staff = _staff(s, many)
    for number, who in enumerate(staff):
        who.add("cleared", "visa.clearance_issued", s.before(380, number), world.ministry(s.lane.origin),
                {"country": s.lane.destination, "employer": s.firm, "out_of_hours": False}, PASSPORT)  # fmt: skip
    return staff


def _five_of_five_workers(s: Story) -> Told:
    for number, role in enumerate(("worker", *_ROLES, "family")):
        _complains(s, (60 - 9 * number) * 24, role)
    return _here(s)


def _five_in_ninety_days_to_the_hour(s: Story) -> Told:
    for hours in (NINETY, 1_500, 900, 300, 0):
        _complains(s, 8 * 24 + hours)
    return _here(s)


def _about_the_agency(s: Story) -> Told:
    for number in range(5):
        _complains(s, (70 - number) * 24, _ROLES[number % 3], agency=s.agency)
    return _here(s, s.agency)


def _spelled_in_several_ways(s: Story) -> Told:
    country, register, name = s.firm.split(":")
    for number, spelled in enumerate((name, name.lower(), name.replace("-", " "), name.replace("-", ""), name.replace("-", "."))):
        _complains(s, (40 - number) * 24, against=f"{country}:{register}:{spelled}")
    return _here(s)


def _three_and_two_of_two_nations(s: Story) -> Told:
    for number in range(5):
        _complains(s, (30 - number) * 24, who=s.hire(s.another if number > 2 else ""))
    s.also("T-CMP-03", _at(s), s.another)
    return _here(s)


def _two_of_twenty(s: Story) -> Told:
    """Three hundredths are expected of twenty workers in ninety days."""
    first, second, *_ = _works(s, 20)
    _complains(s, 960, who=first)
    _complains(s, 480, who=second)
    return _here(s)


def _four_workers(s: Story) -> Told:
    for number in range(4):
        _complains(s, (30 - number) * 24)
    return _here(s)


def _five_of_one_worker(s: Story) -> Told:
    who = s.hire()
    for number in range(5):
        _complains(s, (30 - number) * 24, who=who, name=f"filed{number}")
    return _here(s)


def _five_under_one_number(s: Story) -> Told:
    """An organisation writes five times of one case, and of no worker by number."""
    for number in range(5):
        body = {"complainant_role": "ngo", "against": s.firm, "country": s.lane.destination}
        s.say("complaint.complaint_filed", s.before(30 - number), body, refs={"case": s.reference("K")})
    return _here(s)


def _four_and_the_employers_own(s: Story) -> Told:
    for number in range(5):
        _complains(s, (50 - number) * 24, "family" if number else "employer")
    return _here(s)


def _five_in_ninety_days_and_an_hour(s: Story) -> Told:
    for hours in (NINETY + 1, 1_500, 900, 300, 0):
        _complains(s, 8 * 24 + hours)
    return _here(s)


def _about_five_employers(s: Story) -> Told:
    for number in range(5):
        _complains(s, (30 - number) * 24, against=f"{s.firm}-{number}")
    return _here(s)


def _against_the_agency_four_times(s: Story) -> Told:
    """All name the firm, and one is against it."""
    for number in range(5):
        about: dict[str, Any] = {"against": s.agency, "employer": s.firm} if number else {"against": s.firm}
        _complains(s, (30 - number) * 24, **about)
    return _here(s)


def _two_of_ninety(s: Story) -> Told:
    """More than three times as many as expected, with a probability of 0.011."""
    first, second, *_ = _works(s, 90)
    _complains(s, 960, who=first)
    _complains(s, 480, who=second)
    return _here(s)


# T-WAG-02: wages.


def _months(s: Story) -> tuple[date, ...]:
    """The pay days of three months: each the first of a month, the last of them so that all but it are over."""
    last = (date(1970, 1, 1) + timedelta(days=(s.end - 10 * DAY) // DAY)).replace(day=1)
    before = (last - timedelta(days=1)).replace(day=1)
    return (before - timedelta(days=1)).replace(day=1), before, last


def _instant(day: date) -> Instant:
    return (day - date(1970, 1, 1)).days * DAY


def _wage(s: Story, who: Script, pay_day: date, owed: bool, days: int = 0, percent: int = 100) -> None:
    """The month before the pay day fell due, or was paid so many days later, or so many hundredths of it."""
    last = pay_day - timedelta(days=1)
    pay = bodies.pay(who.setting)
    body = {"employer": s.firm, "amount": pay | {"minor": pay["minor"] * percent // 100}, "period_start": f"{last.replace(day=1)}",
            "period_end": f"{last}"} | ({"due": f"{pay_day}"} if owed else {"method": "bank"})  # fmt: skip
    kind = "due" if owed else "paid"
    hour = 9 if owed else 10
    who.add(f"{kind}{pay_day:%m}", f"deployment.wage_{kind}", _instant(pay_day) + days * DAY + hour * HOUR, s.office, body, PASSPORT)


def _month(s: Story, staff: Sequence[Script], pay_day: date, late: Sequence[int] = (), days: int = 0, percent: int = 0) -> None:
    """A month of a firm's staff. Of who is `late` by place a wage fell due and so many hundredths came after so many days; the others
    were paid."""
    for place, who in enumerate(staff):
        if place in late:
            _wage(s, who, pay_day, owed=True)
        if place not in late or percent:
            _wage(s, who, pay_day, owed=False, days=days if place in late else 0, percent=percent if place in late else 100)


def _two_months(s: Story, staff: Sequence[Script], late: Sequence[int], days: int = 0, percent: int = 0) -> Told:
    """The last two months of a firm's staff, alike."""
    for pay_day in _months(s)[1:]:
        _month(s, staff, pay_day, late, days, percent)
    return _here(s)


def _nobody_is_paid(s: Story) -> Told:
    return _two_months(s, _staff(s, 5), range(5))


def _thirty_percent(s: Story) -> Told:
    return _two_months(s, _staff(s, 10), range(3))


def _others_the_second_time(s: Story) -> Told:
    staff, (_, first, second) = _staff(s, 6), _months(s)
    _month(s, staff, first, (0, 1))
    _month(s, staff, second, (4, 5), days=8, percent=100)
    return _here(s)


def _paid_short(s: Story) -> Told:
    return _two_months(s, _staff(s, 5), (1, 3), percent=94)


def _unpaid_of_two_nations(s: Story) -> Told:
    staff = [s.hire(s.another if number > 2 else "") for number in range(5)]
    s.also("T-WAG-02", _at(s), s.another)
    return _two_months(s, staff, range(5))


def _arrived(s: Story, many: int) -> None:
    """So many came to work for the firm half a year ago, and nothing is known of their pay."""
    for number in range(many):
        who = s.hire()
        who.add("arrived", "deployment.arrived", s.before(200, number), s.office, bodies.arrived(who.setting), PASSPORT, clean=True)
        who.add("authenticated", bodies.AUTHENTICATED, s.before(190, number), s.office, bodies.terms(who), PASSPORT, clean=True)


def _unpaid_and_two_not_known(s: Story) -> Told:
    """Three of seven, whatever became of two of the seven."""
    staff = _staff(s, 5)
    _arrived(s, 2)
    return _two_months(s, staff, range(3))


def _one_unpaid_and_one_not_known(s: Story) -> Told:
    """One of six, or two of six: nobody knows."""
    staff = _staff(s, 5)
    _arrived(s, 1)
    return _two_months(s, staff, (0,))


def _two_of_seven(s: Story) -> Told:
    return _two_months(s, _staff(s, 7), (0, 1))


def _one_bad_month(s: Story) -> Told:
    staff, (_, first, second) = _staff(s, 5), _months(s)
    _month(s, staff, first)
    _month(s, staff, second, range(5))
    return _here(s)


def _four_workers_unpaid(s: Story) -> Told:
    return _two_months(s, _staff(s, 4), range(4))


def _paid_on_the_seventh_day(s: Story) -> Told:
    return _two_months(s, _staff(s, 5), range(5), days=7, percent=100)


def _a_twentieth_short(s: Story) -> Told:
    return _two_months(s, _staff(s, 5), range(5), percent=95)


def _paid_again(s: Story) -> Told:
    """Two bad months, and then one in which all that fell due came."""
    staff, (first, second, third) = _staff(s, 5), _months(s)
    _month(s, staff, first, range(5))
    _month(s, staff, second, range(5))
    _month(s, staff, third, range(5), percent=100)
    return _here(s)


BOOK: Book = {
    "T-DTH-01": ((_two_died_in_a_week, _one_died_and_another_was_hurt, _ninety_days_to_the_hour, _of_two_nations, _three_hurt_on_one_day),
                 (_ninety_one_days, _hurt_and_then_died, _notified_by_two_offices, _at_two_employers, _one_at_nobody_knows_whose_work,
                  _ninety_days_and_an_hour, _over_for_ninety_days)),
    "T-CMP-03": ((_five_of_five_workers, _three_and_two_of_two_nations, _about_the_agency, _spelled_in_several_ways,
                  _five_in_ninety_days_to_the_hour, _two_of_twenty),
                 (_four_workers, _five_of_one_worker, _four_and_the_employers_own, _five_under_one_number, _about_five_employers,
                  _five_in_ninety_days_and_an_hour, _against_the_agency_four_times, _two_of_ninety)),
    "T-WAG-02": ((_nobody_is_paid, _thirty_percent, _others_the_second_time, _paid_short, _unpaid_of_two_nations,
                  _unpaid_and_two_not_known),
                 (_two_of_seven, _one_bad_month, _four_workers_unpaid, _paid_on_the_seventh_day, _a_twentieth_short, _paid_again,
                  _one_unpaid_and_one_not_known)),
}  # fmt: skip
