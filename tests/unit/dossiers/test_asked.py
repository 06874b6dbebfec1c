"""A standing that changes is told to every dossier that was judged by it, whether the dossier names its subject or not."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.licences import LINKED
from streams.domain.outputs import OPEN
from streams.domain.standings import Standings
from streams.dossiers.context import Context, Outbox
from streams.dossiers.partition import Partition
from streams.rules.policy import Policy, default
from streams.rules.registry import catalogue
from streams.store.kv import MemoryStore
from tests.support.asking import ASKING, ATTESTED, BLA, DEPARTED, FOCAL, RENEWED, SHARED, SUBMITTED
from tests.support.builders import at, fact
from tests.support.reopening import logged, reconciled

AS_OF = at("2025-06-01")
AGENCY, RELATED, FIRM, CORRIDOR = "NP:dofe:12", "NP:dofe:77", "QA:cr:1", "place:NP-QA"
LEFT = fact(DEPARTED, "2025-03-01", worker=["passport:NP:a"], body={"country": "QA"}, id="left")
ORDER = fact(SUBMITTED, "2025-03-01", id="order", body={"agency": AGENCY, "employer": FIRM},
             subjects=(f"party:{AGENCY}", f"party:{FIRM}", "demand:NP:dofe:D"))  # fmt: skip


class Keeper:
    """A partition of Nepal's, and the standings that its worker has read."""

    def __init__(self) -> None:
        self.standings = Standings()
        self.partition = Partition(MemoryStore(), Context(ASKING, Policy(()), self.standings, lambda audience: True))

    def take(self, *facts: Fact) -> Outbox:
        return self.partition.accept([Frame("NP", facts)], AS_OF)

    def hears(self, *papers: Fact) -> list[str]:
        """Whom it looks at again for what a register says, and that says something new."""
        changed = frozenset().union(*(self.standings.add(paper) for paper in papers))
        return sorted(entry.subject.partition(":")[0] for entry in self.partition.sweep(changed, AS_OF).entries)

    def found(self) -> set[str]:
        entries = [self.partition.entry(subject) for subject in self.partition.subjects()]
        return {each.reason for entry in entries if entry is not None for each in entry.published if each.status in OPEN}


def paper(type: str, *subjects: str, id: str | None = None, **body: Any) -> Fact:
    return fact(type, "2025-01-01", body=body, id=id, subjects=subjects, source="/office/QA/mol")


@pytest.mark.parametrize("late", [paper(BLA, CORRIDOR, agreement="A-1", corridor="NP-QA"),
                                  paper(FOCAL, "place:QA", jurisdiction="QA", contact="desk")])  # fmt: skip
def test_a_standing_about_a_place_reaches_the_journeys_that_were_judged_by_it(late: Fact) -> None:
    keeper = Keeper()
    keeper.take(LEFT)
    assert keeper.found() == set()
    assert keeper.hears(late) == ["journey"]
    assert keeper.found() == {"place"}


def test_and_no_journey_of_another_corridor() -> None:
    keeper = Keeper()
    keeper.take(LEFT)
    assert keeper.hears(paper(BLA, "place:NP-SA", agreement="A-1", corridor="NP-SA"), paper(FOCAL, "place:SA", jurisdiction="SA")) == []


def test_a_corrected_agreement_is_heard_where_it_was_and_where_it_is() -> None:
    keeper = Keeper()
    keeper.take(LEFT)
    keeper.hears(paper(BLA, CORRIDOR, agreement="A-1", corridor="NP-QA", id="signed"))
    gone = fact(BLA, "2025-01-01", corrects="signed", recorded="2025-05-01", source="/office/QA/mol", retracted=True, subjects=(CORRIDOR,))
    assert keeper.hears(gone) == ["journey"]
    assert keeper.found() == set()


LINK = paper(LINKED, f"party:{AGENCY}", f"party:{RELATED}", subagent=AGENCY, principal=RELATED, jurisdiction="NP")


def test_a_party_hears_of_a_related_one_that_only_a_standing_names() -> None:
    keeper = Keeper()
    keeper.take(ORDER)
    assert keeper.hears(paper(RENEWED, f"party:{RELATED}", holder=RELATED, jurisdiction="NP")) == []  # nothing to do with it yet
    assert keeper.hears(LINK) == ["party"]
    assert keeper.found() == {"related"}


