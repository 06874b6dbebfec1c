"""Inspections, visits and focal offices that fail, story by story."""

from __future__ import annotations

from streams.publishers.simulator import bodies
from streams.publishers.simulator.stories import Book, Story, Told

OVS = "oversight."


# T-INS-02: a sector.


def _stock(s: Story, workers: int, days: int = 400, sector: str = "") -> Told:
    s.say(OVS + "stock_reported", s.before(days), {"sector": sector or s.sector, "workers": workers})
    return f"place:{(sector or s.sector)[:5]}", ""


def _inspected(s: Story, days: int, **details: object) -> None:
    s.say(OVS + "inspection_done", s.before(days), bodies.inspection(**details))


def _fifty_and_no_inspection(s: Story) -> Told:
    return _stock(s, 50)


def _last_inspected_a_year_ago(s: Story) -> Told:
    _inspected(s, 367, sector=s.sector)
    return _stock(s, 800)


def _one_domestic_worker(s: Story) -> Told:
    return _stock(s, 1, sector=f"{s.country}/9700")


def _two_classes_of_thirty(s: Story) -> Told:
    _stock(s, 30, sector=s.sector + "10")
    return _stock(s, 30, sector=s.sector + "20")


def _one_fewer_than_fifty(s: Story) -> Told:
    return _stock(s, 49)


def _inspected_within_the_year(s: Story) -> Told:
    _inspected(s, 360, sector=s.sector + "10")
    return _stock(s, 800)


def _known_for_less_than_a_year(s: Story) -> Told:
    return _stock(s, 800, 300)


# T-INS-04: inspectors.


def _trained(s: Story, days: int, lapses: int | None = None) -> None:
    until = s.day(lapses, s.country) if lapses is not None else None
    s.say(OVS + "inspector_trained", s.before(days), bodies.training(s.reference("INSPECTOR"), s.country, until))


def _at_work(s: Story, days: int) -> Told:
    _inspected(s, days, inspector=s.reference("INSPECTOR"), jurisdiction=s.country)
    return f"place:{s.country}", ""


def _trained_25_months_ago(s: Story) -> Told:
    _trained(s, 765)
    return _at_work(s, 30)


def _trained_and_lapsed(s: Story) -> Told:
    _trained(s, 200, lapses=5)
    return _at_work(s, 30)


def _at_work_for_years_and_never_trained(s: Story) -> Told:
    _at_work(s, 800)
    return _at_work(s, 30)


def _trained_23_months_ago(s: Story) -> Told:
    _trained(s, 699)
    return _at_work(s, 30)


def _no_longer_at_work(s: Story) -> Told:
    _trained(s, 1200)
    return _at_work(s, 420)


def _new_at_work(s: Story) -> Told:
    return _at_work(s, 100)


# T-INS-05: what inspections found.


def _found(s: Story, days: int, hours: int = 0) -> Told:
    name = s.reference("F")
    s.say(OVS + "finding_recorded", s.before(days, hours), {"finding": name, "employer": s.party, "gravity": "serious"})
    return f"party:{s.party}", f"{s.office[:2]}/{name}"


def _followed(s: Story, step: str, days: int, finding: str = "") -> None:
    s.say(f"oversight.finding_{step}", s.before(days), {"finding": finding or s.reference("F"), "employer": s.party})


def _nothing_in_thirty_days(s: Story) -> Told:
    return _found(s, 30, 1)


def _another_finding_was_remedied(s: Story) -> Told:
    told = _found(s, 100)
    _followed(s, "remediated", 50, s.reference("G"))
    return told


def _thirty_days_to_the_hour(s: Story) -> Told:
    return _found(s, 30)


def _remedied_late(s: Story) -> Told:
    told = _found(s, 200)
    _followed(s, "remediated", 50)
    return told


def _escalated(s: Story) -> Told:
    told = _found(s, 60)
    _followed(s, "escalated", 40)
    return told


# T-SPT-01: spot checks.


def _licensed(s: Story, days: int) -> Told:
    s.say("licensing.agency_registered", s.before(days), bodies.licence(s.party, "agency", s.day(days, s.party[:2])))
    return f"party:{s.party}", ""


def _visited(s: Story, days: int, announced: bool = False) -> None:
    s.say(OVS + "spot_check_done", s.before(days), {"agency": s.party, "announced": announced})


def _risk(s: Story, level: str, days: int = 250) -> None:
    s.say("licensing.party_risk_assessed", s.before(days), {"party": s.party, "risk": level})


def _never_visited(s: Story) -> Told:
    return _licensed(s, 368)


def _at_high_risk_for_half_a_year(s: Story) -> Told:
    _risk(s, "high")
    return _licensed(s, 183)


def _visited_after_a_call(s: Story) -> Told:
    _visited(s, 20, announced=True)
    return _licensed(s, 500)


def _at_medium_risk_for_under_a_year(s: Story) -> Told:
    _risk(s, "medium")
    return _licensed(s, 362)


def _at_high_risk_and_visited(s: Story) -> Told:
    _risk(s, "high")
    _visited(s, 177)
    return _licensed(s, 900)


def _of_unknown_risk_for_under_a_year(s: Story) -> Told:
    _visited(s, 300)
    return _licensed(s, 900)


# T-FPO-01: focal offices.


def _designated(s: Story, days: int, until: int | None = None) -> Told:
    last = s.day(until, s.country) if until is not None else None
    s.say(OVS + "focal_designated", s.before(days), bodies.focal(s.country, s.reference("FO"), until=last))
    return f"place:{s.country}", ""


def _vacant_for_over_two_weeks(s: Story) -> Told:
    told = _designated(s, 400)
    s.say(OVS + "focal_vacated", s.before(14, 1), {"jurisdiction": s.country})
    return told


def _ended_a_month_ago(s: Story) -> Told:
    return _designated(s, 400, until=30)


def _never_designated(s: Story) -> Told:
    for days in range(30, -1, -1):
        s.say(OVS + "office_heartbeat", s.before(days, 2), bodies.heartbeat(), f"{s.country}/own-{s.number}")
    return f"place:{s.country}", ""


def _vacant_for_two_weeks_to_the_hour(s: Story) -> Told:
    told = _designated(s, 400)
    s.say(OVS + "focal_vacated", s.before(14), {"jurisdiction": s.country})
    return told


def _designated_again(s: Story) -> Told:
    _designated(s, 400, until=60)
    return _designated(s, 20)


def _vacant_for_a_week(s: Story) -> Told:
    return _designated(s, 400, until=7)


BOOK: Book = {
    "T-INS-02": ((_fifty_and_no_inspection, _last_inspected_a_year_ago, _one_domestic_worker, _two_classes_of_thirty),
                 (_one_fewer_than_fifty, _inspected_within_the_year, _known_for_less_than_a_year)),
    "T-INS-04": ((_trained_25_months_ago, _trained_and_lapsed, _at_work_for_years_and_never_trained),
                 (_trained_23_months_ago, _no_longer_at_work, _new_at_work)),
    "T-INS-05": ((_nothing_in_thirty_days, _another_finding_was_remedied), (_thirty_days_to_the_hour, _remedied_late, _escalated)),
    "T-SPT-01": ((_never_visited, _at_high_risk_for_half_a_year, _visited_after_a_call),
                 (_at_medium_risk_for_under_a_year, _at_high_risk_and_visited, _of_unknown_risk_for_under_a_year)),
    "T-FPO-01": ((_vacant_for_over_two_weeks, _ended_a_month_ago, _never_designated),
                 (_vacant_for_two_weeks_to_the_hour, _designated_again, _vacant_for_a_week)),
}  # fmt: skip
