"""What follows a complaint: retaliation (T-RTL-01), penalties (T-PEN-01), settlements (T-CMP-02) and hearings (T-LEG-01)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from streams.domain.instants import DAY, HOUR, Instant
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import early, private
from streams.publishers.simulator.scenes.complaint import (
    answer,
    case,
    conclude,
    file,
    take,
)
from streams.publishers.simulator.script import Script

PERMIT = ("residence_permit",)
ACTS = {
    "absconding_report": "complaint.absconding_report_received", "dismissal": "deployment.worker_dismissed",
    "eviction": "deployment.worker_evicted", "report": "complaint.retaliation_reported",
}  # fmt: skip


def _act(script: Script, act: str, at: Instant, **more: Any) -> None:
    """What the employer did to the worker."""
    s = script.setting
    script.add("act", ACTS[act], at, world.ministry(s.destination), {"employer": s.employer, **more}, PERMIT, clean=True)


def _handled(script: Script, role: str = "worker") -> Instant:
    """A complaint that the office does all about that it should."""
    filed = file(script, role=role)
    answer(script, filed)
    conclude(script, filed)
    return filed


def _retaliating(act: str, **more: Any) -> Callable[[Script], None]:
    """An act some weeks after the complaint."""

    def play(script: Script) -> None:
        at = _handled(script) + script.setting.draw.randrange(1, 85 * 24) * HOUR
        _act(script, act, at, **more)
        script.plant("T-RTL-01", act, "filed", "act", since=at)

    return play


def _on_day_ninety(script: Script) -> None:
    filed = _handled(script)
    _act(script, "dismissal", filed + 90 * DAY, reason="misconduct")
    script.plant("T-RTL-01", "on_day_ninety", "filed", "act", since=filed + 90 * DAY)


def _on_day_ninety_one(script: Script) -> None:
    filed = _handled(script)
    _act(script, "dismissal", filed + 90 * DAY + HOUR, reason="end_of_work")
    script.spare("T-RTL-01", "on_day_ninety_one", "filed", "act")


def _employer_complained(script: Script) -> None:
    """The employer complained of the worker, and dismissed them."""
    _act(script, "dismissal", file(script, role="employer") + 10 * DAY, reason="misconduct")
    script.spare("T-RTL-01", "employers_own_complaint", "filed", "act")


def _moving(asked_by: str) -> Callable[[Script], None]:
    """To another employer and its site, because the worker asked for it or not."""

    def play(script: Script) -> None:
        s = script.setting
        at, employer, site = _handled(script) + 20 * DAY, *(private(s, kind, "next", s.destination) for kind in ("cr", "site"))
        move = bodies.transfer(s.employer, employer, s.destination) | {"asked_by": asked_by}
        script.add("act", "deployment.employer_transferred", at, world.ministry(s.destination), move, PERMIT, clean=True)
        since = at + 2 * DAY
        script.add("worksite2", "deployment.worksite_assigned", since, world.ministry(s.destination),
                   bodies.worksite(s, employer, site, s.isic, since, s.isic == "9700"), PERMIT, clean=True)  # fmt: skip
        (script.plant if asked_by == "employer" else script.spare)("T-RTL-01", f"asked_by_{asked_by}", "filed", "act")

    return play


def _wages(script: Script, paid_before: bool) -> None:
    """A month's pay due before the complaint and one after it, which is not paid."""
    s = script.setting
    filed, office = _handled(script), world.ministry(s.destination)
    script.drop("due", "paid")
    for name, due in (("due", filed - 20 * DAY), ("due2", filed + 10 * DAY)):
        script.add(name, "deployment.wage_due", due, office, bodies.wage(s, due, owed=True), PERMIT, clean=True)
    if paid_before:
        due = filed - 20 * DAY
        script.add("paid", "deployment.wage_paid", due + DAY, office, bodies.wage(s, due, owed=False), PERMIT, clean=True)


