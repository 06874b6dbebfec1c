"""Bodies of the events that the simulator writes, under the names that schemas/avro gives their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.domain.instants import DAY, Instant, local_day
from streams.publishers.simulator import parameters as life

if TYPE_CHECKING:
    from streams.publishers.simulator.script import Script, Setting

REGISTERED = "oversight.contract_registered_origin"
ACKNOWLEDGED = "oversight.contract_acknowledged_origin"
AUTHENTICATED = "oversight.contract_authenticated_destination"
Body = dict[str, Any]


def day(instant: Instant, country: str) -> str:
    """The ISO date that it was in a country."""
    return local_day(instant, country).isoformat()


def money(minor: int, currency: str) -> dict[str, Any]:
    """An amount in minor units."""
    return {"minor": minor, "currency": currency}


def pay(setting: Setting) -> dict[str, Any]:
    """The monthly wage in the destination's currency."""
    return money(setting.corridor.wage, life.CURRENCY[setting.destination])


def registered(setting: Setting) -> Body:
    return {"country": setting.destination, "agency": setting.agency, "demand": setting.demand or None, "isco": setting.isco,
            "sex": "female" if setting.person.sex == "F" else "male", "channel": "agency"}  # fmt: skip


def edge(before: str, party: str, role: str, works_for: str = "") -> Body:
    """One link of the chain; `before` '' is the worker's own end; `works_for` the organisation of a natural person."""
    made: Body = {"from_party": before or None, "to_party": party, "role": role, "declared_by": "worker"}
    if ":person:" in party:
        made |= {"person": party, "organisation": works_for or None}
    else:
        made["organisation"] = party
    return made


def fee(by: str, payee: str, amount: dict[str, Any] | None) -> Body:
    return {"by": by, "payer": "worker", "payee": payee, "code": "recruitment_service", "amount": amount, "receipt": False,
            "jurisdiction": payee[:2]}  # fmt: skip


def loan(amount: dict[str, Any]) -> Body:
    return {"principal": amount, "rate_percent": 29.4, "months": 12, "lender": "moneylender"}


def medical(setting: Setting) -> Body:
    return {"country": setting.destination, "fit": True}


def terms(script: Script) -> Body:
    """The contract: the same words at every office, unless a scene changes them."""
    s = script.setting
    return {"country": s.destination, "employer": s.employer, "employer_isic": s.isic, "isco": s.isco, "wage": pay(s),
            "wage_period": "month", "hours_per_week": 48.0, "rest_days": 1.0, "start": day(s.departure + 2 * DAY, s.destination),
            "end": day(s.departure + 730 * DAY, s.destination), "months": 24, "language": life.LANGUAGES[s.origin],
            "demand": s.demand or None, "agency": s.agency}  # fmt: skip


def visa(setting: Setting) -> Body:
    return {"country": setting.destination, "employer": setting.employer, "number_of_entries": 1}


def orientation(hours: float, days: float, id_level: str, language: str) -> Body:
    return {"hours": hours, "days": days, "kind": "general", "language": language, "id_level": id_level}


def clearance(setting: Setting, agency: str = "", demand: str = "") -> Body:
    return {"country": setting.destination, "employer": setting.employer, "agency": agency or setting.agency,
            "demand": demand or setting.demand or None, "isco": setting.isco, "out_of_hours": False}  # fmt: skip


def departed(setting: Setting) -> Body:
    return {"country": setting.destination, "employer": setting.employer}


def arrived(setting: Setting) -> Body:
    return {"country": setting.destination, "employer": setting.employer}


def residence(setting: Setting) -> Body:
    return {"country": setting.destination, "employer": setting.employer,
            "valid_until": day(setting.departure + 730 * DAY, setting.destination)}  # fmt: skip


def worksite(setting: Setting, employer: str, site: str, isic: str, since: Instant, household: bool) -> Body:
    """Where the worker works from `since` on, and who directs the work there."""
    return {"employer": employer, "site": site, "country": setting.destination, "isic": isic, "isco": setting.isco,
            "household": household, "from": day(since, setting.destination), "depth": 0}  # fmt: skip


def secondment(before: str, to: str, country: str, valid_from: str, valid_until: str) -> Body:
    return {"from_employer": before, "to_employer": to, "country": country, "valid_from": valid_from, "valid_until": valid_until}


def transfer(before: str, to: str, country: str) -> Body:
    """A move that the worker asked for."""
    return {"from_employer": before, "to_employer": to, "country": country, "asked_by": "worker"}


def custody(holder: str, reason: str = "") -> Body:
    return {"document": "passport", "holder": holder} | ({"reason": reason} if reason else {})


def worked(week_start: str, hours: float, rest_days: float) -> Body:
    """The hours of one week."""
    return {"week_start": week_start, "hours": hours, "rest_days": rest_days}


