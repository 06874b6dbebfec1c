"""T-ATT-02: a stamp alone for an employer that is new or a high risk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streams.domain.facts import Fact, Refs
from streams.domain.instants import Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.views import SumsView
from streams.rules.attested_by_stamp import EMPLOYERS, GIVEN, NAMELESS, ORDERS, tell_employer
from streams.rules.policy import default, load
from streams.rules.rows import Policy
from tests.support.builders import at, fact, sums
from tests.support.judging import judge
from tests.support.registers import known, said

FIRM, AGENCY = "QA:cr:100", "NP:dofe:12"
D1, D2 = "NP:dofe:D-1", "NP:dofe:D-2"
AS_OF, STAMPED = at("2025-06-01"), at("2025-03-01T06:00:00Z")
PUBLISHED = """
[[row]]
id = "T-ATT-02.published"
rule = "T-ATT-02"
source = "a trial"
register_published = true
"""


@pytest.fixture
def published(tmp_path: Path) -> Policy:
    """Where the register of employers is published."""
    (tmp_path / "trial.toml").write_text(PUBLISHED)
    return load(tmp_path / "trial.toml", base=default())


def attested(demand: str = D1, moment: str | Instant = STAMPED, depth: str = "stamp", employer: str | None = FIRM, **details: Any) -> Fact:
    body = {"demand": demand, "depth": depth, "agency": AGENCY, **({"employer": employer} if employer else {})}
    named = (f"demand:{demand}", f"party:{AGENCY}", *((f"party:{employer}",) if employer else ()))
    return fact("oversight.demand_attested", moment, body=body, subjects=named, source="/office/NP/embassy-doha", **details)


def submitted(demand: str = D1, moment: str | Instant = "2025-02-01", employer: str = FIRM) -> Fact:
    return fact("recruitment.demand_submitted", moment, body={"employer": employer, "country": "QA"}, refs=Refs(demand=demand),
                subjects=(f"demand:{demand}", f"party:{employer}"))  # fmt: skip


def assessed(risk: str, moment: str | Instant = "2025-01-01", party: str = FIRM, until: str | None = None, **details: Any) -> Fact:
    return said("licensing.party_risk_assessed", moment, {"party": party, "risk": risk, "valid_until": until},
                **({"source": "/office/QA/mol"} | details))  # fmt: skip


def outcomes(*facts: Fact, policy: Policy | None = None, as_of: Instant = AS_OF) -> dict[str, Outcome]:
    papers = [each for each in facts if each.type.startswith(("licensing.", "oversight."))]
    view = sums(f"party:{FIRM}", (GIVEN, ORDERS), *facts)
    return {each.issue: each for each in judge("T-ATT-02", view, as_of, policy, known(*papers))}


@pytest.mark.covers("T-ATT-02", "plain")
def test_a_new_employer_where_the_register_is_published(published: Policy) -> None:
    found = outcomes(submitted(), attested(id="stamp"), policy=published)[D1]
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.since) == ("stamped_for_a_new_employer", ("stamp",), STAMPED)
    assert (found.origin, found.destination, found.policy_rows) == ("NP", "QA", ("T-ATT-02.published",))


@pytest.mark.covers("T-ATT-02", "missing")
def test_where_it_is_not_published_nobody_knows() -> None:
    assert isinstance(outcomes(submitted(), attested())[D1], Insufficient)


@pytest.mark.covers("T-ATT-02", "look_alike")
@pytest.mark.parametrize("depth", ["desk", "call", "site_visit"])
def test_anything_more_than_a_stamp_is_enough_also_later(depth: str, published: Policy) -> None:
    assert isinstance(outcomes(attested(depth=depth), policy=published)[D1], Clear)
    later = attested(depth=depth, moment="2025-04-01")
    assert isinstance(outcomes(attested(), later, policy=published, as_of=at("2025-04-01") - 1)[D1], Finding)
    assert isinstance(outcomes(attested(), later, policy=published, as_of=at("2025-04-01"))[D1], Clear)


@pytest.mark.covers("T-ATT-02", "look_alike")
@pytest.mark.parametrize("earlier", [submitted(D2, STAMPED - 1), attested(D2, STAMPED - 1, "desk")])
def test_an_employer_with_an_earlier_demand_is_not_new(earlier: Fact, published: Policy) -> None:
    assert isinstance(outcomes(earlier, attested(), assessed("low"), policy=published)[D1], Clear)


@pytest.mark.parametrize("beside", [submitted(D2, STAMPED), attested(D2, STAMPED, "desk"), submitted(D1, "2020-01-01"),
                                    submitted(D2, "2020-01-01", "QA:cr:7")])  # fmt: skip
def test_one_at_the_same_time_its_own_or_anothers_is_no_earlier_one(beside: Fact, published: Policy) -> None:
    assert isinstance(outcomes(beside, attested(), policy=published)[D1], Finding)


@pytest.mark.covers("T-ATT-02", "plain")
def test_high_risk_of_employer_or_agency() -> None:
    for party in (FIRM, AGENCY):
        found = outcomes(submitted(D2, "2020-01-01"), attested(), assessed("high", party=party, id="risk"))[D1]
        assert isinstance(found, Finding)
        assert found.reason == "stamped_at_high_risk"
        assert "risk" in found.evidence


@pytest.mark.covers("T-ATT-02", "look_alike", "missing")
def test_no_high_risk_and_not_new_is_clear_and_unknown_risk_is_insufficient() -> None:
    known_before = submitted(D2, "2020-01-01")
    assert isinstance(outcomes(known_before, attested(), assessed("medium"))[D1], Clear)
    assert isinstance(outcomes(known_before, attested())[D1], Insufficient)
    assert isinstance(outcomes(known_before, attested(), assessed("low", party=AGENCY))[D1], Insufficient)


@pytest.mark.covers("T-ATT-02", "boundary")
def test_the_latest_assessment_by_then_counts_while_it_holds() -> None:
    before = submitted(D2, "2020-01-01")
    assert isinstance(outcomes(before, attested(), assessed("high"), assessed("low", "2025-02-01"))[D1], Clear)
    assert isinstance(outcomes(before, attested(), assessed("low"), assessed("high", STAMPED))[D1], Finding)
    assert isinstance(outcomes(before, attested(), assessed("low"), assessed("high", STAMPED + 1))[D1], Clear)
    assert isinstance(outcomes(before, attested(), assessed("high", until="2025-03-01"))[D1], Finding)
    assert isinstance(outcomes(before, attested(), assessed("high", until="2025-02-28"))[D1], Insufficient)


@pytest.mark.covers("T-ATT-02", "late")
def test_an_assessment_that_was_retracted() -> None:
    facts = submitted(D2, "2020-01-01"), attested(), assessed("high", id="risk")
    gone = assessed("high", corrects="risk", retracted=True, recorded="2025-04-01")
    assert isinstance(outcomes(*facts)[D1], Finding)
    assert isinstance(outcomes(*facts, gone)[D1], Insufficient)


def test_one_issue_per_demand(published: Policy) -> None:
    found = outcomes(attested(D1), attested(D2, STAMPED + 1), assessed("low"), policy=published)
    assert {issue: type(each) for issue, each in found.items()} == {D1: Finding, D2: Clear}


def test_a_stamp_still_to_come() -> None:
    assert outcomes(attested(), as_of=STAMPED - 1) == {}


def test_a_demand_tells_its_employer_of_attestations_that_name_none(published: Policy) -> None:
    facts = submitted(), attested(employer=None, id="stamp")
    view = sums(f"demand:{D1}", (NAMELESS, EMPLOYERS), *facts)
    assert judge("T-ATT-02", view, AS_OF) == []
    ((about, measure, key, events),) = list(tell_employer(view))
    assert about == f"party:{FIRM}"
    heard = sums(f"party:{FIRM}", (GIVEN, ORDERS), *facts)
    heard.sums.add(measure, key, *events, by=view.id)  # type: ignore[attr-defined]
    (found,) = judge("T-ATT-02", heard, AS_OF, published)
    assert isinstance(found, Finding)


@pytest.mark.covers("T-ATT-02", "missing")
def test_of_a_demand_of_nobody_it_is_insufficient() -> None:
    def only(*facts: Fact) -> list[Outcome]:
        view: SumsView = sums(f"demand:{D1}", (NAMELESS, EMPLOYERS), *facts)
        return judge("T-ATT-02", view, AS_OF)

    (found,) = only(attested(employer=None))
    assert isinstance(found, Insufficient)
    assert only(attested(employer=None), attested(employer=None, depth="call")) == []
