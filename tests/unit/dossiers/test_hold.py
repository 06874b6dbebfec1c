"""A dossier that an import run touches is held until some seconds after the run's last fact; all others stay live."""

from __future__ import annotations

import msgspec

from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.instants import SECOND, Instant
from streams.domain.outputs import OPEN, Entry
from streams.domain.standings import Standings
from streams.dossiers.context import Context, Outbox
from streams.dossiers.partition import Partition
from streams.dossiers.touched import Touched
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import at, fact

NOW = at("2025-06-01T00:00:00Z")
HOLD = 10 * SECOND


def context(hold: Instant = HOLD) -> Context:
    return Context(catalogue(), default(), Standings(), lambda audience: True, hold)


def step(type: str, moment: str, worker: str = "a", run: str | None = "run-1") -> Fact:
    made = fact(type, moment, worker=[f"passport:NP:{worker}"], body={"country": "QA"})
    return msgspec.structs.replace(made, run=run)


REGISTERED = step("oversight.contract_registered_origin", "2025-02-01")
DEPARTED = step("deployment.departed", "2025-03-01")


def given(partition: Partition, as_of: Instant, *facts: Fact) -> Outbox:
    return partition.accept([Frame("NP", facts)], as_of)


def alerts(outbox: Outbox) -> list[str]:
    """The alert topics that hear of an outbox."""
    return [topic for topic, _, _ in outbox.announced() if topic.startswith("alerts.")]


def alerted(outbox: Outbox) -> set[str]:
    """Rules with an open finding in the entries of this outbox."""
    return {each.rule.partition("@")[0] for entry in outbox.entries for each in entry.published if each.status in OPEN}


def test_no_embassy_hears_what_the_next_record_withdraws() -> None:
    partition = Partition(MemoryStore(), context())
    assert not alerts(given(partition, NOW, DEPARTED))
    assert not alerts(given(partition, NOW + 3 * SECOND, REGISTERED))
    assert not partition.tick(NOW + 12 * SECOND).entries  # the hold counts from the last fact
    released = partition.tick(NOW + 13 * SECOND)
    assert alerts(released)
    assert "T-CON-01" not in alerted(released)


def test_without_a_hold_it_would_be_raised_and_withdrawn() -> None:
    partition = Partition(MemoryStore(), context(0))
    assert "T-CON-01" in alerted(given(partition, NOW, DEPARTED))


def test_what_is_wrong_in_the_history_is_told_when_the_hold_ends() -> None:
    partition = Partition(MemoryStore(), context())
    given(partition, NOW, DEPARTED)
    assert "T-CON-01" in alerted(partition.tick(NOW + HOLD))


def test_others_stay_live() -> None:
    partition = Partition(MemoryStore(), context())
    given(partition, NOW, DEPARTED)
    assert "T-CON-01" in alerted(given(partition, NOW, step("deployment.departed", "2025-03-01", "b", None)))


def test_a_live_fact_of_a_dossier_whose_run_is_over_is_told_at_once() -> None:
    partition = Partition(MemoryStore(), context())
    given(partition, NOW, step("recruitment.worker_registered", "2025-01-01"))
    partition.tick(NOW + HOLD)
    assert "T-CON-01" in alerted(given(partition, NOW + 2 * HOLD, step("deployment.departed", "2025-03-01", run=None)))


def test_a_live_fact_does_not_end_a_hold() -> None:
    partition = Partition(MemoryStore(), context())
    given(partition, NOW, step("recruitment.worker_registered", "2025-01-01"))
    assert not alerts(given(partition, NOW + SECOND, step("deployment.departed", "2025-03-01", run=None)))
    assert "T-CON-01" in alerted(partition.tick(NOW + HOLD))


def reopened(facts: list[Fact], entries: list[Entry]) -> tuple[Partition, Touched]:
    """As an owner that starts from nothing finds it: facts, then the last entry of each dossier."""
    partition, touched = Partition(MemoryStore(), context(), epoch=1), Touched()
    for each in facts:
        partition.record("NP", each, touched)
    for entry in entries:
        partition.restoring.restore(entry)
    return partition, touched


def test_a_takeover_keeps_the_hold() -> None:
    first = Partition(MemoryStore(), context())
    held = given(first, NOW, DEPARTED).entries
    partition, touched = reopened([DEPARTED], held)
    outbox = Outbox()
    partition.settle(touched, NOW + 5 * SECOND, outbox)
    assert not outbox.entries
    assert "T-CON-01" in alerted(partition.tick(NOW + HOLD))


def test_a_takeover_does_not_hold_again_what_was_told() -> None:
    first = Partition(MemoryStore(), context())
    given(first, NOW, DEPARTED)
    told = first.tick(NOW + HOLD).entries
    partition, touched = reopened([DEPARTED], told)
    outbox = Outbox()
    partition.settle(touched, NOW + 3 * HOLD, outbox)
    assert not outbox.entries


def test_sums_are_held_too() -> None:
    partition = Partition(MemoryStore(), context())
    beat = fact("oversight.office_heartbeat", "2025-03-01", source="/office/NP/kathmandu", subjects=("party:NP:office:kathmandu",))
    outbox = given(partition, NOW, msgspec.structs.replace(beat, run="run-1"))
    assert not alerts(outbox)
    assert "T-OFF-01" in alerted(partition.tick(NOW + HOLD))
