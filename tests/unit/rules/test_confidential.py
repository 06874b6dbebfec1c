"""Must-not 4: of a complaint only the embassy and restricted oversight hear; the focal office gets the process alone."""

from __future__ import annotations

import msgspec

from streams.domain.facts import Refs
from streams.domain.outcomes import Finding
from streams.domain.outputs import Alert
from streams.dossiers.alerting import difference, to_send
from streams.rules.registry import Rule, catalogue
from tests.support.builders import at, fact, journey
from tests.support.judging import judge

JOURNEY = "journey:NP:0000000000000001"
(RULE,) = [each for each in catalogue() if each.id == "T-CMP-01" and each.kind == "journey"]


def alerts(undeclared: frozenset[str] = frozenset(), rule: Rule = RULE) -> dict[str, Alert]:
    said = {"complainant_role": "worker", "country": "QA", "category": "violence", "against": "QA:cr:66", "severity": "P1"}
    filed = fact("complaint.complaint_filed", "2025-03-01", id="filed", source="/office/QA/mol", refs=Refs(case="K-77"), body=said)
    (found,) = judge("T-CMP-01", journey(filed), at("2025-04-01"))
    assert isinstance(found, Finding)
    now = difference((), [(rule, found)], JOURNEY, at("2025-04-01"), ("NP", ""), lambda ids: ("QA:office:mol",),
                     lambda audience: audience not in undeclared)  # fmt: skip
    return {each.audience: each for each in to_send((), now, {(rule.id, rule.kind): rule}, JOURNEY, "NP", (1, 1))}


def test_who_hears() -> None:
    assert set(alerts()) == {"embassy.NP-QA", "focal-office.NP", "oversight-restricted"}


def test_the_focal_office_reads_of_the_process_alone() -> None:
    alert = alerts()["focal-office.NP"]
    assert (alert.subject, alert.issue, alert.evidence, alert.policy_rows) == ("party:QA:office:mol", "", (), ())
    text = msgspec.json.encode(alert).decode()
    for content in ("K-77", JOURNEY, "violence", "QA:cr:66", "filed", "P1"):
        assert content not in text
    assert alert.summary == "A complaint was not acknowledged in time."


def test_the_embassy_reads_the_case() -> None:
    alert = alerts()["embassy.NP-QA"]
    assert (alert.subject, alert.issue, alert.evidence) == (JOURNEY, "K-77", ("filed",))


def test_an_audience_that_nobody_declared_falls_back_to_restricted_oversight() -> None:
    assert set(alerts(frozenset({"embassy.NP-QA"}))) == {"focal-office.NP", "oversight-restricted"}


def test_every_rule_that_reads_complaints_is_confidential() -> None:
    assert [each.id for each in catalogue() if not each.confidential and any(name.startswith("complaint.") for name in each.reads)] == []
