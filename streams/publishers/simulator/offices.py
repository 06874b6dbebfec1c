"""Offices that report every two days, are down now and then, and, as T-OFF-01 has it, fall silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from streams.domain.instants import DAY, HOUR, Instant, text
from streams.publishers.simulator import bodies
from streams.publishers.simulator.disorder import Outages
from streams.publishers.simulator.script import Draft
from streams.publishers.simulator.truth import Planted

if TYPE_CHECKING:
    from streams.publishers.simulator.run import Options

BEAT = 2 * DAY
LAST = 12 * DAY  # at the end offices report daily, and none is down by chance


def beats(names: Sequence[str], outages: Outages, begin: Instant, end: Instant, options: Options) -> Iterator[Draft]:
    """Heartbeats of every office from `begin` to `end`; none while an office is down, and daily in the last days."""
    for name in names:
        at = begin
        while at < end:
            if not outages.down(name, at):
                yield beat(name, at, options.seed)
            at += BEAT if at < options.as_of - LAST else DAY


def beat(office: str, at: Instant, seed: str) -> Draft:
    """One sign of life."""
    name = f"s{seed}-hb-{office.replace('/', '-')}-{at // HOUR}"
    return Draft(name, "oversight.office_heartbeat", at, office, bodies.heartbeat(), recorded=at)


@dataclass(frozen=True)
class Silence:
    """A small office, its heartbeats, and what is true of it."""

    drafts: tuple[Draft, ...]
    truth: Planted


# hours between signs of life, hours of silence at as_of, and whether that is a silence: more than twice the usual, 48 h at least
_SILENT = ((24, 49, "just_over_two_days"), (24, 240, "ten_days"), (12, 72, "three_days"), (48, 97, "just_over_twice"))
_NOT = ((24, 48, "two_days_exactly"), (48, 96, "twice_exactly"), (12, 47, "under_two_days"), (72, 120, "slow_office"))


def silences(options: Options, wave: int, quota: int) -> Iterator[Silence]:
    """Offices of their own, as many silent as not, for the rule about offices; their past has an outage that is over."""
    for number in range(quota):
        for kind, (every, since, variant) in (("s", _SILENT[number % 4]), ("n", _NOT[number % 4])):
            yield _silence(options, f"{kind}{wave}-{number}", every, since, variant, kind == "s")


def _silence(options: Options, name: str, every: int, since: int, variant: str, silent: bool) -> Silence:
    country = Random(f"{options.seed}:silence:{name}").choice(options.corridors).destination
    office, last = f"{country}/branch-{name}", options.as_of - since * HOUR
    times = [last - n * every * HOUR for n in range(24)]
    # An outage half a year of beats ago, long over, in one of twenty gaps and more: the usual interval stays what it is.
    times += [times[-1] - 5 * DAY - n * every * HOUR for n in range(4)]
    drafts = tuple(beat(office, at, options.seed) for at in sorted(times))
    planted = Planted(
        rule="T-OFF-01", variant=variant, expected=silent, look_alike=not silent, as_of=text(options.as_of),
        subject=f"party:{country}:office:branch-{name}", evidence=(drafts[-1].id,),
        since=text(last + max(48, 2 * every) * HOUR) if silent else None,
    )  # fmt: skip
    return Silence(drafts, planted)
