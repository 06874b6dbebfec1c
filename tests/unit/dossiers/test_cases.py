"""An alert's case: it waits for an answer from the moment of its publication, and what was done goes with what takes the alert over."""

from __future__ import annotations

from typing import Any

import msgspec

from streams.domain.answering import case_of
from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.instants import DAY, Instant
from streams.domain.outputs import OPEN, Alert, decode_alert
from streams.domain.standings import Standings
from streams.dossiers.context import Context, Outbox
from streams.dossiers.partition import Partition
from streams.rules.policy import default
from streams.rules.registry import Catalogue, catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import at, fact

RULES = Catalogue(rule for rule in catalogue() if rule.id in ("T-CON-01", "T-EMB-02"))
AS_OF = at("2025-03-10T06:00:00Z")
LATE = AS_OF + 40 * DAY
LEFT = fact("deployment.departed", "2025-03-01", id="left", body={"country": "QA"}, worker=["passport:NP:a"])
SATELLITE = "satellite-office.NP-QA"
FOCAL = fact("oversight.focal_designated", "2024-01-01", subjects=("place:NP",), body={"jurisdiction": "NP", "contact": "NP-1"})


def partition() -> Partition:
    return Partition(MemoryStore(), Context(RULES, default(), Standings([FOCAL]), lambda audience: True))


def alerts(outbox: Outbox, rule: str) -> list[Alert]:
    found = [decode_alert(value) for topic, _, value in outbox.announced() if topic.startswith("alerts.")]
    return [alert for alert in found if alert.rule.startswith(rule)]


def acted(alert: str, what: str = "acknowledged", moment: Instant = AS_OF + DAY, **body: Any) -> Fact:
    said = {"alert": f"NP:{alert}", "audience": SATELLITE, **body}
    return fact(f"case.{what}", moment, source="/office/QA/embassy", subjects=(case_of("NP", alert),), body=said)


def raised(keeper: Partition) -> str:
    """The alert of a departure without a contract."""
    return alerts(keeper.accept([Frame("NP", (LEFT,))], AS_OF), "T-CON-01")[0].id


def unanswered(keeper: Partition, alert: str) -> bool:
    entry = keeper.entry(case_of("NP", alert))
    return entry is not None and any(each.status in OPEN for each in entry.published)


def told(keeper: Partition, case: str) -> set[str]:
    """Whom a case tells something, as its entry has it."""
    entry = keeper.entry(case)
    assert entry is not None
    return set(msgspec.msgpack.decode(entry.told))


def test_a_case_that_tells_another_corridor_is_kept_with_what_it_tells() -> None:
    """Nothing else about the case changed, and nothing of it went over the broker: who opens the partition next must know it."""
    keeper = partition()
    case = case_of("NP", raised(keeper))
    assert told(keeper, case) == {"place:NP-QA"}
    elsewhere = fact(LEFT.type, LEFT.time, id="elsewhere", corrects="left", recorded="2025-03-05", body={"country": "SA"},
                     worker=["passport:NP:a"])  # fmt: skip
    outbox = keeper.accept([Frame("NP", (elsewhere,))], AS_OF)
    assert told(keeper, case) == {"place:NP-SA"}
    assert [msgspec.msgpack.decode(entry.told).keys() for entry in outbox.entries if entry.subject == case] == [{"place:NP-SA"}]


def test_an_alert_waits_for_an_answer_and_says_so_to_others_when_none_comes() -> None:
    keeper = partition()
    alert = raised(keeper)
    entry = keeper.entry(case_of("NP", alert))
    assert entry is not None
    assert entry.next_due == AS_OF + 3 * DAY + 1  # P2: 72 hours
    heard = alerts(keeper.tick(entry.next_due), "T-EMB-02")
    assert {each.audience for each in heard} == {"focal-office.NP"}
    assert all(each.evidence == () and "journey" not in each.subject for each in heard)
    assert {each.audience for each in alerts(keeper.tick(LATE + 40 * DAY), "T-EMB-02")} == {
        "focal-office.NP", "oversight", "tripartite-committee.QA"}  # fmt: skip


def test_an_answer_ends_the_waiting_also_one_that_came_late() -> None:
    keeper = partition()
    alert = raised(keeper)
    keeper.tick(LATE)
    assert unanswered(keeper, alert)
    keeper.accept([Frame("NP", (acted(alert),))], LATE)
    assert not unanswered(keeper, alert)
    entry = keeper.entry(case_of("NP", alert))
    assert entry is not None
    assert [each.status for each in entry.published] == ["withdrawn"]


def test_an_alert_that_is_withdrawn_needs_no_answer() -> None:
    keeper = partition()
    alert = raised(keeper)
    contract = fact("oversight.contract_registered_origin", "2025-02-01", body={"country": "QA"}, worker=["passport:NP:a"])
    keeper.accept([Frame("NP", (contract,))], AS_OF + DAY)
    keeper.tick(LATE)
    assert not unanswered(keeper, alert)


def test_an_action_holds_for_the_alert_on_the_journey_that_took_over() -> None:
    """The event that opens the journey came late: its alert has another id, the same rule and evidence."""
    keeper = partition()
    old = raised(keeper)
    keeper.accept([Frame("NP", (acted(old),))], AS_OF + DAY)
    opens = fact("recruitment.worker_registered", "2025-01-01", body={"country": "QA"}, worker=["passport:NP:a"])
    (new,) = {each.id for each in alerts(keeper.accept([Frame("NP", (opens,))], AS_OF + 2 * DAY), "T-CON-01")} - {old}
    keeper.tick(LATE)
    assert not unanswered(keeper, new)


def test_an_action_known_before_its_alert_counts_when_the_alert_comes() -> None:
    keeper = partition()
    alert = raised(partition())
    keeper.accept([Frame("NP", (acted(alert, moment=AS_OF - DAY),))], AS_OF)
    raised(keeper)
    keeper.tick(LATE)
    assert not unanswered(keeper, alert)
