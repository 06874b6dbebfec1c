"""T-BLA-02: less than 180 days before an agreement ends."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at
from tests.support.places import CORRIDOR, outcomes, said

ENDS = at("2025-12-31T18:15:00Z")  # the last day is over in Kathmandu


def signed(reference: str = "BLA-1", type: str = "bla", until: str | None = "2025-12-31", **body: object) -> Fact:
    details = {"valid_until": until} if until else {}
    return said(f"oversight.{type}_signed", "2022-01-01", id=reference, agreement=reference, corridor="NP-QA", **details, **body)


def judged(as_of: int, *facts: Fact, issue: str = "BLA-1") -> Outcome:
    return outcomes("T-BLA-02", CORRIDOR, as_of, *facts)[issue]


@pytest.mark.covers("T-BLA-02", "plain", "boundary")
def test_180_days_are_not_less_than_180() -> None:
    before = judged(ENDS - 180 * DAY, signed())
    assert isinstance(before, Clear)
    assert before.next_at == ENDS - 180 * DAY + 1
    found = judged(ENDS - 180 * DAY + 1, signed())
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("agreement_expiring", ("BLA-1",), ("T-BLA-02.default",))
    assert (found.since, found.next_at) == (ENDS - 180 * DAY + 1, ENDS)
    assert "2025-12-31" in found.summary


@pytest.mark.covers("T-BLA-02", "boundary")
def test_at_its_end_there_is_none_to_expire() -> None:
    assert isinstance(judged(ENDS - 1, signed()), Finding)
    assert isinstance(judged(ENDS, signed()), Clear)


@pytest.mark.covers("T-BLA-02", "look_alike")
def test_one_without_an_end_does_not_expire() -> None:
    assert isinstance(judged(ENDS, signed(until=None)), Clear)


@pytest.mark.covers("T-BLA-02", "look_alike")
def test_a_new_term_or_another_agreement_leaves_no_gap() -> None:
    renewed = said("oversight.bla_signed", "2025-10-01", id="again", agreement="BLA-1", corridor="NP-QA", valid_until="2029-12-31")
    assert isinstance(judged(ENDS - DAY, signed(), renewed), Clear)
    other = signed("BLA-2", until="2027-01-01")
    assert isinstance(judged(ENDS - DAY, signed(), other), Clear)
    gap = said("oversight.bla_signed", "2025-10-01", agreement="BLA-2", corridor="NP-QA", valid_from="2026-01-02")
    assert isinstance(judged(ENDS - DAY, signed(), gap), Finding)
    assert isinstance(judged(ENDS - DAY, signed(), signed("UN-1", "union_agreement", None)), Finding)


def test_an_end_that_was_declared_ahead() -> None:
    ending = said("oversight.bla_expired", "2025-01-01", agreement="BLA-1", corridor="NP-QA", **{"from": "2025-03-01"})
    found = judged(at("2025-01-02"), signed(until=None), ending)
    assert isinstance(found, Finding)
    assert found.next_at == at("2025-02-28T18:15:00Z")


@pytest.mark.covers("T-BLA-02", "missing")
@pytest.mark.parametrize(("parties", "kind"), [("G-G", Finding), (None, Insufficient)])
def test_a_memorandum_between_governments(parties: str | None, kind: type[Outcome]) -> None:
    memo = signed(type="mou", **({"parties_kind": parties} if parties else {}))
    assert isinstance(judged(ENDS - DAY, memo), kind)


@pytest.mark.covers("T-BLA-02", "look_alike")
def test_agreements_with_employers_and_between_unions_are_other_matters() -> None:
    assert outcomes("T-BLA-02", CORRIDOR, ENDS - DAY, signed(type="mou", parties_kind="G-E"), signed("U", "union_agreement")) == {}


def test_each_agreement_is_an_issue() -> None:
    found = outcomes("T-BLA-02", CORRIDOR, ENDS - DAY, signed(), signed("BLA-2", until="2025-11-30"))
    assert {issue: type(each) for issue, each in found.items()} == {"BLA-1": Finding, "BLA-2": Clear}


@pytest.mark.covers("T-BLA-02", "late")
def test_a_corrected_end_counts_as_corrected() -> None:
    corrected = said("oversight.bla_signed", "2022-01-01", agreement="BLA-1", corridor="NP-QA", corrects="BLA-1",
                     recorded="2025-10-01", valid_until="2028-12-31")  # fmt: skip
    assert isinstance(judged(ENDS - DAY, signed()), Finding)
    assert isinstance(judged(ENDS - DAY, signed(), corrected), Clear)
