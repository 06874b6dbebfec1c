"""T-CON-03: what was promised at origin against what came of it, term by term."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from tests.support.builders import at, fact, journey
from tests.support.judging import judge

REGISTERED, ACKNOWLEDGED = "oversight.contract_registered_origin", "oversight.contract_acknowledged_origin"
AUTHENTICATED, AMENDED = "oversight.contract_authenticated_destination", "deployment.contract_amended"
LEFT = fact("deployment.departed", "2025-03-10T09:00:00Z", id="left", body={"country": "QA"})
CAME = fact("deployment.arrived", "2025-03-10T18:00:00Z", id="came", body={"country": "QA"})
TERMS: dict[str, Any] = {
    "country": "QA", "employer": "QA:cr:1", "isco": "9313", "wage": {"minor": 120_000, "currency": "QAR"}, "wage_period": "month",
    "hours_per_week": 48.0, "rest_days": 1.0, "months": 24, "deductions": {"minor": 5_000, "currency": "QAR"},
}  # fmt: skip


def qar(minor: int, currency: str = "QAR") -> dict[str, Any]:
    return {"minor": minor, "currency": currency}


def paper(kind: str, moment: str, id: str, without: tuple[str, ...] = (), **other: Any) -> Fact:
    body = {name: value for name, value in (TERMS | other).items() if name not in without}
    return fact(kind, moment, id=id, source="/office/QA/mol", body=body)


def promised(**other: Any) -> Fact:
    return paper(REGISTERED, "2025-02-15", "promised", **other)


def got(**other: Any) -> Fact:
    return paper(AUTHENTICATED, "2025-03-20", "got", **other)


def amended(moment: str = "2025-06-01", id: str = "amended", **other: Any) -> Fact:
    return paper(AMENDED, moment, id, **other)


def outcomes(*facts: Fact, as_of: str | int = "2025-12-01", standings: tuple[Fact, ...] = ()) -> dict[str, Outcome]:
    found = judge("T-CON-03", journey(LEFT, CAME, *facts), at(as_of), standings=Standings(standings))
    return {each.issue: each for each in found}


def harms(*facts: Fact, **details: Any) -> dict[str, str]:
    return {issue: each.reason for issue, each in outcomes(*facts, **details).items() if isinstance(each, Finding)}


def test_the_same_at_both_ends_is_clear_in_each_term() -> None:
    found = outcomes(promised(), got())
    assert sorted(found) == ["deductions", "duration", "employer", "hours", "job", "place", "rest", "wage"]
    assert {type(each) for each in found.values()} == {Clear}


@pytest.mark.covers("T-CON-03", "plain")
def test_a_lower_wage() -> None:
    found = outcomes(promised(), got(wage=qar(80_000)))["wage"]
    assert isinstance(found, Finding)
    assert (found.reason, found.severity, found.evidence) == ("wage_materially_lower", "P2", ("got", "promised"))
    assert (found.policy_rows, found.parties, found.since) == (("T-CON-03.default",), ("QA:cr:1",), at("2025-03-20"))


@pytest.mark.covers("T-CON-03", "boundary")
@pytest.mark.parametrize(("minor", "reason"), [
    (120_000, None), (150_000, None), (114_000, None), (113_999, "wage_lower"), (108_001, "wage_lower"), (108_000, "wage_materially_lower"),
])  # fmt: skip
def test_exactly_five_per_cent_is_no_harm_and_exactly_ten_is_material(minor: int, reason: str | None) -> None:
    assert harms(promised(), got(wage=qar(minor))).get("wage") == reason


def test_wages_are_compared_for_a_month() -> None:
    weekly = {"wage": qar(27_692), "wage_period": "week"}
    assert harms(promised(), got(**weekly)) == {}
    assert harms(promised(), got(wage=qar(26_000), wage_period="week")) == {"wage": "wage_lower"}
    assert harms(promised(wage=qar(1_440_000), wage_period="year"), got()) == {}


@pytest.mark.covers("T-CON-03", "missing")
@pytest.mark.parametrize("other", [{"wage": qar(90_000, "USD")}, {"wage_period": "piece"}, {"wage": qar(1_200)}, {"without": ("wage",)}])
def test_wages_that_cannot_be_compared_are_insufficient(other: dict[str, Any]) -> None:
    assert isinstance(outcomes(promised(), got(**other))["wage"], Insufficient)
    assert isinstance(outcomes(promised(**other), got())["wage"], Insufficient)


@pytest.mark.covers("T-CON-03", "boundary")
def test_a_wage_fifty_times_off_is_in_another_unit_and_one_just_less_is_lower() -> None:
    assert isinstance(outcomes(promised(), got(wage=qar(2_400)))["wage"], Insufficient)
    assert harms(promised(), got(wage=qar(2_401))) == {"wage": "wage_materially_lower"}


@pytest.mark.parametrize(("was", "now", "verdict"), [
    ("9313", "9211", Finding), ("9313", "9312", Clear), ("9313", "7112", Clear), ("7112", "9313", Finding), ("8322", "7112", Finding),
    ("3122", "2142", Clear), ("9313", "9", Insufficient), ("9313", "93", Clear), ("93", "8", Clear), ("7112", "9", Finding),
])  # fmt: skip
def test_another_job_is_a_harm_unless_it_is_a_promotion(was: str, now: str, verdict: type) -> None:
    assert isinstance(outcomes(promised(isco=was), got(isco=now))["job"], verdict)


@pytest.mark.covers("T-CON-03", "look_alike")
def test_an_employer_by_another_spelling_is_the_same() -> None:
    acme, limited = "QA:name:Acme Co., Ltd.", "QA:name:ACME CO LTD"
    assert harms(promised(employer=acme), got(employer=limited)) == {}
    assert harms(promised(), got(employer="QA:cr:2")) == {"employer": "employer_changed"}
    assert isinstance(outcomes(promised(), got(employer="??:name:ACME"))["employer"], Insufficient)


@pytest.mark.covers("T-CON-03", "boundary")
@pytest.mark.parametrize(("was", "now", "found"), [(48.0, 52.8, False), (48.0, 52.9, True), (50.0, 55.0, False), (48.0, 40.0, False)])
def test_hours_are_longer_strictly_above_ten_per_cent(was: float, now: float, found: bool) -> None:
    assert ("hours" in harms(promised(hours_per_week=was), got(hours_per_week=now))) is found


def test_another_country_or_another_site() -> None:
    assert harms(promised(), got(country="SA")) == {"place": "country_changed"}
    assert harms(promised(site="QA:site:1"), got(site="QA:site:2")) == {"site": "site_changed"}
    assert isinstance(outcomes(promised(), got(site="QA:site:2"))["site"], Insufficient)
    silent = paper(ACKNOWLEDGED, "2025-03-01", "silent")
    assert harms(promised(site="QA:site:1"), silent, got(site="QA:site:2")) == {"site": "site_changed"}


@pytest.mark.parametrize(("was", "now", "verdict"), [
    ({"months": 24}, {"months": 23}, Finding), ({"months": 24}, {"months": 36}, Finding), ({"months": 24}, {"months": 24}, Clear),
    ({"start": "2025-03-10", "end": "2027-03-09"}, {"start": "2025-03-20", "end": "2027-03-19"}, Clear),
    ({"start": "2025-03-10", "end": "2027-03-09"}, {"start": "2025-03-10", "end": "2027-03-10"}, Finding),
    ({"months": 24}, {"start": "2025-03-20", "end": "2027-03-19"}, Clear), ({"months": 24}, {}, Insufficient),
    ({"months": 24}, {"start": "2025-03-20", "end": "2026-03-19"}, Finding),
])  # fmt: skip
def test_any_other_duration_is_worse(was: dict[str, Any], now: dict[str, Any], verdict: type) -> None:
    found = outcomes(promised(without=("months",) if "months" not in was else (), **was),
                     got(without=("months",) if "months" not in now else (), **now))  # fmt: skip
    assert isinstance(found["duration"], verdict)


def test_fewer_days_of_rest_and_more_deducted() -> None:
    assert harms(promised(), got(rest_days=0.5)) == {"rest": "rest_days_fewer"}
    assert harms(promised(), got(deductions=qar(5_001))) == {"deductions": "deductions_more"}
    assert isinstance(outcomes(promised(without=("deductions",)), got())["deductions"], Insufficient)
    assert "deductions" not in outcomes(promised(without=("deductions",)), got(without=("deductions",)))


@pytest.mark.covers("T-CON-03", "look_alike")
def test_what_is_better_is_no_finding() -> None:
    better = got(wage=qar(200_000), hours_per_week=40.0, rest_days=2.0, deductions=qar(0), isco="7112")
    assert harms(promised(), better) == {}


@pytest.mark.covers("T-CON-03", "plain")
def test_several_terms_are_several_findings() -> None:
    assert harms(promised(), got(wage=qar(80_000), isco="9211", rest_days=0.0)) == {
        "wage": "wage_materially_lower", "job": "job_changed", "rest": "rest_days_fewer"}  # fmt: skip


def test_an_amendment_counts_and_one_that_restores_the_terms_ends_it() -> None:
    lower = amended(wage=qar(90_000))
    found = outcomes(promised(), got(), lower)["wage"]
    assert isinstance(found, Finding)
    assert (found.since, found.evidence) == (at("2025-06-01"), ("amended", "promised"))
    assert harms(promised(), got(), lower, amended("2025-08-01", "restored")) == {}
    again = outcomes(promised(), got(wage=qar(80_000)), amended(wage=qar(85_000)))["wage"]
    assert isinstance(again, Finding)
    assert (again.since, again.evidence) == (at("2025-03-20"), ("amended", "got", "promised"))


def test_an_amendment_before_departure_is_one_too() -> None:
    assert harms(promised(), amended("2025-03-01", wage=qar(90_000))) == {"wage": "wage_materially_lower"}


def test_the_latest_paper_of_the_origin_by_departure_promises() -> None:
    acknowledged = paper(ACKNOWLEDGED, "2025-03-01", "acknowledged", wage=qar(100_000))
    assert harms(promised(), acknowledged, got(wage=qar(100_000))) == {}
    after = paper(REGISTERED, "2025-04-01", "after", wage=qar(80_000))
    assert harms(promised(), after, got(wage=qar(80_000))) == {"wage": "wage_materially_lower"}
    assert harms(after, got(wage=qar(60_000))) == {"wage": "wage_materially_lower"}


@pytest.mark.covers("T-CON-03", "look_alike")
def test_a_lawful_transfer_begins_another_employment() -> None:
    move = fact("deployment.employer_transferred", "2025-05-01", id="move", body={"from_employer": "QA:cr:1", "to_employer": "QA:cr:2"})
    other: dict[str, Any] = {"employer": "QA:cr:2", "wage": qar(100_000), "isco": "5120"}
    lawful = paper(AUTHENTICATED, "2025-05-03", "lawful", **other)
    lower = amended(**other | {"wage": qar(80_000)})
    assert harms(promised(), got(), move, lawful) == {}
    assert harms(promised(), got(), move, lawful, lower) == {"wage": "wage_materially_lower"}
    assert harms(promised(), got(employer="QA:cr:2"), as_of="2025-04-20") == {"employer": "employer_changed"}
    assert harms(promised(), got(employer="QA:cr:2"), move) == {}
    assert harms(promised(), got(wage=qar(80_000)), move, lawful) == {"wage": "wage_materially_lower"}


@pytest.mark.covers("T-CON-03", "late")
def test_a_secondment_permit_excuses_the_employer_and_not_the_wage() -> None:
    permit = fact("deployment.secondment_approved", "2025-05-01", subjects=("party:QA:cr:1",),
                  body={"from_employer": "QA:cr:1", "to_employer": "QA:cr:2", "country": "QA"})  # fmt: skip
    lent = got(employer="QA:cr:2", wage=qar(80_000), site="QA:site:2")
    assert set(harms(promised(site="QA:site:1"), lent)) == {"employer", "site", "wage"}
    assert set(harms(promised(site="QA:site:1"), lent, permit)) == {"wage"}
    assert set(harms(promised(site="QA:site:1"), lent, standings=(permit,))) == {"wage"}
    over = fact(permit.type, "2025-03-01", body=permit.body | {"valid_until": "2025-03-19"})
    assert set(harms(promised(), lent, over)) == {"employer", "wage"}


def month(number: int, paid: int | None, due: int | None = None, **more: Any) -> list[Fact]:
    """The pay of May, June, July, August; `due` as stated, None where nobody stated a wage due."""
    first, last = [("05-01", "05-31"), ("06-01", "06-30"), ("07-01", "07-31"), ("08-01", "08-31")][number]
    period = {"period_start": f"2025-{first}", "period_end": f"2025-{last}"}
    moment = at(f"2025-{last}") + 5 * DAY
    facts = []
    if due is not None:
        body = period | {"amount": qar(due), "due": f"2025-{last}"}
        facts.append(fact("deployment.wage_due", moment - DAY, id=f"due{number}", body=body))
    if paid is not None:
        facts.append(fact("deployment.wage_paid", moment, id=f"paid{number}", body=period | {"amount": qar(paid)} | more))
    return facts


def test_a_month_paid_below_the_promise_where_nothing_says_what_was_due() -> None:
    pay = month(0, 90_000)
    found = outcomes(promised(), got(), *pay)["wage"]
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence) == ("wage_materially_lower", ("paid0", "promised"))
    assert harms(promised(), got(), *month(0, 115_000)) == {}
    assert harms(promised(), got(), *month(0, 110_000, deductions=qar(5_000))) == {}


@pytest.mark.covers("T-CON-03", "boundary", "late")
def test_the_rest_of_a_months_pay_is_waited_for() -> None:
    pay = month(0, 90_000)
    settled = pay[0].time + 30 * DAY
    waiting = outcomes(promised(), got(), *pay, as_of=settled)["wage"]
    assert isinstance(waiting, Clear)
    assert waiting.next_at == settled + 1
    assert harms(promised(), got(), *pay, as_of=settled + 1) == {"wage": "wage_materially_lower"}
    rest = fact("deployment.wage_paid", pay[0].time + 10 * DAY, body=pay[0].body | {"amount": qar(30_000)})
    assert harms(promised(), got(), *pay, rest) == {}


@pytest.mark.covers("T-CON-03", "boundary")
def test_two_months_running_that_fell_due_below_it_and_one_may_be_prorated() -> None:
    one = month(0, 90_000, due=90_000)
    assert harms(promised(), got(), *one) == {}
    two = month(1, 90_000, due=90_000)
    found = outcomes(promised(), got(), *one, *two)["wage"]
    assert isinstance(found, Finding)
    assert found.evidence == ("due0", "due1", "promised")
    assert harms(promised(), got(), *one, *month(1, 120_000, due=120_000), *month(2, 90_000, due=90_000)) == {}
    assert harms(promised(), got(), *one, *month(2, 90_000, due=90_000)) == {}


def test_less_paid_than_fell_due_is_not_this_harm() -> None:
    assert harms(promised(), got(), *month(0, 60_000, due=120_000), *month(1, 60_000, due=120_000)) == {}


def test_a_month_that_was_not_whole_shows_nothing() -> None:
    late = fact("deployment.arrived", "2025-05-12", body={"country": "QA"})
    found = judge("T-CON-03", journey(LEFT, late, promised(), got(), *month(0, 70_000)), at("2025-12-01"))
    assert not [each for each in found if isinstance(each, Finding)]


def test_pay_in_another_currency_shows_nothing_and_pay_alone_is_never_clear() -> None:
    other = fact("deployment.wage_paid", "2025-06-05", body=month(0, 1)[0].body | {"amount": qar(30_000, "USD")})
    assert harms(promised(), got(), other) == {}
    assert isinstance(outcomes(promised(), *month(0, 120_000))["wage"], Insufficient)
    assert harms(promised(), *month(0, 90_000)) == {"wage": "wage_materially_lower"}


def test_more_deducted_than_promised() -> None:
    assert harms(promised(), got(), *month(0, 110_000, deductions=qar(10_000))) == {"deductions": "deductions_more"}
    assert harms(promised(), got(), *month(0, 115_000, deductions=qar(5_000))) == {}


@pytest.mark.covers("T-CON-03", "missing")
def test_without_papers_at_an_end_it_is_insufficient() -> None:
    said = {issue: type(each) for issue, each in outcomes(got()).items()}
    assert said == {"": Insufficient}
    assert {issue: type(each) for issue, each in outcomes(promised()).items()} == {"": Insufficient}
    assert judge("T-CON-03", journey(promised()), at("2025-03-01")) == []


@pytest.mark.covers("T-CON-03", "late")
def test_an_office_that_puts_its_record_right_late_ends_it() -> None:
    wrong = got(wage=qar(80_000))
    right = fact(AUTHENTICATED, "2025-03-20", source="/office/QA/mol", body=TERMS, corrects="got", recorded="2025-09-01")
    assert harms(promised(), wrong) == {"wage": "wage_materially_lower"}
    assert harms(promised(), wrong, right) == {}
