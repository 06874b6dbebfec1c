"""T-BLA-01: a thousand departures in twelve months, and no agreement between the governments."""

from __future__ import annotations

import pytest

from streams.domain.corridors import tell_corridor
from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.sums import Key
from streams.rules.registry import catalogue
from tests.support.builders import at, fact, journey
from tests.support.places import CORRIDOR, outcome, said

Heard = tuple[str, Key, int]
NOW = at("2025-06-30T12:00:00Z")


def left(day: str, many: int) -> Heard:
    return "corridor.departures", (day,), many


THOUSAND = (left("2025-01-10", 400), left("2025-03-01", 600))


def signed(type: str = "bla", **body: object) -> Fact:
    return said(f"oversight.{type}_signed", "2024-01-01", id="signed", agreement="BLA-1", corridor="NP-QA", **body)


def judged(*facts: Fact, heard: tuple[Heard, ...] = THOUSAND, as_of: int = NOW) -> Outcome | None:
    return outcome("T-BLA-01", CORRIDOR, as_of, *facts, heard=heard)


@pytest.mark.covers("T-BLA-01", "plain")
def test_a_thousand_and_no_agreement() -> None:
    found = judged()
    assert isinstance(found, Finding)
    assert (found.reason, found.issue, found.policy_rows) == ("no_agreement", "", ("T-BLA-01.default",))
    reached = at("2025-02-28T18:15:00Z")  # the first of March, in Kathmandu
    assert found.since == reached
    assert found.evidence == ("ev-2025-03-01-0", "ev-2025-03-01-1", "ev-2025-03-01-10")
    assert "NP-QA" in found.summary


@pytest.mark.covers("T-BLA-01", "boundary")
def test_999_are_not_enough_and_a_thousand_are() -> None:
    assert isinstance(judged(heard=(left("2025-01-10", 400), left("2025-03-01", 599))), Clear)
    assert isinstance(judged(heard=(left("2025-01-10", 400), left("2025-03-01", 600))), Finding)


def test_the_corridor_of_which_nobody_left_is_not_judged() -> None:
    assert judged(heard=()) is None


@pytest.mark.covers("T-BLA-01", "look_alike", "boundary")
def test_departures_of_more_than_twelve_months_ago_do_not_count() -> None:
    """The first four hundred are the tenth of January's: on the tenth a year later they are twelve months ago."""
    found = judged(as_of=at("2026-01-09T12:00:00Z"))
    assert isinstance(found, Finding)
    turns = at("2026-01-09T18:15:00Z")
    assert found.next_at == turns
    assert isinstance(judged(as_of=turns - 1), Finding)
    assert isinstance(judged(as_of=turns), Clear)


@pytest.mark.covers("T-BLA-01", "look_alike", "boundary")
def test_an_agreement_in_force_is_enough_on_its_last_day_and_not_the_day_after() -> None:
    agreement = signed(valid_from="2024-01-01", valid_until="2025-06-30")
    ends = at("2025-06-30T18:15:00Z")
    found = judged(agreement, as_of=ends - 1)
    assert isinstance(found, Clear)
    assert found.next_at == ends
    lapsed = judged(agreement, as_of=ends)
    assert isinstance(lapsed, Finding)
    assert (lapsed.reason, lapsed.since) == ("agreement_lapsed", ends)


def test_one_that_begins_later_does_not_cover_before() -> None:
    found = judged(signed(valid_from="2025-07-15"))
    assert isinstance(found, Finding)
    assert found.next_at == at("2025-07-14T18:15:00Z")
    assert isinstance(judged(signed(valid_from="2025-07-15"), as_of=at("2025-07-15")), Clear)


def test_an_agreement_that_was_ended_early_is_none() -> None:
    ended = said("oversight.bla_expired", "2025-05-01", id="ended", agreement="BLA-1", corridor="NP-QA")
    found = judged(signed(), ended)
    assert isinstance(found, Finding)
    assert (found.since, found.evidence[-1]) == (at("2025-05-01"), "ev-2025-03-01-10")
    assert "ended" in found.evidence
    again = said("oversight.bla_signed", "2025-06-01", agreement="BLA-1", corridor="NP-QA")
    assert isinstance(judged(signed(), ended, again), Clear)


