"""Licences of agencies that only this journey knows: acts without one (T-LIC-01), blacklisted elsewhere (-02), a bond too small
(-05), and intelligence that nobody takes up (T-INT-01, -02)."""

from __future__ import annotations

from collections.abc import Callable

from streams.domain.instants import DAY, HOUR, Instant
from streams.publishers.simulator import bodies
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.bodies import day
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful, private, took_place
from streams.publishers.simulator.script import Script, Setting

BONDED = frozenset({"NP"})  # where the law secures departures by a bond
ELSEWHERE = frozenset({"PK", "PH", "IN", "ET"})
UNRENEWED = "AE"  # an unrenewed licence counts for thirty days more
LEAST_BOND = 2_000_000_000  # 5 M in cash and 15 M guaranteed, in minor units


def _agency(setting: Setting, suffix: str, country: str = "") -> str:
    return private(setting, life.MINISTRY[country or setting.origin], suffix, country)


def _licensed(script: Script, party: str, until: str | None = None) -> None:
    granted = script.setting.began - 730 * DAY
    script.enter("licensing.agency_registered", granted, bodies.licence(party, "agency", day(granted, party[:2]), until))


def _decides(script: Script, party: str, kind: str, time: Instant, **details: str) -> None:
    since = day(time, party[:2])
    body = bodies.licence(party, "agency", since) if kind == "renewed" else bodies.decision(party, since, "inspection")
    script.enter(f"licensing.agency_{kind}", time, body | details)


def _orders(script: Script, party: str, time: Instant) -> None:
    """The agency submits a job order, for which nobody is cleared."""
    s = script.setting
    body = bodies.demand(private(s, "cr", "unlicensed", s.destination), party, s.destination, 5, s.isco, s.isic)
    script.enter("recruitment.demand_submitted", time, body).refs = {"demand": _agency(s, "unlicensed-order")}


def _after_the_end(days: int, variant: str, planted: bool, country: str = "") -> Callable[[Script], None]:
    """An order so many days after the day on which the licence ended; 0 is that day."""
    def play(script: Script) -> None:
        s = script.setting
        party, act = _agency(s, "lapsed", country), s.began + 12 * HOUR
        _licensed(script, party, day(act - days * DAY, party[:2]))
        _orders(script, party, act)
        (script.plant if planted else script.spare)("T-LIC-01", variant, subject=f"party:{party}")

    return play


def _decided(kind: str, after: float, variant: str, planted: bool, *later: tuple[str, float]) -> Callable[[Script], None]:
    """An order so many days after a decision (before it, where negative), with others that came later."""
    def play(script: Script) -> None:
        s = script.setting
        party, act = _agency(s, "stopped"), s.began + 12 * HOUR
        _licensed(script, party)
        for each, days in ((kind, after), *later):
            _decides(script, party, each, act - round(days * 24) * HOUR)
        _orders(script, party, act)
        (script.plant if planted else script.spare)("T-LIC-01", variant, subject=f"party:{party}")

    return play


def _paid_while_suspended(script: Script) -> None:
    """The fee of this worker went to an agency that was suspended by then, unless another scene says to whom fees went."""
    s = script.setting
    party = _agency(s, "paid")
    _licensed(script, party)
    _decides(script, party, "suspended", s.began - 10 * DAY)
    if took_place(script, "fee") and not any(script.claimed(rule) for rule in ("T-FEE-03", "T-FEE-04")):
        script.steps["fee"].body["payee"] = party
    else:
        _orders(script, party, s.began)
    script.plant("T-LIC-01", "paid_while_suspended", subject=f"party:{party}")


def _renewed_late(script: Script) -> None:
    """The renewal reaches back to the day after the end, and ends what was found meanwhile."""
    s = script.setting
    party, act = _agency(s, "renewed"), s.began + 12 * HOUR
    ended = day(act - 10 * DAY, s.origin)
    _licensed(script, party, ended)
    _orders(script, party, act)
    renewal = bodies.licence(party, "agency", day(act - 9 * DAY, s.origin))
    script.enter("licensing.agency_renewed", act + 20 * DAY, renewal)
    script.plant("T-LIC-01", "renewed_late", subject=f"party:{party}", expected=False, until=act + 20 * DAY)


def _blacklisted(
    variant: str, planted: bool, kind: str = "blacklisted", *, released: bool = False, lapsed: bool = False
) -> Callable[[Script], None]:
    """Decided on in the destination, and licensed at origin."""
    def play(script: Script) -> None:
        s = script.setting
        party, decided = _agency(s, "listed"), s.began - 60 * DAY
        _licensed(script, party, day(s.began - 90 * DAY, s.origin) if lapsed else None)
        _decides(script, party, kind, decided, jurisdiction=s.destination)
        if released:
            _decides(script, party, "released", decided + 30 * DAY, jurisdiction=s.destination)
        (script.plant if planted else script.spare)("T-LIC-02", variant, subject=f"party:{party}")

    return play


def _told(script: Script, kind: str, days: float, **details: str) -> str:
    """Intelligence about an agency of this journey alone, so many days after the worker came; returns the agency."""
    s = script.setting
    party, reference = _agency(s, "suspect"), f"INT-{s.serial}"
    script.enter(f"licensing.intelligence_{kind}", s.began + round(days * 24) * HOUR,
                 bodies.intelligence(reference, party, s.destination, **details))  # fmt: skip
    return party