def wage(setting: Setting, due: Instant, *, owed: bool) -> Body:
    """A month's pay that fell due at `due` (owed), or was paid."""
    country = setting.destination
    made: Body = {"employer": setting.employer, "amount": pay(setting), "period_start": day(due - 30 * DAY, country),
                  "period_end": day(due - DAY, country)}  # fmt: skip
    return made | ({"due": day(due, country)} if owed else {"method": "bank"})


def repatriated(setting: Setting, cause: str = "contract_end") -> Body:
    return {"country": setting.destination, "cause": cause}


def sanction(on: str, kind: str, party: str | None = None) -> Body:
    """On a worker, who is named by the event alone, or on a party."""
    return {"on_kind": on, "on_party": party, "kind": kind}


def complaint(setting: Setting, role: str, category: str, severity: str, channel: str, note: str) -> Body:
    """A complaint that the destination handles, with what was said, in clear as the office wrote it down."""
    return {"complainant_role": role, "channel": channel, "severity": severity, "category": category, "employer": setting.employer,
            "country": setting.destination, "isic": setting.isic, "note": note}  # fmt: skip


def handled(setting: Setting, **details: Any) -> Body:
    return {"jurisdiction": setting.destination, **details}


def demand(employer: str, agency: str, country: str, jobs: int, isco: str, isic: str) -> Body:
    return {"employer": employer, "agency": agency, "country": country, "jobs": jobs, "isco": isco, "isic": isic}


def attested(demand_id: str, employer: str, agency: str, jobs: int) -> Body:
    return {"demand": demand_id, "employer": employer, "agency": agency, "depth": "desk", "jobs": jobs}


def licence(holder: str, role: str, valid_from: str, valid_until: str | None = None) -> Body:
    return {"holder": holder, "role": role, "jurisdiction": holder[:2], "valid_from": valid_from, "valid_until": valid_until}


def decision(holder: str, since: str, reason: str, until: str | None = None) -> Body:
    """A suspension, cancellation, blacklisting or release."""
    return {"holder": holder, "role": "agency", "jurisdiction": holder[:2], "from": since, "until": until, "reason": reason}


def intelligence(reference: str, about: str, shared_with: str, **details: Any) -> Body:
    """What was received, shared, acknowledged or acted on; `details` such as grade, expires, decision."""
    return {"intelligence": reference, "about": about, "with_jurisdiction": shared_with, **details}


def linked(subagent: str, principal: str, valid_from: str) -> Body:
    return {"subagent": subagent, "principal": principal, "jurisdiction": subagent[:2], "valid_from": valid_from}


def employer_registered(employer: str, isic: str) -> Body:
    return {"employer": employer, "jurisdiction": employer[:2], "isic": isic, "household": False}


def capacity(employer: str, workers: int) -> Body:
    return {"employer": employer, "jurisdiction": employer[:2], "capacity": workers, "evidence_kind": "electricity bill"}


def visa_block(employer: str, visas: int) -> Body:
    return {"employer": employer, "visas": visas, "country": employer[:2]}


def in_use(employer: str) -> Body:
    """Its electricity is used."""
    return {"employer": employer, "kind": "utility", "active": True}


def risk(party: str, level: str) -> Body:
    return {"party": party, "risk": level}


def heartbeat() -> Body:
    return {"queued": 0}


def focal(country: str, contact: str, since: str | None = None, until: str | None = None) -> Body:
    return {"jurisdiction": country, "contact": contact, "from": since, "until": until}


def agreement(reference: str, corridor: str, body: str | None = None, since: str | None = None, until: str | None = None) -> Body:
    """An agreement of a corridor; `body` monitors it."""
    return {"agreement": reference, "corridor": corridor, "valid_from": since, "valid_until": until, "monitoring_body": body}


def meeting(committee: str, country: str, without: str = "", **details: Any) -> Body:
    """A committee's meeting; `without` one party."""
    present = {party: party != without for party in ("government", "workers", "employers")}
    return {"committee": committee, "jurisdiction": country, **present, **details}


def review(corridor: str = "", country: str = "", attended: tuple[str, ...] = ("G", "W", "E")) -> Body:
    """A review of a corridor or of a country's policy."""
    kind = "corridor" if corridor else "policy"
    return {"subject_kind": kind, "corridor": corridor or None, "jurisdiction": country or None, "attended": list(attended)}


def training(inspector: str, country: str, until: str | None = None) -> Body:
    return {"inspector": inspector, "jurisdiction": country, "topic": "interviewing_migrant_workers", "valid_until": until}


def inspection(**details: Any) -> Body:
    """An inspection that spoke with workers in private, with an interpreter, unless `details` say otherwise."""
    return {"worker_interviewed": True, "interpreter": True, "employer_present": False, "outcome": "clean", **details}


def departures(corridor: str, first: str, last: str, many: int) -> Body:
    """How many left in a period, its last day included."""
    return {"corridor": corridor, "from": first, "until": last, "departures": many}
