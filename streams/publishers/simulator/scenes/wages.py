"""Pay (T-WAG-01): wages that came late, short or never, and wages that only look so."""

from __future__ import annotations

from collections.abc import Callable

from streams.domain.instants import DAY, Instant
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator.lawful import PERMIT
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful
from streams.publishers.simulator.script import Script

RULE = "T-WAG-01"
AFTER = 35  # days from arrival to the first pay day
PARTS = 100


def _due(script: Script, percent: int = PARTS) -> Instant:
    """A month's wage falls due, or so many hundredths of it; what the lawful course paid is not told."""
    s, due = script.setting, script.arrival + AFTER * DAY
    script.drop("due", "paid")
    script.add("due", "deployment.wage_due", due, world.ministry(s.destination), _part(bodies.wage(s, due, owed=True), percent), PERMIT,
               clean=True)  # fmt: skip
    return due


def _pay(script: Script, name: str, due: Instant, days: int, percent: int = PARTS) -> None:
    s = script.setting
    script.add(name, "deployment.wage_paid", due + days * DAY, world.ministry(s.destination),
               _part(bodies.wage(s, due, owed=False), percent), PERMIT, clean=True)  # fmt: skip


def _part(body: bodies.Body, percent: int) -> bodies.Body:
    amount = body["amount"]
    return body | {"amount": amount | {"minor": amount["minor"] * percent // PARTS}}


def _free(play: Callable[[Script], None]) -> Callable[[Script], None]:
    """Unless a complaint is about the wages: then those are told already."""

    def played(script: Script) -> None:
        if "due2" not in script.steps:
            play(script)

    return played


def _period(script: Script) -> str:
    """How the rule names the pay period at issue: its first and last day."""
    body = script.steps["due"].body
    return f"{body['period_start']}/{body['period_end']}"


def _never_paid(script: Script) -> None:
    _due(script)
    script.plant(RULE, "never_paid", "due", issue=_period(script))


def _paid_late(script: Script) -> None:
    _pay(script, "paid", _due(script), script.setting.draw.randrange(8, 45))
    script.plant(RULE, "paid_late", "due", "paid", issue=_period(script))


def _paid_short(script: Script) -> None:
    _pay(script, "paid", _due(script), 2, script.setting.draw.randrange(40, 95))
    script.plant(RULE, "paid_short", "due", "paid", issue=_period(script))


def _rest_came_late(script: Script) -> None:
    due = _due(script)
    _pay(script, "paid", due, 0, 60)
    _pay(script, "paid2", due, 12, 40)
    script.plant(RULE, "the_rest_came_late", "due", "paid", "paid2", issue=_period(script))


def _seven_days(script: Script) -> None:
    _pay(script, "paid", _due(script), 7)
    script.spare(RULE, "seven_days_late", "due", "paid", issue=_period(script))


def _in_parts(script: Script) -> None:
    due = _due(script)
    _pay(script, "paid", due, 0, 60)
    _pay(script, "paid2", due, 4, 40)
    script.spare(RULE, "in_two_parts", "due", "paid", "paid2", issue=_period(script))


def _five_percent(script: Script) -> None:
    _pay(script, "paid", _due(script), 1, 95)
    script.spare(RULE, "exactly_five_percent_short", "due", "paid", issue=_period(script))


def _prorated(script: Script) -> None:
    _pay(script, "paid", _due(script, 50), 1, 50)
    script.spare(RULE, "prorated", "due", "paid", issue=_period(script))


def _for_a_period_unknown(script: Script) -> None:
    _pay(script, "paid", _due(script), 1)
    for name in ("period_start", "period_end"):
        del script.steps["paid"].body[name]
    script.spare(RULE, "for_a_period_unknown", "due", "paid", issue=_period(script))


SCENES = (
    lawful("wages"),
    Scene("never_paid", _free(_never_paid), share=0.3),
    Scene("paid_late", _free(_paid_late), share=0.3),
    Scene("paid_short", _free(_paid_short), share=0.3),
    Scene("rest_came_late", _free(_rest_came_late), share=0.2),
    Scene("seven_days", _free(_seven_days), share=0.3),
    Scene("in_parts", _free(_in_parts), share=0.3),
    Scene("five_percent", _free(_five_percent), share=0.2),
    Scene("prorated", _free(_prorated), share=0.2),
    Scene("period_unknown", _free(_for_a_period_unknown), share=0.1),
)  # fmt: skip
