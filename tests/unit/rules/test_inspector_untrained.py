"""T-INS-04: inspectors at work, and when they were last trained."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.rules.inspector_untrained import tell_country
from streams.rules.registry import catalogue
from tests.support.builders import at
from tests.support.lately import lately
from tests.support.places import DESTINATION, outcome, place, said

ANNE, BEN = "p_" + "a" * 32, "p_" + "b" * 32


def inspected(time: str, inspector: str = ANNE, id: str | None = None, **body: object) -> Fact:
    return said("oversight.inspection_done", time, DESTINATION, id=id, inspector=inspector, **{"jurisdiction": "QA", **body})


def trained(time: str, inspector: str = ANNE, id: str | None = None, **body: object) -> Fact:
    return said("oversight.inspector_trained", time, DESTINATION, id=id, inspector=inspector, **{"jurisdiction": "QA", **body})


def judged(as_of: str | int, *facts: Fact) -> Outcome | None:
    return outcome("T-INS-04", DESTINATION, as_of, *facts)


OVER = at("2025-03-10T21:00:00Z")  # 24 months after the tenth of March 2023


@pytest.mark.covers("T-INS-04", "plain", "boundary")
def test_24_calendar_months_the_last_day_included() -> None:
    facts = trained("2023-03-10T06:00:00Z", id="trained"), inspected("2025-01-20", id="visit")
    before = judged(OVER - 1, *facts)
    assert isinstance(before, Clear)
    assert before.next_at == OVER
    found = judged(OVER, *facts)
    assert isinstance(found, Finding)
    assert (found.reason, found.issue, found.evidence) == ("training_overdue", "", ("trained", "visit"))
    assert (found.since, found.policy_rows) == (OVER - 1, ("T-INS-04.default",))


def test_the_alert_is_about_the_country_and_names_nobody() -> None:
    found = judged(OVER, trained("2023-03-10"), inspected("2025-01-20"))
    assert isinstance(found, Finding)
    assert (found.parties, found.issue) == ((), "")
    assert ANNE not in found.summary
    rule = next(rule for rule in catalogue() if rule.id == "T-INS-04")
    assert set(rule.audience) == {"labour-inspectorate", "oversight"}


@pytest.mark.covers("T-INS-04", "look_alike")
def test_who_was_trained_again_is_trained() -> None:
    assert isinstance(judged(OVER, trained("2023-03-10"), trained("2024-11-01"), inspected("2025-01-20")), Clear)


@pytest.mark.covers("T-INS-04", "boundary")
def test_a_training_lapses_when_it_says_so_and_never_later_than_24_months() -> None:
    lapsed = trained("2024-06-01", valid_until="2024-12-31")
    assert isinstance(judged("2024-12-31T20:59:59Z", lapsed, inspected("2024-11-05")), Clear)
    assert isinstance(judged("2024-12-31T21:00:00Z", lapsed, inspected("2024-11-05")), Finding)
    assert isinstance(judged(OVER, trained("2023-03-10T06:00:00Z", valid_until="2030-01-01"), inspected("2025-01-20")), Finding)


@pytest.mark.covers("T-INS-04", "look_alike", "boundary")
def test_who_is_no_longer_at_work_is_not_asked() -> None:
    """The last inspection was in February 2024: a year after that month it is over."""
    facts = trained("2021-01-01"), inspected("2024-02-10")
    ends = at("2025-02-28T21:00:00Z")
    found = judged(ends - 1, *facts)
    assert isinstance(found, Finding)
    assert found.next_at == ends
    assert isinstance(judged(ends, *facts), Clear)


@pytest.mark.covers("T-INS-04", "boundary", "missing")
def test_of_whom_no_training_is_known_it_is_insufficient_for_24_months() -> None:
    facts = inspected("2023-02-10"), inspected("2025-01-20")
    over = at("2025-02-01T21:00:00Z")  # from the first of that February on
    assert isinstance(judged(over - 1, *facts), Insufficient)
    assert isinstance(judged(over, *facts), Finding)


@pytest.mark.covers("T-INS-04", "missing")
def test_an_inspection_by_nobody_knows_whom_may_be_an_untrained_one_s() -> None:
    well = trained("2024-11-01"), inspected("2025-01-21")
    unnamed = said("oversight.inspection_done", "2025-01-20", DESTINATION, id="unnamed", jurisdiction="QA")
    for facts in ((unnamed,), (unnamed, *well)):
        doubtful = judged(OVER, *facts)
        assert isinstance(doubtful, Insufficient)
        assert (doubtful.missing, doubtful.evidence) == ("who made an inspection", ("unnamed",))
    assert isinstance(judged(OVER, unnamed, trained("2023-03-10"), inspected("2025-01-20")), Finding)
    assert isinstance(judged("2026-02-01", unnamed, trained("2025-11-01"), inspected("2026-01-21")), Clear)  # over a year ago


def test_one_of_many_is_enough_and_a_doubt_is_a_doubt() -> None:
    well = trained("2024-11-01", BEN), inspected("2025-01-21", BEN)
    assert isinstance(judged(OVER, *well), Clear)
    assert isinstance(judged(OVER, *well, inspected("2025-01-20")), Insufficient)
    assert isinstance(judged(OVER, *well, trained("2023-03-10"), inspected("2025-01-20")), Finding)


def test_a_training_yet_to_come_is_none_and_told_late_it_counts() -> None:
    facts = trained("2023-03-10"), inspected("2025-01-20")
    assert isinstance(judged(OVER, *facts, trained("2025-06-01", recorded="2025-06-01")), Finding)
    assert isinstance(judged(OVER, *facts, trained("2024-06-01", recorded="2025-03-10")), Clear)


def test_an_office_tells_its_country_of_whom_it_names_without_a_jurisdiction() -> None:
    office = "party:QA:office:mol"
    visit = said("oversight.inspection_done", "2025-01-20", office, id="visit", source="/office/QA/mol", inspector=ANNE)
    course = said("oversight.inspector_trained", "2024-01-20", office, id="course", source="/office/QA/mol", inspector=ANNE)
    named = said("oversight.inspection_done", "2025-01-21", office, DESTINATION, source="/office/QA/mol", inspector=BEN, jurisdiction="QA")
    assert list(tell_country(place("T-INS-04", office, (visit, course, named)))) == [
        (DESTINATION, "inspectors.at_work", ("2025-01-01", ANNE), ("visit",)),
        (DESTINATION, "inspectors.months", (ANNE, "2025-01-01"), ("visit",)),
        (DESTINATION, "inspectors.trainings", (ANNE, "2024-01-20", ""), ("course",)),
    ]


@pytest.mark.covers("T-INS-04", "late")
def test_a_training_told_late_withdraws_the_alert() -> None:
    facts, late = (trained("2023-03-10"), inspected("2025-01-20")), trained("2024-06-01", recorded="2025-04-01")
    assert lately("T-INS-04", facts, [late], OVER, "2025-04-02") == ("raised", "withdrawn")