def _paid_no_more(script: Script) -> None:
    _wages(script, paid_before=True)
    script.plant("T-RTL-01", "paid_no_more", "filed", "due2")


def _unpaid_before(script: Script) -> None:
    """Wages had stopped before: that is what the complaint is about."""
    _wages(script, paid_before=False)
    script.spare("T-RTL-01", "unpaid_before", "filed", "due", "due2")


def _sanction(script: Script, at: Instant, on: str, kind: str) -> None:
    s = script.setting
    party = {"employer": s.employer, "agency": s.agency}.get(on)
    script.add("sanction", "complaint.sanction_imposed", at, world.ministry(s.destination), bodies.sanction(on, kind, party), PERMIT,
               clean=True)  # fmt: skip


def _penalised(*kinds: str) -> Callable[[Script], None]:
    """A penalty on the worker within six months of the complaint."""

    def play(script: Script) -> None:
        draw = script.setting.draw
        at = _handled(script) + draw.randrange(24, 170 * 24) * HOUR
        _sanction(script, at, "worker", draw.choice(kinds))
        script.plant("T-PEN-01", "after_complaint", "filed", "sanction", since=at, issue=script.steps["sanction"].id)

    return play


def _fined_after_alert(script: Script) -> None:
    """No complaint: the passport was with the employer, and the worker was fined three weeks later."""
    s, custody = script.setting, script.steps["custody"]
    custody.time, custody.recorded, custody.clean = script.arrival + 31 * DAY, script.arrival + 32 * DAY, True
    custody.body = bodies.custody("employer")
    _sanction(script, custody.time + s.draw.randrange(10, 40) * DAY, "worker", "fine")
    script.plant("T-PEN-01", "after_alert", "custody", "sanction", issue=script.steps["sanction"].id)


def _sanctioned(on: str) -> Callable[[Script], None]:
    """The complaint had the consequence that it should."""

    def play(script: Script) -> None:
        _sanction(script, _handled(script) + 30 * DAY, on, "fine")
        script.spare("T-PEN-01", f"on_{on}", "filed", "sanction")

    return play


