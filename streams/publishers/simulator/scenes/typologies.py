"""Parties about which several things are wrong at once: a phoenix network (Y-PHX-01), and one that nobody looks at (Y-NEG-01).

What the rules find of a journey comes together by itself: `combined.py` reckons which typologies follow from what was planted.
"""

from __future__ import annotations

from collections.abc import Callable

from streams.domain.instants import DAY, HOUR, Instant
from streams.publishers.simulator import bodies
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.bodies import day
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful, private
from streams.publishers.simulator.script import Script


def _network(script: Script) -> None:
    """Blacklisted at destination and licensed at origin, where it went on while it was suspended for a time."""
    s = script.setting
    party, act = private(s, life.MINISTRY[s.origin], "network"), s.began + 12 * HOUR
    granted = s.began - 730 * DAY
    script.enter("licensing.agency_registered", granted, bodies.licence(party, "agency", day(granted, s.origin)))
    for kind, time, where in (("blacklisted", s.began - 60 * DAY, s.destination), ("suspended", act - 5 * DAY, s.origin),
                              ("released", act + 20 * DAY, s.origin)):  # fmt: skip
        said = bodies.decision(party, day(time, where), "inspection") | {"jurisdiction": where}
        script.enter(f"licensing.agency_{kind}", time, said)
    order = bodies.demand(private(s, "cr", "network", s.destination), party, s.destination, 5, s.isco, s.isic)
    script.enter("recruitment.demand_submitted", act, order).refs = {"demand": private(s, life.MINISTRY[s.origin], "network-order")}
    script.plant("T-LIC-01", "order_while_suspended", subject=f"party:{party}")
    script.plant("T-LIC-02", "blacklisted_elsewhere", subject=f"party:{party}")


def _neglected(script: Script) -> None:
    """An employer at high risk, whose demand got a stamp, and of whom intelligence was acknowledged and left."""
    s = script.setting
    firm, register, reference = private(s, "cr", "neglected", s.destination), life.MINISTRY[s.origin], f"NEG-{s.serial}"
    agency, order = private(s, register, "neglected"), private(s, register, "neglected-order")
    for number, days in ((f"{order}-before", 200), (order, 30)):
        body = bodies.demand(firm, agency, s.destination, 5, s.isco, s.isic)
        script.enter("recruitment.demand_submitted", s.began - days * DAY, body).refs = {"demand": number}
    script.enter("licensing.party_risk_assessed", s.began - 60 * DAY, bodies.risk(firm, "high"))
    script.enter("licensing.party_risk_assessed", s.began - 60 * DAY, bodies.risk(agency, "low"))
    script.enter("oversight.demand_attested", s.began, bodies.attested(order, firm, agency, 5) | {"depth": "stamp"})
    for kind, days in (("shared", 0), ("acknowledged", 2)):
        script.enter(f"licensing.intelligence_{kind}", s.began + days * DAY, bodies.intelligence(reference, firm, s.destination))
    script.plant("T-ATT-02", "stamped_and_neglected", subject=f"party:{firm}", issue=order)
    script.plant("T-INT-02", "acknowledged_and_left", subject=f"party:{firm}")


def _alert(script: Script, severity: str, published: Instant, audiences: tuple[str, ...]) -> str:
    """An alert that an earlier system published; returns its case."""
    s = script.setting
    case = f"{s.origin}:{s.draw.randrange(16**32):032x}"
    script.enter("case.alert_published", published, {
        "alert": case, "rule": "T-CON-02", "severity": severity, "audiences": list(audiences), "origin": s.origin,
        "destination": s.destination})  # fmt: skip
    return case


def _unanswered(
    severity: str, days: float, variant: str, planted: bool, acted: tuple[str, float, str] | None = None, restricted: bool = False
) -> Callable[[Script], None]:
    """Published so many days before the end; `acted` is what was done, after how many days, and by which role."""
    def play(script: Script) -> None:
        s = script.setting
        published = s.as_of - round(days * 24) * HOUR
        roles = {"embassy": f"embassy.{s.corridor.name}", "labour-inspectorate": f"labour-inspectorate.{s.destination}"}
        heard = (roles["embassy"], "oversight-restricted") if restricted else tuple(roles.values())
        case = _alert(script, severity, published, heard)
        if acted is not None:
            what, later, role = acted
            done = {"alert": case, "audience": roles.get(role, role)}
            script.enter(f"case.{what}", published + round(later * 24) * HOUR, done)
        (script.plant if planted else script.spare)("T-EMB-02", variant, subject=f"case:{case}")

    return play


SCENES = (
    lawful("typologies"),
    Scene("phoenix_network", _network, share=1.0),
    Scene("neglected_employer", _neglected, share=1.0),
    Scene("gravest_unanswered", _unanswered("P1", 5, "p1_unanswered", True), share=0.4),
    Scene("grave_unanswered", _unanswered("P2", 10, "p2_unanswered", True), share=0.2),
    Scene("gap_unanswered", _unanswered("P3", 40, "p3_unanswered", True), share=0.2),
    Scene("answered_by_another", _unanswered("P1", 8, "answered_by_another", True, ("acknowledged", 1, "regional-network")), share=0.1),
    Scene("closed_without_the_worker", _unanswered("P2", 8, "closed_without_the_worker", True, ("closed", 1, "embassy"), True), share=0.2),
    Scene("acknowledged_in_time", _unanswered("P1", 8, "acknowledged_in_time", False, ("acknowledged", 0.5, "embassy")), share=0.4),
    Scene("inspected", _unanswered("P2", 20, "verified_by_inspectors", False, ("verified", 2, "labour-inspectorate")), share=0.3),
    Scene("not_yet_due", _unanswered("P3", 4, "not_due_yet", False), share=0.3),
)  # fmt: skip
