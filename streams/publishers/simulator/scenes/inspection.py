"""How the worker's site was inspected (T-INS-03): with a word to the workers in private that they understand, or not."""

from __future__ import annotations

from typing import Any

from streams.domain.instants import DAY
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful, private
from streams.publishers.simulator.script import Draft, Script

RULE = "T-INS-03"


def _site(script: Script) -> Draft | None:
    """The worker's work site, which becomes one of their own; None where no event that happened tells it."""
    placed, s = script.steps.get("worksite"), script.setting
    if placed is None or placed.time > placed.recorded:
        return None
    placed.body = {**placed.body, "site": private(s, "site", "inspected", s.destination)}
    return placed


def _visit(script: Script, name: str, placed: Draft, days: int, **details: Any) -> str:
    """An inspection so many days after the worker began there; returns its day at the site."""
    s, time = script.setting, placed.time + days * DAY
    told = {"site": placed.body["site"], "interpreter": False, "languages": [life.LANGUAGES[s.origin]], **details}
    script.add(name, "oversight.inspection_done", time, world.ministry(s.destination), bodies.inspection(**told), clean=True)
    return bodies.day(time, s.destination)


def _wrong(script: Script, variant: str, **details: Any) -> None:
    if placed := _site(script):
        day = _visit(script, "inspection", placed, 1, **details)
        script.plant(RULE, variant, "inspection", subject=f"party:{placed.body['site']}", issue=day)


def _spared(script: Script, variant: str, again: bool = False, **details: Any) -> None:
    if placed := _site(script):
        day = _visit(script, "inspection", placed, 1, **details)
        script.spare(RULE, variant, "inspection", subject=f"party:{placed.body['site']}", issue=day)
        if again:
            _visit(script, "inspection2", placed, 3)


def _nobody_asked(script: Script) -> None:
    _wrong(script, "nobody_asked", worker_interviewed=False)


def _employer_listened(script: Script) -> None:
    _wrong(script, "employer_listened", employer_present=True)


def _not_understood(script: Script) -> None:
    _wrong(script, "not_understood", languages=["fr", "pt"])


def _in_their_language(script: Script) -> None:
    _spared(script, "in_their_language", languages=["fr", life.LANGUAGES[script.setting.origin]])


def _with_an_interpreter(script: Script) -> None:
    _spared(script, "with_an_interpreter", languages=["fr"], interpreter=True)


def _made_up_later(script: Script) -> None:
    _spared(script, "made_up_later", again=True, worker_interviewed=False)


SCENES = (
    lawful("inspection"),
    Scene("nobody_asked", _nobody_asked, share=0.5),
    Scene("employer_listened", _employer_listened, share=0.4),
    Scene("not_understood", _not_understood, share=0.4),
    Scene("in_their_language", _in_their_language, share=0.5),
    Scene("with_an_interpreter", _with_an_interpreter, share=0.4),
    Scene("made_up_later", _made_up_later, share=0.4),
)  # fmt: skip
