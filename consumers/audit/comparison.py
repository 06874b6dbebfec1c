"""What an audit compares, and what is missing where: pure. Each subject comes with all that was seen of it, in any order.

A subject is a copy of a fact (home, fact id), a rejected event (where it stood) or a standing (fact id). What is seen of it are
marks: that an event asks for it, and where it is. How often is no matter: the same fact twice is the same fact.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal, NamedTuple

Place = tuple[str, int, int]  # topic, partition, offset

# Where something has to be, and where it may be without an event that accounts for it.
Where = Literal["facts", "clickhouse", "dead letters", "clickhouse dead letters", "standings", "unaccounted", "clickhouse unaccounted"]
MISSING: tuple[Where, ...] = ("facts", "clickhouse", "dead letters", "clickhouse dead letters", "standings")
UNACCOUNTED: tuple[Where, ...] = ("unaccounted", "clickhouse unaccounted")
WHERE = MISSING + UNACCOUNTED

# Marks. MUST: an event asks for it that all had taken before anything was looked at; MAY: a later one, which they may have taken.
MUST, MAY = "M", "m"
KAFKA = "K"  # it is on `facts`, on the dead-letter topic, on `standings`
YOUNG = "Y"  # so young there that its event must still be in the inbox
WAREHOUSE = "W"  # ClickHouse has it
TAIL = "T"  # ClickHouse says that it came from the part of `facts` that was read
CORRECTS = "C"  # its event corrects another: the home that knows the root passes copies on, also when the root has left the inbox
SETTLED = "S"  # erased on lawful request, or refused by ClickHouse and a dead letter of the sink: nothing is missing


class Copy(NamedTuple):
    """A home's copy of a fact."""

    home: str
    id: str


class Standing(NamedTuple):
    """A fact that any home may look up."""

    id: str


class Letter(NamedTuple):
    """A rejected event, by where it stood."""

    topic: str
    partition: int
    offset: int


Subject = Copy | Standing | Letter
Seen = tuple[Subject, Mapping[str, Place | None]]  # marks, each with the record that it is of


class Difference(NamedTuple):
    """Something that is not where it has to be, or is where nothing accounts for it.

    `event` is the public record that asks for it, `record` the one on `facts` or the dead-letter topic that ClickHouse lacks.
    """

    where: Where
    subject: Subject
    event: Place | None
    record: Place | None

    @property
    def name(self) -> str:
        """What it is told by, and remembered: an id or a place, nothing that it says."""
        return name_of(self.subject)


def name_of(subject: Subject) -> str:
    """'NP|<fact id>', '<fact id>', 'visa:2:1234'."""
    if isinstance(subject, Letter):
        return f"{subject.topic}:{subject.partition}:{subject.offset}"
    return f"{subject.home}|{subject.id}" if isinstance(subject, Copy) else subject.id


def compare(seen: Iterable[Seen]) -> Iterator[Difference]:
    """Every difference, in the order in which the subjects come: each once, the copies of one fact one after the other."""
    for _, together in groupby(seen, lambda each: each[0].id if isinstance(each[0], Copy) else each[0]):
        copies = list(together)
        corrects = any(CORRECTS in marks for _, marks in copies)
        for subject, marks in copies:
            for where in _wrong(subject, marks, corrects):
                yield Difference(where, subject, marks.get(MUST), marks.get(KAFKA))


def _wrong(subject: Subject, marks: Mapping[str, Place | None], corrects: bool) -> Iterator[Where]:
    if SETTLED in marks:
        return
    if MUST in marks:
        yield from _missing(subject, marks)
    elif isinstance(subject, Copy) and MAY not in marks and not corrects:
        if YOUNG in marks:
            yield "unaccounted"
        if TAIL in marks and KAFKA not in marks:
            yield "clickhouse unaccounted"


def _missing(subject: Subject, marks: Mapping[str, Place | None]) -> Iterator[Where]:
    in_kafka: Where = "facts" if isinstance(subject, Copy) else "standings" if isinstance(subject, Standing) else "dead letters"
    if KAFKA not in marks:
        yield in_kafka
    if WAREHOUSE not in marks and not isinstance(subject, Standing):  # which is among the facts
        yield "clickhouse" if isinstance(subject, Copy) else "clickhouse dead letters"


@dataclass
class Report:
    """What an audit found: counts by topic and home, and some examples of each difference."""

    topics: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # events, accepted, rejected
    homes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # copies, and differences by where
    differences: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, found: Difference, most: int) -> None:
        """Counts a difference; keeps it as an example while there are fewer than `most`."""
        self.differences[found.where] += 1
        if isinstance(found.subject, Copy):
            self.homes[found.subject.home][found.where] += 1
        if found.event is not None:
            self.topics[found.event[0]][found.where] += 1
        if len(self.examples[found.where]) < most:
            self.examples[found.where].append(found.name)

    @property
    def events(self) -> int:
        """Public events that were held against everything."""
        return sum(each["events"] for each in self.topics.values())

    @property
    def clean(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        """For `--json`: counts, ids and places."""
        return {
            "clean": self.clean, "events": self.events, "differences": {where: self.differences[where] for where in WHERE},
            "topics": {name: dict(sorted(each.items())) for name, each in sorted(self.topics.items())},
            "homes": {name: dict(sorted(each.items())) for name, each in sorted(self.homes.items())},
            "examples": {where: self.examples[where] for where in WHERE if self.examples.get(where)},
        }  # fmt: skip
