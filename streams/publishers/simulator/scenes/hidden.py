"""Chains that hide who took the money: in a circle (T-CHN-03), or with nobody declared (-05)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from streams.domain.instants import DAY, HOUR
from streams.domain.names import party_key
from streams.publishers.simulator import bodies, people, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.bodies import day
from streams.publishers.simulator.lawful import FIRST, edge
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.registry import REGISTERS_SUBAGENTS
from streams.publishers.simulator.scenes.common import private
from streams.publishers.simulator.script import Script, Setting

# Where no embassy attests each job order, so that a new one needs nothing else.
UNATTESTED = frozenset({"PK", "PH", "NP", "IN", "ET"})
JOBS = 30


def _circle(script: Script) -> None:
    """The destination's agency passes the worker back to the one that it came from."""
    s = script.setting
    edge(script, "edge3", s.partner, s.agency, "agency", s.began + 5 * HOUR)
    script.plant("T-CHN-03", "passed_back", "edge2", "edge3", issue="")


def _linked(script: Script) -> str:
    """A registered sub-agent of the journey's agency, who takes the fee and is no link of the chain; returns what all spellings share."""
    s = script.setting
    party, since = f"{s.origin}:subagent:P{s.serial.upper()}", s.began - 300 * DAY
    script.enter("licensing.agency_registered", since, bodies.licence(party, "subagent", day(since, s.origin)))
    script.enter("licensing.subagent_linked", since, bodies.linked(party, s.agency, day(since, s.origin)))
    script.steps["fee"].body["payee"] = party
    return party_key(party)


def _paid_back(script: Script) -> None:
    """The worker had been passed on, and the fee went to the first agency's own sub-agent."""
    script.plant("T-CHN-03", "paid_to_an_earlier_links_sub_agent", "fee", issue=_linked(script))


def _paid_to_the_lasts_own(script: Script) -> None:
    """The same, and the agency passed the worker on to nobody."""
    script.drop("edge2")
    script.spare("T-CHN-03", "paid_to_the_last_links_sub_agent", "fee", issue=_linked(script))


def _declared_again(script: Script) -> None:
    s = script.setting
    edge(script, "edge3", s.agency, s.partner, "destination_agency", s.began + 50 * HOUR)
    script.spare("T-CHN-03", "same_link_twice", "edge2", "edge3", issue="")


def _undeclared(script: Script) -> None:
    """Nobody is declared; whether the worker departed and had paid is reckoned when the story is whole."""
    script.drop("edge1", "edge2")


def _free_of_charge(script: Script) -> None:
    """Nobody is declared, and the employer paid."""
    script.drop("edge1", "edge2")
    script.steps["fee"].body["payer"] = "employer"


def _arrange_order(setting: Setting) -> None:
    setting.demand = private(setting, life.MINISTRY[setting.origin], "direct")


def _direct(workers: int, planted: bool, variant: str) -> Callable[[Script], None]:
    """So many workers register for one new job order within a week, all of them hired directly, as they are told to say."""

    def play(script: Script) -> None:
        s = script.setting
        body = bodies.demand(s.employer, s.agency, s.destination, JOBS, s.isco, s.isic)
        script.enter("recruitment.demand_submitted", s.began - 40 * DAY, body).refs = {"demand": s.demand}
        script.steps["registered"].body |= {"channel": "direct", "agency": None}
        script.sequels += [_registers(s, number) for number in range(1, workers)]
        (script.plant if planted else script.spare)("T-CHN-05", variant, "registered", subject=f"demand:{s.demand}")

    return play


def _registers(setting: Setting, number: int) -> Script:
    """Another worker of the same order, of whom no more is known than the registration."""
    who = people.person(f"{setting.person.sim}d{number}", setting.origin, setting.corridor.women, setting.draw)
    began = setting.began + setting.draw.randrange(6 * 24) * HOUR
    other = Script(replace(setting, person=who, began=began, serial=f"{setting.serial}d{number}", shared={}))
    body = bodies.registered(other.setting) | {"channel": "direct", "agency": None}
    other.add("registered", "recruitment.worker_registered", began, world.ministry(setting.origin), body, FIRST,
              refs={"demand": setting.demand})  # fmt: skip
    return other


SCENES = (
    Scene("circle", _circle, life=lambda c: 0.01, share=0.6),
    Scene("paid_back", _paid_back, share=0.4, solo=True, origins=REGISTERS_SUBAGENTS),
    Scene("paid_to_the_lasts_own", _paid_to_the_lasts_own, share=0.4, solo=True, origins=REGISTERS_SUBAGENTS),
    Scene("link_declared_again", _declared_again, share=0.6),
    Scene("undeclared", _undeclared, life=lambda c: 0.02, share=1.2),
    Scene("free_of_charge", _free_of_charge, share=2.0),
    Scene("ten_direct", _direct(10, True, "ten_direct_hires"), share=0.1, solo=True, origins=UNATTESTED, arrange=_arrange_order),
    Scene("nine_direct", _direct(9, False, "nine_direct_hires"), share=0.1, solo=True, origins=UNATTESTED, arrange=_arrange_order),
)
