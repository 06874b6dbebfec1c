"""The job order behind a journey: farmed out to agencies that do not hold it (T-CHN-06), or never attested (T-ATT-01)."""

from __future__ import annotations

from collections.abc import Callable

from streams.domain.instants import DAY, HOUR
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful, private
from streams.publishers.simulator.script import Script, Setting

ATTESTING = frozenset({"BD"})  # policy: a group of more than 25 for one employer is attested by the embassy


def _order(script: Script, name: str, jobs: int, *, employer: str, agency: str, attested_before: float | None, id: str = "") -> str:
    """A job order of this journey alone, submitted 40 days before the worker came, attested some days before the clearance."""
    s = script.setting
    order = id or private(s, life.MINISTRY[s.origin], name)
    submitted = script.enter("recruitment.demand_submitted", s.began - 40 * DAY,
                             bodies.demand(employer, agency, s.destination, jobs, s.isco, s.isic))  # fmt: skip
    submitted.refs = {"demand": order}
    if attested_before is not None:
        when = script.steps["clearance"].time - round(attested_before * 24) * HOUR
        script.enter("oversight.demand_attested", when, bodies.attested(order, employer, agency, jobs))
    return order


def _arrange_order(setting: Setting) -> None:
    setting.demand = private(setting, life.MINISTRY[setting.origin], "order")
    setting.employer = private(setting, "cr", "firm", setting.destination)


def _attesting(jobs: int, attested_before: float | None, variant: str, planted: bool) -> Callable[[Script], None]:
    def play(script: Script) -> None:
        s = script.setting
        _order(script, "order", jobs, employer=s.employer, agency=s.agency, attested_before=attested_before, id=s.demand)
        say = script.plant if planted else script.spare
        say("T-ATT-01", variant, "clearance", subject=f"demand:{s.demand}")

    return play


def _attested_late(script: Script) -> None:
    """The attestation came after the clearance: it ends the finding."""
    s = script.setting
    _order(script, "order", 40, employer=s.employer, agency=s.agency, attested_before=-6, id=s.demand)
    script.plant("T-ATT-01", "attested_late", "clearance", subject=f"demand:{s.demand}", expected=False,
                 until=script.steps["clearance"].time + 6 * DAY)  # fmt: skip


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
        _order(script, "order", 20, employer=s.shared["employer"], agency=s.shared["holder"], attested_before=days + 30, id=s.demand)
        (script.plant if planted else script.spare)("T-CHN-06", variant, "clearance", subject=f"demand:{s.demand}")

    return arrange, play


_TWO, _ONE = _farming(2, "two_others", True), _farming(1, "one_other", False)

SCENES = (
    lawful("demand"),
    Scene("never_attested", _attesting(40, None, "group_of_forty", True), share=0.6, origins=ATTESTING, arrange=_arrange_order),
    Scene("never_attested_26", _attesting(26, None, "group_of_twenty_six", True), share=0.4, origins=ATTESTING, arrange=_arrange_order),
    Scene("group_of_25", _attesting(25, None, "group_of_twenty_five", False), share=0.5, origins=ATTESTING, arrange=_arrange_order),
    Scene("attested_the_day_before", _attesting(40, 1, "attested_the_day_before", False), share=0.5, origins=ATTESTING,
          arrange=_arrange_order),
    Scene("attested_late", _attested_late, share=0.2, origins=ATTESTING, arrange=_arrange_order),
    Scene("farmed_out", _TWO[1], share=1.0, size=2, arrange=_TWO[0]),
    Scene("one_other", _ONE[1], share=1.0, size=2, arrange=_ONE[0]),
)  # fmt: skip
