"""Where the journey ends (T-VIS-04): taken to another country, and what only looks so."""

from __future__ import annotations

from streams.domain.instants import DAY
from streams.publishers.simulator import bodies
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful, paper_at_origin
from streams.publishers.simulator.script import Script, Setting

RULE = "T-VIS-04"


def _other(setting: Setting) -> str:
    """Another country where people of this corridor's origin go."""
    return setting.draw.choice(sorted({corridor.destination for corridor in life.CORRIDORS} - {setting.destination}))


def _switched(script: Script, variant: str, *on: str) -> None:
    paper, other = paper_at_origin(script), _other(script.setting)
    for name in on:
        script.steps[name].body["country"] = other
    for country in (script.setting.destination, other):
        script.plant(RULE, variant, paper, *on, issue=country)


def _declared(script: Script) -> None:
    _switched(script, "declared_for_another_country", "departed", "arrived")


def _arrived_elsewhere(script: Script) -> None:
    _switched(script, "arrived_in_another_country", "arrived")


def _through_another(script: Script) -> None:
    paper = paper_at_origin(script)
    script.steps["departed"].body["transit"] = [_other(script.setting)]
    script.spare(RULE, "through_another_country", paper, "departed", issue=script.setting.destination)


def _miswritten(script: Script) -> None:
    """The country was written down wrongly, and put right two days later."""
    paper, departed = paper_at_origin(script), script.steps["departed"]
    wrong = bodies.departed(script.setting) | {"country": _other(script.setting)}
    script.misrecord("departed", departed.recorded + 2 * DAY, body=wrong)
    script.spare(RULE, "country_put_right", paper, "departed", issue=script.setting.destination)


SCENES = (
    lawful("destination"),
    Scene("declared_elsewhere", _declared, share=0.6),
    Scene("arrived_elsewhere", _arrived_elsewhere, share=0.4),
    Scene("through_another", _through_another, share=0.6),
    Scene("country_miswritten", _miswritten, share=0.4),
)  # fmt: skip
