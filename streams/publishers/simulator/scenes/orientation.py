"""Orientation before departure (T-PDO-01): held, long enough, and by the person it was for."""

from __future__ import annotations

from streams.domain.instants import DAY
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful
from streams.publishers.simulator.script import Script

# What origins ask for: hours (PH 8) or days (BD 3); the shortest that is enough.
LEAST = {"PH": (8.0, 1.0), "BD": (24.0, 3.0)}
TIMED = frozenset(LEAST)


def _say(script: Script, hours: float, days: float, id_level: str = "biometric") -> None:
    script.steps["orientation"].body = bodies.orientation(hours, days, id_level, life.LANGUAGES[script.setting.origin])


def _none(script: Script) -> None:
    script.drop("orientation")
    script.plant("T-PDO-01", "none", "departed", since=script.setting.departure)


def _short(script: Script) -> None:
    hours, days = LEAST[script.setting.origin]
    _say(script, hours - 0.5 if days == 1.0 else 16.0, 1.0 if days == 1.0 else 2.0)
    script.plant("T-PDO-01", "too_short", "orientation")


def _impostor(script: Script) -> None:
    """Nobody looked at a paper: another may have sat there."""
    script.steps["orientation"].body["id_level"] = "none"
    script.plant("T-PDO-01", "identity_not_assured", "orientation")


def _just_enough(script: Script) -> None:
    _say(script, *LEAST[script.setting.origin])
    script.spare("T-PDO-01", "just_enough", "orientation")


def _two_sessions(script: Script) -> None:
    hours, days = LEAST[script.setting.origin]
    first = script.steps["orientation"]
    _say(script, hours / 2, days / 2)
    script.add("orientation2", first.type, first.time + DAY, first.office, dict(first.body), ("national_id",))
    script.spare("T-PDO-01", "two_sessions", "orientation", "orientation2")


def _held_again(script: Script) -> None:
    """The first session assured nobody's identity; the second, full one, did."""
    s, first = script.setting, script.steps["orientation"]
    body = dict(first.body)
    first.body["id_level"] = "none"
    script.add("orientation2", first.type, first.time + DAY, world.ministry(s.origin), body, ("national_id",))
    script.spare("T-PDO-01", "held_again", "orientation", "orientation2")


SCENES = (
    lawful("orientation"),
    Scene("none", _none, life=lambda c: 0.08, share=0.4),
    Scene("too_short", _short, share=0.3, origins=TIMED),
    Scene("impostor", _impostor, share=0.3),
    Scene("just_enough", _just_enough, share=0.3, origins=TIMED),
    Scene("two_sessions", _two_sessions, share=0.4, origins=TIMED),
    Scene("held_again", _held_again, share=0.3),
)  # fmt: skip
