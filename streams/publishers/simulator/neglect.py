"""Agreements, committees and reviews that fail, story by story."""

from __future__ import annotations

from datetime import date, timedelta

from streams.domain.instants import HOUR, local_day, months_after, start_of_day
from streams.publishers.simulator import bodies
from streams.publishers.simulator.stories import Book, Story, Told

OVS = "oversight."


def _reviewed(s: Story) -> None:
    """So that the corridor's review is not overdue beside what the story is about."""
    s.say(OVS + "review_completed", s.before(60), bodies.review(corridor=s.corridor))


def _departures(s: Story, many: int, since: int = 0) -> None:
    """Reported for ten periods of thirty days, the last of which ended `since` days ago."""
    origin = s.corridor[:2]
    for period in range(10):
        first, last = since + 30 * (period + 1), since + 30 * period + 1
        left = many // 10 + (many % 10 if period == 0 else 0)
        body = bodies.departures(s.corridor, s.day(first, origin), s.day(last, origin), left)
        s.say(OVS + "departures_reported", s.before(last, -20), body)
    _reviewed(s)


def _sign(s: Story, type: str = "bla", reference: str = "A", since: int = 300, until: int | None = None, parties: str | None = None,
          body: str | None = None) -> str:  # fmt: skip
    """An agreement of the story's corridor from so many days ago, until so many ago (negative: to come)."""
    name = s.reference(reference)
    ends = s.day(until, s.corridor[:2]) if until is not None else None
    s.say(f"oversight.{type}_signed", s.before(since), {**bodies.agreement(name, s.corridor, body, until=ends), "parties_kind": parties})
    return name


# T-BLA-01: no agreement.


def _a_thousand_left(s: Story) -> Told:
    _departures(s, 1000)
    return f"place:{s.corridor}", ""


def _an_agreement_lapsed(s: Story) -> Told:
    _sign(s, since=400, until=100)
    _departures(s, 1200)
    return f"place:{s.corridor}", ""


def _agreed_with_employers_alone(s: Story) -> Told:
    _sign(s, "mou", parties="G-E")
    _departures(s, 2000)
    return f"place:{s.corridor}", ""


def _one_fewer_left(s: Story) -> Told:
    _departures(s, 999)
    return f"place:{s.corridor}", ""


def _an_agreement_holds(s: Story) -> Told:
    _sign(s)
    _departures(s, 3000)
    return f"place:{s.corridor}", ""


def _a_memorandum_of_governments(s: Story) -> Told:
    _sign(s, "mou", parties="G-G")
    _departures(s, 3000)
    return f"place:{s.corridor}", ""


def _a_thousand_left_long_ago(s: Story) -> Told:
    _departures(s, 5000, since=370)
    return f"place:{s.corridor}", ""


# T-BLA-02: an agreement ends.


def _ends(s: Story, days: int, type: str = "bla", parties: str | None = None) -> Told:
    name = _sign(s, type, until=-days, parties=parties)
    _reviewed(s)
    return f"place:{s.corridor}", name


def _ends_in_178_days(s: Story) -> Told:
    return _ends(s, 178)


def _ends_next_week(s: Story) -> Told:
    return _ends(s, 7)


def _a_memorandum_ends(s: Story) -> Told:
    return _ends(s, 90, "mou", "G-G")


def _ends_in_182_days(s: Story) -> Told:
    return _ends(s, 182)


def _renewed_in_time(s: Story) -> Told:
    told = _ends(s, 30)
    s.say("oversight.bla_signed", s.before(20), bodies.agreement(told[1], s.corridor))
    return told


def _has_ended(s: Story) -> Told:
    return _ends(s, -5)


def _an_agreement_with_employers_ends(s: Story) -> Told:
    return _ends(s, 30, "mou", "G-E")


# T-TRI-01: nobody monitors it.


def _unmonitored(s: Story, hours: int = 1, type: str = "bla") -> Told:
    name = s.reference("A")
    s.say(f"oversight.{type}_signed", s.before(365, hours), bodies.agreement(name, s.corridor))
    _reviewed(s)
    return f"place:{s.corridor}", name


def _monitored_by_nobody(s: Story) -> Told:
    return _unmonitored(s)


def _unions_monitored_by_nobody(s: Story) -> Told:
    return _unmonitored(s, 2000, "union_agreement")


def _monitored_without_workers(s: Story) -> Told:
    told = _unmonitored(s, 24)
    country, committee = s.corridor[3:], s.reference("TC")
    s.say(OVS + "committee_met", s.before(30), bodies.meeting(committee, country, "workers", agreement=told[1], corridor=s.corridor))
    s.also("T-TRI-02", f"place:{country}", committee)
    return told


def _a_year_to_the_hour(s: Story) -> Told:
    return _unmonitored(s, 0)


def _a_committee_watches(s: Story) -> Told:
    told = _unmonitored(s, 500)
    s.say(OVS + "committee_met", s.before(30),
          bodies.meeting(s.reference("TC"), s.corridor[3:], agreement=told[1], corridor=s.corridor))  # fmt: skip
    return told