def _shared(answered: float | None, variant: str, planted: bool, until: float | None = None) -> Callable[[Script], None]:
    """Shared, and acknowledged so many days later, or never; it may lapse after so many days."""
    def play(script: Script) -> None:
        s = script.setting
        lapse = {"expires": day(s.began + round(until * 24) * HOUR, s.origin)} if until is not None else {}
        party = _told(script, "shared", 0, **lapse)
        if answered is not None:
            _told(script, "acknowledged", answered)
            _told(script, "actioned", answered + 1, decision="inspected, no ground")
        (script.plant if planted else script.spare)("T-INT-01", variant, subject=f"party:{party}")

    return play


def _acted(variant: str, planted: bool, decision: str = "", refers: bool = True, days: float = 50) -> Callable[[Script], None]:
    """Acknowledged two days later, and decided on so many days after that, in a word that refers to it or does not."""
    def play(script: Script) -> None:
        s = script.setting
        party = _told(script, "shared", 0)
        _told(script, "acknowledged", 2)
        if decision == "actioned":
            _told(script, "actioned", 2 + days, decision="warned")
        elif decision:
            word = {"intelligence": f"INT-{s.serial}"} if refers else {}
            _decides(script, party, decision, s.began + round((2 + days) * 24) * HOUR, jurisdiction=s.destination, **word)
        (script.plant if planted else script.spare)("T-INT-02", variant, subject=f"party:{party}")

    return play


def _bonded(minor: int, variant: str, planted: bool) -> Callable[[Script], None]:
    """An agency with so much of a bond clears this one worker, for an order that nobody names, and the worker leaves."""
    def play(script: Script) -> None:
        s = script.setting
        if not took_place(script, "departed") or not took_place(script, "clearance", script.steps["departed"].time):
            return
        agency, granted = _agency(s, "bonded"), s.began - 730 * DAY
        body = bodies.licence(agency, "agency", day(granted, s.origin)) | {"bond": bodies.money(minor, life.CURRENCY[s.origin])}
        script.enter("licensing.agency_registered", granted, body)
        clearance = script.steps["clearance"]
        clearance.body |= {"agency": agency, "demand": None}
        clearance.refs.pop("demand", None)
        (script.plant if planted else script.spare)("T-LIC-05", variant, "departed", subject=f"party:{agency}")

    return play


SCENES = (
    lawful("licence"),
    Scene("order_after_the_end", _after_the_end(1, "order_the_day_after_the_end", True), share=0.2),
    Scene("order_while_suspended", _decided("suspended", 5, "order_while_suspended", True), share=0.2),
    Scene("order_after_cancellation", _decided("cancelled", 5, "order_after_cancellation", True), share=0.2),
    Scene("order_while_blacklisted", _decided("blacklisted", 0, "order_in_the_hour_of_the_blacklisting", True), share=0.2),
    Scene("paid_while_suspended", _paid_while_suspended, share=0.2),
    Scene("grace_is_over", _after_the_end(31, "order_thirty_one_days_unrenewed", True, UNRENEWED), share=0.1),
    Scene("order_on_the_last_day", _after_the_end(0, "order_on_the_last_day", False), share=0.3),
    Scene("order_in_grace", _after_the_end(30, "order_thirty_days_unrenewed", False, UNRENEWED), share=0.3),
    Scene("suspended_after_order", _decided("suspended", -5, "suspended_after_the_order", False), share=0.2),
    Scene("released_before_order", _decided("suspended", 40, "released_before_the_order", False, ("released", 10)), share=0.2),
    Scene("renewed_late", _renewed_late, share=0.1),
    Scene("blacklisted_elsewhere", _blacklisted("blacklisted_elsewhere", True), share=1.0),
    Scene("suspended_elsewhere", _blacklisted("suspended_elsewhere", False, "suspended"), share=0.4),
    Scene("released_elsewhere", _blacklisted("released_elsewhere", False, released=True), share=0.3),
    Scene("licence_ended_here", _blacklisted("licence_ended_here", False, lapsed=True), share=0.3),
    Scene("never_acknowledged", _shared(None, "never_acknowledged", True), share=1.0),
    Scene("acknowledged_on_the_sixth_day", _shared(6, "acknowledged_on_the_sixth_day", False), share=0.6),
    Scene("lapsed_on_the_third_day", _shared(None, "lapsed_on_the_third_day", False, until=3), share=0.4),
    Scene("acknowledged_and_left", _acted("acknowledged_and_left", True), share=0.5),
    Scene("decided_on_something_else", _acted("decided_on_something_else", True, "renewed", refers=False), share=0.5),
    Scene("suspended_for_it", _acted("suspended_for_it", False, "suspended"), share=0.4),
    Scene("renewed_in_spite_of_it", _acted("renewed_in_spite_of_it", False, "renewed"), share=0.3),
    Scene("acted_on", _acted("acted_on", False, "actioned", days=59), share=0.3),
    Scene("bond_below_the_first_tier", _bonded(LEAST_BOND - 1, "bond_below_the_first_tier", True), share=1.3, origins=BONDED),
    Scene("bond_of_the_first_tier", _bonded(LEAST_BOND, "bond_of_the_first_tier", False), share=0.6, origins=BONDED),
    Scene("no_law_on_bonds", _bonded(1, "no_law_on_bonds", False), share=0.8, origins=ELSEWHERE),
)  # fmt: skip
