"""Must-not 4: of a complaint the embassy and restricted oversight hear, and the focal office that a step is missing; nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import msgspec
import pytest

from schemas.topicfiles import declared
from streams.domain.outputs import Alert
from streams.evaluate import Evaluator
from streams.rules.policy import default
from streams.rules.registry import Rule, catalogue
from tests.support.published import CASE, CATEGORY, Watched, watched

MAY_HEAR = {"embassy", "oversight-restricted", "focal-office"}
COMPLAINT = "T-CMP-01"
RULES = [rule for rule in catalogue() if any(name.startswith("complaint.") for name in rule.reads)]


def about_complaints(alerts: Iterable[Alert]) -> list[Alert]:
    ids = {rule.id for rule in RULES}
    return [alert for alert in alerts if alert.rule.partition("@")[0] in ids]


def content(found: Watched) -> set[str]:
    """What says which complaint or whose: cases, event ids, narratives, firms complained of and the kind of complaint."""
    filed = [event for event in found.events if event["type"].startswith("complaint.")]
    bodies = [event["body"] for event in filed]
    said = {str(body[name]) for body in bodies for name in ("note", "against", "employer", "agency") if body.get(name)}
    cases = {event["refs"]["case"] for event in filed if (event.get("refs") or {}).get("case")}
    return said | cases | {event["id"] for event in filed} | {CASE, CATEGORY}


def told(alerts: Iterable[Alert], hidden: set[str]) -> list[str]:
    text = "\n".join(msgspec.json.encode(alert).decode() for alert in alerts)
    return sorted(each for each in (*hidden, "journey:") if each in text)


def test_only_the_embassy_restricted_oversight_and_the_focal_office_hear() -> None:
    alerts = about_complaints(watched().published.alerts)
    assert {alert.audience.partition(".")[0] for alert in alerts} == MAY_HEAR
    assert len({alert.id for alert in alerts}) >= 3


def test_the_focal_office_hears_whose_step_is_missing_and_nothing_of_worker_or_content() -> None:
    found = watched()
    heard = [alert for alert in about_complaints(found.published.alerts) if alert.audience.startswith("focal-office.")]
    assert heard
    assert told(heard, content(found)) == []
    for alert in heard:
        assert (alert.subject, alert.issue, alert.evidence, alert.policy_rows) == (f"party:{alert.parties[0]}", "", (), ())
        assert all(":office:" in party for party in alert.parties)
    embassy = [alert for alert in about_complaints(found.published.alerts) if alert.audience.startswith("embassy.")]
    assert told(embassy, content(found))  # what is looked for is there, where it may be read


def test_no_alert_of_another_rule_carries_a_complaint_to_others() -> None:
    found = watched()
    ids = {event["id"] for event in found.events if event["type"].startswith("complaint.")}
    cases = {event["refs"]["case"] for event in found.events if (event.get("refs") or {}).get("case")}
    assert told(found.published.without_right(), ids | cases) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}-{rule.kind}")
def test_every_rule_that_reads_complaints_addresses_them_alone_and_is_confidential(rule: Rule) -> None:
    assert set(rule.audience) <= MAY_HEAR
    assert rule.confidential


def test_an_audience_without_a_topic_is_no_way_round() -> None:
    """As the audiences that ship are declared: what nobody declared goes to restricted oversight, never to oversight at large."""
    alerts = about_complaints(
        _evaluated(watched(), lambda audience: declared(audience) and not audience.startswith("embassy"), tuple(RULES))
    )
    assert {alert.audience.partition(".")[0] for alert in alerts} == {"oversight-restricted", "focal-office"}


def _evaluated(found: Watched, known: object, rules: tuple[Rule, ...]) -> list[Alert]:
    evaluator = Evaluator(default(), found.run.as_of, known, rules)  # type: ignore[arg-type]  # a lambda has no type
    evaluator.add(found.busy)
    return list(evaluator.finish().alerts.values())


@pytest.mark.parametrize("change", [
    {"audience": ("embassy", "labour-inspectorate")}, {"confidential": False}, {"audience": ("embassy", "oversight")},
], ids=["to the inspectorate", "not confidential", "to all of oversight"])  # fmt: skip
def test_a_rule_that_breaks_it_is_seen(change: dict[str, object]) -> None:
    found = watched()
    broken = tuple(replace(rule, **change) for rule in RULES)  # type: ignore[arg-type]
    alerts = about_complaints(_evaluated(found, lambda audience: not audience.startswith("embassy"), broken))
    heard = {alert.audience.partition(".")[0] for alert in alerts}
    assert not heard <= MAY_HEAR or told([each for each in alerts if each.audience.startswith("focal")], content(found))
