"""T-PEN-01: a worker who complained, or was found to be harmed, was sanctioned, deported, blacklisted or charged."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from streams.domain.cases import FILED, RESTRICTED, channel, is_own, own_filings
from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.evaluation import evaluate
from streams.rules.parameters import days
from streams.rules.policy import Policy
from streams.rules.registry import Catalogue, catalogue, journey_rule

# This rule, data to be corrected, and what offices and courts did about complaints, which have their own days already.
_NO_ALERT = ("T-PEN-01", "T-DQ-01", "T-CMP-01", "T-CMP-02", "T-LEG-01", "T-LEG-02")
SANCTIONED, REPATRIATED = "complaint.sanction_imposed", "deployment.repatriation_done"
# Findings about the worker's own situation, by others than this system.
FOUND = ("oversight.finding_recorded", "complaint.retaliation_reported")

_SUMMARIES = {
    "deportation": "deported", "blacklist": "put on a blacklist", "fee": "charged a fee", "fine": "fined", "suspension": "suspended",
    "other": "sanctioned",
}  # fmt: skip


@journey_rule(
    "T-PEN-01", version=1, reads=(), audience=("embassy", "oversight-restricted"),
    severity="P1", action="refer", recommendations=("A6",), indicators=("intimidation and threats", "abuse of vulnerability"),
    confidential=True, next_step="Ask the authority to set the penalty aside, and see that the worker has legal aid.",
    basis="P29 Art. 4(2): victims of forced labour are not penalised; A/70/310",
    parameters={"days": days()}, selectors=("jurisdiction",),
)  # fmt: skip
def worker_penalised(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A sanction, a deportation, a blacklisting or a fee hit a worker in the days of the policy row after their own complaint,
    or after a finding or an alert about what was done to them.

    A finding is one that an inspection recorded of this worker's case, or a report of retaliation; an alert is what any other
    rule finds of this journey as it was when the penalty came, if it began in those days, but for data to be corrected and
    for what was done about complaints, which gives a complaint no more days than it has.
    What came before the complaint does not answer it. One issue per penalty; a return home counts where its cause is
    deportation. The authority that penalises must not read it: a penalty by the worker's own state is told to restricted
    oversight instead of the embassy. A sanction of which nobody says on whom it was, or a complaint of which nobody says
    whose, is Insufficient.
    """
    for fact in view.of(SANCTIONED, REPATRIATED):
        if _hits(fact) is not False:
            yield _judge(view, standings, policy, fact)


def _hits(fact: Fact) -> bool | None:
    """Whether it is a penalty on the worker; None where that is not said."""
    if fact.type == REPATRIATED:
        return fact.text("cause") == "deportation"
    on = fact.text("on_kind")
    return None if on is None else on == "worker"


def _judge(view: JourneyView, standings: Standings, policy: Policy, penalty: Fact) -> Outcome:
    issue, place = view.root(penalty), penalty.text("country") or penalty.jurisdiction
    row = policy.require("T-PEN-01", local_day(penalty.time, place), jurisdiction=place)
    before = [fact for fact in view.of(FILED, *FOUND) if 0 <= penalty.time - fact.time <= row.whole("days") * DAY]
    causes = [fact for fact in before if fact.type != FILED or is_own(fact)]
    unknown = [fact for fact in before if fact.type == FILED and fact.text("complainant_role") is None]
    alerts = [found for found in _alerts(view, standings, policy, penalty)
              if found.since is not None and 0 <= penalty.time - found.since <= row.whole("days") * DAY]  # fmt: skip
    if not causes and not unknown and not alerts:
        return Clear(issue=issue, evidence=(penalty.event_id,))
    if not (causes or alerts) or _hits(penalty) is None:
        missing = "on whom the sanction was imposed" if causes or alerts else "who filed the complaint"
        return Insufficient(issue=issue, missing=missing, evidence=evidence((penalty, *before)))
    said = "deportation" if penalty.type == REPATRIATED else penalty.text("kind")
    kind = said if said in _SUMMARIES else "other"
    return Finding(
        issue=issue,
        reason=kind,
        summary=f"A worker was {_SUMMARIES[kind]} after a complaint of their own, or a finding about what was done to them.",
        evidence=tuple(sorted({*evidence((penalty, *causes)), *(event for found in alerts for event in found.evidence)})),
        policy_rows=tuple(sorted({row.id, *(each for found in alerts for each in found.policy_rows)})),
        since=penalty.time,
        due_at=answer_by(penalty.time, "P1"),
        destination=view.destination or place,
        channel=_heard_by(view, penalty, causes),
    )


@cache
def _alerting() -> Catalogue:
    """The rules whose finding is an alert here; the catalogue is not whole yet while this file is read."""
    return Catalogue(rule for rule in catalogue().of("journey") if rule.id not in _NO_ALERT)


def _alerts(view: JourneyView, standings: Standings, policy: Policy, penalty: Fact) -> list[Finding]:
    """What the other rules find of the journey as it was when the penalty came: the same on whatever day it is looked at."""
    judged = evaluate(view, standings, policy, penalty.time, _alerting()).judged
    return [each.outcome for each in judged if isinstance(each.outcome, Finding)]


def _heard_by(view: JourneyView, penalty: Fact, causes: list[Fact]) -> str:
    """Never the embassy of the state that penalises; else whom the worker chose when they complained last."""
    if penalty.jurisdiction == view.origin and penalty.type == SANCTIONED:
        return RESTRICTED
    filed = [case for fact, case in own_filings(view) if fact in causes]
    return channel(view, filed[-1] if filed else None)
