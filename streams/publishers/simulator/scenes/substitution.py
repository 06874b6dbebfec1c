"""The contract that a worker gets, worse than the one promised at origin (T-CON-03), or better, or the same by another name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from streams.domain.instants import DAY
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.lawful import PASSPORT, PERMIT, refs
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful, paper_at_origin, private
from streams.publishers.simulator.script import Draft, Script

RULE = "T-CON-03"
WAGE = "wage"


def _papers(script: Script) -> tuple[str, str] | None:
    """(the promise, the paper that the worker gets): the authenticated one, or an amendment.

    None where a wage is miswritten already, or the worker moves on to an employer whose contract would be another.
    """
    s = script.setting
    if any(step.type == "deployment.employer_transferred" for step in script.steps.values()):
        return None
    promise = paper_at_origin(script)
    if script.steps[promise].body["wage"] != bodies.pay(s):
        return None
    authenticated = script.steps.get("authenticated")
    if authenticated is not None and authenticated.body["wage"] == bodies.pay(s) and s.draw.random() < 0.7:
        return promise, "authenticated"
    _amend(script, "amended", 30)
    return promise, "amended"


def _amend(script: Script, name: str, after: int, **terms: Any) -> None:
    """An amendment so many days after the last paper of the contract."""
    s = script.setting
    latest = max(step.time for paper, step in script.steps.items() if paper in ("authenticated", "amended", "contract", "acknowledged"))
    script.add(name, "deployment.contract_amended", max(latest, script.arrival) + after * DAY, world.ministry(s.destination),
               bodies.terms(script) | terms, PASSPORT, refs=refs(script, "contract"), clean=True)  # fmt: skip


def _changed(variant: str, issue: str, change: Callable[[Draft, Script], Any], planted: bool = True) -> Callable[[Script], None]:
    """The paper that the worker gets says something else than the promise."""

    def play(script: Script) -> None:
        if (papers := _papers(script)) is not None:
            change(script.steps[papers[1]], script)
            (script.plant if planted else script.spare)(RULE, variant, *papers, issue=issue)

    return play


def _percent(least: int, most: int) -> Callable[[Draft, Script], None]:
    """So many hundredths of the wage; they come out even for every wage of the corridors."""

    def change(paper: Draft, script: Script) -> None:
        pay = bodies.pay(script.setting)
        paper.body["wage"] = pay | {"minor": pay["minor"] * script.setting.draw.randrange(least, most + 1) // 100}

    return change


def _says(**terms: Any) -> Callable[[Draft, Script], None]:
    return lambda paper, script: paper.body.update(terms)


def _promoted(paper: Draft, script: Script) -> None:
    paper.body["isco"] = "3122" if script.setting.isco[0] in "45678" else "7411"


def _two_sites(script: Script) -> None:
    """Promised for one site, authenticated for another."""
    if (papers := _papers(script)) is not None:
        for step, number in zip(papers, (1, 2), strict=True):
            script.steps[step].body["site"] = world.site(script.setting.destination, number)
        script.plant(RULE, "another_site", *papers, issue="site")


def _more_deducted(script: Script) -> None:
    if (papers := _papers(script)) is not None:
        for step, percent in zip(papers, (5, 12), strict=True):
            pay = bodies.pay(script.setting)
            script.steps[step].body["deductions"] = pay | {"minor": pay["minor"] * percent // 100}
        script.plant(RULE, "more_deducted", *papers, issue="deductions")


def _restored(script: Script) -> None:
    """A lower wage by one amendment, and the promised one again by the next."""
    if (papers := _papers(script)) is not None:
        _percent(60, 90)(script.steps[papers[1]], script)
        _amend(script, "restored", 20)
        script.spare(RULE, "restored", *papers, "restored", issue=WAGE)


def _for_another(script: Script, name: str, after: int, employer: str, site: str, **terms: Any) -> None:
    """Contracted to another employer, and at work there two days later."""
    s, signed = script.setting, script.arrival + after * DAY
    there, since = world.ministry(s.destination), script.arrival + (after + 2) * DAY
    script.add(name, bodies.AUTHENTICATED, signed, there, bodies.terms(script) | {"employer": employer} | terms, PASSPORT,
               refs=refs(script, "contract"), clean=True)  # fmt: skip
    script.add(f"{name}_site", "deployment.worksite_assigned", since, there,
               bodies.worksite(s, employer, site, s.isic, since, s.isic == "9700"), PASSPORT, clean=True)  # fmt: skip


def _another_employer(script: Script) -> None:
    s = script.setting
    script.drop("authenticated", "worksite")
    _for_another(script, "authenticated", 3, private(s, "cr", "got", s.destination), private(s, "site", "got", s.destination))
    script.plant(RULE, "another_employer", paper_at_origin(script), "authenticated", issue="employer")


def _moved_lawfully(script: Script) -> None:
    """A transfer after two months, and a contract with the next employer that pays less."""
    s, when = script.setting, script.arrival + 60 * DAY
    employer, site = (private(s, kind, "next", s.destination) for kind in ("cr", "site"))
    script.add("transfer", "deployment.employer_transferred", when, world.ministry(s.destination),
               bodies.transfer(s.employer, employer, s.destination), PERMIT, clean=True)  # fmt: skip
    pay = bodies.pay(s)
    _for_another(script, "authenticated2", 61, employer, site, wage=pay | {"minor": pay["minor"] * 80 // 100})
    script.spare(RULE, "moved_lawfully", "transfer", "authenticated2")


def _paid_below(script: Script) -> None:
    """Month after month less falls due than was promised, and that is paid."""
    s, names = script.setting, []
    script.drop("due", "paid")
    for number in range(script.setting.draw.randrange(2, 4)):
        due = script.arrival + (35 + 30 * number) * DAY
        for name, kind, owed in ((f"low_due{number}", "wage_due", True), (f"low_paid{number}", "wage_paid", False)):
            body = bodies.wage(s, due, owed=owed)
            body["amount"] = body["amount"] | {"minor": body["amount"]["minor"] * 80 // 100}
            script.add(name, f"deployment.{kind}", due, world.ministry(s.destination), body, PERMIT, clean=True)
        names.append(f"low_due{number}")
    script.plant(RULE, "paid_below_the_promise", "contract", *names, issue=WAGE)


SCENES = (
    lawful("substitution"),
    Scene("wage_cut", _changed("wage_lower", WAGE, _percent(45, 94)), life=lambda c: life.SUBSTITUTED, share=0.5),
    Scene("another_job", _changed("another_job", "job", _says(isco="9211")), share=0.1),
    Scene("longer_hours", _changed("longer_hours", "hours", _says(hours_per_week=60.0)), share=0.1),
    Scene("another_duration", _changed("another_duration", "duration", _says(months=36)), share=0.1),
    Scene("no_rest_day", _changed("no_rest_day", "rest", _says(rest_days=0.0)), share=0.1),
    Scene("another_site", _two_sites, share=0.1),
    Scene("more_deducted", _more_deducted, share=0.1),
    Scene("five_percent_lower", _changed("five_percent_lower", WAGE, _percent(95, 95), planted=False), share=0.3),
    Scene("better_paid", _changed("better_paid", WAGE, _percent(105, 150), planted=False), share=0.2),
    Scene("promoted", _changed("promoted", "job", _promoted, planted=False), share=0.2),
    Scene("ten_percent_longer", _changed("ten_percent_longer", "hours", _says(hours_per_week=52.8), planted=False), share=0.2),
    Scene("terms_restored", _restored, share=0.2),
    Scene("another_employer", _another_employer, share=0.1, solo=True),
    Scene("moved_lawfully", _moved_lawfully, share=0.1, solo=True),
    Scene("paid_below", _paid_below, share=0.1, solo=True),
)  # fmt: skip
