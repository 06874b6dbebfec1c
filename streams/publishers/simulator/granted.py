"""What registers say when they are read together: clearances and approvals (the watches T-VIS-02, T-VIS-03), story by story."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from streams.domain.instants import HOUR, Instant
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator.lawful import PASSPORT
from streams.publishers.simulator.script import Script
from streams.publishers.simulator.stories import Book, Story, Told

ALL = "all demands"


# T-VIS-02: more is issued than was approved.


def _order(
    s: Story, name: str = "", agency: str = "", certified: int | None = None, attested: int | None = None, jobs: int | None = None
) -> str:  # fmt: skip
    """A job order of the story's agency, unless another's, attested: so many positions were asked for, certified and attested."""
    demand, holder = f"{s.lane.origin}:{s.register}:D-{s.number}{name}", agency or s.agency
    home, refs = world.ministry(s.lane.origin), {"demand": demand}
    asked = {"employer": s.firm, "agency": holder, "country": s.lane.destination, "jobs": jobs, "jobs_certified": certified}
    s.say("recruitment.demand_submitted", s.before(260), {name: value for name, value in asked.items() if value is not None}, home, refs)
    body = bodies.attested(demand, s.firm, holder, attested or 0)
    if attested is None:
        del body["jobs"]
    s.say("oversight.demand_attested", s.before(250), body, home, refs)
    return demand


def _cleared(s: Story, demand: str, who: Script | None = None, name: str = "cleared") -> Script:
    """A worker is cleared on an order, or on none."""
    worker = who or s.hire()
    body = {"country": s.lane.destination, "employer": s.firm, "agency": s.agency, "demand": demand or None, "out_of_hours": False}
    at = s.before(200 - len(s.scripts), -len(worker.steps))
    worker.add(name, "visa.clearance_issued", at, world.ministry(s.lane.origin), body, PASSPORT,
               refs={"demand": demand} if demand else {}, clean=True)  # fmt: skip
    return worker


def _several(s: Story, demand: str, many: int) -> Script:
    """So many workers are cleared on one order, or on none; the last of them."""
    return [_cleared(s, demand) for _ in range(many)][-1]


def _voided(s: Story, who: Script, demand: str, days: int) -> None:
    who.add("voided", "visa.clearance_voided", s.before(days), world.ministry(s.lane.origin),
            {"clearance": who.steps["cleared"].id, "demand": demand}, PASSPORT, clean=True)  # fmt: skip


def _left(s: Story, who: Script, days: int) -> None:
    """The worker left, with a registered contract and after an orientation."""
    home = world.ministry(s.lane.origin)
    who.add("contract", bodies.REGISTERED, s.before(days + 20), home, bodies.terms(who), PASSPORT, clean=True)
    who.add("orientation", "oversight.orientation_done", s.before(days + 15), home,
            bodies.orientation(24.0, 3.0, "biometric", bodies.terms(who)["language"]), PASSPORT, clean=True)  # fmt: skip
    who.add("departed", "deployment.departed", s.before(days), home, bodies.departed(who.setting), PASSPORT, clean=True)


def _of(demand: str) -> Told:
    return f"demand:{demand}", ""


def _of_both(s: Story, demand: str) -> Told:
    """The order is beyond what was approved, and so is all that its agency holds."""
    s.also("T-VIS-02", f"party:{s.agency}", ALL)
    return _of(demand)


def _three_for_two_certified(s: Story) -> Told:
    demand = _order(s, certified=2, jobs=9)
    _several(s, demand, 3)
    return _of_both(s, demand)


def _three_for_two_attested(s: Story) -> Told:
    demand = _order(s, attested=2, jobs=9)
    _several(s, demand, 3)
    return _of_both(s, demand)


def _more_than_were_asked_for(s: Story) -> Told:
    demand = _order(s, jobs=1)
    _several(s, demand, 2)
    return _of_both(s, demand)


def _voided_when_the_worker_had_left(s: Story) -> Told:
    demand = _order(s, certified=1)
    who = _several(s, demand, 2)
    _left(s, who, 150)
    _voided(s, who, demand, 149)
    return _of_both(s, demand)


def _on_no_order_at_all(s: Story) -> Told:
    """Each order is kept, and the agency clears two more on none."""
    for number in range(2):
        _cleared(s, _order(s, f"-{number}", certified=1))
    _several(s, "", 2)
    return f"party:{s.agency}", ALL


def _as_many_as_approved(s: Story) -> Told:
    demand = _order(s, certified=2, jobs=2)
    _several(s, demand, 2)
    return _of(demand)


def _one_worker_cleared_twice(s: Story) -> Told:
    demand = _order(s, certified=2)
    _cleared(s, demand)
    _cleared(s, demand, _cleared(s, demand), "cleared_again")
    return _of(demand)


def _voided_before_the_worker_left(s: Story) -> Told:
    demand = _order(s, attested=1)
    who = _several(s, demand, 2)
    _voided(s, who, demand, 100)
    return _of(demand)


def _on_the_order_of_another(s: Story) -> Told:
    """The agency has one position and clears two: one of them on another agency's order, which has a place."""
    _cleared(s, _order(s, certified=1))
    _cleared(s, _order(s, "-other", f"{s.agency}-other", certified=1))
    return f"party:{s.agency}", ALL


