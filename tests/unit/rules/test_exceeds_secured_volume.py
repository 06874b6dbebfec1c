"""T-LIC-05: departures in a fiscal year against the tier of the bond."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.sums import MemorySums
from streams.domain.views import SumsView
from streams.rules.exceeds_secured_volume import LEFT, tell_agency
from streams.rules.policy import default
from streams.rules.rows import Policy
from tests.support.builders import at, fact, journey
from tests.support.judging import judge
from tests.support.lately import lately
from tests.support.registers import PARTY, known, licence

AS_OF = at("2025-06-01")
YEAR = "2024-07-16"
CROWN = 10_000_000  # 100,000 NPR in minor units: 20 M are 200 of them
FIRST, SECOND, THIRD = 200 * CROWN, 400 * CROWN, 600 * CROWN


def bond(minor: int | None, moment: str = "2020-01-01", currency: str = "NPR", **details: Any) -> Fact:
    held: dict[str, Any] = {"bond": {"minor": minor, "currency": currency}} if minor is not None else {}
    return licence(moment=moment, first=moment, role="agency", **held, **details)


def left(**days: int) -> SumsView:
    """The agency's dossier, told of so many departures on each day (d20241001=3)."""
    sums = MemorySums()
    for day, many in days.items():
        on = f"{day[1:5]}-{day[5:7]}-{day[7:]}"
        for n in range(many):
            sums.add(LEFT.name, (on,), f"{on}-{n}", f"journey:NP:{on}-{n}")
    return SumsView(id="party:NP:dofe:LT77", sums=sums, types=frozenset({"visa.clearance_issued"}))


def outcomes(view: SumsView, *papers: Fact, as_of: Instant = AS_OF, policy: Policy | None = None) -> dict[str, Outcome]:
    return {each.issue: each for each in judge("T-LIC-05", view, as_of, policy, known(*papers))}


@pytest.mark.covers("T-LIC-05", "boundary")
@pytest.mark.parametrize(("minor", "many", "kind"), [
    (FIRST, 3_000, Clear), (FIRST, 3_001, Finding), (SECOND, 5_000, Clear), (SECOND, 5_001, Finding), (SECOND - 1, 3_001, Finding),
    (THIRD, 5_001, Clear), (THIRD - 1, 5_001, Finding), (FIRST - 1, 1, Finding),
])  # fmt: skip
def test_each_tier_allows_exactly_so_many(minor: int, many: int, kind: type[Outcome]) -> None:
    assert isinstance(outcomes(left(d20241001=many), bond(minor))[YEAR], kind)


@pytest.mark.covers("T-LIC-05", "plain")
def test_what_is_said_of_it() -> None:
    found = outcomes(left(d20241001=2_999, d20241101=1, d20241215=2), bond(FIRST, id="paper"))[YEAR]
    assert isinstance(found, Finding)
    assert found.since == at("2024-12-14T18:15:00Z")  # the day on which the 3,001st left
    assert found.evidence == ("2024-12-15-0", "2024-12-15-1", "paper")
    assert (found.authority, found.policy_rows) == ("NP", ("T-LIC-05.NP",))


@pytest.mark.covers("T-LIC-05", "look_alike", "boundary")
def test_the_year_is_nepals() -> None:
    """1 Shrawan was 17 July in 2023 and 16 July in 2024."""
    split = left(d20230716=10, d20230717=2_000, d20240715=1_000, d20240716=2_000)
    found = outcomes(split, bond(FIRST))
    assert {issue: type(each) for issue, each in found.items()} == {"2022-07-17": Clear, "2023-07-17": Clear, YEAR: Clear}
    assert isinstance(outcomes(left(d20230717=2_000, d20240715=1_001), bond(FIRST))["2023-07-17"], Finding)


@pytest.mark.parametrize(("day", "year"), [("d20300716", "2029-07-17"), ("d20300717", "2030-07-17"), ("d20150701", "2014-07-17"),
                                           ("d20180716", "2017-07-17"), ("d20250716", YEAR)])  # fmt: skip
def test_before_and_after_the_years_that_are_listed(day: str, year: str) -> None:
    assert list(outcomes(left(**{day: 1}), bond(FIRST), as_of=at("2031-01-01"))) == [year]


@pytest.mark.covers("T-LIC-05", "late")
def test_a_bond_raised_within_the_year_ends_it_and_one_raised_later_does_not() -> None:
    within, after = bond(SECOND, "2025-03-01", kind="renewed"), bond(SECOND, "2025-07-17", kind="renewed")
    many = left(d20241001=4_000)
    waiting = outcomes(many, bond(FIRST), within, as_of=at("2025-02-01"))[YEAR]
    assert isinstance(waiting, Finding)
    assert waiting.next_at == at("2025-03-01")
    assert isinstance(outcomes(many, bond(FIRST), within, as_of=at("2025-03-02"))[YEAR], Clear)
    assert isinstance(outcomes(many, bond(FIRST), after, as_of=at("2025-09-01"))[YEAR], Finding)


