"""Opened from its log, a partition stands where it stood; and what was as published is not evaluated to find that out."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.outputs import Statement
from streams.domain.standings import Standings
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import fact
from tests.support.ledgers import ledgers
from tests.support.linking_histories import crowds, histories
from tests.support.reopening import logged, opened, reconciled, stands

NOW = 1_800_000_000_000


def context() -> Context:
    return Context(catalogue(), default(), Standings(), lambda audience: True)


def batches(facts: list[Fact], random: Random, home: str = "NP") -> list[Frame]:
    random.shuffle(facts)
    return [Frame(home, tuple(facts[start : start + 3])) for start in range(0, len(facts), 3)]


def whole(*frames: Frame) -> set[tuple[object, ...]]:
    partition = Partition(MemoryStore(), context())
    partition.accept(frames, NOW)
    return stands(partition)


def reopened(facts: list[Fact], random: Random, lost: int, home: str = "NP") -> set[tuple[object, ...]]:
    """How a partition stands that was opened after a crash which lost so many entries of the last batch."""
    log, entries = logged(context(), batches(facts, random, home), NOW, lost)
    return stands(opened(context(), log, entries, NOW)[0])


@settings(max_examples=120, deadline=None)
@given(histories(), st.randoms(use_true_random=False), st.integers(0, 4))
def test_a_crash_between_facts_and_findings_is_made_good(facts: list[Fact], random: Random, lost: int) -> None:
    assert reopened(facts, random, lost) == whole(Frame("NP", tuple(facts)))


@settings(max_examples=30, deadline=None)
@given(crowds(), st.randoms(use_true_random=False), st.integers(0, 4))
def test_so_it_is_where_identifiers_are_ignored(facts: list[Fact], random: Random, lost: int) -> None:
    assert reopened(facts, random, lost) == whole(Frame("NP", tuple(facts)))


@settings(max_examples=60, deadline=None)
@given(histories(), st.randoms(use_true_random=False), st.booleans())
def test_where_nothing_was_lost_nothing_is_said(facts: list[Fact], random: Random, receipts: bool) -> None:
    log, entries = logged(context(), batches(facts, random), NOW)
    _, outbox = opened(context(), log, entries, NOW, receipts)
    assert not outbox.entries


@settings(max_examples=100, deadline=None)
@given(ledgers(), st.randoms(use_true_random=False), st.integers(0, 4))
def test_so_it_is_for_demands_and_parties(facts: list[Fact], random: Random, lost: int) -> None:
    assert reopened(facts, random, lost, "BD") == whole(Frame("BD", tuple(facts)))


def test_an_identifier_that_is_ignored_now_is_told_of_journeys_whose_facts_are_the_same() -> None:
    """The crash came after the fact that made it one of too many, and before anybody heard."""
    papers = [f"passport:NP:{n}" for n in range(8)] + [f"registration:NP:{n}" for n in range(8)]
    mine = [each for n, paper in enumerate(papers) for each in (
        fact("deployment.departed", "2025-03-01", id=f"shown-{n}", worker=["residence_permit:QA:0", paper, f"phone:NP:{n}"]),
        fact("deployment.departed", "2025-03-01", id=f"mine-{n}", worker=["national_id:NP:me", paper]))]  # fmt: skip
    other = fact("deployment.departed", "2025-03-01", id="other", worker=["residence_permit:QA:0", "passport:NP:x", "phone:NP:x"])
    frames = [Frame("NP", tuple(mine)), Frame("NP", (other,))]
    log, entries = logged(context(), frames, NOW, lost=100)
    partition, _ = opened(context(), log, entries, NOW)
    assert stands(partition) == whole(*frames)
    assert any(each[2:4] == ("T-DQ-01@1", "identifier_of_too_many") for each in stands(partition))


def test_what_was_heard_is_evaluated_though_the_facts_are_as_on_the_receipt() -> None:
    about, source = "party:QA:office:mol", "/office/QA/mol"
    known = fact("oversight.office_heartbeat", "2025-01-01", id="alive", source=source, subjects=(about,))
    told = Statement(teller="demand:QA:mol:D", about=about, revision=(1, 1), keys=(("told", ("x",), ("alive",)),))
    log, entries = logged(context(), [Frame("QA", (known,))], NOW)
    assert about not in reconciled(context(), log, entries)[1].subjects
    assert about in reconciled(context(), [*log, told], entries)[1].subjects
