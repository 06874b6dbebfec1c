"""From a wave of workers to scripts: who they are, which part each plays, the lawful journey, and what the scenes change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any

from streams.domain.instants import DAY, HOUR, Instant
from streams.publishers.simulator import chance, lawful, people, registry, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.parameters import Corridor
from streams.publishers.simulator.plan import Part, cast
from streams.publishers.simulator.scenes import SLOTS
from streams.publishers.simulator.script import Script, Setting

Shared = defaultdict[tuple[str, int], dict[str, Any]]

if TYPE_CHECKING:
    from streams.publishers.simulator.run import Options

GROUPS_BEGIN = 150  # days in which groups of workers begin
MOST_DAYS = 180  # the longest that an application takes, so that everything planted has happened by the end


def scripts(options: Options, wave: int, first: int, many: int, quota: int, begins: Instant, ends: Instant) -> Iterator[Script]:
    """The journeys of one wave's workers, second ones included."""
    draw = Random(f"{options.seed}:wave:{wave}")
    weights = [corridor.weight for corridor in options.corridors]
    corridors = draw.choices(options.corridors, weights, k=many)
    # Groups begin early, so that what they do months apart still happens within the simulated time.
    early = options.start, options.start + GROUPS_BEGIN * DAY
    shared: Shared = defaultdict(lambda: {"began": _hour(draw, *early)})
    for place, parts in enumerate(cast(SLOTS, corridors, quota, draw)):
        setting = _setting(options, first + place, corridors[place], _hour(draw, begins, ends))
        for part in parts:
            if part.scene.arrange is not None:
                part.scene.arrange(_into(setting, part, shared))
        script = lawful.write(setting)
        for part in parts:
            _into(setting, part, shared)
            part.scene.play(script)
        for told in (script, *script.sequels):
            chance.plant(told)
            yield told


def _hour(draw: Random, begins: Instant, ends: Instant) -> Instant:
    return begins + draw.randrange(max(1, (ends - begins) // HOUR)) * HOUR


def _into(setting: Setting, part: Part, shared: Shared) -> Setting:
    """Gives the scene what its group shares."""
    setting.shared, setting.place = shared[part.scene.name, part.group] if part.scene.size > 1 else {}, part.place
    return setting


def _setting(options: Options, worker: int, corridor: Corridor, began: Instant) -> Setting:
    draw = Random(f"{options.seed}:worker:{worker}")
    who = people.person(f"w{worker:07d}", corridor.origin, corridor.women, draw)
    jobs = life.WOMEN if who.sex == "F" else life.MEN
    isco, isic, _ = draw.choices(jobs, [weight for *_, weight in jobs])[0]
    order = world.demand(corridor, draw.randrange(world.DEMANDS))
    employer = registry.natural(corridor.destination, draw) if isic == "9700" else order.employer
    return Setting(
        corridor=corridor, person=who, draw=draw, began=began, days=min(life.to_departure(draw), MOST_DAYS), isco=isco, isic=isic,
        agency=order.agency, partner=world.partner(corridor.destination, draw.randrange(world.PARTNERS)), employer=employer,
        site=world.site(corridor.destination, order.number), demand=order.id, start=options.start, as_of=options.as_of,
        serial=f"s{options.seed}-{worker:07d}-1",
    )  # fmt: skip
