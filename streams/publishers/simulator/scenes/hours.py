"""Hours of work (T-HRS-01): weeks too long, weeks without rest, and weeks that only look so."""

from __future__ import annotations

from streams.domain.instants import DAY
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator.lawful import PERMIT
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful
from streams.publishers.simulator.script import Script

RULE = "T-HRS-01"
USUAL = (48.0, 1.0)
HOURS, REST = "hours", "rest"


def _worked(script: Script, *weeks: tuple[float, float] | None) -> list[str]:
    """(hours, rest days) of weeks running, from a month after arrival; None is a week that nobody recorded."""
    s, names = script.setting, []
    for number, week in enumerate(weeks):
        begins = script.arrival + (30 + 7 * number) * DAY
        if week is None:
            continue
        names.append(f"week{number}")
        script.add(names[-1], "deployment.hours_recorded", begins + 7 * DAY, world.ministry(s.destination),
                   bodies.worked(bodies.day(begins, s.destination), *week), PERMIT)  # fmt: skip
    return names


def _long(script: Script) -> tuple[float, float]:
    return script.setting.draw.choice((61.0, 66.0, 71.0, 84.0)), 1.0


def _four_long(script: Script) -> None:
    script.plant(RULE, "four_long_weeks", *_worked(script, USUAL, *(_long(script) for _ in range(4))), issue=HOURS)


def _no_rest(script: Script) -> None:
    script.plant(RULE, "no_rest", *_worked(script, USUAL, (56.0, 0.0), (56.0, 0.0), USUAL), issue=REST)


def _long_without_rest(script: Script) -> None:
    weeks = _worked(script, *((71.0, 0.0) for _ in range(5)))
    script.plant(RULE, "long_without_rest", *weeks, issue=HOURS)
    script.plant(RULE, "long_without_rest", *weeks, issue=REST)


def _three_long(script: Script) -> None:
    script.spare(RULE, "three_long_weeks", *_worked(script, USUAL, *(_long(script) for _ in range(3)), USUAL), issue=HOURS)


def _sixty(script: Script) -> None:
    weeks = _worked(script, USUAL, *(_long(script) for _ in range(3)), (60.0, 1.0))
    script.spare(RULE, "exactly_at_the_limit", *weeks, issue=HOURS)


def _missing(script: Script) -> None:
    weeks = _worked(script, USUAL, _long(script), None, _long(script), _long(script), USUAL)
    script.spare(RULE, "a_week_unrecorded", *weeks, issue=HOURS)


def _rest_between(script: Script) -> None:
    script.spare(RULE, "rest_between", *_worked(script, USUAL, (56.0, 0.0), USUAL, (56.0, 0.0), USUAL), issue=REST)


SCENES = (
    lawful("hours"),
    Scene("four_long", _four_long, share=0.5),
    Scene("no_rest", _no_rest, share=0.4),
    Scene("long_without_rest", _long_without_rest, share=0.2),
    Scene("three_long", _three_long, share=0.3),
    Scene("exactly_sixty", _sixty, share=0.3),
    Scene("week_missing", _missing, share=0.2),
    Scene("rest_between", _rest_between, share=0.3),
)  # fmt: skip
