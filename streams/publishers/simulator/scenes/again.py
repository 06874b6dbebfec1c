"""What comes after: home for good, or recruited again: one worker, several journeys."""

from __future__ import annotations

from dataclasses import replace

from streams.domain.instants import DAY, HOUR
from streams.publishers.simulator import bodies, lawful, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import cut
from streams.publishers.simulator.scenes.common import lawful as stays
from streams.publishers.simulator.script import Script


def _home(script: Script) -> None:
    """Everything told so far comes first; the return closes the journey. Nothing when the worker never arrived."""
    if "arrived" not in script.steps or "home" in script.steps:
        return
    s = script.setting
    back = max(draft.time for draft in script.steps.values()) + s.draw.randrange(2, 10) * DAY
    if back < s.as_of - 10 * DAY:
        script.add("home", "deployment.repatriation_done", back, world.ministry(s.origin), bodies.repatriated(s),
                   ("national_id", "passport"))  # fmt: skip


def _again(script: Script) -> None:
    """Home, and within weeks registered for another migration, as far as the simulated time reaches."""
    if "home" in script.steps:  # a scene of the return has told what came of it
        return
    _home(script)
    s, home = script.setting, script.steps.get("home")
    if home is None or home.time + 45 * DAY > s.as_of:
        return
    serial = f"{s.serial[:-1]}2"
    who = replace(s.person, numbers=dict(s.person.numbers))
    second = replace(s, person=who, began=home.time + s.draw.randrange(12, 20) * DAY, number=2, serial=serial, shared={})
    order = world.demand(s.corridor, s.draw.randrange(world.DEMANDS))
    second.agency, second.demand = order.agency, order.id
    sequel = lawful.write(second)
    cut(sequel, s.as_of - 40 * HOUR)
    script.sequels.append(sequel)


SCENES = (
    stays("after"),
    Scene("home", _home, life=lambda c: 0.10),
    Scene("again", _again, life=lambda c: life.RETURNS),
)  # fmt: skip
