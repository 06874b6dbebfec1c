"""T-INS-05: an inspection found something, and nothing came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.outcomes import Clear, Finding, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by, due_after
from streams.rules.parameters import days
from streams.rules.policy import Policy
from streams.rules.registry import sums_rule

RECORDED = "oversight.finding_recorded"
FOLLOWED = frozenset({"oversight.finding_remediated", "oversight.finding_escalated"})
_PARTIES = ("employer", "site", "agency")


def _recorded(fact: Fact, subject: str) -> Iterable[Key]:
    """(instant, jurisdiction, finding). It is judged once: about the employer, else the site, the agency, or the office that found it."""
    if not fact.implausible:
        about = next((each for each in _PARTIES if fact.text(each)), "")
        if fact.names(about, subject) if about else subject == f"party:{fact.office}":
            yield fact.time, fact.jurisdiction, fact.text("finding") or ""


def _followed(fact: Fact, subject: str) -> Iterable[Key]:
    """(instant, jurisdiction, finding), for each party that is named, and for the office."""
    if not fact.implausible and (subject == f"party:{fact.office}" or any(fact.names(each, subject) for each in _PARTIES)):
        yield fact.time, fact.jurisdiction, fact.text("finding") or ""


FOUND = Measure("party.findings", frozenset({RECORDED}), _recorded)
ANSWERED = Measure("party.findings_followed", FOLLOWED, _followed)


@sums_rule(
    "T-INS-05", "party", version=1, measures=(FOUND, ANSWERED), audience=("labour-inspectorate", "oversight"), severity="P3",
    action="inspect", recommendations=("A2",), indicators=(),
    next_step="See whether what was found has been put right, and record it; if not, escalate it.",
    basis="C81 Art. 17 and 18: what inspections find is followed up; accountability (A/70/310, A2)",
    parameters={"days": days()}, selectors=("jurisdiction",),
)  # fmt: skip
def finding_not_followed_up(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A finding was neither remedied nor escalated 30 days after it was recorded; one issue per finding.

    It is a matter of the employer, else the site or agency, that it is about; where it names nobody, of the office that
    recorded it. What was done late ends it. References are those of one country's inspectorates: the same reference of another
    country is another finding. Whoever follows up names the party, as whoever found it did, or is the same office.
    """
    found = list(view.happened(FOUND))
    if not found:
        if view.sums.first(FOUND.name) is not None:
            yield Clear()
        return
    answered = {key[1:]: key for key in reversed(view.happened(ANSWERED))}
    first: dict[tuple[str | int, ...], Key] = {}
    for key in found:
        first.setdefault(key[1:], key)
    for name, key in sorted(first.items()):
        yield _judge(view, policy, as_of, key, answered.get(name))


def _judge(view: SumsView, policy: Policy, as_of: Instant, key: Key, answered: Key | None) -> Outcome:
    recorded, country, reference = int(key[0]), str(key[1]), str(key[2])
    issue, shown = f"{country}/{reference}", view.sums.evidence(FOUND.name, key)
    row = policy.require("T-INS-05", local_day(recorded, country), jurisdiction=country)
    due = due_after(recorded, row.whole("days"), country)
    if answered is not None:
        return Clear(issue=issue, evidence=tuple(sorted({*shown, *view.sums.evidence(ANSWERED.name, answered)})))
    if as_of <= due:
        return Clear(issue=issue, evidence=shown, next_at=due + 1)
    return Finding(
        issue=issue, reason="not_followed_up", evidence=shown, policy_rows=(row.id,), since=due, destination=country,
        summary=f"The finding {reference} of {local_day(recorded, country)} was neither remedied nor escalated.",
        due_at=answer_by(due, "P3", country), parties=(view.name,),
    )  # fmt: skip
