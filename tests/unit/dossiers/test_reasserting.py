"""A zombie's last write: the present owner says again what that entry announced, as it stands now, under its own epoch."""

from __future__ import annotations

from streams.domain.answering import PUBLICATIONS, case_of
from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.outputs import Alert, Entry, Statement, decode_alert, decode_journey
from streams.domain.standings import Standings
from streams.domain.sums import Key
from streams.dossiers.context import Context, Outbox
from streams.dossiers.partition import Partition
from streams.dossiers.touched import Touched
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import at, fact

NOW = at("2025-06-01T00:00:00Z")
WORKER = ["passport:NP:a"]
ZOMBIE, OWNER = 3, 5
DEPARTED = fact("deployment.departed", "2025-03-01", worker=WORKER, body={"country": "QA"})
REGISTERED = fact("oversight.contract_registered_origin", "2025-03-02", worker=WORKER, body={"country": "QA"})


CONTEXT = Context(catalogue(), default(), Standings(), lambda audience: True)


def owner(epoch: int, *facts: Fact) -> tuple[Partition, list[Entry]]:
    partition = Partition(MemoryStore(), CONTEXT, epoch)
    return partition, partition.accept([Frame("NP", facts)], NOW).entries if facts else []


def late() -> Entry:
    """What a zombie wrote of the departure alone."""
    (entry,) = [each for each in owner(ZOMBIE, DEPARTED)[1] if each.subject.startswith("journey:")]
    return entry


def contract_alerts(outbox: Outbox) -> list[Alert]:
    found = [decode_alert(value) for topic, _, value in outbox.announced() if topic.startswith("alerts.")]
    return [alert for alert in found if alert.rule.startswith("T-CON-01") and alert.revision[0] == OWNER]


def test_what_later_evidence_withdrew_is_withdrawn_again() -> None:
    partition, _ = owner(OWNER, DEPARTED, REGISTERED)
    found = contract_alerts(partition.reassert(late(), NOW))
    assert {alert.audience for alert in found} == {"embassy.NP-QA", "satellite-office.NP-QA"}
    assert {alert.status for alert in found} == {"withdrawn"}


def test_what_still_stands_is_said_again_under_the_present_epoch() -> None:
    partition, _ = owner(OWNER, DEPARTED)
    outbox = partition.reassert(late(), NOW)
    assert {alert.status for alert in contract_alerts(outbox)} == {"raised"}
    assert outbox.entries[-1].revision[0] == OWNER
    (journey,) = [decode_journey(value) for topic, _, value in outbox.announced() if topic == "journeys"]
    assert (journey.id, journey.status, journey.revision[0]) == (late().subject, "open", OWNER)


def cases_of(partition: Partition, case: str) -> list[Key]:
    """How the case's alert was published, as the case knows it."""
    return list(partition._ledgers.of(case).keys(PUBLICATIONS.name))


def test_what_it_told_a_case_late_is_taken_back() -> None:
    """What is told within a home is on `facts` at once: the owner opened with it, and never told it itself."""
    (case,) = {case_of("NP", each.alert) for each in late().published if each.rule.startswith("T-CON-01")}
    partition, _ = owner(OWNER, DEPARTED, REGISTERED)
    for said in Partition(MemoryStore(), CONTEXT, ZOMBIE).accept([Frame("NP", (DEPARTED,))], NOW).heard:
        partition.hear(said, Touched())
    assert cases_of(partition, case)
    outbox = partition.reassert(late(), NOW)
    assert not cases_of(partition, case)
    assert case in {said.about for said in outbox.heard}, "and whoever opens the partition next knows"


def test_what_a_case_must_hear_is_said_again_although_it_was_taken_back_late() -> None:
    (case,) = {case_of("NP", each.alert) for each in late().published if each.rule.startswith("T-CON-01")}
    partition, _ = owner(OWNER, DEPARTED)
    partition.hear(Statement(teller=late().subject, about=case, revision=(OWNER, 1_000_000), keys=()), Touched())
    partition._n = 1_000_001
    assert not cases_of(partition, case)
    partition.reassert(late(), NOW)
    assert cases_of(partition, case)


def test_a_dossier_that_this_owner_does_not_know_yet_is_ended_and_raised_again_when_its_facts_come() -> None:
    partition, _ = owner(OWNER)
    assert {alert.status for alert in contract_alerts(partition.reassert(late(), NOW))} == {"withdrawn"}
    again = partition.accept([Frame("NP", (DEPARTED,))], NOW)
    assert {alert.status for alert in contract_alerts(again)} == {"raised"}


def test_the_present_entry_is_the_last_one_on_the_log() -> None:
    partition, _ = owner(OWNER, DEPARTED, REGISTERED)
    before = partition.entry(late().subject)
    after = partition.reassert(late(), NOW).entries[-1]
    assert before is not None
    assert (after.published, after.digest, after.next_due) == (before.published, before.digest, before.next_due)
    assert after.revision > before.revision
