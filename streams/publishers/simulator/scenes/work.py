"""Where the worker really works: for another employer (T-OUT-01), leased (-02), re-leased (-03), a carer used elsewhere (-04)."""

from __future__ import annotations

from streams.domain.instants import DAY, HOUR
from streams.publishers.simulator import bodies, registry, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.bodies import day
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import cut, lawful
from streams.publishers.simulator.script import Script, Setting

SUPPLIER = "7820"  # ISIC rev. 4: temporary employment agency


def _firm(setting: Setting, number: int = 0) -> tuple[str, str]:
    """Another company and its site: (employer, site)."""
    numbers = [n for n in range(world.EMPLOYERS) if world.employer(setting.destination, n) != setting.employer]
    chosen = setting.draw.choice(numbers[number * 11 : number * 11 + 11])
    return world.employer(setting.destination, chosen), world.site(setting.destination, chosen)


def _assigned(script: Script, name: str, days: float, employer: str, site: str, isic: str = "") -> None:
    """A work site assigned `days` after arrival."""
    s, since = script.setting, script.arrival + round(days * 24) * HOUR
    body = bodies.worksite(s, employer, site, isic or s.isic, since, s.isic == "9700")
    script.add(name, "deployment.worksite_assigned", since, world.ministry(s.destination), body, ("passport",), clean=True)


def _seconded(script: Script, name: str, days: float, employer: str, lasts: int = 730) -> None:
    """A secondment permit to another employer, valid from `days` after arrival."""
    s, start = script.setting, script.arrival + round(days * 24) * HOUR
    body = bodies.secondment(s.employer, employer, s.destination, day(start, s.destination), day(start + lasts * DAY, s.destination))
    script.add(name, "deployment.secondment_approved", start, world.ministry(s.destination), body, ("passport",), clean=True)


def _elsewhere(script: Script) -> None:
    employer, site = _firm(script.setting)
    script.drop("worksite")
    _assigned(script, "worksite", 4, employer, site)
    script.plant("T-OUT-01", "no_permit", "worksite", issue=employer)


def _lawfully_seconded(script: Script) -> None:
    employer, site = _firm(script.setting)
    script.drop("worksite")
    _seconded(script, "permit", 2, employer)
    _assigned(script, "worksite", 4, employer, site)
    script.spare("T-OUT-01", "seconded", "worksite", "permit")


def _seconded_late(script: Script) -> None:
    """The permit comes a month after the work: it ends the finding."""
    employer, site = _firm(script.setting)
    script.drop("worksite")
    _assigned(script, "worksite", 4, employer, site)
    _seconded(script, "permit", 40, employer)
    script.plant("T-OUT-01", "permit_came_late", "worksite", "permit", expected=False, until=script.steps["permit"].time)


def _permit_ended(script: Script) -> None:
    """The permit ran out after two months and the work went on."""
    employer, site = _firm(script.setting)
    script.drop("worksite")
    _seconded(script, "permit", 2, employer, lasts=60)
    _assigned(script, "worksite", 4, employer, site)
    script.plant("T-OUT-01", "permit_ended", "worksite", "permit", issue=employer)


def _transferred(script: Script) -> None:
    """Two months on, a transfer to another employer, and work there from two days later."""
    s = script.setting
    employer, site = _firm(s)
    when = script.arrival + 60 * DAY
    script.add("transfer", "deployment.employer_transferred", when, world.ministry(s.destination),
               bodies.transfer(s.employer, employer, s.destination), ("passport",), clean=True)  # fmt: skip
    _assigned(script, "worksite2", 62, employer, site)
    script.spare("T-OUT-01", "transferred", "worksite2", "transfer")


def _arrange_recent(setting: Setting) -> None:
    setting.depart_at(setting.as_of - 9 * DAY)


def _in_grace(script: Script) -> None:
    employer, site = _firm(script.setting)
    script.drop("worksite")
    cut(script, script.setting.as_of - 40 * HOUR)
    _assigned(script, "worksite", 3, employer, site)
    script.spare("T-OUT-01", "within_grace", "worksite")


def _arrange_supplier(setting: Setting) -> None:
    setting.isic, setting.isco = SUPPLIER, "9313"


