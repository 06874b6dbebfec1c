"""Employers that only this journey knows: visas beyond what they can employ, or no work at all (T-VIS-01), and demands that were
attested by a stamp (T-ATT-02)."""

from __future__ import annotations

from collections.abc import Callable

from streams.domain.instants import DAY
from streams.publishers.simulator import bodies
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful, private, took_place
from streams.publishers.simulator.script import Script, Setting


def _firm(setting: Setting, suffix: str) -> str:
    return private(setting, "cr", suffix, setting.destination)


def _visas(capacity: int, *blocks: tuple[int, int], variant: str, planted: bool) -> Callable[[Script], None]:
    """Blocks of (visas, days later) for a firm that declared to employ so many."""
    def play(script: Script) -> None:
        s = script.setting
        firm = _firm(s, "visas")
        script.enter("licensing.employer_capacity_declared", s.began - 100 * DAY, bodies.capacity(firm, capacity))
        for visas, days in blocks:
            script.enter("visa.visa_block_issued", s.began + days * DAY, bodies.visa_block(firm, visas))
        (script.plant if planted else script.spare)("T-VIS-01", variant, subject=f"party:{firm}")

    return play


def _ghost(visas: int, variant: str, planted: bool, *, active: bool = False) -> Callable[[Script], None]:
    """The sponsor of the worker's visa is a firm with so many, for which nobody works, unless its premises are in use."""
    def play(script: Script) -> None:
        s = script.setting
        if not took_place(script, "arrived", s.as_of - 70 * DAY) or "visa" not in script.steps:
            return
        firm = _firm(s, "ghost")
        script.steps["visa"].body["employer"] = script.steps["arrived"].body["employer"] = firm
        script.enter("licensing.employer_capacity_declared", s.began - 100 * DAY, bodies.capacity(firm, 500))
        script.enter("visa.visa_block_issued", s.began, bodies.visa_block(firm, visas))
        if active:
            script.enter("licensing.premises_evidence", script.steps["arrived"].time + 50 * DAY, bodies.in_use(firm))
        (script.plant if planted else script.spare)("T-VIS-01", variant, "visa", "arrived", subject=f"party:{firm}")

    return play


def _stamped(depth: str, risk: str, variant: str, planted: bool, later: str = "", of_agency: bool = False) -> Callable[[Script], None]:
    """The second demand of a firm, attested in so much depth when firm or agency was assessed so; in more depth three weeks later."""
    def play(script: Script) -> None:
        s = script.setting
        firm, register = _firm(s, "stamped"), life.MINISTRY[s.origin]
        agency, order = private(s, register, "stamped"), private(s, register, "stamped-order")
        for number, days in ((f"{order}-before", 200), (order, 30)):
            body = bodies.demand(firm, agency, s.destination, 5, s.isco, s.isic)
            script.enter("recruitment.demand_submitted", s.began - days * DAY, body).refs = {"demand": number}
        script.enter("licensing.party_risk_assessed", s.began - 60 * DAY, bodies.risk(firm, "low" if of_agency else risk))
        script.enter("licensing.party_risk_assessed", s.began - 60 * DAY, bodies.risk(agency, risk if of_agency else "low"))
        for how, days in ((depth, 0), (later, 21)):
            if how:
                script.enter("oversight.demand_attested", s.began + days * DAY, bodies.attested(order, firm, agency, 5) | {"depth": how})
        say = script.plant if planted else script.spare
        say("T-ATT-02", variant, subject=f"party:{firm}", issue=order)

    return play


SCENES = (
    lawful("visas"),
    Scene("visas_above_capacity", _visas(10, (12, 0), variant="twelve_for_ten", planted=True), share=0.4),
    Scene("visas_in_two_blocks", _visas(10, (8, 0), (5, 90), variant="thirteen_for_ten_in_two_blocks", planted=True), share=0.2),
    Scene("a_tenth_above", _visas(10, (11, 0), variant="eleven_for_ten", planted=False), share=0.4),
    Scene("visas_in_two_years", _visas(10, (9, -200), (9, 180), variant="nine_a_year_for_ten", planted=False), share=0.2),
    Scene("ghost", _ghost(25, "twenty_five_visas_and_no_work", True), share=0.6),
    Scene("nineteen_visas", _ghost(19, "nineteen_visas_and_no_work", False), share=0.3),
    Scene("twenty_five_and_work", _ghost(25, "twenty_five_visas_and_work", False, active=True), share=0.3),
    Scene("stamped_firm_at_high_risk", _stamped("stamp", "high", "stamped_firm_at_high_risk", True), share=0.6),
    Scene("stamped_agency_at_high_risk", _stamped("stamp", "high", "stamped_agency_at_high_risk", True, of_agency=True), share=0.4),
    Scene("called_at_high_risk", _stamped("call", "high", "called_at_high_risk", False), share=0.3),
    Scene("stamped_and_then_visited", _stamped("stamp", "high", "stamped_and_then_visited", False, later="site_visit"), share=0.3),
    Scene("stamped_at_low_risk", _stamped("stamp", "low", "stamped_at_low_risk", False), share=0.4),
)  # fmt: skip
