"""Standings are found however a party is spelled, and what changed is looked at again likewise."""

from __future__ import annotations

from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.standings import Standings
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import at, fact

WRITTEN, IN_REGISTER = "NP:dofe:lt 77", "NP:dofe:LT-77"
AS_OF = at("2025-06-01")
DECLARED = fact("recruitment.recruiter_declared", "2025-03-01", body={"to_party": WRITTEN, "role": "agency"},
                worker=["passport:NP:a"], subjects=(f"party:{WRITTEN}",))  # fmt: skip


def licence(**details: str) -> Fact:
    body = {"holder": IN_REGISTER, "jurisdiction": "NP", "valid_from": "2020-01-01", "valid_until": "2024-12-31"}
    return fact("licensing.agency_registered", "2020-01-01", body=body, subjects=(f"party:{IN_REGISTER}",), **details)  # type: ignore[arg-type]


def test_found_in_every_spelling_and_for_no_other_party() -> None:
    paper = licence()
    standings = Standings([paper])
    assert standings.of(f"party:{WRITTEN}") == standings.of(f"party:{IN_REGISTER}") == (paper,)
    assert standings.of("party:NP:dofe:LT-78") == ()


def test_a_correction_counts_in_every_spelling() -> None:
    standings = Standings([licence(id="paper")])
    assert len(standings.of(f"party:{WRITTEN}")) == 1
    standings.add(licence(corrects="paper", retracted=True, recorded="2025-01-01"))  # type: ignore[arg-type]
    assert standings.of(f"party:{WRITTEN}") == ()


def said(partition: Partition) -> set[str]:
    entries = [partition.entry(subject) for subject in partition.subjects()]
    return {each.reason for entry in entries if entry is not None for each in entry.published if each.rule.startswith("T-CHN-02")}


def test_a_standing_that_comes_later_is_looked_up_by_those_who_spell_it_otherwise() -> None:
    standings = Standings()
    partition = Partition(MemoryStore(), Context(catalogue(), default(), standings, lambda audience: True))
    partition.accept([Frame("NP", (DECLARED,))], AS_OF)
    assert said(partition) == set()
    partition.sweep(standings.add(licence()), AS_OF)
    assert said(partition) == {"licence_expired"}


def test_what_is_dated_later_has_not_been_said_and_is_waited_for() -> None:
    papers = licence(), fact("licensing.agency_suspended", "2025-05-01", body={"holder": IN_REGISTER, "jurisdiction": "NP"},
                             subjects=(f"party:{IN_REGISTER}",))  # fmt: skip
    known = Standings(papers).at(at("2025-05-01") - 1)
    assert known.next_at is None
    assert known.of(f"party:{WRITTEN}") == papers[:1]
    assert known.next_at == at("2025-05-01")
    assert Standings(papers).at(at("2025-05-01")).of(f"party:{WRITTEN}") == papers


def test_what_is_dated_wrongly_ahead_is_never_read_nor_waited_for() -> None:
    ahead = licence(recorded="2019-12-01")
    known = Standings([ahead]).at(at("2026-01-01"))
    assert known.of(f"party:{WRITTEN}") == ()
    assert known.next_at is None
