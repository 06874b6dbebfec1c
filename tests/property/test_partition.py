"""One fold: any order, duplication and batching of the same facts gives the same findings as one batch of the set."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.facts import Fact, Was
from streams.domain.frames import Frame
from streams.domain.outputs import OPEN
from streams.domain.places import kind
from streams.domain.standings import Standings
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import fact

NOW = 1_800_000_000_000
TYPES = ("recruitment.worker_registered", "deployment.departed", "oversight.contract_registered_origin",
         "deployment.repatriation_done", "complaint.complaint_filed")  # fmt: skip
TOKENS = ("national_id:NP:a", "national_id:NP:b", "passport:NP:a", "passport:NP:b", "passport:NP:c", "phone:NP:1", "phone:NP:2")


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Up to a dozen events of a few people, some of them corrections or retractions of earlier ones."""
    facts: list[Fact] = []
    for number in range(draw(st.integers(1, 12))):
        root = draw(st.sampled_from(facts)) if facts and draw(st.integers(0, 3)) == 0 else None
        facts.append(fact(
            root.type if root else draw(st.sampled_from(TYPES)), 1_700_000_000_000 + 86_400_000 * draw(st.integers(0, 40)),
            id=f"ev-{number}", worker=draw(st.sets(st.sampled_from(TOKENS), min_size=1, max_size=3)),
            recorded=1_710_000_000_000 + draw(st.integers(0, 3)), corrects=root.event_id if root else None,
            was=Was("NP", ()) if root else None, retracted=bool(root) and draw(st.booleans()),
            evidence=draw(st.sampled_from(("declared", "verified"))),
        ))  # fmt: skip
    return facts


def context() -> Context:
    return Context(catalogue(), default(), Standings(), lambda audience: True)


def open_findings(batches: list[list[Fact]]) -> tuple[set[tuple[object, ...]], Partition]:
    """(subject, alert, rule, reason, evidence) of every open finding after these batches."""
    partition = Partition(MemoryStore(), context())
    for batch in batches:
        partition.accept([Frame("NP", tuple(batch))], NOW)
    found: set[tuple[object, ...]] = set()
    for subject in partition.subjects():
        entry = partition.entry(subject)
        assert entry is not None
        found |= {(subject, p.alert, p.rule, p.reason, p.evidence) for p in entry.published if p.status in OPEN}
        waits = entry.digest and (kind(subject) != "case" or entry.next_due is not None)  # a case of an alert that ended is history
        found |= {(subject, entry.digest, entry.next_due)} if waits else set()
    return found, partition


@settings(max_examples=150, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_any_order_and_duplication_gives_the_same_findings(facts: list[Fact], random: Random) -> None:
    shuffled = facts + random.choices(facts, k=len(facts) // 2)
    random.shuffle(shuffled)
    batches = [shuffled[i : i + 3] for i in range(0, len(shuffled), 3)]
    assert open_findings(batches)[0] == open_findings([facts])[0]
