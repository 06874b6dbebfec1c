"""How the worker's site was inspected (T-INS-03): with a word to the workers in private that they understand, or not."""

from __future__ import annotations

from typing import Any

from streams.domain.instants import DAY
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful, private
from streams.publishers.simulator.script import Script, Setting

RULE = "T-INS-03"


def _own_site(setting: Setting) -> None:
    setting.site = private(setting, "site", "inspected", setting.destination)


def _visit(script: Script, name: str, days: int, **details: Any) -> str:
    """An inspection so many days after arrival; returns its day at the site."""
    s, time = script.setting, script.arrival + days * DAY
    script.add(name, "oversight.inspection_done", time, world.ministry(s.destination),
               bodies.inspection(**{"site": s.site, "interpreter": False, "languages": [life.LANGUAGES[s.origin]], **details}), clean=True)  # fmt: skip
    return bodies.day(time, s.destination)


def _wrong(script: Script, variant: str, **details: Any) -> None:
    day = _visit(script, "inspection", 25, **details)
    script.plant(RULE, variant, "inspection", subject=f"party:{script.setting.site}", issue=day)


def _spared(script: Script, variant: str, **details: Any) -> None:
    day = _visit(script, "inspection", 25, **details)
    script.spare(RULE, variant, "inspection", subject=f"party:{script.setting.site}", issue=day)


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
    _spared(script, "made_up_later", worker_interviewed=False)
    _visit(script, "again", 40)


SCENES = (
    lawful("inspection"),
    Scene("nobody_asked", _nobody_asked, share=0.4, solo=True, arrange=_own_site),
    Scene("employer_listened", _employer_listened, share=0.3, solo=True, arrange=_own_site),
    Scene("not_understood", _not_understood, share=0.3, solo=True, arrange=_own_site),
    Scene("in_their_language", _in_their_language, share=0.4, solo=True, arrange=_own_site),
    Scene("with_an_interpreter", _with_an_interpreter, share=0.3, solo=True, arrange=_own_site),
    Scene("made_up_later", _made_up_later, share=0.3, solo=True, arrange=_own_site),
)  # fmt: skip