@pytest.mark.parametrize("type", [RENEWED, SHARED])
def test_and_of_what_is_said_of_the_related_one_later(type: str) -> None:
    """However it is spelled; also of intelligence, and of one two links away."""
    keeper = Keeper()
    keeper.take(ORDER)
    keeper.hears(LINK, paper(LINKED, f"party:{RELATED}", "party:NP:dofe:99", subagent=RELATED, principal="NP:dofe:99", jurisdiction="NP"))
    assert keeper.hears(paper(type, "party:NP:dofe: 99", about="NP:dofe: 99", holder="NP:dofe: 99")) == ["party"]
    assert keeper.found() == {"related"}


def test_who_is_related_no_more_is_not_looked_at_again() -> None:
    keeper = Keeper()
    keeper.take(ORDER)
    keeper.hears(LINK)
    keeper.hears(fact(LINKED, "2025-01-01", corrects=LINK.event_id, recorded="2025-05-01", source="/office/QA/mol", retracted=True,
                      subjects=LINK.subjects))  # fmt: skip
    late = paper(RENEWED, f"party:{RELATED}", holder=RELATED, jurisdiction="NP")
    assert not keeper.partition.naming(keeper.standings.add(late))


def test_an_attested_demand_reaches_who_asked_about_its_employer() -> None:
    keeper = Keeper()
    keeper.take(ORDER)
    assert keeper.hears(paper(ATTESTED, "demand:QA:mol:7", "party:QA:cr:9", employer="QA:cr:9")) == ["demand"]
    assert keeper.found() == {"attested"}


def test_a_dossier_that_said_nothing_is_remembered_for_what_it_asked() -> None:
    keeper = Keeper()
    (entry,) = [each for each in keeper.take(ORDER).entries if each.subject.startswith("demand:")]
    assert (entry.published, entry.asked) == ((), ("party:QA:cr:9",))


def test_what_a_dossier_names_itself_is_indexed_once() -> None:
    """A million journeys that look their own agency up keep nothing more for it."""
    keeper = Keeper()
    keeper.take(ORDER)
    entry = keeper.partition.entry(f"party:{AGENCY}")
    assert entry is not None
    assert entry.asked == ()


def test_the_next_owner_knows_what_was_asked() -> None:
    """From the log alone: what a dossier asked is part of its entry."""
    context = Context(ASKING, Policy(()), Standings(), lambda audience: True)
    fresh, _ = reconciled(context, *logged(context, [Frame("NP", (LEFT, ORDER))], AS_OF))
    touched = fresh.naming([CORRIDOR, "party:QA:cr:9"])
    assert (len(touched.clusters), touched.subjects) == (1, {"demand:NP:dofe:D"})


def test_the_cost_is_of_those_who_asked_and_not_of_all() -> None:
    keeper = Keeper()
    keeper.take(*(fact(DEPARTED, "2025-03-01", worker=[f"passport:NP:{n}"], body={"country": "QA" if n % 50 == 0 else "SA"})
                  for n in range(200)))  # fmt: skip
    touched = keeper.partition.naming(keeper.standings.add(paper(BLA, CORRIDOR, agreement="A-1", corridor="NP-QA")))
    assert len(touched.clusters) == 4


def test_an_answer_that_names_the_authority_alone_reaches_the_party_that_it_is_about() -> None:
    """With the rules that ship: acknowledged in Qatar, by a word that names the intelligence and nobody."""
    standings = Standings()
    partition = Partition(MemoryStore(), Context(catalogue(), default(), standings, lambda audience: True))
    sent = paper(SHARED, f"party:{AGENCY}", "place:QA", intelligence="INT-1", about=AGENCY, with_jurisdiction="QA")
    standings.add(sent)
    partition.accept([Frame("NP", (sent,))], AS_OF)
    got = paper("licensing.intelligence_acknowledged", "place:QA", intelligence="INT-1", with_jurisdiction="QA")
    ended = partition.sweep(standings.add(got), AS_OF)
    assert [(entry.subject, each.status) for entry in ended.entries for each in entry.published if each.rule == "T-INT-01@1"] == [
        (f"party:{AGENCY}", "withdrawn"),
    ]
