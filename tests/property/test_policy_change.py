"""Another policy: opened again, a partition stands as if it had always been in force, and what no longer holds is withdrawn."""

from __future__ import annotations

from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.instants import DAY
from streams.domain.standings import Standings
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.rules.policy import Policy, default
from streams.rules.registry import catalogue
from streams.rules.rows import FIRST_DAY, LAST_DAY, Row
from streams.store.kv import MemoryStore
from tests.support.builders import at, fact
from tests.support.histories import journeys
from tests.support.policies import loaded
from tests.support.reopening import logged, opened, stands

NOW = at("2024-08-01")  # a month after the last of those histories


def context(policy: Policy) -> Context:
    return Context(catalogue(), policy, Standings(), lambda audience: True)


def with_days(days: int) -> Policy:
    """What ships, but with so many days for authentication at destination and for a late record."""
    changed = {rule: Row(f"{rule}.trial", rule, "a test", FIRST_DAY, LAST_DAY, (), {"days": days}) for rule in ("T-CON-02", "T-CON-04")}
    return Policy([*(row for row in default().all() if row.rule not in changed), *changed.values()])


@settings(max_examples=30, deadline=None)
@given(journeys(), st.randoms(use_true_random=False), st.integers(0, 90), st.integers(0, 90))
def test_it_stands_as_under_the_new_policy_from_the_beginning(facts: list[Fact], random: Random, before: int, after: int) -> None:
    random.shuffle(facts)
    frames = [Frame("BD", tuple(facts[start : start + 3])) for start in range(0, len(facts), 3)]
    log, entries = logged(context(with_days(before)), frames, NOW)
    partition, _ = opened(context(with_days(after)), log, entries, NOW, receipts=False)
    alone = Partition(MemoryStore(), context(with_days(after)))
    alone.accept(frames, NOW)
    assert stands(partition) == stands(alone)


def test_a_finding_goes_with_the_policy_that_found_it_and_both_states_are_kept(tmp_path: Path) -> None:
    strict = loaded(tmp_path, 'id = "strict"\nrule = "T-CON-02"\nsource = "a test"\ndays = 10', base=default())
    came = fact("deployment.arrived", NOW - 20 * DAY, id="came", worker=["passport:NP:1"], body={"country": "QA"})
    log, entries = logged(context(default()), [Frame("NP", (came,))], NOW)
    _, first = opened(context(strict), log, entries, NOW, receipts=False)
    (raised,) = (each for entry in first.entries for each in entry.published if each.rule.startswith("T-CON-02"))
    assert (raised.status, raised.policy_rows) == ("raised", ("strict",))
    later, second = opened(context(default()), log, [*entries, *first.entries], NOW, receipts=False)
    (ended,) = (each for entry in second.entries for each in entry.published if each.rule.startswith("T-CON-02"))
    assert (ended.status, ended.policy_rows) == ("withdrawn", ("strict",))
    assert later.due(NOW + 30 * DAY)  # and it is looked at again when the days of today's row are over