def _approved_afterwards(s: Story) -> Told:
    demand = _order(s, attested=1)
    _several(s, demand, 2)
    body = bodies.attested(demand, s.firm, s.agency, 2)
    s.say("oversight.demand_attested", s.before(50), body, world.ministry(s.lane.origin), {"demand": demand})
    return _of(demand)


def _nobody_knows_how_many(s: Story) -> Told:
    demand = _order(s)
    _several(s, demand, 2)
    return _of(demand)


def _fewer_than_were_asked_for(s: Story) -> Told:
    demand = _order(s, jobs=5)
    _several(s, demand, 2)
    return _of(demand)


# T-VIS-03: approvals that an honest office would not give.

USUAL, ELSEWHERE = "10.1", "198.51"


def _officer(s: Story) -> str:
    """The pseudonym of an officer of this story alone."""
    return f"p_{sha256(f'{s.seed}:{s.register}:{s.number}'.encode()).hexdigest()[:32]}"


def _paper(s: Story, name: str = "") -> str:
    return f"{s.lane.origin}:{s.register}:P-{s.number}{name}"


def _says(s: Story, type: str, at: Instant, demand: str, body: dict[str, Any]) -> None:
    """The ministry of the origin records it."""
    s.say(type, at, body, world.ministry(s.lane.origin), {"demand": demand} if demand else None)


def _noon(s: Story, days: int) -> Instant:
    """Noon in UTC, which is the same day in every simulated origin."""
    return s.before(days) - s.end % (24 * HOUR) + 12 * HOUR


def _approves(s: Story, at: Instant, demand: str = "", **said: Any) -> None:
    """The officer clears somebody, in the office and in its hours unless it is said otherwise; None leaves a field out."""
    paper = demand or _paper(s)
    body = {"country": s.lane.destination, "demand": paper, "officer": _officer(s), "network": USUAL, "out_of_hours": False} | said
    _says(s, "visa.clearance_issued", at, paper, {name: value for name, value in body.items() if value is not None})


def _submitted(s: Story, at: Instant) -> None:
    """The job order as its employer sends it, which the embassy attests on the next day; nobody is named."""
    body = bodies.demand(s.firm, s.agency, s.lane.destination, 90, "9313", "4100") | {"jobs_certified": 90}
    _says(s, "recruitment.demand_submitted", at, _paper(s), body)
    _says(s, "oversight.demand_attested", at + 24 * HOUR, _paper(s), bodies.attested(_paper(s), s.firm, s.agency, 90))


def _rejected(s: Story, days: int = 14) -> None:
    _submitted(s, _noon(s, 40))
    _says(s, "oversight.demand_rejected", _noon(s, days), _paper(s), {"demand": _paper(s), "reason": "firm_not_found"})


def _on_leave(s: Story, first: int, last: int) -> None:
    """From the local day so many days before the end to another, both of them included."""
    home = s.lane.origin
    span = {"from": bodies.day(_noon(s, first), home), "until": bodies.day(_noon(s, last), home)}
    _says(s, "licensing.officer_leave", _noon(s, first) - 24 * HOUR, "", {"officer": _officer(s), "jurisdiction": home} | span)


def _usual(s: Story, many: int = 5, network: str = USUAL) -> None:
    """So many approvals of other papers, some months before."""
    for number in range(many):
        _approves(s, _noon(s, 70 + number), _paper(s, f"-{number}"), network=network)


