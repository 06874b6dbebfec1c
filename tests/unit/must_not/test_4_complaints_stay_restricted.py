"""Must-not 4: of a complaint the embassy and restricted oversight hear, the focal office that a step is missing, and the labour
inspectorate of an employer, once a worker agrees or five workers are concerned; nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from schemas.topicfiles import declared
from streams.domain.instants import DAY
from streams.domain.outputs import Alert
from streams.dossiers import alerting
from streams.evaluate import Evaluator
from streams.rules import employer_level
from streams.rules.policy import default
from streams.rules.registry import Rule, catalogue
from tests.support.grievances import DAY_0, FIRM, agreed, complaint, delivered, dismissal, event, standing, to
from tests.support.published import CASE, CATEGORY, Watched, watched

# The worker's own channel stands in for the embassy (must-not 8).
MAY_HEAR = {"embassy", "oversight-restricted", "focal-office", "ngo-channel", "union-channel"}
INSPECTORATE = {"labour-inspectorate"}
# T-PEN-01 reads every type, and T-DQ-01 too: its findings on complaints go to restricted oversight.
RULES = [rule for rule in catalogue() if rule.kind == "journey" and rule.by == "rule"
         and (rule.confidential or any(name.startswith("complaint.") for name in rule.reads))]  # fmt: skip
OF_EMPLOYERS = [rule for rule in catalogue() if rule.kind == "party" and rule.id in {each.id for each in RULES}]


def about_complaints(alerts: Iterable[Alert]) -> list[Alert]:
    """Of a worker's complaint, or what followed it; what is told of an employer is told apart (below)."""
    ids = {rule.id for rule in RULES}
    return [alert for alert in alerts if alert.rule.partition("@")[0] in ids and alert.harm not in {rule.harm for rule in OF_EMPLOYERS}]


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
    assert {alert.audience.partition(".")[0] for alert in alerts} == {"embassy", "oversight-restricted", "focal-office"}
    assert len({alert.id for alert in alerts}) >= 3


def test_of_the_run_the_inspectorate_hears_of_employers_alone() -> None:
    found = watched()
    ids = {rule.id for rule in OF_EMPLOYERS}
    heard = [alert for alert in to("labour-inspectorate", found.published.alerts) if alert.rule.partition("@")[0] in ids]
    assert heard
    assert {alert.subject.partition(":")[0] for alert in heard} == {"party"}
    hidden = content(found) - {party for alert in heard for party in alert.parties}
    assert told(heard, {each for each in hidden if ":" not in each}) == []


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
    """Nor to those who may read journeys, but no complaints: satellite offices, and oversight but for an office's last sign of life."""
    found = watched()
    ids = {event["id"] for event in found.events if event["type"].startswith("complaint.")}
    cases = {event["refs"]["case"] for event in found.events if (event.get("refs") or {}).get("case")}
    assert told(found.published.without_right(), ids | cases) == []
    others = [alert for role in ("satellite-office", "oversight") for alert in to(role, found.published.alerts)
              if not alert.rule.startswith("T-OFF-01")]  # fmt: skip
    assert others
    assert [each for each in told(others, ids | cases) if each != "journey:"] == []


def test_data_about_a_complaint_that_cannot_be_so_goes_to_restricted_oversight() -> None:
    ahead = complaint(1) | {"time": DAY_0 + 3 * DAY, "recordedat": DAY_0}
    alerts = [alert for alert in delivered(ahead).alerts if alert.rule.startswith("T-DQ-01")]
    assert {alert.audience for alert in alerts} == {"oversight-restricted"}


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


# The employer level: complaints that nobody followed up (T-CMP-01), and what followed a complaint (T-RTL-01).

Events = list[dict[str, Any]]
HARMS = {"T-CMP-01": lambda worker: [complaint(worker)], "T-RTL-01": lambda worker: [complaint(worker), dismissal(worker)]}


def heard(rule: str, events: Events) -> list[Alert]:
    """What the inspectorate was told of a rule."""
    return [alert for alert in to("labour-inspectorate", delivered(*events).alerts) if alert.rule.startswith(rule)]


