"""T-EMB-01: an embassy has more open alerts than its caseworkers can see to."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant, local_day, start_of_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView
from streams.rules.alert_unanswered import OPEN_ALERTS
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count
from streams.rules.policy import Policy
from streams.rules.registry import sums_rule

STAFFED = "oversight.embassy_staffing_reported"


@sums_rule(
    "T-EMB-01", "place", version=1, measures=(OPEN_ALERTS,), reads=(STAFFED,), standings=(STAFFED,),
    audience=("focal-office", "oversight"), severity="P3", action="notify", recommendations=("B6",), indicators=(),
    parameters={"cases": count("open alerts")}, selectors=("origin", "destination"),
    next_step="Send caseworkers or means, or have another office take cases over, the gravest first.",
    basis="Embassies need personnel, funds and logistics for their nationals (Parallel Session B, rec. 6)",
)  # fmt: skip
def embassy_overloaded(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """More open alerts of a corridor's embassy for each caseworker than the row allows: 50.

    Open is what was published to the embassy and neither ended nor was closed; a complaint is closed by the worker's word.
    Caseworkers are those that the embassy reported last. An embassy that never reported any is Insufficient; one that
    reported none is overloaded by its first alert. The finding is about the post, and names no officer.
    """
    listed = sorted((str(day), view.sums.count(OPEN_ALERTS.name, key)) for key in view.happened(OPEN_ALERTS) for day in key[:1])
    reports = [fact for fact in standings.of(view.id, STAFFED) if fact.number("caseworkers") is not None]
    if not listed:
        yield Clear(evidence=tuple(sorted(fact.event_id for fact in reports[-1:])))
        return
    if not reports:
        yield Insufficient(missing="how many caseworkers the embassy has")
        return
    latest, origin, destination = reports[-1], view.name[:2], view.name[3:5]
    row = policy.require("T-EMB-01", local_day(latest.time, origin), origin=origin, destination=destination)
    caseworkers = int(latest.number("caseworkers") or 0)
    most = row.whole("cases") * caseworkers
    if sum(many for _, many in listed) <= most:
        yield Clear(evidence=(latest.event_id,))
        return
    since = max(start_of_day(_exceeded(listed, most), origin), latest.time)
    yield Finding(
        reason="too_many_open_alerts", evidence=(latest.event_id,), policy_rows=(row.id,), since=since,
        summary=f"The embassy has more open alerts than its {caseworkers} caseworkers can see to.",
        due_at=answer_by(since, "P3", origin), origin=origin, destination=destination,
    )  # fmt: skip


def _exceeded(listed: list[tuple[str, int]], most: int) -> str:
    """The day on which, of the alerts that are open, one more than `most` had been published."""
    reached = 0
    for day, many in listed:
        reached += many
        if reached > most:
            return day
    return listed[-1][0]
