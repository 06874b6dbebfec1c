"""Who recruited the worker: how deep the chain is (T-CHN-01), who in it has no licence (-02), who feeds many agencies (-04)."""

from __future__ import annotations

from collections.abc import Callable

from streams.domain.instants import DAY, HOUR, Instant
from streams.publishers.simulator import bodies, registry, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.bodies import day
from streams.publishers.simulator.lawful import edge
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful, private
from streams.publishers.simulator.script import Script, Setting

# Where policy knows sub-agents: prohibited (IN, NP) or to be registered (BD); the others are silent.
WATCHED = frozenset({"BD", "IN", "NP"})
REGISTERING = registry.REGISTERS_SUBAGENTS


def _line(script: Script, *chain: tuple[str, str]) -> None:
    """Replaces the declared chain: (party, role) from the worker on, an hour apart."""
    s, before = script.setting, ""
    script.drop("edge1", "edge2")
    for number, (party, role) in enumerate(chain, 1):
        edge(script, f"edge{number}", before, party, role, s.began + (1 + number) * HOUR, s.agency)
        before = party


def _others(setting: Setting, many: int) -> list[str]:
    """Licensed agencies of the origin other than the journey's own."""
    pool = [world.agency(setting.origin, n) for n in range(world.AGENCIES)]
    return setting.draw.sample([each for each in pool if each != setting.agency], many)


def _deep(script: Script) -> None:
    s = script.setting
    one, two = _others(s, 2)
    _line(script, (one, "agency"), (two, "agency"), (s.agency, "agency"), (s.partner, "destination_agency"))
    script.plant("T-CHN-01", "four_in_line", "edge1", "edge2", "edge3", "edge4")


def _three(script: Script) -> None:
    s = script.setting
    (one,) = _others(s, 1)
    _line(script, (one, "agency"), (s.agency, "agency"), (s.partner, "destination_agency"))
    script.plant("T-CHN-01", "three_in_line", "edge1", "edge2", "edge3")


def _abreast(script: Script) -> None:
    """Four recruiters declared side by side: breadth, not depth."""
    s = script.setting
    script.drop("edge1", "edge2")
    for number, party in enumerate([s.agency, *_others(s, 3)], 1):
        edge(script, f"edge{number}", "", party, "agency", s.began + (1 + number) * HOUR)
    script.spare("T-CHN-01", "four_abreast", "edge1", "edge4")


def _declared_twice(script: Script) -> None:
    """Two organisations in line, each link declared twice: still two."""
    s = script.setting
    edge(script, "edge3", "", s.agency, "agency", s.began + 40 * HOUR)
    edge(script, "edge4", s.agency, s.partner, "destination_agency", s.began + 41 * HOUR)
    script.spare("T-CHN-01", "two_declared_twice", "edge1", "edge3")


def _through(script: Script, party: str) -> None:
    """Puts a sub-agent between worker and agency; mostly it is the one who takes the fee."""
    s = script.setting
    _line(script, (party, "subagent"), (s.agency, "agency"), (s.partner, "destination_agency"))
    if s.draw.random() < s.corridor.informal:
        script.steps["fee"].body["payee"] = party


def _broker(script: Script) -> None:
    broker = registry.natural(script.setting.origin, script.setting.draw)
    _through(script, broker)
    script.plant("T-CHN-02", "broker", "edge1")


def _agency(script: Script, until: str | None, *decisions: tuple[str, Instant]) -> None:
    """A private agency with a licence and decisions of its own takes the place of the journey's."""
    s = script.setting
    party = private(s, life.MINISTRY[s.origin], "1")
    granted = s.began - 730 * DAY
    script.enter("licensing.agency_registered", granted, bodies.licence(party, "agency", day(granted, s.origin), until))
    for decided, time in decisions:
        script.enter(f"licensing.agency_{decided}", time, bodies.decision(party, day(time, s.origin), "inspection"))
    _line(script, (party, "agency"), (s.partner, "destination_agency"))


