"""A simulated period from end to end: waves of scripts, offices that report, arrival in disorder, truth as it is planted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from streams.domain.instants import DAY, Instant
from streams.publishers.simulator import (
    casting,
    gathered,
    granted,
    markets,
    neglect,
    offices,
    overseen,
    posts,
    registry,
    renamed,
    reworded,
    truth,
    unseen,
    world,
    writing,
)
from streams.publishers.simulator.disorder import Arrivals, Outages, Written
from streams.publishers.simulator.grievances import Complaints
from streams.publishers.simulator.parameters import Corridor
from streams.publishers.simulator.plan import WAVE, waves
from streams.publishers.simulator.script import Draft, Script
from streams.publishers.simulator.stories import Book, Stories

INTAKE = 250  # days in which workers begin
PERIOD = 548  # days from the first beginning to as_of
WATCHED: Book = {**gathered.BOOK, **reworded.BOOK, **granted.BOOK, **markets.BOOK, **renamed.BOOK}  # rules about the population


@dataclass(frozen=True)
class Options:
    """A run: how many workers, from which seed, on which corridors, from when (an instant), and cases per rule at least."""

    workers: int
    seed: str
    corridors: tuple[Corridor, ...]
    start: Instant
    per_rule: int

    @property
    def as_of(self) -> Instant:
        """The end of the simulated period: what the truth expects holds then."""
        return self.start + PERIOD * DAY


Truth = truth.Planted | truth.Migration


class Run:
    """Yields what offices write, in order of arrival, and what is true about it, as it is planted."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.outages = Outages(options.seed, options.start - 30 * DAY, options.as_of)
        self.arrivals = Arrivals(options.seed, self.outages)
        self.stories = Stories(options, {**neglect.BOOK, **unseen.BOOK})
        self.crowds = Stories(options, WATCHED, "crowd")
        self.markets, self.grievances = markets.Markets(options.as_of), Complaints(options.corridors, options.as_of)
        self.visits = overseen.Visits(options.seed, options.as_of)

    def __iter__(self) -> Iterator[Written | Truth]:
        o, total = self.options, max(1, -(-self.options.workers // WAVE))
        self._push(self._visited(registry.pool(o.corridors, o.seed, o.start - 30 * DAY)))
        self._push(overseen.lawful(o.corridors, o.seed, o.start - 30 * DAY, o.as_of))
        yield from self._staffed()
        beaten = o.start - 30 * DAY
        for number, first, many in waves(o.workers):
            quota = -(-o.per_rule * many // o.workers)
            begins, ends = (o.start + INTAKE * DAY * n // total for n in (number, number + 1))
            yield from self._silences(number, quota)
            for story in self.stories.of_wave(quota):
                self._push(story.drafts)
                yield from story.true
            for story in self.crowds.of_wave(quota):
                self._push(self._visited(story.drafts))
                for script in story.scripts:
                    yield from self._told(script)
                self.markets.told(story.true)
                yield from story.true
            for script in casting.scripts(o, number, first, many, quota, begins, ends):
                yield from self._told(script)
            until = ends if number + 1 < total else o.as_of
            self._push(offices.beats(world.offices(o.corridors), self.outages, beaten, until, o))
            beaten = until
            yield from self.arrivals.until(ends)
        yield from self.arrivals.rest()
        yield from self.markets.true()
        yield from self.grievances.true()

    def _told(self, script: Script) -> Iterator[Truth]:
        for draft, line in writing.lines(script):
            self.arrivals.push(draft.office, draft.recorded, draft.context, line)
        self._push(self.visits.to([*script.steps.values(), *script.extra]))
        self.markets.note(script)
        self.grievances.note(script)
        yield script.lived()
        yield from script.truth()

    def _staffed(self) -> Iterator[Truth]:
        for post in posts.posts(self.options.corridors, self.options.seed, self.options.start - 30 * DAY, self.options.as_of):
            self._push(post.drafts)
            yield post.truth

    def _silences(self, number: int, quota: int) -> Iterator[Truth]:
        for silence in offices.silences(self.options, number, quota):
            self._push(silence.drafts)
            yield silence.truth

    def _visited(self, drafts: Iterable[Draft]) -> Iterator[Draft]:
        for draft in drafts:
            yield draft
            yield from self.visits.to((draft,))

    def _push(self, drafts: Iterable[Draft]) -> None:
        for draft in drafts:
            line = writing.line(draft, None, writing.NOBODY)
            self.arrivals.push(draft.office, draft.recorded, draft.context, line)