def _settle(script: Script, share: int = 100, *, proved: int | None = None) -> Instant:
    """Settled on the fifth day for `share` percent of two months' lost pay, of which `proved` percent of the award is proved."""
    s = script.setting
    filed, pay, currency = file(script), bodies.pay(s)["minor"] * 2, life.CURRENCY[s.destination]
    script.steps["filed"].body["loss"] = bodies.money(pay, currency)
    award = pay * share // 100
    shown: dict[str, Any] = {}
    if proved is not None:
        shown = {"payment_proof": True, "paid_amount": bodies.money(award * proved // 100, currency)}
    take(script, "acknowledged", 1, filed)
    take(script, "settled", 5, filed, award=bodies.money(award, currency), paid=True, **shown)
    return filed


def _settling(variant: str, share: int = 100, proved: int | None = None, *, planted: bool) -> Callable[[Script], None]:
    def play(script: Script) -> None:
        _settle(script, share, proved=proved)
        (script.plant if planted else script.spare)("T-CMP-02", variant, "filed", "settled")

    return play


def _proved_on_day_thirty(script: Script) -> None:
    filed = _settle(script)
    take(script, "enforced", 35, filed, paid_amount=script.steps["settled"].body["award"], payment_proof=True)
    script.spare("T-CMP-02", "proved_on_day_thirty", "settled", "enforced")


def _hearing(variant: str, planted: bool, **who: Any) -> Callable[[Script], None]:
    """A hearing on the tenth day of a case that is referred and decided in time."""

    def play(script: Script) -> None:
        s, filed = script.setting, file(script)
        answer(script, filed)
        take(script, "referred", 5, filed, to="court")
        language = life.LANGUAGES[s.origin] if who.get("language") else "ar"
        take(script, "hearing", 10, filed, **who | {"language": language})
        take(script, "decided", 14, filed, upheld=True)
        assert script.steps["hearing"].refs == case(script)
        (script.plant if planted else script.spare)("T-LEG-01", variant, "hearing")

    return play


def _agreeing(withdrawn: bool) -> Callable[[Script], None]:
    """Nobody answers, and the worker agrees that the inspectorate hears of the employer; or takes that back three weeks later."""

    def play(script: Script) -> None:
        s, filed = script.setting, file(script)
        script.plant("T-CMP-01", "unanswered", "filed")
        says = [("agreed", "consent_given", 1)] + ([("withdrew", "consent_withdrawn", 20)] if withdrawn else [])
        for name, kind, days in says:
            script.add(name, f"complaint.{kind}", filed + days * DAY, world.ministry(s.destination), {"scope": "inspectorate"}, PERMIT,
                       refs=case(script), clean=True)  # fmt: skip
        say = script.spare if withdrawn else script.plant
        say("T-CMP-01", "consent_withdrawn" if withdrawn else "employer_with_consent", "filed", "agreed", subject=f"party:{s.employer}")

    return play


_THERE, _NOT = {"worker_present": True}, {"worker_present": False}

SCENES = (
    Scene("reported_absconded", _retaliating("absconding_report"), share=0.2, arrange=early),
    Scene("evicted", _retaliating("eviction"), share=0.1, arrange=early),
    Scene("threatened", _retaliating("report", kind="threat"), share=0.4, arrange=early),
    Scene("dismissed_on_day_90", _on_day_ninety, share=0.2, arrange=early),
    Scene("paid_no_more", _paid_no_more, share=0.4, arrange=early),
    Scene("moved_by_employer", _moving("employer"), share=0.1, arrange=early, solo=True),
    Scene("dismissed_on_day_91", _on_day_ninety_one, share=0.4, arrange=early),
    Scene("employer_complained", _employer_complained, share=0.3, arrange=early),
    Scene("moved_at_own_wish", _moving("worker"), share=0.1, arrange=early, solo=True),
    Scene("unpaid_before", _unpaid_before, share=0.2, arrange=early),
    Scene("penalised", _penalised("fine", "blacklist", "fee", "deportation"), share=0.8, arrange=early),
    Scene("fined_after_alert", _fined_after_alert, share=0.2, arrange=early, solo=True),
    Scene("employer_fined", _sanctioned("employer"), share=0.6, arrange=early),
    Scene("agency_fined", _sanctioned("agency"), share=0.4, arrange=early),
    Scene("settled_unproved", _settling("not_proved", planted=True), share=0.4, arrange=early),
    Scene("settled_half_proved", _settling("half_proved", 100, 50, planted=True), share=0.2, arrange=early),
    Scene("settled_for_less", _settling("less_than_half", 49, 100, planted=True), share=0.4, arrange=early),
    Scene("settled_proved", _settling("proved", 100, 100, planted=False), share=0.4, arrange=early),
    Scene("settled_for_half", _settling("half", 50, 100, planted=False), share=0.3, arrange=early),
    Scene("proved_on_day_30", _proved_on_day_thirty, share=0.3, arrange=early),
    Scene("told_with_consent", _agreeing(withdrawn=False), share=0.2, arrange=early),
    Scene("consent_withdrawn", _agreeing(withdrawn=True), share=0.2, arrange=early),
    Scene("heard_without_worker", _hearing("nobody", True, **_NOT, representative_present=False), share=0.6, arrange=early),
    Scene("no_interpreter", _hearing("no_interpreter", True, **_THERE, interpreter_present=False), share=0.4, arrange=early),
    Scene("heard_by_representative", _hearing("represented", False, **_NOT, representative_present=True), share=0.4, arrange=early),
    Scene("adjourned", _hearing("adjourned", False, **_NOT, representative_present=False, adjourned=True), share=0.3, arrange=early),
    Scene("heard_in_own_language", _hearing("own_language", False, **_THERE, interpreter_present=False, language="own"), share=0.3,
          arrange=early),
)  # fmt: skip