def _burst(s: Story, many: int, minutes: int, days: int = 10) -> None:
    """So many approvals out of hours, the first and the last so many minutes apart."""
    for number in range(many):
        at = _noon(s, days) + 3 * HOUR + minutes * number // (many - 1) * 60_000
        _approves(s, at, _paper(s, f"-{number}"), out_of_hours=True)


def _by(s: Story) -> Told:
    return f"place:{s.lane.origin}", _officer(s)


def _after_a_rejection_on_leave(s: Story) -> Told:
    _rejected(s)
    _on_leave(s, 12, 8)
    _approves(s, _noon(s, 10))
    return _by(s)


def _after_a_rejection_from_elsewhere(s: Story) -> Told:
    _rejected(s)
    _usual(s)
    _approves(s, _noon(s, 10), network=ELSEWHERE)
    return _by(s)


def _on_the_last_day_of_leave_from_elsewhere(s: Story) -> Told:
    _on_leave(s, 15, 10)
    _usual(s, 6)
    _approves(s, _noon(s, 10), network=ELSEWHERE)
    return _by(s)


def _a_burst_on_leave(s: Story) -> Told:
    _on_leave(s, 11, 9)
    _burst(s, 10, 60)
    return _by(s)


def _attested_after_a_rejection_on_leave(s: Story) -> Told:
    _rejected(s)
    _on_leave(s, 11, 9)
    body = bodies.attested(_paper(s), s.firm, s.agency, 9) | {"officer": _officer(s)}
    _says(s, "oversight.demand_attested", _noon(s, 10), _paper(s), body)
    return _by(s)


def _after_a_rejection(s: Story) -> Told:
    _rejected(s)
    _usual(s)
    _approves(s, _noon(s, 10))
    return _by(s)


def _on_leave_alone(s: Story) -> Told:
    _on_leave(s, 12, 8)
    _approves(s, _noon(s, 10))
    return _by(s)


def _nine_in_an_hour_on_leave(s: Story) -> Told:
    _on_leave(s, 11, 9)
    _burst(s, 9, 50)
    return _by(s)


def _ten_in_over_an_hour_on_leave(s: Story) -> Told:
    _on_leave(s, 11, 9)
    _burst(s, 10, 63)
    return _by(s)


def _a_new_document_after_the_rejection(s: Story) -> Told:
    _rejected(s)
    _submitted(s, _noon(s, 12))
    _on_leave(s, 12, 8)
    _approves(s, _noon(s, 10))
    return _by(s)


def _the_day_after_leave(s: Story) -> Told:
    _rejected(s)
    _on_leave(s, 15, 11)
    _approves(s, _noon(s, 10))
    return _by(s)


def _rejected_afterwards(s: Story) -> Told:
    _rejected(s, 9)
    _on_leave(s, 12, 8)
    _approves(s, _noon(s, 10))
    return _by(s)


def _no_past_to_compare_with(s: Story) -> Told:
    """Four approvals before: too few to call a network new."""
    _rejected(s)
    _usual(s, 4)
    _approves(s, _noon(s, 10), network=ELSEWHERE)
    return _by(s)


def _network_not_known(s: Story) -> Told:
    _rejected(s)
    _usual(s)
    _approves(s, _noon(s, 10), network=None)
    return _by(s)


def _more_than_a_month_ago(s: Story) -> Told:
    _rejected(s, 36)
    _on_leave(s, 36, 30)
    _approves(s, _noon(s, 32))
    return _by(s)


BOOK: Book = {
    "T-VIS-02": ((_three_for_two_certified, _three_for_two_attested, _more_than_were_asked_for, _on_no_order_at_all,
                  _voided_when_the_worker_had_left),
                 (_as_many_as_approved, _one_worker_cleared_twice, _voided_before_the_worker_left, _on_the_order_of_another,
                  _approved_afterwards, _nobody_knows_how_many, _fewer_than_were_asked_for)),
    "T-VIS-03": ((_after_a_rejection_on_leave, _after_a_rejection_from_elsewhere, _a_burst_on_leave,
                  _on_the_last_day_of_leave_from_elsewhere, _attested_after_a_rejection_on_leave),
                 (_after_a_rejection, _on_leave_alone, _nine_in_an_hour_on_leave, _a_new_document_after_the_rejection, _the_day_after_leave,
                  _rejected_afterwards, _no_past_to_compare_with, _network_not_known, _ten_in_over_an_hour_on_leave,
                  _more_than_a_month_ago)),
}  # fmt: skip
