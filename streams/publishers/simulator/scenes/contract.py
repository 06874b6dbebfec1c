"""The contract's papers: registered at origin before departure (T-CON-01, -04), authenticated at destination (T-CON-02, -04)."""

from __future__ import annotations

from streams.domain.instants import DAY, HOUR
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import cut, lawful, retract
from streams.publishers.simulator.script import Script, Setting

AT_ORIGIN, AT_DESTINATION = "origin", "destination"


def _never_registered(script: Script) -> None:
    script.drop("contract")
    if script.setting.draw.random() < 0.5:
        script.drop("offered")
    script.plant("T-CON-01", "never_registered", "departed", since=script.setting.departure)


def _registered_late(script: Script) -> None:
    contract, departure = script.steps["contract"], script.setting.departure
    contract.time = departure + script.setting.draw.randrange(8 * 24, 25 * 24) * HOUR
    contract.recorded = contract.time + 5 * HOUR
    script.plant("T-CON-01", "made_up_late", "contract", expected=False, since=departure, until=contract.time)
    script.plant("T-CON-04", "registered_late", "contract", issue=AT_ORIGIN, since=departure)


def _recorded_late(script: Script) -> None:
    contract, departure = script.steps["contract"], script.setting.departure
    contract.recorded = departure + script.setting.draw.randrange(7 * 24 + 1, 25 * 24) * HOUR
    script.spare("T-CON-01", "in_time_recorded_late", "contract")
    script.plant("T-CON-04", "recorded_late", "contract", issue=AT_ORIGIN, since=departure)


def _same_instant(script: Script) -> None:
    contract = script.steps["contract"]
    contract.time = script.setting.departure
    contract.recorded = contract.time + 3 * HOUR
    script.spare("T-CON-01", "same_instant", "contract")


def _made_up_soon(script: Script) -> None:
    contract, departure = script.steps["contract"], script.setting.departure
    contract.time = departure + 3 * DAY
    contract.recorded = contract.time + 5 * HOUR
    script.spare("T-CON-01", "made_up_soon", "contract")
    script.spare("T-CON-04", "made_up_soon", "contract", issue=AT_ORIGIN)


def _on_day_seven(script: Script) -> None:
    script.steps["contract"].recorded = script.setting.departure + 7 * DAY
    script.spare("T-CON-04", "on_day_seven", "contract", issue=AT_ORIGIN)


def _corrected_late(script: Script) -> None:
    """Recorded in time, corrected a month after departure: judged by the first record."""
    contract = script.steps["contract"]
    script.misrecord("contract", script.setting.departure + 25 * DAY, time=contract.time - 30 * HOUR)
    script.spare("T-CON-04", "corrected_late", "contract", issue=AT_ORIGIN)


def _never_departed(script: Script) -> None:
    script.drop("contract")
    cut(script, script.setting.departure - HOUR)
    script.spare("T-CON-01", "never_departed", "clearance")


def _departure_retracted(script: Script) -> None:
    script.drop("contract")
    departed = script.steps["departed"]
    cut(script, script.setting.departure)
    retract(script, "departed", departed.recorded + 2 * DAY)
    script.spare("T-CON-01", "departure_retracted")


def _never_authenticated(script: Script) -> None:
    script.drop("authenticated")
    script.plant("T-CON-02", "never_authenticated", "arrived", since=script.arrival + 30 * DAY)


def _authenticated_late(script: Script) -> None:
    due, step = script.arrival + 30 * DAY, script.steps["authenticated"]
    step.time = due + script.setting.draw.randrange(8 * 24, 25 * 24) * HOUR
    step.recorded = step.time + 4 * HOUR
    script.plant("T-CON-02", "made_up_late", "authenticated", expected=False, since=due, until=step.time)
    script.plant("T-CON-04", "authenticated_late", "authenticated", issue=AT_DESTINATION, since=due)


def _authenticated_soon_after(script: Script) -> None:
    due, step = script.arrival + 30 * DAY, script.steps["authenticated"]
    step.time, step.recorded = due + 3 * DAY, due + 3 * DAY + 4 * HOUR
    script.spare("T-CON-02", "made_up_soon", "authenticated")
    script.spare("T-CON-04", "authenticated_soon_after", "authenticated", issue=AT_DESTINATION)


def _on_day_thirty(script: Script) -> None:
    step = script.steps["authenticated"]
    step.time = script.arrival + 30 * DAY
    step.recorded = step.time + 2 * HOUR
    script.spare("T-CON-02", "on_day_thirty", "authenticated")


def _arrange_just_arrived(setting: Setting) -> None:
    setting.depart_at(setting.as_of - setting.draw.randrange(3, 28) * DAY)


def _just_arrived(script: Script) -> None:
    script.drop("authenticated")
    cut(script, script.setting.as_of - 40 * HOUR)
    script.spare("T-CON-02", "just_arrived", "arrived")


def _went_home(script: Script) -> None:
    back = script.arrival + 20 * DAY
    script.drop("authenticated")
    cut(script, back - 40 * HOUR)
    script.add("home", "deployment.repatriation_done", back, world.ministry(script.setting.origin),
               bodies.repatriated(script.setting), ("national_id", "passport"))  # fmt: skip
    script.spare("T-CON-02", "went_home", "home")


SCENES = (
    lawful("contract"),
    Scene("never_registered", _never_registered, life=lambda c: life.NO_CONTRACT, share=1.0),
    Scene("registered_late", _registered_late, share=0.3),
    Scene("recorded_late", _recorded_late, share=0.4),
    Scene("authenticated_late", _authenticated_late, life=lambda c: life.LATE_AUTHENTICATION / 2, share=0.3),
    Scene("never_authenticated", _never_authenticated, life=lambda c: life.LATE_AUTHENTICATION / 2, share=1.0),
    Scene("same_instant", _same_instant, share=0.3),
    Scene("made_up_soon", _made_up_soon, share=0.2),
    Scene("on_day_seven", _on_day_seven, share=0.2),
    Scene("corrected_late", _corrected_late, share=0.3),
    Scene("authenticated_soon_after", _authenticated_soon_after, share=0.3),
    Scene("on_day_thirty", _on_day_thirty, share=0.3),
    Scene("never_departed", _never_departed, share=0.2, solo=True),
    Scene("departure_retracted", _departure_retracted, share=0.1, solo=True),
    Scene("just_arrived", _just_arrived, share=0.2, solo=True, arrange=_arrange_just_arrived),
    Scene("went_home", _went_home, share=0.2, solo=True),
)  # fmt: skip
