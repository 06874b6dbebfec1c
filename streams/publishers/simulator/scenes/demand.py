"""The job order behind a journey: farmed out to agencies that do not hold it (T-CHN-06), or never attested (T-ATT-01)."""

from __future__ import annotations

from collections.abc import Callable

from streams.domain.instants import DAY, HOUR
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful, private
from streams.publishers.simulator.script import Draft, Script, Setting

ATTESTING = frozenset({"BD"})  # policy: a group of more than 25 for one employer is attested by the embassy


def _order(script: Script, jobs: int, *, employer: str, agency: str, attested_before: float | None, id: str) -> Draft:
    """A job order of this journey alone, submitted 40 days before the worker came, attested some days before the clearance."""
    s = script.setting
    submitted = script.enter("recruitment.demand_submitted", s.began - 40 * DAY,
                             bodies.demand(employer, agency, s.destination, jobs, s.isco, s.isic))  # fmt: skip
    submitted.refs = {"demand": id}
    if attested_before is not None:
        when = script.steps["clearance"].time - round(attested_before * 24) * HOUR
        script.enter("oversight.demand_attested", when, bodies.attested(id, employer, agency, jobs))
    return submitted


def _arrange_order(setting: Setting) -> None:
    setting.demand = private(setting, life.MINISTRY[setting.origin], "order")
    setting.employer = private(setting, "cr", "firm", setting.destination)


def _arrange_early_order(setting: Setting) -> None:
    """Cleared while groups alone need attestation, where the simulated time begins before June 2024."""
    _arrange_order(setting)
    setting.began = setting.start + setting.draw.randrange(30 * 24) * HOUR


def _say(script: Script, variant: str, *, planted: bool) -> None:
    """The finding is the employer's, the demand is at issue."""
    s = script.setting
    say = script.plant if planted else script.spare
    say("T-ATT-01", variant, "clearance", subject=f"party:{s.employer}", issue=s.demand)


def _attesting(jobs: int, attested_before: float | None, variant: str) -> Callable[[Script], None]:
    """An order of so many jobs, attested so many days before the clearance, or never."""

    def play(script: Script) -> None:
        s = script.setting
        _order(script, jobs, employer=s.employer, agency=s.agency, attested_before=attested_before, id=s.demand)
        day = bodies.day(script.steps["clearance"].time, s.origin)
        _say(script, variant, planted=attested_before is None and life.attestation_needed(jobs, day))

    return play


def _attested_late(script: Script) -> None:
    """The attestation came after the clearance: it ends the finding."""
    s = script.setting
    _order(script, 40, employer=s.employer, agency=s.agency, attested_before=-6, id=s.demand)
    script.plant("T-ATT-01", "attested_late", "clearance", subject=f"party:{s.employer}", issue=s.demand, expected=False,
                 until=script.steps["clearance"].time + 6 * DAY)  # fmt: skip


def _arrange_split(setting: Setting) -> None:
    _arrange_early_order(setting)
    setting.employer = setting.shared.setdefault("employer", setting.employer)


def _split(script: Script) -> None:
    """Two orders of fifteen jobs each, of one employer: thirty, added up."""
    s = script.setting
    submitted = s.start - 60 * DAY
    _order(script, 15, employer=s.employer, agency=s.agency, attested_before=None, id=s.demand).time = submitted
    _say(script, "two_orders_of_fifteen", planted=True)


def _farming(agencies: int, variant: str, planted: bool) -> tuple[Callable[[Setting], None], Callable[[Script], None]]:
    """A job order held by one agency, whose workers `agencies` others process, one worker each."""

    def arrange(setting: Setting) -> None:
        shared = setting.shared
        if "order" not in shared:
            shared.update(order=private(setting, life.MINISTRY[setting.origin], "order"), holder=setting.agency,
                          employer=setting.employer, isic=setting.isic, isco=setting.isco)  # fmt: skip
            shared["others"] = [world.agency(setting.origin, n) for n in range(world.AGENCIES)
                                if world.agency(setting.origin, n) != setting.agency]  # fmt: skip
        setting.demand = shared["order"]
        setting.agency = shared["others"][setting.place % agencies]
        setting.began = shared["began"] + setting.place * 5 * DAY

    def play(script: Script) -> None:
        s = script.setting
        if s.place:
            return
        days = (script.steps["clearance"].time - s.began) / DAY
        _order(script, 20, employer=s.shared["employer"], agency=s.shared["holder"], attested_before=days + 30, id=s.demand)
        (script.plant if planted else script.spare)("T-CHN-06", variant, "clearance", subject=f"demand:{s.demand}")

    return arrange, play


_TWO, _ONE = _farming(2, "two_others", True), _farming(1, "one_other", False)

SCENES = (
    lawful("demand"),
    Scene("group_of_40", _attesting(40, None, "group_of_forty"), share=0.5, origins=ATTESTING, arrange=_arrange_order),
    Scene("group_of_26", _attesting(26, None, "group_of_twenty_six"), share=0.3, origins=ATTESTING, arrange=_arrange_early_order),
    Scene("two_of_15", _split, share=0.1, size=2, solo=True, origins=ATTESTING, arrange=_arrange_split),
    Scene("group_of_25", _attesting(25, None, "group_of_twenty_five"), share=0.5, origins=ATTESTING, arrange=_arrange_early_order),
    Scene("attested_before", _attesting(40, 1, "attested_the_day_before"), share=0.5, origins=ATTESTING, arrange=_arrange_order),
    Scene("attested_late", _attested_late, share=0.2, origins=ATTESTING, arrange=_arrange_order),
    Scene("farmed_out", _TWO[1], share=1.0, size=2, arrange=_TWO[0]),
    Scene("one_other", _ONE[1], share=1.0, size=2, arrange=_ONE[0]),
)
