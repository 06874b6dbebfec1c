"""The return home: help (T-RET-01), wages still owed (T-RET-02), and cases that must not end with it (T-LEG-02)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from streams.domain.instants import DAY, HOUR, Instant
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import early, lawful, told_until
from streams.publishers.simulator.scenes.complaint import answer, file, take
from streams.publishers.simulator.script import Script

NATIONAL = ("national_id", "passport")
SERIES = "R"  # the case that goes on when the worker is home


def _home(script: Script, cause: str = "contract_end", outstanding: int | None = None, at: Instant | None = None) -> Instant:
    """Home some days after all that was told and after the papers of the arrival are due, with so many months of pay said to be owed."""
    s = script.setting
    back = at if at is not None else max(told_until(script), script.arrival + 45 * DAY) + s.draw.randrange(48, 10 * 24) * HOUR
    body = bodies.repatriated(s, cause)
    if outstanding is not None:
        body["outstanding"] = bodies.pay(s) | {"minor": bodies.pay(s)["minor"] * outstanding}
    script.add("home", "deployment.repatriation_done", back, world.ministry(s.origin), body, NATIONAL, clean=True)
    return back


def _registered(script: Script) -> Instant:
    s = script.setting
    at = _home(script) + s.draw.randrange(12, 48) * HOUR
    script.add("returned", "deployment.returnee_registered", at, world.ministry(s.origin), {"country": s.destination}, NATIONAL, clean=True)
    return at


def _not_referred(script: Script) -> None:
    at = _registered(script)
    script.plant("T-RET-01", "not_referred", "returned", since=at + 30 * DAY)


def _helped(step: str, days: int, variant: str, **body: Any) -> Callable[[Script], None]:
    """Offered a service, or already in one, so many days after registration."""

    def play(script: Script) -> None:
        at = _registered(script) + days * DAY
        script.add("help", f"deployment.reintegration_{step}", at, world.ministry(script.setting.origin), {"service": "training", **body},
                   ("national_id",), clean=True)  # fmt: skip
        script.spare("T-RET-01", variant, "returned", "help")

    return play


def _owed(script: Script) -> None:
    script.plant("T-RET-02", "owed_on_leaving", "home", since=_home(script, outstanding=script.setting.draw.randrange(1, 5)))


def _nothing_owed(script: Script) -> None:
    _home(script, outstanding=0)
    script.spare("T-RET-02", "nothing_owed", "home")


def _said(script: Script, name: str, months: int, at: Instant) -> None:
    """The mission wrote down what the employer owes."""
    s = script.setting
    amount = bodies.pay(s) | {"minor": bodies.pay(s)["minor"] * months}
    script.add(name, "deployment.wages_outstanding", at, world.ministry(s.origin), {"employer": s.employer, "amount": amount}, NATIONAL,
               clean=True)  # fmt: skip


def _owed_as_said(script: Script) -> None:
    back = _home(script)
    _said(script, "owed", 3, back - DAY)
    script.plant("T-RET-02", "owed_as_said", "home", "owed", since=back)


def _settled_before(script: Script) -> None:
    """It was owed once, and no more when the worker left."""
    back = _home(script)
    _said(script, "owed", 2, back - 40 * HOUR)
    _said(script, "owed2", 0, back - HOUR)
    script.spare("T-RET-02", "settled_before", "home", "owed", "owed2")


def _paid_afterwards(script: Script) -> None:
    s = script.setting
    if "due2" in script.steps:  # a wage that was to stay unpaid
        return
    back = _home(script, outstanding=1)
    at = back + s.draw.randrange(5, 30) * DAY
    script.add("arrears", "deployment.wage_paid", at, world.ministry(s.destination), bodies.wage(s, back, owed=False), ("passport",),
               clean=True)  # fmt: skip
    script.plant("T-RET-02", "paid_afterwards", "home", "arrears", expected=False, until=at)


def _case(script: Script) -> Instant:
    """A case that is referred in time, before the worker goes home; its decision is due two weeks after it was filed."""
    filed = file(script, at=told_until(script) + script.setting.draw.randrange(24, 96) * HOUR, series=SERIES)
    answer(script, filed, SERIES)
    take(script, "referred", 5, filed, SERIES, to="court")
    return filed


def _ending(variant: str, planted: bool, cause: str = "contract_end", **end: Any) -> Callable[[Script], None]:
    """Decided, without the worker, four days after the return."""

    def play(script: Script) -> None:
        filed = _case(script)
        _home(script, cause, at=filed + 10 * DAY)
        take(script, "decided", 14, filed, SERIES, **end)
        (script.plant if planted else script.spare)("T-LEG-02", variant, "home", f"decided{SERIES}")
        if cause == "deportation":
            script.plant("T-PEN-01", "deported", f"filed{SERIES}", "home", issue=script.steps["home"].id)

    return play


def _closing(variant: str, planted: bool, **end: Any) -> Callable[[Script], None]:
    """Closed by the office four days after the return; where it may not be, a court decided it all the same."""

    def play(script: Script) -> None:
        filed = _case(script)
        _home(script, at=filed + 10 * DAY)
        take(script, "closed", 13, filed, SERIES, reason="repatriated", **end)
        if planted:
            take(script, "decided", 14, filed, SERIES, upheld=True, ground="merits")
        (script.plant if planted else script.spare)("T-LEG-02", variant, "home", f"closed{SERIES}")

    return play


SCENES = (
    lawful("return"),
    Scene("not_referred", _not_referred, share=1.0, arrange=early),
    Scene("declined", _helped("referred", 10, "offer_declined", declined=True), share=0.4, arrange=early),
    Scene("enrolled", _helped("enrolled", 20, "enrolled"), share=0.3, arrange=early),
    Scene("referred_on_day_30", _helped("referred", 30, "on_day_thirty", declined=False), share=0.3, arrange=early),
    Scene("owed", _owed, share=0.6, arrange=early),
    Scene("owed_as_said", _owed_as_said, share=0.4, arrange=early),
    Scene("nothing_owed", _nothing_owed, share=0.6, arrange=early),
    Scene("settled_before", _settled_before, share=0.4, arrange=early),
    Scene("paid_afterwards", _paid_afterwards, share=0.2, arrange=early),
    Scene("ended_for_return", _ending("because_repatriated", True, upheld=False, ground="repatriated"), share=0.3, arrange=early),
    Scene("absent_after_return", _ending("absent_after_return", True, upheld=False, ground="absence"), share=0.3, arrange=early),
    Scene("absent_after_deportation", _ending("absent_after_deportation", True, "deportation", upheld=False, ground="absence"),
          share=0.1, arrange=early),
    Scene("closed_for_return", _closing("closed_for_return", True), share=0.3, arrange=early),
    Scene("dismissed_on_merits", _ending("on_merits", False, upheld=False, ground="merits"), share=0.5, arrange=early),
    Scene("closed_with_consent", _closing("worker_confirmed", False, confirmed_by_worker=True), share=0.5, arrange=early),
)  # fmt: skip
