"""A demand, party, place or case is judged once in a pause, however much comes about it; a worker's journey at once."""

from __future__ import annotations

from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.instants import SECOND
from streams.domain.outputs import OPEN
from streams.domain.places import kind
from streams.domain.standings import Standings
from streams.dossiers.context import Context, Outbox
from streams.dossiers.partition import Partition
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import at, fact

NOW = at("2025-06-01T00:00:00Z")
AGENCY = "NP:dofe:1"


def keeper(store: MemoryStore | None = None, pause: int = SECOND) -> Partition:
    return Partition(store or MemoryStore(), Context(catalogue(), default(), Standings(), lambda audience: True, 0, pause))


def cleared(number: int, day: int = 1) -> Fact:
    """A worker's clearance by the agency."""
    return fact("visa.clearance_issued", f"2025-05-{day:02}", worker=[f"passport:NP:{number}"], id=f"clearance-{number}",
                body={"country": "QA", "agency": AGENCY, "employer": "QA:cr:1"}, subjects=[f"party:{AGENCY}"])  # fmt: skip


def departed(number: int) -> Fact:
    return fact("deployment.departed", "2025-05-20", worker=[f"passport:NP:{number}"], id=f"departure-{number}", body={"country": "QA"})


def judged(outbox: Outbox, of: str) -> list[str]:
    return [entry.subject for entry in outbox.entries if kind(entry.subject) == of]


def test_a_party_is_judged_once_a_pause_and_then_with_all_that_came() -> None:
    partition = keeper()
    assert judged(partition.accept([Frame("NP", (cleared(1),))], NOW), "party") == [f"party:{AGENCY}"]
    for number in range(2, 6):
        assert not judged(partition.accept([Frame("NP", (cleared(number),))], NOW + number * 100), "party")
    assert not partition.due(NOW + SECOND - 1)
    assert partition.due(NOW + SECOND) == [f"party:{AGENCY}"]
    assert judged(partition.tick(NOW + SECOND), "party") == [f"party:{AGENCY}"]
    assert not partition.due(NOW + SECOND)
    whole = keeper(pause=0)
    whole.accept([Frame("NP", tuple(cleared(number) for number in range(1, 6)))], NOW)
    now, at_once = partition.entry(f"party:{AGENCY}"), whole.entry(f"party:{AGENCY}")
    assert now is not None
    assert at_once is not None
    assert (now.digest, [each.alert for each in now.published]) == (at_once.digest, [each.alert for each in at_once.published])


def test_a_workers_journey_never_waits() -> None:
    partition = keeper()
    partition.accept([Frame("NP", (cleared(1),))], NOW)
    found = partition.accept([Frame("NP", (departed(1),))], NOW + 1)
    (entry,) = [each for each in found.entries if kind(each.subject) == "journey"]
    assert any(each.rule.startswith("T-CON-01") and each.status in OPEN for each in entry.published)
    assert any(topic.startswith("alerts.") for topic, _, _ in found.announced())


def test_a_new_case_waits_for_its_alert_to_last() -> None:
    partition = keeper()
    assert not judged(partition.accept([Frame("NP", (departed(1),))], NOW), "case")
    cases = judged(partition.tick(NOW + SECOND), "case")
    assert cases
    assert len(set(cases)) == len(cases)


def test_what_waits_outlives_its_owner() -> None:
    store = MemoryStore()
    first = keeper(store)
    first.accept([Frame("NP", (cleared(1),))], NOW)
    first.accept([Frame("NP", (cleared(2),))], NOW + 1)
    store.commit()
    assert judged(keeper(store).tick(NOW + SECOND), "party") == [f"party:{AGENCY}"]


def test_a_standing_is_not_waited_for() -> None:
    """The sweep's own receipt says that nothing is left to look at again."""
    partition = keeper()
    partition.accept([Frame("NP", (cleared(1),))], NOW)
    partition.accept([Frame("NP", (cleared(2),))], NOW + 1)
    assert judged(partition.sweep([f"party:{AGENCY}"], NOW + 2), "party") == [f"party:{AGENCY}"]
    assert not partition.due(NOW + SECOND)