def _a_body_was_named_late(s: Story) -> Told:
    told = _unmonitored(s, 500)
    s.say("oversight.bla_signed", s.before(40), bodies.agreement(told[1], s.corridor, s.reference("TC")))
    s.say(OVS + "committee_met", s.before(30), bodies.meeting(s.reference("TC"), s.corridor[3:]))
    return told


# T-TRI-02: a committee.


def _met(s: Story, days: int, hours: int = 0, without: str = "", **details: object) -> Told:
    country, committee = s.corridor[3:], s.reference("TC")
    s.say(OVS + "committee_met", s.before(days, hours), bodies.meeting(committee, country, without, **details))
    return f"place:{country}", committee


def _not_for_a_year(s: Story) -> Told:
    return _met(s, 365, 1)


def _without_workers(s: Story) -> Told:
    _met(s, 200)
    return _met(s, 20, without="workers")


def _without_employers(s: Story) -> Told:
    return _met(s, 20, without="employers")


def _never_met(s: Story) -> Told:
    name = s.reference("A")
    s.say("oversight.bla_signed", s.before(365, 1), bodies.agreement(name, s.corridor, s.reference("TC")))
    _reviewed(s)
    return f"place:{s.corridor}", name


def _a_year_ago_to_the_hour(s: Story) -> Told:
    return _met(s, 365)


def _complete_again(s: Story) -> Told:
    _met(s, 100, without="employers")
    return _met(s, 10)


def _without_civil_society(s: Story) -> Told:
    return _met(s, 100, civil_society=False)


# T-TRI-03: an action item.


def _item(s: Story, days: int, hours: int = 0, due: int | None = None) -> Told:
    line = s.reference("I") + (f" | due {s.day(due, s.corridor[3:])}" if due is not None else "")
    place, committee = _met(s, days, hours, action_items=[line])
    return place, f"{committee}/{s.reference('I')}"


def _done(s: Story, days: int) -> None:
    body = {"committee": s.reference("TC"), "jurisdiction": s.corridor[3:], "item": s.reference("I")}
    s.say(OVS + "action_item_done", s.before(days), body)


def _past_ninety_days(s: Story) -> Told:
    return _item(s, 90, 1)


def _past_its_own_date(s: Story) -> Told:
    return _item(s, 40, due=3)


def _ninety_days_to_the_hour(s: Story) -> Told:
    return _item(s, 90)


def _its_own_date_is_to_come(s: Story) -> Told:
    return _item(s, 200, due=-3)


def _done_late(s: Story) -> Told:
    told = _item(s, 200)
    _done(s, 10)
    return told


# T-TRI-04: a review.


def _a_year_to_the_day(s: Story, over: int = 0) -> Told:
    origin = s.corridor[:2]
    day: date = months_after(local_day(s.end, origin), -12) - timedelta(days=over)
    s.say(OVS + "review_completed", start_of_day(day.isoformat(), origin) + 12 * HOUR, bodies.review(corridor=s.corridor))
    return f"place:{s.corridor}", ""


def _a_year_and_a_day(s: Story) -> Told:
    return _a_year_to_the_day(s, 1)


def _never_reviewed(s: Story) -> Told:
    body = bodies.departures(s.corridor, s.day(430, s.corridor[:2]), s.day(400, s.corridor[:2]), 10)
    s.say(OVS + "departures_reported", s.before(399), body)
    return f"place:{s.corridor}", ""


def _reviewed_without_workers(s: Story) -> Told:
    s.say(OVS + "review_completed", s.before(500), bodies.review(corridor=s.corridor))
    s.say(OVS + "review_completed", s.before(50), bodies.review(corridor=s.corridor, attended=("G", "E")))
    return f"place:{s.corridor}", ""


def _a_policy_of_long_ago(s: Story) -> Told:
    s.say(OVS + "review_completed", s.before(750), bodies.review(country=s.country))
    return f"place:{s.country}", ""


def _a_policy_of_23_months_ago(s: Story) -> Told:
    s.say(OVS + "review_completed", s.before(698), bodies.review(country=s.country))
    return f"place:{s.country}", ""


BOOK: Book = {
    "T-BLA-01": ((_a_thousand_left, _an_agreement_lapsed, _agreed_with_employers_alone),
                 (_one_fewer_left, _an_agreement_holds, _a_memorandum_of_governments, _a_thousand_left_long_ago)),
    "T-BLA-02": ((_ends_in_178_days, _ends_next_week, _a_memorandum_ends),
                 (_ends_in_182_days, _renewed_in_time, _has_ended, _an_agreement_with_employers_ends)),
    "T-TRI-01": ((_monitored_by_nobody, _unions_monitored_by_nobody, _monitored_without_workers),
                 (_a_year_to_the_hour, _a_committee_watches, _a_body_was_named_late)),
    "T-TRI-02": ((_not_for_a_year, _without_workers, _without_employers, _never_met),
                 (_a_year_ago_to_the_hour, _complete_again, _without_civil_society)),
    "T-TRI-03": ((_past_ninety_days, _past_its_own_date), (_ninety_days_to_the_hour, _its_own_date_is_to_come, _done_late)),
    "T-TRI-04": ((_a_year_and_a_day, _never_reviewed, _reviewed_without_workers, _a_policy_of_long_ago),
                 (_a_year_to_the_day, _a_policy_of_23_months_ago)),
}  # fmt: skip