def test_a_bond_that_was_announced_holds_from_its_first_day() -> None:
    ahead = licence(kind="renewed", moment="2025-01-10", first="2025-03-01", bond={"minor": SECOND, "currency": "NPR"})
    found = outcomes(left(d20241001=4_000), bond(FIRST), ahead, as_of=at("2025-02-01"))[YEAR]
    assert isinstance(found, Finding)
    assert found.next_at == at("2025-02-28T18:15:00Z")
    assert isinstance(outcomes(left(d20241001=4_000), bond(FIRST), ahead, as_of=at("2025-02-28T18:15:00Z"))[YEAR], Clear)


def test_a_renewal_that_states_no_bond_leaves_the_one_that_is_held() -> None:
    renewed = bond(None, "2024-12-01", kind="renewed")
    assert isinstance(outcomes(left(d20241001=3_001), bond(FIRST), renewed)[YEAR], Finding)


@pytest.mark.covers("T-LIC-05", "missing")
@pytest.mark.parametrize("paper", [bond(None), bond(FIRST, currency="USD"), bond(FIRST, holder="NP:dofe:9"),
                                   bond(FIRST, jurisdiction="QA")])  # fmt: skip
def test_a_bond_that_nobody_stated_is_insufficient(paper: Fact) -> None:
    assert isinstance(outcomes(left(d20241001=1), paper)[YEAR], Insufficient)


@pytest.mark.covers("T-LIC-05", "look_alike")
def test_where_the_law_knows_no_tiers_nothing_is_said() -> None:
    sums = MemorySums()
    sums.add(LEFT.name, ("2024-10-01",), "e", "journey:BD:1")
    view = SumsView(id="party:BD:bmet:1", sums=sums, types=frozenset({"visa.clearance_issued"}))
    assert outcomes(view) == {}


def test_departures_to_come_are_not_counted_yet() -> None:
    found = outcomes(left(d20241001=3_000, d20250101=1), bond(FIRST), as_of=at("2024-12-01"))[YEAR]
    assert isinstance(found, Clear)
    assert found.next_at == at("2024-12-31T18:15:00Z")


def test_the_policy_that_ships_has_nepals_tiers() -> None:
    (row,) = default().rows("T-LIC-05")
    assert [each.get("up_to") for each in row.records("tiers")] == [3_000, 5_000, None]


# What a journey tells its agency.

GONE = fact("deployment.departed", "2024-10-01T20:00:00Z", worker=["passport:NP:a"], body={"country": "QA"}, id="left")


def cleared(moment: str, agency: str | None = PARTY, **details: Any) -> Fact:
    body = {"country": "QA", **({"agency": agency} if agency else {})}
    return fact("visa.clearance_issued", moment, worker=["passport:NP:a"], body=body, **details)


def told(*facts: Fact) -> list[tuple[object, ...]]:
    return list(tell_agency(journey(*facts)))


def test_the_agency_of_the_clearance_hears_of_the_day_at_its_own_place_and_of_no_worker() -> None:
    assert told(cleared("2024-09-01"), GONE) == [("party:NP:dofe:LT77", LEFT.name, ("2024-10-02",), ("left",))]
    again = structs.replace(GONE, id="again", event_id="again", time=GONE.time + 1)
    assert len(told(cleared("2024-09-01"), GONE, again)) == 1


def test_of_several_clearances_the_last_before_departure_counts() -> None:
    first, second = cleared("2024-08-01", "NP:dofe:1"), cleared("2024-09-01", "NP:dofe:2", id="second")
    late = cleared("2024-11-01", "NP:dofe:3")
    assert [each[0] for each in told(first, second, late, GONE)] == ["party:NP:dofe:2"]
    voided = fact("visa.clearance_voided", "2024-09-10", worker=["passport:NP:a"], body={"clearance": "second"})
    assert [each[0] for each in told(first, second, late, voided, GONE)] == ["party:NP:dofe:1"]


def test_who_left_without_an_agency_or_came_home_counts_for_none() -> None:
    assert told(cleared("2024-09-01", None), GONE) == []
    assert told(GONE) == []
    assert told(cleared("2024-09-01")) == []
    assert told(cleared("2024-09-01"), structs.replace(GONE, body={"country": "NP"})) == []
    assert told(cleared("2024-09-01", "NP:person:p_" + "0" * 32), GONE) == []


@pytest.mark.covers("T-LIC-05", "late")
def test_a_bond_told_late_withdraws_the_alert() -> None:
    late = bond(FIRST, "2024-09-15", kind="renewed", recorded="2025-01-10")
    facts = bond(FIRST - 1), cleared("2024-09-01"), GONE
    assert lately("T-LIC-05", facts, [late], "2024-10-03", "2025-01-11") == ("raised", "withdrawn")
