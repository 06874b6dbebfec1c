"""Stories of places and parties that no other journey touches: each has its own, says what happened there, and what is true of it.

A story may have workers of its own, of whom no more is known than it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Any

from schemas.codes import countries
from streams.domain.instants import DAY, HOUR, Instant, local_day, text
from streams.publishers.simulator import chance, people, world
from streams.publishers.simulator.parameters import CITY, MINISTRY, Corridor
from streams.publishers.simulator.script import Draft, Script, Setting
from streams.publishers.simulator.truth import Planted

if TYPE_CHECKING:
    from streams.publishers.simulator.run import Options

OWN = tuple(sorted(countries() - MINISTRY.keys()))  # countries of no simulated corridor
DIVISIONS = ("01", "03", "08", "10", "13", "14", "15", "16", "20", "22", "24", "25", "31", "38", "41", "42", "43", "45", "47", "49", "52",
             "55", "56", "80", "82", "86", "87", "93", "94", "95")  # fmt: skip


@dataclass
class Story:
    """One story. `number` is its own among all of its `register`, `place` among those of its rule; its events come from the
    destination's ministry of its `lane`, and its workers, where it has some, go there."""

    rule: str
    number: int
    place: int
    start: Instant
    end: Instant
    seed: str
    lane: Corridor
    register: str = "own"
    drafts: list[Draft] = field(default_factory=list)
    others: list[tuple[str, str, str]] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)

    @property
    def office(self) -> str:
        """The ministry that tells most of it."""
        return world.ministry(self.lane.destination)

    def before(self, days: int, hours: int = 0) -> Instant:
        """So long before the end."""
        return self.end - days * DAY - hours * HOUR

    def day(self, days: int, country: str) -> str:
        """The day that it was in a country so many days before the end."""
        return local_day(self.before(days), country).isoformat()

    def say(self, type: str, time: Instant, body: Mapping[str, Any], office: str = "", refs: Mapping[str, str] | None = None) -> None:
        """Something that an office recorded within the hour."""
        name = f"s{self.seed}-{self.register}-{self.number}-{len(self.drafts)}"
        self.drafts.append(Draft(name, type, time, office or self.office, dict(body), recorded=time, refs=dict(refs or {})))

    def also(self, rule: str, subject: str, issue: str) -> None:
        """What the story does to another rule, or of another issue."""
        self.others.append((rule, subject, issue))

    def hire(self, origin: str = "", to: str = "") -> Script:
        """A worker of this story alone, with an empty script; of the lane's origin and on the way to its destination, unless said."""
        lane = replace(self.lane, origin=origin or self.lane.origin, destination=to or self.lane.destination)
        serial = f"s{self.seed}-{self.register}-{self.number}-w{len(self.scripts)}"
        draw = Random(serial)
        script = Script(Setting(
            corridor=lane, person=people.person(serial, lane.origin, lane.women, draw), draw=draw, began=self.before(300), days=0.0,
            isco="9313", isic="4100", agency=self.agency, partner="", employer=self.firm, site="", demand="", start=self.start,
            as_of=self.end, serial=serial,
        ))  # fmt: skip
        self.scripts.append(script)
        return script

    @property
    def firm(self) -> str:
        """A company of the lane's destination that no other story touches."""
        return f"{self.lane.destination}:{self.register}:F-{self.number}"

    @property
    def agency(self) -> str:
        """An agency of the lane's origin that no other story touches."""
        return f"{self.lane.origin}:{self.register}:A-{self.number}"

    @property
    def another(self) -> str:
        """Another origin than the lane's own."""
        origins = sorted(CITY.keys() - {self.lane.origin})
        return origins[self.number % len(origins)]

    @property
    def country(self) -> str:
        """A country that other stories of the same rule do not touch."""
        return OWN[self.place]

    @property
    def corridor(self) -> str:
        """A corridor that no other story touches."""
        origin, step = self.number % len(OWN), self.number // len(OWN)
        return f"{OWN[origin]}-{OWN[(origin + step + 1) % len(OWN)]}"

    @property
    def sector(self) -> str:
        """A division that no other story touches, QA/41."""
        return f"{OWN[self.number % len(OWN)]}/{DIVISIONS[self.number // len(OWN) % len(DIVISIONS)]}"

    @property
    def party(self) -> str:
        """A party that no other story touches."""
        return f"{OWN[self.number % len(OWN)]}:{self.register}:{self.number}"

    def reference(self, kind: str) -> str:
        """A paper's own number."""
        return f"{kind}-{self.number}"


Told = tuple[str, str]  # the subject and the issue that a story is about
Tell = Callable[[Story], Told]
Book = Mapping[str, tuple[Sequence[Tell], Sequence[Tell]]]  # rule -> its abuses, and what only looks like them


@dataclass(frozen=True)
class Happened:
    """What came of one story: events about no worker, workers' own scripts, and what is true of it beside those."""

    drafts: tuple[Draft, ...]
    scripts: tuple[Script, ...]
    true: tuple[Planted, ...]


class Stories:
    """The stories of a run, wave after wave: of each rule as many abuses and as many look-alikes as its quota says.

    What they are about is in `register`: two books of one run have two.
    """

    def __init__(self, options: Options, book: Book, register: str = "own") -> None:
        self._options, self._book, self._register = options, book, register
        self._told, self._places = 0, Counter[str]()

    def of_wave(self, quota: int) -> Iterator[Happened]:
        """One after the other; none once a rule has used every country."""
        for number in range(quota):
            for rule, kinds in self._book.items():
                for tells, abuse in zip(kinds, (True, False), strict=True):
                    if self._places[rule] < len(OWN):
                        yield self._tell(rule, tells[number % len(tells)], abuse)

    def _tell(self, rule: str, tell: Tell, abuse: bool) -> Happened:
        o = self._options
        lane = Random(f"{o.seed}:{self._register}:{self._told}").choice(o.corridors)
        story = Story(rule, self._told, self._places[rule], o.start, o.as_of, o.seed, lane, self._register)
        self._told += 1
        self._places[rule] += 1
        subject, issue = tell(story)
        for script in story.scripts:
            chance.plant(script)
        shown = tuple(draft.id for draft in story.drafts[-1:]) if abuse else ()
        true = [_planted(o, rule, tell, abuse, subject, issue, shown)]
        true += [_planted(o, other, tell, True, place, which, ()) for other, place, which in story.others]
        return Happened(tuple(story.drafts), tuple(story.scripts), tuple(true))


def _planted(o: Options, rule: str, tell: Tell, abuse: bool, subject: str, issue: str, shown: tuple[str, ...]) -> Planted:
    return Planted(rule=rule, variant=tell.__name__.strip("_"), expected=abuse, look_alike=not abuse, subject=subject, issue=issue,
                   as_of=text(o.as_of), evidence=shown)  # fmt: skip
