"""T-CHN-05: workers who paid to be recruited, and nobody who is said to have recruited them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from streams.domain.chain import DECLARED, EMPLOYER, link
from streams.domain.employment import ARRIVED
from streams.domain.facts import Fact
from streams.domain.fees import CODES, FEE, REFUND, paid, payees, payments, refunds, shown, total
from streams.domain.instants import Instant, local_day, start_of_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import home
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure
from streams.domain.travel import DEPARTED, arrivals, departure, destination
from streams.domain.views import JourneyView, SumsView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, days, listed, one_of
from streams.rules.policy import Policy, Row
from streams.rules.registry import Told, also, journey_rule

REGISTERED = "recruitment.worker_registered"
SUBMITTED = "recruitment.demand_submitted"


def _named(fact: Fact) -> str:
    return fact.text("demand") or fact.refs.demand or ""


def tell_direct_hires(view: JourneyView) -> Iterator[Told]:
    """A journey tells the job order on which day it registered as hired directly: once, however many offices wrote it down."""
    seen: set[str] = set()
    for fact in view.of(REGISTERED):
        demand = _named(fact)
        if fact.text("channel") == "direct" and demand and demand not in seen:
            seen.add(demand)
            yield f"demand:{demand}", DIRECT.name, (local_day(fact.time, home(f"demand:{demand}")).isoformat(),), (fact.event_id,)


def _behind(fact: Fact, subject: str) -> Iterable[Key]:
    """(party, destination) of the employer and the agency behind a job order."""
    if not fact.implausible:
        for party in (fact.text("employer"), fact.text("agency")):
            if party:
                yield party, fact.text("country") or ""


# Only told: (day) of each worker who registered for the job order as hired directly.
DIRECT = Measure("order.direct_hires", frozenset({REGISTERED}), lambda fact, subject: ())
BEHIND = Measure("order.behind", frozenset({SUBMITTED}), _behind)


@journey_rule(
    "T-CHN-05", version=1, reads=(DEPARTED, ARRIVED, DECLARED, FEE, REFUND, REGISTERED),
    audience=("oversight", "licensing-authority", "embassy"), severity="P3", action="verify", recommendations=("B1",), indicators=(),
    next_step="Find out from the payees who recruited; the worker is asked nothing that could be held against them.",
    basis="A/70/310 p. 15 and 20; GCM objective 6, 22(e): recruiters, subcontractors and suppliers are known",
    parameters={"codes": listed(one_of(*CODES), 1), "registrations": count("workers", 2), "days": days(1)}, selectors=(),
    tells=tell_direct_hires,
)  # fmt: skip
def undeclared_chain(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A worker departed who had paid for recruitment, net of refunds, and no recruiter is declared: somebody took the money.

    Fees for recruiting and what is never legitimate count; tickets, tests and papers do not. A payment of unknown amount is a
    payment. A link declared late ends the finding; an employer is no recruiter, and a party that passed the worker to itself
    is no link. What was paid being unknown, or whom a link led to, is Insufficient. On a job order: ten or more
    workers who register for it as hired directly within seven days.
    """
    departed = departure(view)
    if departed is None:
        arrived = arrivals(view)
        yield Insufficient(missing="the departure", evidence=evidence(arrived)) if arrived else Clear()
        return
    declared = [(fact, link(fact)) for fact in view.of(DECLARED)]
    if recruiters := [fact for fact, each in declared if each is not None and not each.loop and each.role != EMPLOYER]:
        yield Clear(evidence=evidence((departed, *recruiters)))
        return
    row = policy.require("T-CHN-05", local_day(departed.time, view.origin))
    made = [each for each in paid(view) if each.code in row.texts("codes")]
    known = total(made, refunds(view))
    told = tuple(sorted({departed.event_id, *shown((*made, *refunds(view)))}))
    vague = [fact for fact, each in declared if each is None]
    if known.some and not vague:
        yield Finding(
            reason="paid_and_nobody_declared", summary="A worker who had paid for recruitment departed, and no recruiter is declared.",
            evidence=told, policy_rows=(row.id,), since=departed.time, due_at=answer_by(departed.time, "P3", view.origin),
            destination=destination(view), parties=payees(each for each in made if not each.nothing),
        )  # fmt: skip
    elif vague and (known.some or known.unstated or known.currencies):
        yield Insufficient(missing="to whom a declared link led", evidence=evidence((departed, *vague)))
    elif known.unstated or known.currencies or not payments(view):
        yield Insufficient(missing="what the worker paid to be recruited", evidence=told)
    else:
        yield Clear(evidence=tuple(sorted({departed.event_id, *shown(payments(view))})))


@also("T-CHN-05", "demand", measures=(DIRECT, BEHIND), tells=None)
def direct_hires_alike(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Ten or more workers register for one job order as hired directly within seven days. The first and the last day are both
    within the seven days' distance."""
    told = [(str(key[0]), view.sums.count(DIRECT.name, key)) for key in view.happened(DIRECT)]
    if not told:
        if view.sums.first(DIRECT.name) is not None:
            yield Clear()
        return
    row = policy.require("T-CHN-05", told[-1][0])
    window = _first(told, row)
    if not window:
        yield Clear(evidence=_shown(view, told))
        return
    reached = 0
    for day, many in window:
        reached += many
        if reached >= row.whole("registrations"):
            began = start_of_day(day, view.home)
            break
    behind = list(view.sums.keys(BEHIND.name))
    yield Finding(
        reason="direct_hires_alike", evidence=_shown(view, window), policy_rows=(row.id,), since=began,
        summary=f"{sum(many for _, many in window)} workers registered for one job order as hired directly within days.",
        due_at=answer_by(began, "P3", view.home), parties=tuple(sorted({str(key[0]) for key in behind})),
        destination=next((str(key[1]) for key in behind if key[1]), ""), authority=view.home,
    )  # fmt: skip


def _first(told: list[tuple[str, int]], row: Row) -> list[tuple[str, int]]:
    """The days of the first window with enough registrations, each with how many; none where there is no such window."""
    for place, (first, _) in enumerate(told):
        last = (date.fromisoformat(first) + timedelta(days=row.whole("days"))).isoformat()
        window = [each for each in told[place:] if each[0] <= last]
        if sum(many for _, many in window) >= row.whole("registrations"):
            return window
    return []


def _shown(view: SumsView, told: list[tuple[str, int]]) -> tuple[str, ...]:
    return tuple(sorted({event for day, many in told for event in view.sums.evidence(DIRECT.name, (day,), many)}))
