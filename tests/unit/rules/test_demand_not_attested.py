"""T-ATT-01: cleared for a demand that no mission attested."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from streams.domain.corrections import in_force
from streams.domain.facts import Fact, Refs
from streams.domain.instants import Instant
from streams.domain.names import subject_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.sums import MemorySums, refold
from streams.domain.views import SumsView
from streams.rules.demand_not_attested import CLEARANCES, DEMANDS, ELSEWHERE, GIVEN, USED, tell_employer
from streams.rules.registry import Tells
from tests.support.builders import at, fact, sums
from tests.support.judging import judge

FIRM, OTHER = "SA:cr:100", "SA:cr:200"
ALL = (DEMANDS, GIVEN, CLEARANCES, USED)
SPELLED = ("SA:cr:Al Amal Co.", "SA:cr:AL-AMAL CO", "SA:cr:ALAMALCO")  # the last is the plain one
AS_OF = at("2025-01-01")
BEFORE, AFTER = "2024-03-01T06:00:00Z", "2024-07-01T06:00:00Z"  # 10 June 2024 lies between
D1, D2 = "BD:bmet:D-1", "BD:bmet:D-2"


def _named(demand: str, employer: str | None) -> tuple[str, ...]:
    return tuple(sorted({f"demand:{demand}"} - {"demand:"} | ({f"party:{employer}"} if employer else set())))


def submitted(demand: str = D1, jobs: int | None = 40, moment: str = "2024-01-10", employer: str = FIRM, **details: Any) -> Fact:
    body = {"employer": employer, "country": "SA", "jobs": jobs, **details.pop("body", {})}
    body = {name: value for name, value in body.items() if value is not None}
    return fact("recruitment.demand_submitted", moment, refs=Refs(demand=demand), body=body, source="/office/BD/bmet",
                subjects=_named(demand, employer), **details)  # fmt: skip


def cleared(demand: str = D1, moment: str = BEFORE, employer: str | None = FIRM, **details: Any) -> Fact:
    body = {"country": "SA", "demand": demand, "isco": details.pop("isco", "9313"), **({"employer": employer} if employer else {})}
    return fact("visa.clearance_issued", moment, refs=Refs(demand=demand or None), body=body, source="/office/BD/bmet",
                subjects=_named(demand, employer), **details)  # fmt: skip


def attested(demand: str = D1, moment: str = "2024-02-01", employer: str | None = FIRM, **details: Any) -> Fact:
    body = {"demand": demand, "depth": "desk", **({"employer": employer} if employer else {})}
    return fact("oversight.demand_attested", moment, body=body, source="/office/BD/embassy-riyadh", subjects=_named(demand, employer),
                **details)  # fmt: skip


def told(party: str, *facts: Fact) -> SumsView:
    """An employer's dossier with what demands' dossiers tell it, as the partition does."""
    named = sorted({name for each in facts for name in each.subjects})
    parties = {name: refold(in_force(facts), name, (*ALL, ELSEWHERE))
               for name in (subject_key(f"party:{party}"), *(name for name in named if name.startswith("party:")))}  # fmt: skip
    for demand in (name for name in named if name.startswith("demand:")):
        _tell(parties, tell_employer, sums(demand, ALL, *facts))
    subject = subject_key(f"party:{party}")
    return SumsView(id=subject, sums=parties[subject], types=frozenset(each.type for each in facts if subject in each.subjects))


def _tell(parties: dict[str, MemorySums], tells: Tells, view: SumsView) -> None:
    for about, measure, key, events in list(tells(view)):
        for event in events:
            parties.setdefault(about, MemorySums()).add(measure, key, event, view.id)


def outcomes(*facts: Fact, party: str = FIRM, as_of: Instant = AS_OF) -> dict[str, Outcome]:
    return {each.issue: each for each in judge("T-ATT-01", told(party, *facts), as_of)}


@pytest.mark.covers("T-ATT-01", "plain")
def test_a_group_of_26_without_attestation() -> None:
    found = outcomes(submitted(jobs=26, id="order"), cleared(id="clearance"))[D1]
    assert isinstance(found, Finding)
    assert found.evidence == ("clearance", "order")
    assert (found.origin, found.destination, found.authority, found.parties) == ("BD", "SA", "BD", (FIRM,))
    assert found.policy_rows == ("T-ATT-01.BD.groups",)


@pytest.mark.covers("T-ATT-01", "boundary", "missing")
@pytest.mark.parametrize(("jobs", "kind"), [(25, Clear), (1, Clear), (None, Insufficient), (26, Finding)])
def test_twenty_five_are_exempt_until_june_2024(jobs: int | None, kind: type[Outcome]) -> None:
    assert isinstance(outcomes(submitted(jobs=jobs), cleared())[D1], kind)


@pytest.mark.parametrize("jobs", [1, 25, None])
def test_from_then_on_all_need_it(jobs: int | None) -> None:
    found = outcomes(submitted(jobs=jobs), cleared(moment=AFTER))[D1]
    assert isinstance(found, Finding)
    assert found.policy_rows == ("T-ATT-01.BD.all",)


@pytest.mark.covers("T-ATT-01", "boundary")
def test_the_row_is_that_of_the_clearance_day_in_bangladesh() -> None:
    """18:00 UTC is midnight in Dhaka."""
    assert isinstance(outcomes(submitted(jobs=1), cleared(moment="2024-06-09T17:59:59Z"))[D1], Clear)
    assert isinstance(outcomes(submitted(jobs=1), cleared(moment="2024-06-09T18:00:00Z"))[D1], Finding)


@pytest.mark.parametrize("moment", ["2024-02-01", "2024-05-01"])
def test_attested_before_or_late_ends_it(moment: str) -> None:
    assert isinstance(outcomes(submitted(), cleared(), attested(moment=moment))[D1], Clear)


@pytest.mark.covers("T-ATT-01", "late")
def test_an_attestation_that_was_withdrawn() -> None:
    given = attested(id="stamp")
    gone = attested(corrects="stamp", retracted=True, recorded="2024-04-01")
    assert isinstance(outcomes(submitted(), cleared(), given)[D1], Clear)
    assert isinstance(outcomes(submitted(), cleared(), given, gone)[D1], Finding)


@pytest.mark.covers("T-ATT-01", "plain")
def test_the_attestation_of_another_demand() -> None:
    found = outcomes(submitted(D1), submitted(D2), cleared(D1), attested(D2))
    assert isinstance(found[D1], Finding)


@pytest.mark.covers("T-ATT-01", "boundary")
def test_demands_are_added_up_so_that_none_is_split_below_the_size() -> None:
    facts = submitted(D1, 15), submitted(D2, 11), cleared(D1), cleared(D2)
    assert {type(each) for each in outcomes(*facts).values()} == {Finding}
    assert {type(each) for each in outcomes(submitted(D1, 15), submitted(D2, 10), cleared(D1), cleared(D2)).values()} == {Clear}


@pytest.mark.covers("T-ATT-01", "boundary")
def test_a_demand_submitted_after_the_clearance_day_adds_nothing_to_it() -> None:
    later = submitted(D2, 11, moment="2024-03-01T18:00:00Z")  # 2 March in Dhaka
    same_day = submitted(D2, 11, moment="2024-03-01T17:59:59Z")
    assert isinstance(outcomes(submitted(D1, 15), later, cleared(D1))[D1], Clear)
    assert isinstance(outcomes(submitted(D1, 15), same_day, cleared(D1))[D1], Finding)


@pytest.mark.covers("T-ATT-01", "look_alike")
def test_another_employers_or_another_origins_demand_adds_nothing() -> None:
    assert isinstance(outcomes(submitted(D1, 15), submitted(D2, 20, employer=OTHER), cleared(D1))[D1], Clear)
    assert isinstance(outcomes(submitted(D1, 15), submitted("NP:dofe:L-9", 20), cleared(D1))[D1], Clear)


@pytest.mark.covers("T-ATT-01", "late")
def test_a_size_corrected_downwards_ends_it() -> None:
    first, less = submitted(id="order"), submitted(jobs=20, corrects="order", recorded="2024-04-01")
    assert isinstance(outcomes(first, cleared())[D1], Finding)
    assert isinstance(outcomes(first, less, cleared())[D1], Clear)


def test_no_worker_was_cleared() -> None:
    assert outcomes(submitted(), submitted(D2)) == {}


@pytest.mark.covers("T-ATT-01", "look_alike")
def test_where_no_row_requires_it() -> None:
    clearance = fact("visa.clearance_issued", AFTER, source="/office/NP/dofe", body={"country": "SA", "demand": D1, "employer": FIRM},
                     subjects=_named(D1, FIRM))  # fmt: skip
    assert isinstance(outcomes(submitted(), clearance)[D1], Clear)


def test_what_names_the_demand_alone_is_told_to_its_employer() -> None:
    assert isinstance(outcomes(submitted(), cleared(employer=None))[D1], Finding)
    assert isinstance(outcomes(submitted(), cleared(employer=None), attested(employer=None))[D1], Clear)


def test_a_demand_of_another_employer_is_judged_there_alone() -> None:
    facts = submitted(), cleared(employer=OTHER)
    assert isinstance(outcomes(*facts)[D1], Finding)
    assert outcomes(*facts, party=OTHER) == {}


@pytest.mark.covers("T-ATT-01", "missing")
def test_a_clearance_that_names_no_demand_is_insufficient() -> None:
    assert isinstance(outcomes(cleared("", AFTER))[""], Insufficient)


@pytest.mark.covers("T-ATT-01", "missing")
def test_a_demand_of_which_nobody_said_whose_it_is() -> None:
    (found,) = judge("T-ATT-01", sums(f"demand:{D1}", ALL, cleared(employer=None)), AS_OF)
    assert isinstance(found, Insufficient)
    assert judge("T-ATT-01", sums(f"demand:{D1}", ALL, cleared(employer=None), attested(employer=None)), AS_OF) == []


def test_a_clearance_still_to_come_waits_for_its_day() -> None:
    waiting = outcomes(submitted(), cleared(), as_of=at("2024-02-01"))[D1]
    assert isinstance(waiting, Clear)
    assert waiting.next_at == at("2024-02-29T18:00:00Z")


def test_an_attestation_still_to_come_ends_nothing_yet() -> None:
    given = attested(moment="2024-05-01T06:00:00Z")
    found = outcomes(submitted(), cleared(), given, as_of=at("2024-05-01T06:00:00Z") - 1)[D1]
    assert isinstance(found, Finding)
    assert found.next_at == at("2024-05-01T06:00:00Z")
    assert isinstance(outcomes(submitted(), cleared(), given, as_of=at("2024-05-01T06:00:00Z"))[D1], Clear)


def test_nor_one_of_a_demand_of_which_nobody_said_whose_it_is() -> None:
    view = sums(f"demand:{D1}", ALL, cleared(employer=None), attested(moment="2024-05-01", employer=None))
    (found,) = judge("T-ATT-01", view, at("2024-04-01"))
    assert isinstance(found, Insufficient)
    assert found.next_at == at("2024-05-01")
    (before,) = judge("T-ATT-01", view, at("2024-02-01"))
    assert isinstance(before, Clear)
    assert before.next_at == at("2024-02-29T18:00:00Z")


def test_what_is_dated_more_than_a_day_ahead_counts_for_nothing() -> None:
    ahead = "2024-03-05T00:00:00Z"
    assert isinstance(outcomes(submitted(), cleared(), attested(moment=ahead, recorded="2024-03-03"))[D1], Finding)
    assert isinstance(outcomes(submitted(), cleared(), attested(moment=ahead, recorded="2024-03-04"))[D1], Clear)
    assert outcomes(submitted(), cleared(moment=AFTER, recorded="2024-03-01")) == {}
    assert isinstance(outcomes(submitted(moment="2024-01-10", recorded="2024-01-01"), cleared())[D1], Insufficient)


@pytest.mark.covers("T-ATT-01", "missing", "late")
def test_a_demand_that_nobody_submitted_has_an_unknown_size() -> None:
    known = submitted(D2, 10)
    assert isinstance(outcomes(known, cleared(D1))[D1], Insufficient)
    assert isinstance(outcomes(known, cleared(""))[""], Insufficient)
    assert isinstance(outcomes(known, cleared(D1), submitted(D1, 10))[D1], Clear)
    assert isinstance(outcomes(submitted(D2, 26), cleared(D1))[D1], Finding)


def test_a_demand_submitted_after_the_instant_of_which_it_is_judged() -> None:
    late = submitted(moment="2024-03-20")
    found = outcomes(cleared(), late, as_of=at("2024-03-10"))[D1]
    assert isinstance(found, Insufficient)
    assert found.next_at == at("2024-03-20")
    assert isinstance(outcomes(cleared(), late, as_of=at("2024-03-20"))[D1], Finding)


def test_the_demands_that_were_added_up_are_shown_and_no_more() -> None:
    facts = submitted(D1, 15, id="used"), submitted(D2, 11, id="more"), submitted("BD:bmet:D-3", 9, id="rest"), cleared(id="clearance")
    found = outcomes(*facts)[D1]
    assert isinstance(found, Finding)
    assert found.evidence == ("clearance", "more", "used")
    alone = outcomes(submitted(D1, 26, id="used"), submitted(D2, 11), cleared(id="clearance"))[D1]
    assert isinstance(alone, Finding)
    assert alone.evidence == ("clearance", "used")


@pytest.mark.parametrize("spellings", [SPELLED, SPELLED[:2], SPELLED[1:], SPELLED[::-1]])
def test_the_demands_of_an_employer_spelled_in_several_ways_are_added_up(spellings: tuple[str, ...]) -> None:
    orders = [submitted(f"BD:bmet:D-{n}", 26 // len(spellings) + 1, employer=name) for n, name in enumerate(spellings)]
    for n, name in enumerate(spellings):
        used = cleared(f"BD:bmet:D-{n}", employer=name)
        assert isinstance(outcomes(*orders, used, party=name)[f"BD:bmet:D-{n}"], Finding)
        assert isinstance(outcomes(orders[n], used, party=name)[f"BD:bmet:D-{n}"], Clear)


def test_one_demand_in_two_spellings_is_one_finding() -> None:
    facts = [*(submitted(employer=name) for name in SPELLED[:2]), *(cleared(employer=name) for name in SPELLED[:2])]
    assert isinstance(outcomes(*facts, party=SPELLED[1])[D1], Finding)
    assert outcomes(*facts, party=SPELLED[0]) == outcomes(*facts, party=SPELLED[1])
    assert isinstance(outcomes(*facts, attested(employer=SPELLED[0]), party=SPELLED[1])[D1], Clear)


@pytest.mark.covers("T-ATT-01", "look_alike")
def test_two_register_numbers_are_two_employers() -> None:
    facts = submitted(D1, 15, employer="SA:cr:12-3"), submitted(D2, 15, employer="SA:cr:1-23"), cleared(employer="SA:cr:12-3")
    assert isinstance(outcomes(*facts, party="SA:cr:12-3")[D1], Clear)


def test_cleared_by_the_destinations_own_office_it_is_still_the_origins_law() -> None:
    """A satellite office publishes; the copy in the employer's home names no worker."""

    def published(demand: str, homes: tuple[str, ...]) -> Fact:
        body = {"country": "SA", "demand": demand, "employer": FIRM}
        found = fact("visa.clearance_issued", BEFORE, source="/office/SA/dhaka", body=body, subjects=_named(demand, FIRM))
        return structs.replace(found, homes=homes, withheld=True)

    order = "SA:musaned:7"
    assert isinstance(outcomes(submitted(order), published(order, ("BD", "SA")))[order], Finding)
    assert isinstance(outcomes(submitted(order), published(order, ("NP", "SA")))[order], Clear)
    assert isinstance(outcomes(submitted(), published(D1, ("AE", "BD", "SA")))[D1], Finding)
