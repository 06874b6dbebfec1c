"""The lawful migration that every script starts from: recruited, cleared, departed, arrived, placed, and its papers."""

from __future__ import annotations

from streams.domain.instants import DAY, HOUR, Instant
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.people import passport_number
from streams.publishers.simulator.script import Script, Setting

FIRST = ("national_id", "phone", "name_birthdate")
BOTH = ("national_id", "passport")
NATIONAL = ("national_id",)
PASSPORT = ("passport",)
PERMIT = ("residence_permit",)


def write(setting: Setting) -> Script:
    """A whole lawful journey; instants are whole hours, so that boundary cases can be exact."""
    script = Script(setting)
    script.contract, script.visa = f"C-{setting.serial}", f"V-{setting.serial}"
    _recruited(script)
    _papers(script)
    _travelled(script)
    _placed(script)
    return script


def moment(setting: Setting, part: float) -> Instant:
    """A whole hour at a share of the way from application (0) to departure (1)."""
    return setting.began + round(setting.days * 24 * part) * HOUR


def refs(script: Script, *names: str) -> dict[str, str]:
    """References of these names that the journey has: contract, visa, demand."""
    known = {"contract": script.contract, "visa": script.visa, "demand": script.setting.demand}
    return {name: known[name] for name in names if known[name]}


def edge(script: Script, name: str, before: str, party: str, role: str, time: Instant, works_for: str = "") -> None:
    """One declared link of the chain."""
    script.add(name, "recruitment.recruiter_declared", time, world.ministry(script.setting.origin),
               bodies.edge(before, party, role, works_for), NATIONAL, evidence="declared")  # fmt: skip


def _recruited(script: Script) -> None:
    s, home = script.setting, world.ministry(script.setting.origin)
    script.add("registered", "recruitment.worker_registered", s.began, home, bodies.registered(s), FIRST, refs=refs(script, "demand"))
    edge(script, "edge1", "", s.agency, "agency", s.began + 2 * HOUR)
    edge(script, "edge2", s.agency, s.partner, "destination_agency", s.began + 3 * HOUR)
    currency = life.CURRENCY[s.origin]
    amount = life.fee_minor(s.corridor, s.draw)
    script.add("fee", "recruitment.fee_declared", moment(s, 0.15), home, bodies.fee("worker", s.agency, bodies.money(amount, currency)),
               NATIONAL, evidence="declared")  # fmt: skip
    if s.draw.random() < s.corridor.loan:
        loan = bodies.loan(bodies.money(round(amount * s.draw.uniform(0.4, 1.0)), currency))
        script.add("loan", "recruitment.loan_declared", moment(s, 0.2), home, loan, NATIONAL, evidence="declared")
    script.add("medical", "recruitment.medical_done", moment(s, 0.3), home, bodies.medical(s), BOTH)


def _papers(script: Script) -> None:
    s, home, away = script.setting, world.ministry(script.setting.origin), world.satellite(script.setting.corridor)
    script.add("offered", "recruitment.contract_offered", moment(s, 0.4), home, bodies.terms(script), BOTH,
               refs=refs(script, "contract", "demand"))  # fmt: skip
    script.add("visa", "visa.visa_issued", moment(s, 0.5), away, bodies.visa(s), PASSPORT, refs=refs(script, "visa", "contract"))
    script.add("contract", bodies.REGISTERED, moment(s, 0.6), away, bodies.terms(script), PASSPORT, refs=refs(script, "contract"),
               clean=True)  # fmt: skip
    script.add("orientation", "oversight.orientation_done", moment(s, 0.75), home,
               bodies.orientation(24.0, 3.0, "biometric", life.LANGUAGES[s.origin]), NATIONAL)  # fmt: skip
    script.add("clearance", "visa.clearance_issued", moment(s, 0.85), home, bodies.clearance(s), BOTH,
               refs=refs(script, "visa", "contract", "demand"), clean=True)  # fmt: skip


def _travelled(script: Script) -> None:
    s = script.setting
    script.add("departed", "deployment.departed", s.departure, world.ministry(s.origin), bodies.departed(s), PASSPORT,
               lag=s.draw.randrange(1, 12) * HOUR, clean=True)  # fmt: skip
    script.arrival = s.departure + s.draw.randrange(4, 20) * HOUR
    script.add("arrived", "deployment.arrived", script.arrival, world.ministry(s.destination), bodies.arrived(s), PASSPORT,
               lag=s.draw.randrange(1, 12) * HOUR, clean=True)  # fmt: skip


def _placed(script: Script) -> None:
    s, there, arrival = script.setting, world.ministry(script.setting.destination), script.arrival
    s.person.numbers["residence_permit"] = (s.destination, f"{s.draw.randrange(10**10, 10**11)}")
    script.add("authenticated", bodies.AUTHENTICATED, arrival + s.draw.randrange(2 * 24, 25 * 24) * HOUR, there,
               bodies.terms(script), PASSPORT, refs=refs(script, "contract"), clean=True)  # fmt: skip
    script.add("residence", "deployment.residence_issued", arrival + s.draw.randrange(3 * 24, 28 * 24) * HOUR, there,
               bodies.residence(s), ("passport", "residence_permit"))  # fmt: skip
    since = arrival + s.draw.randrange(24, 5 * 24) * HOUR
    script.add("worksite", "deployment.worksite_assigned", since, there,
               bodies.worksite(s, s.employer, s.site, s.isic, since, s.isic == "9700"), PASSPORT, clean=True)  # fmt: skip
    _custody(script, arrival + s.draw.randrange(30 * 24, 45 * 24) * HOUR, there)
    if s.draw.random() < 0.3:
        _paid(script, arrival + 35 * DAY, there)


def _custody(script: Script, time: Instant, office: str) -> None:
    """Who holds the passport; a lost one was renewed by then, and the permit ties the new number to the worker."""
    s = script.setting
    holder = "employer" if s.draw.random() < life.PASSPORT_HELD else "worker"
    show: tuple[str, ...] = PERMIT
    if s.draw.random() < life.NEW_PASSPORT:
        s.person.numbers["new_passport"] = (s.origin, passport_number(s.draw))
        show = ("new_passport", "residence_permit")
    script.add("custody", "deployment.document_custody", time, office, bodies.custody(holder), show)


def _paid(script: Script, due: Instant, office: str) -> None:
    """A wage fell due and was paid; 14.7 % of wages are not on time."""
    s = script.setting
    late = s.draw.randrange(8, 25) if s.draw.random() < life.LATE_WAGE else s.draw.randrange(5)
    script.add("due", "deployment.wage_due", due, office, bodies.wage(s, due, owed=True), PERMIT)
    script.add("paid", "deployment.wage_paid", due + late * DAY, office, bodies.wage(s, due, owed=False), PERMIT)