@pytest.mark.covers("T-BLA-01", "look_alike", "missing")
@pytest.mark.parametrize(("parties", "kind"), [("G-G", Clear), ("G-E", Finding), ("TU-TU", Finding), (None, Insufficient)])
def test_a_memorandum_counts_between_governments_alone(parties: str | None, kind: type[Outcome]) -> None:
    assert isinstance(judged(signed("mou", **({"parties_kind": parties} if parties else {}))), kind)


def test_unions_agree_for_unions() -> None:
    assert isinstance(judged(signed("union_agreement")), Finding)


@pytest.mark.covers("T-BLA-01", "late")
def test_signed_late_it_ends_the_finding_and_taken_back_it_does_not() -> None:
    late = said("oversight.bla_signed", "2025-06-01", id="late", agreement="BLA-2", corridor="NP-QA")
    assert isinstance(judged(), Finding)
    assert isinstance(judged(late), Clear)
    undone = said("oversight.bla_signed", "2025-06-01", corrects="late", retracted=True, recorded="2025-06-15")
    assert isinstance(judged(late, undone), Finding)


def report(first: str, last: str, many: int) -> Fact:
    return said("oversight.departures_reported", "2025-06-15", id=f"report-{first}", corridor="NP-QA",
                departures=many, **{"from": first, "until": last})  # fmt: skip


@pytest.mark.covers("T-BLA-01", "boundary")
def test_what_an_office_counted_stands_for_journeys_that_nobody_published() -> None:
    found = judged(report("2025-01-01", "2025-03-31", 700), report("2025-04-01", "2025-05-31", 300), heard=(left("2025-04-01", 20),))
    assert isinstance(found, Finding)
    assert isinstance(judged(report("2025-01-01", "2025-03-31", 700), report("2025-04-01", "2025-05-31", 299), heard=()), Clear)


def test_a_period_counts_by_its_days_within_the_months_and_overlapping_ones_once() -> None:
    half = report("2024-04-01", "2024-09-30", 1830)  # 183 days, ten a day; 92 of them after the thirtieth of June
    assert isinstance(judged(half, report("2025-01-01", "2025-01-31", 80), heard=()), Finding)
    assert isinstance(judged(half, report("2025-01-01", "2025-01-31", 79), heard=()), Clear)
    assert isinstance(judged(report("2025-01-01", "2025-02-28", 600), report("2025-02-01", "2025-03-31", 600), heard=()), Clear)


def test_a_journey_tells_its_corridor_once_and_no_name() -> None:
    departed = [fact("deployment.departed", f"2025-03-0{day}T20:00:00Z", id=f"left-{day}", body={"country": "QA"},
                     worker=["passport:NP:a"]) for day in (1, 2)]  # fmt: skip
    assert list(tell_corridor(journey(*departed))) == [("place:NP-QA", "corridor.departures", ("2025-03-02",), ("left-1",))]
    assert list(tell_corridor(journey(fact("deployment.departed", NOW, body={"country": "NP"})))) == []
    teller = next(rule for rule in catalogue() if rule.id == "T-BLA-01" and rule.kind == "journey")
    assert teller.tells is tell_corridor


def test_it_asks_nobody_to_stop_departures() -> None:
    rule = next(rule for rule in catalogue() if rule.id == "T-BLA-01")
    assert (rule.action, set(rule.audience)) == ("notify", {"focal-office", "tripartite-committee"})


def test_many_years_without_one_began_when_the_thousand_were_reached() -> None:
    years = tuple(left(f"{year}-{month:02d}-15", 100) for year in range(2022, 2026) for month in range(1, 13) if (year, month) < (2025, 7))
    found = judged(heard=years)
    assert isinstance(found, Finding)
    assert found.since == at("2022-10-14T18:15:00Z")
    assert found.due_at is not None
    assert found.due_at > found.since + 10 * DAY
