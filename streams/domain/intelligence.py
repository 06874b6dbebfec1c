"""Intelligence shared between authorities: with whom, whether it was acknowledged and acted on, and how far it may be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from streams.domain.facts import Fact, by_key
from streams.domain.instants import Instant, end_of_day
from streams.domain.licences import BLACKLISTED, CANCELLED, RELEASED, RENEWED, SUSPENDED
from streams.domain.names import subject_key
from streams.domain.standings import Standings

RECEIVED = "licensing.intelligence_received"
SHARED = "licensing.intelligence_shared"
ACKNOWLEDGED = "licensing.intelligence_acknowledged"
ACTIONED = "licensing.intelligence_actioned"
INTELLIGENCE = frozenset({RECEIVED, SHARED, ACKNOWLEDGED, ACTIONED})
# A renewal or a decision, of an agency or of an employer. A first registration answers nothing that was said of the party before.
DECISIONS = frozenset({RENEWED, SUSPENDED, CANCELLED, BLACKLISTED, RELEASED, "licensing.employer_blacklisted",
                       "licensing.employer_prior_approval"})  # fmt: skip
ANSWERS = INTELLIGENCE | DECISIONS
GRADES = ("A", "B", "C", "D", "E")
SOUND = frozenset({"documented", "verified"})  # evidence levels of what a register itself says


@dataclass(frozen=True)
class Sharing:
    """One piece of intelligence as one authority got it. `authority` is ISO2, "" where nobody said with whom it was shared.

    `shared` is the first time, None where nobody told of it and the authority acknowledged it all the same; `acknowledged` by that
    authority, and `answered`: its decisions that refer to the intelligence, or its word that it acted; each sorted by time. `all` is
    whatever any office said of this intelligence.
    """

    reference: str
    authority: str
    shared: Fact | None
    acknowledged: tuple[Fact, ...]
    answered: tuple[Fact, ...]
    all: tuple[Fact, ...]

    @property
    def lapses(self) -> Instant | None:
        """The first instant at which it no longer holds; None where nobody said when it lapses."""
        return lapses(self.all)


def sharings(standings: Standings, party: str) -> list[Sharing]:
    """Intelligence about a party that was shared, or acknowledged, by reference and authority."""
    said: dict[str, list[Fact]] = defaultdict(list)
    for fact in standings.of(f"party:{party}", *ANSWERS):
        if (reference := fact.text("intelligence")) is not None:
            said[reference].append(fact)
    subject = subject_key(f"party:{party}")
    return [each for reference, facts in sorted(said.items()) for each in _shared(reference, facts, subject, standings)]


def _nameless(standings: Standings, authority: str, reference: str) -> Iterator[Fact]:
    """What an authority said of intelligence without naming whom it is about."""
    for fact in standings.of(f"place:{authority}", ACKNOWLEDGED, ACTIONED) if authority else ():
        if fact.text("about") is None and fact.text("intelligence") == reference:
            yield fact


def _shared(reference: str, facts: list[Fact], subject: str, standings: Standings) -> list[Sharing]:
    named = [fact for fact in facts if fact.type in DECISIONS or fact.names("about", subject)]
    first: dict[str, Fact | None] = {}
    for fact in named:
        if fact.type == SHARED:
            first.setdefault(fact.text("with_jurisdiction") or "", fact)
    untold = [fact for fact in named if fact.type == ACKNOWLEDGED and not any(_by(fact, authority, first) for authority in first)]
    first |= {fact.text("with_jurisdiction") or fact.jurisdiction: None for fact in untold}
    plain = [fact for authority in sorted(first) for fact in _nameless(standings, authority, reference)]
    mine = tuple(sorted((*named, *plain), key=by_key))
    return [
        Sharing(
            reference, authority, shared, all=tuple(fact for fact in mine if fact.type in INTELLIGENCE),
            acknowledged=tuple(f for f in mine if f.type == ACKNOWLEDGED and _by(f, authority, first)),
            answered=tuple(f for f in mine if (f.type == ACTIONED and _by(f, authority, first))
                           or (f.type in DECISIONS and authority in ("", f.text("jurisdiction")))),
        )
        for authority, shared in sorted(first.items())
    ]  # fmt: skip


def _by(fact: Fact, authority: str, shared: Collection[str]) -> bool:
    """Whether this authority said it: as the event says, else by who published it; with one authority alone it is that one."""
    said = fact.text("with_jurisdiction")
    if said is not None or not authority:
        return not authority or said == authority
    return len(shared) == 1 or fact.jurisdiction == authority


def lapses(facts: Iterable[Fact]) -> Instant | None:
    """The first instant after the day on which intelligence lapses, by the latest word on that; the last day is included."""
    said = [(fact, day) for fact in facts if (day := fact.text("expires")) is not None]
    return end_of_day(said[-1][1], said[-1][0].jurisdiction) if said else None


def nameable(facts: Iterable[Fact], grades: Collection[str], as_of: Instant, heard: bool = False) -> bool:
    """Whether intelligence is firm enough to name a party by it at public or regional level (domain.md 5, must-not 9).

    Its latest grade is one of `grades`, the party was heard (of which `heard` may know from a decision), and it has not lapsed.
    """
    known = tuple(facts)
    graded = [grade for fact in known if (grade := fact.text("grade")) is not None]
    end = lapses(known)
    return bool(graded) and graded[-1] in grades and (heard or any(fact.flag("heard") for fact in known)) and (end is None or as_of < end)


def decided_soundly(decision: Fact, standings: Standings, party: str, grades: Collection[str], as_of: Instant) -> bool:
    """Whether a party may be named at public or regional level for an authority's decision.

    The decision is documented; one that rests on intelligence is as firm as that is. Intelligence that nobody has told of is not.
    """
    if decision.evidence not in SOUND:
        return False
    if decision.text("intelligence") is None:
        return True
    return nameable(behind(decision, standings, party), grades, as_of, heard=decision.flag("heard") is True)


def behind(decision: Fact, standings: Standings, party: str) -> list[Fact]:
    """What was said of the intelligence that a decision about a party refers to; nothing where it refers to none."""
    subject, reference = subject_key(f"party:{party}"), decision.text("intelligence")
    said = standings.of(subject, *INTELLIGENCE) if reference is not None else ()
    return [fact for fact in said if fact.text("intelligence") == reference and fact.names("about", subject)]


def next_lapse(facts: Iterable[Fact], as_of: Instant) -> Instant | None:
    """When intelligence that still holds will lapse: what may be told of it changes then."""
    end = lapses(facts)
    return end if end is not None and end > as_of else None
