"""What several scenes do to a script."""

from __future__ import annotations

from typing import Any

from streams.domain.instants import DAY, Instant
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator.lawful import PASSPORT, moment, refs
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.script import Draft, Script, Setting


def _nothing(script: Any) -> None:
    """The lawful course."""


def lawful(part: str) -> Scene:
    """The scene in which a part of a journey goes as it should."""
    return Scene(f"lawful_{part}", _nothing)


def private(setting: Setting, register: str, suffix: str, country: str = "") -> str:
    """A party that only this journey knows, in a register of the origin or of `country`."""
    return f"{country or setting.origin}:{register}:p{setting.serial}-{suffix}"


def early(setting: Setting) -> None:
    """Leaves time for what follows a complaint or a return: the worker arrives eight months before the end, or earlier."""
    setting.depart_at(min(setting.departure, setting.start + 300 * DAY))


def told_until(script: Script) -> Instant:
    """When the last step so far happened, without what an office dated ahead."""
    return max(draft.time for draft in script.steps.values() if draft.time <= draft.recorded + DAY)


def took_place(script: Script, name: str, before: Instant | None = None) -> bool:
    """Whether a step is still part of the story, by the end or by an instant, and not written down as of more than a day to come."""
    step = script.steps.get(name)
    return step is not None and step.time <= min(before or script.setting.as_of, step.recorded + DAY)


def cut(script: Script, moment: Instant) -> None:
    """Ends the journey as told: nothing happens after `moment`."""
    script.drop(*[name for name, draft in script.steps.items() if draft.time > moment])


def paper_at_origin(script: Script) -> str:
    """The step that is the contract in force at departure; where none was registered by then the worker acknowledges one."""
    contract = script.steps.get("contract")
    if contract is not None and contract.time <= script.setting.departure:
        return "contract"
    if "acknowledged" not in script.steps:
        script.add("acknowledged", bodies.ACKNOWLEDGED, moment(script.setting, 0.7), world.satellite(script.setting.corridor),
                   bodies.terms(script), PASSPORT, refs=refs(script, "contract"), clean=True)  # fmt: skip
    return "acknowledged"


def retract(script: Script, name: str, recorded: Instant) -> None:
    """The office says later that a step never happened; the step itself stays on the record."""
    step = script.steps.pop(name)
    script.extra.append(step)
    script.extra.append(Draft(
        f"{step.id}r", step.type, step.time, step.office, dict(step.body), step.show, recorded, dict(step.refs), step.evidence,
        clean=True, corrects=step.id, was=script.was(step), retracted=True,
    ))  # fmt: skip
