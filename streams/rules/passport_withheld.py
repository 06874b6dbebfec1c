"""T-DOC-01: someone else keeps a worker's passport."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from streams.domain.employment import ARRIVED, CONTRACTS, told
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import arrival
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by, due_after
from streams.rules.parameters import days, flag
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

CUSTODY = "deployment.document_custody"
RESIDENCE = "deployment.residence_issued"
_SUMMARIES = {
    "employer": "The employer keeps the worker's passport.",
    "agency": "An agency keeps the worker's passport.",
    "embassy": "An embassy keeps the worker's passport, and not to renew it.",
    "other": "Someone else keeps the worker's passport.",
}


@journey_rule(
    "T-DOC-01", version=1, reads=(CUSTODY, ARRIVED, RESIDENCE, *CONTRACTS), audience=("embassy", "labour-inspectorate"), severity="P2",
    action="inspect", recommendations=("A3",), indicators=("retention of identity documents",),
    next_step="Have the passports of all workers there handed back in a visit that names no source; the worker need not ask for it.",
    basis="C189 Art. 9(c), ICRMW Art. 21: workers keep their own documents; Qatar: Law 21/2015 Art. 8(3) (S87b)",
    parameters={"days_after_residence": days(), "days_after_entry": days(), "written_request": flag()}, selectors=("origin", "destination"),
)  # fmt: skip
def passport_withheld(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """The passport is with an employer, an agency or anyone but the worker, once it was to be given back.

    That is the end of the local day on which the residence permit was issued, and 30 days after entry where that comes first
    (a permit issued before entry counts from entry). The latest record of custody since entry decides: handed back, the finding
    ends. An embassy that renews the passport may have it; the worker's written request excuses only where the law of the
    destination says so (a row). Other documents are not this rule's. Nobody's record of custody since entry, or none of entry
    and residence, is Insufficient; so is an embassy that has it for a reason unknown.
    """
    arrived, residence = arrival(view), view.first(RESIDENCE)
    known = [fact for fact in view.of(CUSTODY) if fact.text("document") == "passport"]
    began = arrived or residence
    if began is None:
        if known:
            yield Insufficient(missing="the arrival or the residence permit", evidence=evidence(known))
        return
    since_entry = [fact for fact in known if arrived is None or fact.time >= arrived.time]
    if not since_entry:
        yield Insufficient(missing="who holds the passport", evidence=(began.event_id,))
        return
    yield _judge(view, since_entry, arrived, residence, policy, as_of)


def _judge(
    view: JourneyView, custody: Sequence[Fact], arrived: Fact | None, residence: Fact | None, policy: Policy, as_of: Instant
) -> Outcome:
    latest = custody[-1]
    country = next((place for each in (residence, arrived) if each and (place := each.text("country"))), view.destination)
    row = policy.require("T-DOC-01", local_day(latest.time, country), origin=view.origin, destination=country)
    withheld = _withheld(latest, row)
    if withheld is None:
        return Insufficient(missing="why the embassy has the passport", evidence=(latest.event_id,))
    if not withheld:
        return Clear(evidence=(latest.event_id,))
    due = _due(arrived, residence, row, country)
    if as_of <= due:
        return Clear(evidence=(latest.event_id,), next_at=due + 1)
    kept = list(takewhile(lambda fact: _withheld(fact, row), reversed(custody)))
    since, holder = max(due, kept[-1].time), latest.text("holder") or ""
    counted_from = [fact for fact in (arrived, residence) if fact is not None]
    employer = told(view, "employer") if holder == "employer" else None
    return Finding(
        reason=f"held_by_{holder if holder in _SUMMARIES else 'other'}", summary=_SUMMARIES.get(holder, _SUMMARIES["other"]),
        evidence=evidence((*kept, *counted_from)), policy_rows=(row.id,), since=since, due_at=answer_by(since, "P2"),
        destination=country, parties=(employer,) if employer else (),
    )  # fmt: skip


def _withheld(fact: Fact, row: Row) -> bool | None:
    """Whether who has it may not; None where an embassy does not say why."""
    holder, reason = fact.text("holder"), fact.text("reason")
    if holder == "embassy":
        return None if reason is None else reason != "renewal"
    return holder != "worker" and not (reason == "written_request" and row.flag("written_request"))


def _due(arrived: Fact | None, residence: Fact | None, row: Row, country: str) -> Instant:
    """The last instant at which someone else may have it: the earlier of the two deadlines that are known."""
    found = [due_after(arrived.time, row.whole("days_after_entry"), country)] if arrived is not None else []
    if residence is not None:
        start = max(residence.time, arrived.time) if arrived is not None else residence.time
        found.append(due_after(start, row.whole("days_after_residence"), country))
    return min(found)