def _leased(script: Script, second: float | None = None, permits: bool = False) -> list[str]:
    """Work at user firms, the second `second` days after arrival; without permits each is outsourced unlawfully too."""
    script.drop("worksite")
    names = []
    for number, days in enumerate((4.0,) if second is None else (4.0, second)):
        (employer, site), name = _firm(script.setting, number), f"worksite{number + 1}"
        if permits:
            _seconded(script, f"permit{number + 1}", days - 1, employer)
        _assigned(script, name, days, employer, site, isic="4100")
        if not permits:
            script.plant("T-OUT-01", "leased", name, issue=employer)
        names.append(name)
    return names


def _soon(script: Script) -> float:
    """Days after arrival on which a second firm comes, within ninety of the first."""
    return 4 + script.setting.draw.randrange(10, 80)


def _leased_twice(script: Script) -> None:
    script.plant("T-OUT-02", "two_firms_in_ninety_days", *_leased(script, _soon(script)))


def _leased_by_permits(script: Script) -> None:
    script.spare("T-OUT-02", "permits", *_leased(script, _soon(script), permits=True))


def _leased_once(script: Script) -> None:
    script.spare("T-OUT-02", "one_firm", *_leased(script))


def _leased_far_apart(script: Script) -> None:
    script.spare("T-OUT-02", "two_firms_far_apart", *_leased(script, 4 + 92))


def _moved_by_builder(script: Script) -> None:
    """Two firms within weeks, but the contract's employer is no labour supplier."""
    script.spare("T-OUT-02", "no_labour_supplier", *_leased(script, 30))


def _released(script: Script) -> None:
    script.steps["worksite"].body["depth"] = script.setting.draw.choice((2, 2, 3))
    script.plant("T-OUT-03", "re_leased", "worksite")


def _one_contractor(script: Script) -> None:
    script.steps["worksite"].body["depth"] = 1
    script.spare("T-OUT-03", "one_contractor", "worksite")


def _arrange_carer(setting: Setting) -> None:
    setting.isco, setting.isic = setting.draw.choice((("9111", "9700"), ("5322", "9700"), ("5311", "9700")))
    setting.employer = registry.natural(setting.destination, setting.draw)


def _carer_in_firm(script: Script) -> None:
    script.steps["worksite"].body |= {"household": False, "isic": "5610"}
    script.plant("T-OUT-04", "carer_in_a_restaurant", "worksite")


def _carer_at_home(script: Script) -> None:
    script.steps["worksite"].body |= {"household": True, "isic": "9700"}
    script.spare("T-OUT-04", "carer_in_a_household", "worksite")


def _arrange_cleaner(setting: Setting) -> None:
    setting.isco, setting.isic = "9112", "8121"


def _cleaner_in_firm(script: Script) -> None:
    script.spare("T-OUT-04", "office_cleaner", "worksite")


SCENES = (
    lawful("work"),
    Scene("elsewhere", _elsewhere, life=lambda c: 0.08, share=1.0),
    Scene("seconded", _lawfully_seconded, life=lambda c: life.SECONDED, share=0.5),
    Scene("seconded_late", _seconded_late, share=0.2),
    Scene("permit_ended", _permit_ended, share=0.2, solo=True),
    Scene("transferred", _transferred, share=0.2),
    Scene("in_grace", _in_grace, share=0.2, solo=True, arrange=_arrange_recent),
    Scene("leased_twice", _leased_twice, life=lambda c: 0.02, share=1.0, arrange=_arrange_supplier),
    Scene("leased_by_permits", _leased_by_permits, share=0.3, arrange=_arrange_supplier),
    Scene("leased_once", _leased_once, share=0.3, arrange=_arrange_supplier),
    Scene("leased_far_apart", _leased_far_apart, share=0.2, arrange=_arrange_supplier),
    Scene("moved_by_builder", _moved_by_builder, share=0.2),
    Scene("re_leased", _released, life=lambda c: 0.03, share=1.0),
    Scene("one_contractor", _one_contractor, share=1.0),
    Scene("carer_in_firm", _carer_in_firm, life=lambda c: 0.02, share=1.0, arrange=_arrange_carer),
    Scene("carer_at_home", _carer_at_home, share=0.6, arrange=_arrange_carer),
    Scene("cleaner_in_firm", _cleaner_in_firm, share=0.4, arrange=_arrange_cleaner),
)  # fmt: skip
