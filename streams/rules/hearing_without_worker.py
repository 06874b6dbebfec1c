"""T-LEG-01: a hearing was held, and neither the worker nor anyone for the worker was there, or no one interpreted."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.cases import CONSENT, FILED, HEARD, case_of, channel
from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.languages import language
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy
from streams.rules.registry import journey_rule

_SUMMARIES = {
    "worker_not_heard": "A hearing was held without the worker and without a representative.",
    "no_interpreter": "A hearing was held with the worker, and no one interpreted.",
}


@journey_rule(
    "T-LEG-01", version=1, reads=(HEARD, FILED, *CONSENT), audience=("embassy", "focal-office", "oversight-restricted"), severity="P2",
    action="refer", recommendations=("B9",), indicators=("abuse of vulnerability",), confidential=True, weak=True,
    next_step="Ask the court to hear the worker before it decides, by video where the worker has left, with an interpreter.",
    basis="All parties take part in proceedings (A/70/310); C189 Art. 16: effective access to courts",
)  # fmt: skip
def hearing_without_worker(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A hearing took place and neither the worker nor a representative was present; or the worker was, without an interpreter.

    A missing interpreter is the lesser finding, and none where the hearing was in a language that the worker is known to
    understand, or only a representative was there. What was adjourned for absence is no hearing. One issue per hearing. Who was
    there, where nobody says, is Insufficient, and so is a worker who may have been there with a representative, and without an
    interpreter. The focal office hears of the process alone.
    """
    for hearing in view.of(HEARD):
        yield _judge(view, hearing)


def _judge(view: JourneyView, hearing: Fact) -> Outcome:
    issue, shown = view.root(hearing), (hearing.event_id,)
    if hearing.flag("adjourned") is True:
        return Clear(issue=issue, evidence=shown)
    present, represented = hearing.flag("worker_present"), hearing.flag("representative_present")
    if present is False and represented is False:
        return _finding(view, hearing, "worker_not_heard", "P2")
    if not present and not represented:
        return Insufficient(issue=issue, missing="who was at the hearing", evidence=shown)
    if present is False or hearing.flag("interpreter_present") is True or _understood(view, hearing):
        return Clear(issue=issue, evidence=shown)
    if present and hearing.flag("interpreter_present") is False:
        return _finding(view, hearing, "no_interpreter", "P3")
    missing = "whether anyone interpreted" if present else "whether the worker was at the hearing"
    return Insufficient(issue=issue, missing=missing, evidence=shown)


def _understood(view: JourneyView, hearing: Fact) -> bool:
    """Whether the hearing was in a language that the worker is said to understand."""
    spoken = hearing.text("language")
    known = {language(code) for fact in view.facts if fact.worker for code in fact.worker.languages}
    return spoken is not None and language(spoken) in known


def _finding(view: JourneyView, hearing: Fact, reason: str, severity: str) -> Finding:
    destination = view.destination or hearing.text("jurisdiction") or hearing.jurisdiction
    return Finding(
        issue=view.root(hearing), reason=reason, summary=_SUMMARIES[reason], evidence=(hearing.event_id,), severity=severity,
        since=hearing.time, due_at=answer_by(hearing.time, severity, destination), parties=(hearing.office,),
        destination=destination,
        channel=channel(view, case_of(view, hearing)),
    )  # fmt: skip