@pytest.mark.covers("T-CMP-01", "boundary")
@pytest.mark.covers("T-RTL-01", "boundary")
@pytest.mark.parametrize("rule", HARMS)
def test_without_consent_the_inspectorate_hears_of_five_workers_and_not_of_four(rule: str) -> None:
    events = [each for worker in range(5) for each in HARMS[rule](worker)]
    alerts = heard(rule, events)
    assert {alert.subject for alert in alerts} == {f"party:{FIRM}"}
    assert alerts[-1].summary.startswith("5 workers ")
    assert heard(rule, [each for worker in range(4) for each in HARMS[rule](worker)]) == []


@pytest.mark.parametrize("rule", HARMS)
def test_once_one_worker_agrees_it_hears_of_the_employer_and_not_how_few_they_are(rule: str) -> None:
    (alert, *_) = heard(rule, [*HARMS[rule](1), agreed(1)])
    assert (alert.audience, alert.subject) == ("labour-inspectorate.QA", f"party:{FIRM}")
    assert alert.summary.startswith("Fewer than 5 workers ")
    assert heard(rule, HARMS[rule](1)) == []


@pytest.mark.parametrize("rule", HARMS)
def test_at_employer_level_nothing_leads_to_a_worker_or_says_what_the_complaint_was(rule: str) -> None:
    events = [*[each for worker in range(6) for each in HARMS[rule](worker)], agreed(3)]
    alerts = heard(rule, events)
    assert alerts
    ids = {each["id"] for each in events}
    digests = {each["digest"] for event in events for each in event["worker"]["identifiers"]}
    cases = {event["refs"]["case"] for event in events if event["refs"].get("case")}
    assert told(alerts, ids | digests | cases | {"wages", "Reported"}) == []
    assert all((alert.evidence, alert.parties) == ((), (FIRM,)) for alert in alerts)


def test_of_several_complaints_of_one_worker_one_counts() -> None:
    again = [complaint(worker, day) for worker in range(3) for day in (0, 5, 9)]
    assert heard("T-CMP-01", again) == []


def test_workers_are_added_up_over_ninety_days_alone() -> None:
    """Four complain at first, a fifth in time, or when the first are too long ago; then agreed to, they are heard of all the same."""
    first = [complaint(worker) for worker in range(4)]
    soon, late = ([*first, complaint(4, day)] for day in (60, 95))
    assert to("labour-inspectorate", delivered(*soon, now=DAY_0 + 80 * DAY).alerts)
    assert to("labour-inspectorate", delivered(*late, now=DAY_0 + 120 * DAY).alerts) == []
    assert to("labour-inspectorate", delivered(*late, agreed(0), now=DAY_0 + 120 * DAY).alerts)


@pytest.mark.parametrize(("scope", "until"), [("referral", None), ("embassy", None), ("inspectorate", "2025-07-21")])
def test_consent_to_something_else_or_that_has_ended_is_none(scope: str, until: str | None) -> None:
    """The consent of the last case ended long before the complaint was late."""
    assert heard("T-CMP-01", [complaint(1), agreed(1, 0, scope, until)]) == []


def test_a_complaint_against_an_agency_or_an_employers_own_is_no_employers_matter() -> None:
    agency = complaint(1, against="NP:dofe:9", agency="NP:dofe:9", employer=FIRM)
    for events in ([agency, agreed(1)], [complaint(1, complainant_role="employer"), agreed(1)]):
        assert heard("T-CMP-01", events) == []


def test_what_is_followed_up_late_is_withdrawn() -> None:
    answer = event("complaint.complaint_followed_up", 1, 50, "K-1")
    alerts = heard("T-CMP-01", [complaint(1), agreed(1), event("complaint.legal_aid_assigned", 1, 40, "K-1"), answer])
    assert [alert.status for alert in alerts] == ["raised", "withdrawn"]
    assert standing(alerts) == set()


@pytest.mark.parametrize("rule", OF_EMPLOYERS, ids=lambda rule: rule.id)
def test_rules_on_employers_address_the_inspectorate_alone(rule: Rule) -> None:
    assert set(rule.audience) == INSPECTORATE
    assert rule.confidential


def test_consent_that_is_not_looked_at_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(employer_level, "consented", lambda view, scope, case: (0, 1 << 62))
    assert heard("T-CMP-01", [complaint(1)])


def test_evidence_that_is_not_left_out_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerting, "as_read_by", lambda audience, alert, *_: msgspec.structs.replace(alert, audience=audience))
    events = [complaint(1), agreed(1)]
    assert told(heard("T-CMP-01", events), {each["id"] for each in events})


