"""Stories of places and parties that no worker's journey touches: each has its own, says what happened there, and what is true of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from schemas.codes import countries
from streams.domain.instants import DAY, HOUR, Instant, local_day, text
from streams.publishers.simulator import world
from streams.publishers.simulator.parameters import MINISTRY
from streams.publishers.simulator.script import Draft
from streams.publishers.simulator.truth import Planted

if TYPE_CHECKING:
    from streams.publishers.simulator.run import Options

OWN = tuple(sorted(countries() - MINISTRY.keys()))  # countries of no simulated corridor
DIVISIONS = ("01", "03", "08", "10", "13", "14", "15", "16", "20", "22", "24", "25", "31", "38", "41", "42", "43", "45", "47", "49", "52",
             "55", "56", "80", "82", "86", "87", "93", "94", "95")  # fmt: skip


@dataclass
class Story:
    """One story. `number` is its own among all, `place` among those of its rule; its events come from the ministry `office`."""

    rule: str
    number: int
    place: int
    end: Instant
    seed: str
    office: str
    drafts: list[Draft] = field(default_factory=list)
    others: list[tuple[str, str, str]] = field(default_factory=list)

    def before(self, days: int, hours: int = 0) -> Instant:
        """So long before the end."""
        return self.end - days * DAY - hours * HOUR

    def day(self, days: int, country: str) -> str:
        """The day that it was in a country so many days before the end."""
        return local_day(self.before(days), country).isoformat()

    def say(self, type: str, time: Instant, body: Mapping[str, Any], office: str = "") -> None:
        """Something that an office recorded within the hour."""
        name = f"s{self.seed}-own-{self.number}-{len(self.drafts)}"
        self.drafts.append(Draft(name, type, time, office or self.office, dict(body), recorded=time))

    def also(self, rule: str, subject: str, issue: str) -> None:
        """What the story does to another rule."""
        self.others.append((rule, subject, issue))

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
        return f"{OWN[self.number % len(OWN)]}:own:{self.number}"

    def reference(self, kind: str) -> str:
        """A paper's own number."""
        return f"{kind}-{self.number}"


Told = tuple[str, str]  # the subject and the issue that a story is about
Tell = Callable[[Story], Told]
Book = Mapping[str, tuple[Sequence[Tell], Sequence[Tell]]]  # rule -> its abuses, and what only looks like them


class Stories:
    """The stories of a run, wave after wave: of each rule as many abuses and as many look-alikes as its quota says."""

    def __init__(self, options: Options, book: Book) -> None:
        self._options, self._book = options, book
        self._told, self._places = 0, Counter[str]()

    def of_wave(self, quota: int) -> Iterator[tuple[list[Draft], list[Planted]]]:
        """(events, what is true of them) of each; none once a rule has used every country."""
        for number in range(quota):
            for rule, kinds in self._book.items():
                for tells, abuse in zip(kinds, (True, False), strict=True):
                    if self._places[rule] < len(OWN):
                        yield self._tell(rule, tells[number % len(tells)], abuse)

    def _tell(self, rule: str, tell: Tell, abuse: bool) -> tuple[list[Draft], list[Planted]]:
        o = self._options
        where = Random(f"{o.seed}:own:{self._told}").choice(o.corridors).destination
        story = Story(rule, self._told, self._places[rule], o.as_of, o.seed, world.ministry(where))
        self._told += 1
        self._places[rule] += 1
        subject, issue = tell(story)
        shown = tuple(draft.id for draft in story.drafts[-1:]) if abuse else ()
        true = [_planted(o, rule, tell, abuse, subject, issue, shown)]
        return story.drafts, true + [_planted(o, other, tell, True, place, which, ()) for other, place, which in story.others]


def _planted(o: Options, rule: str, tell: Tell, abuse: bool, subject: str, issue: str, shown: tuple[str, ...]) -> Planted:
    return Planted(rule=rule, variant=tell.__name__.strip("_"), expected=abuse, look_alike=not abuse, subject=subject, issue=issue,
                   as_of=text(o.as_of), evidence=shown)  # fmt: skip