def _expired(script: Script) -> None:
    s = script.setting
    _agency(script, day(s.began + 2 * HOUR - DAY, s.origin))
    script.plant("T-CHN-02", "expired_the_day_before", "edge1")


def _last_day(script: Script) -> None:
    s = script.setting
    _agency(script, day(s.began + 2 * HOUR, s.origin))
    script.spare("T-CHN-02", "last_day_of_licence", "edge1")


def _suspended(script: Script) -> None:
    _agency(script, None, ("suspended", script.setting.began - 20 * DAY))
    script.plant("T-CHN-02", "suspended", "edge1")


def _suspended_later(script: Script) -> None:
    _agency(script, None, ("suspended", script.setting.began + 20 * DAY))
    script.spare("T-CHN-02", "suspended_later", "edge1")


def _released(script: Script) -> None:
    began = script.setting.began
    _agency(script, None, ("suspended", began - 60 * DAY), ("released", began - 20 * DAY))
    script.spare("T-CHN-02", "released_before", "edge1")


def _registered_subagent(script: Script) -> None:
    """Registered, and linked to the very agency that it works for."""
    s = script.setting
    party = private(s, "subagent", "1")
    since = s.began - 300 * DAY
    script.enter("licensing.agency_registered", since, bodies.licence(party, "subagent", day(since, s.origin)))
    script.enter("licensing.subagent_linked", since, bodies.linked(party, s.agency, day(since, s.origin)))
    _line(script, (party, "subagent"), (s.agency, "agency"))
    script.spare("T-CHN-02", "registered_sub_agent", "edge1")


def _feeding(agencies: int, apart: int, variant: str, planted: bool) -> tuple[Callable[[Setting], None], Callable[[Script], None]]:
    """One person brings a worker each to `agencies` agencies, `apart` days between one and the next."""

    def arrange(setting: Setting) -> None:
        shared = setting.shared
        if "person" not in shared:
            shared.update(person=registry.natural(setting.origin, setting.draw), agencies=[setting.agency, *_others(setting, agencies - 1)])
        setting.agency = shared["agencies"][setting.place % agencies]
        setting.began = shared["began"] + setting.place * apart * DAY
        setting.demand = ""

    def play(script: Script) -> None:
        s = script.setting
        person = s.shared["person"]
        _line(script, (person, "subagent"), (s.agency, "agency"))
        if s.origin in WATCHED:
            script.plant("T-CHN-02", variant, "edge1")
        if s.place == 0:
            (script.plant if planted else script.spare)("T-CHN-04", variant, "edge1", subject=f"party:{person}")

    return arrange, play


_THREE, _TWO, _SLOW = (
    _feeding(3, 30, "three_agencies_in_sixty_days", True),
    _feeding(2, 20, "two_agencies", False),
    _feeding(3, 47, "three_agencies_in_ninety_four_days", False),
)

SCENES = (
    lawful("chain"),
    Scene("broker", _broker, life=lambda c: c.unlicensed, share=0.4, origins=WATCHED),
    Scene("four_in_line", _deep, life=lambda c: 0.02, share=0.6),
    Scene("three_in_line", _three, life=lambda c: 0.02, share=0.4),
    Scene("four_abreast", _abreast, share=0.5),
    Scene("declared_twice", _declared_twice, share=0.5),
    Scene("expired", _expired, share=0.3),
    Scene("last_day", _last_day, share=0.3),
    Scene("suspended", _suspended, share=0.3),
    Scene("suspended_later", _suspended_later, share=0.3),
    Scene("released", _released, share=0.2),
    Scene("registered_subagent", _registered_subagent, share=0.2, origins=REGISTERING),
    Scene("three_agencies", _THREE[1], share=1.0, size=3, solo=True, arrange=_THREE[0]),
    Scene("two_agencies", _TWO[1], share=0.6, size=2, solo=True, arrange=_TWO[0]),
    Scene("three_agencies_slowly", _SLOW[1], share=0.4, size=3, solo=True, arrange=_SLOW[0]),
)  # fmt: skip
