"""T-TRI-04: a policy or a corridor has not been reviewed with workers and employers for too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from streams.domain.agreements import AGREEMENTS, agreements
from streams.domain.corridors import DEPARTURES, PERIODS, first_departure, shown_on
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day, start_of_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import place_kind
from streams.domain.standings import Standings
from streams.domain.views import SumsView, evidence
from streams.rules.deadlines import answer_by, due_after_months
from streams.rules.parameters import months
from streams.rules.policy import Policy
from streams.rules.registry import sums_rule

REVIEWED = "oversight.review_completed"
POLICY_CHANGED = "oversight.policy_changed"
_PARTIES = {"G", "W", "E"}
_STANDINGS = AGREEMENTS | {REVIEWED, POLICY_CHANGED}


@dataclass(frozen=True)
class _Known:
    """From when the months run, and what shows it; `doubted` are later reviews of which nobody said who attended."""

    start: Instant
    shown: tuple[str, ...]
    reviewed: bool
    doubted: tuple[Fact, ...]


@sums_rule(
    "T-TRI-04", "place", version=1, measures=(DEPARTURES, PERIODS), reads=_STANDINGS, standings=_STANDINGS,
    audience=("tripartite-committee", "oversight"), severity="P3", action="notify", recommendations=("B11",), indicators=(),
    next_step="Hold the review with government, workers and employers, and publish what follows from it.",
    basis="Periodical tripartite reviews (B11); C144 Art. 5",
    parameters={"policy_months": months(1), "corridor_months": months(1)}, selectors=("jurisdiction", "origin", "destination"),
)  # fmt: skip
def review_overdue(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A country's policy was last reviewed more than 24 calendar months ago, or a corridor more than 12.

    A review counts when government, workers and employers attended it. Never reviewed, a policy's months run from the day of
    its first known change, a corridor's from the first day on which anyone is known to have left in it, or its first agreement
    began. The last day is the same day of its month, and is within. Where a review in time does not say who attended, it is
    Insufficient; so is a country of which no policy is known, once a review of something else is.
    """
    kind = place_kind(view.id)
    if kind == "corridor":
        known = _of_corridor(view, standings)
    elif kind == "jurisdiction" and standings.of(view.id, REVIEWED, POLICY_CHANGED):
        known = _of_policy(view, standings)
        if known is None:
            yield Insufficient(missing="a policy of the country, or a review of it")
    else:
        return
    if known is not None:
        yield _judge(view, policy, as_of, known, "corridor_months" if kind == "corridor" else "policy_months")


def _of_corridor(view: SumsView, standings: Standings) -> _Known | None:
    reviews = [fact for fact in standings.of(view.id, REVIEWED) if fact.text("subject_kind") == "corridor"]
    begins = [(each.begins, evidence(each.facts)) for each in agreements(standings, view.id)]
    if (first := first_departure(view)) is not None:
        begins.append((start_of_day(first.isoformat(), view.home), shown_on(view, first)))
    return _known(reviews, min(begins, default=None))


def _of_policy(view: SumsView, standings: Standings) -> _Known | None:
    reviews = [fact for fact in standings.of(view.id, REVIEWED) if fact.text("subject_kind") == "policy"]
    begins = [(start_of_day(day, view.home) if (day := fact.text("from")) else fact.time, evidence((fact,)))
              for fact in standings.of(view.id, POLICY_CHANGED)]  # fmt: skip
    return _known(reviews, min(begins, default=None))


def _known(reviews: Sequence[Fact], begins: tuple[Instant, tuple[str, ...]] | None) -> _Known | None:
    full = [fact for fact in reviews if set(fact.texts("attended")) >= _PARTIES]
    silent = [fact for fact in reviews if not fact.texts("attended")]
    if full:
        last = full[-1]
        return _Known(last.time, evidence((last,)), True, tuple(fact for fact in silent if fact.time > last.time))
    if begins is None and reviews:
        begins = reviews[0].time, evidence(reviews[:1])
    return _Known(*begins, False, tuple(silent)) if begins is not None else None


def _judge(view: SumsView, policy: Policy, as_of: Instant, known: _Known, parameter: str) -> Outcome:
    origin, _, destination = view.name.partition("-")  # of a country: the country, and none
    row = policy.require("T-TRI-04", local_day(known.start, view.home), jurisdiction="" if destination else origin,
                         origin=origin if destination else "", destination=destination)  # fmt: skip
    due = due_after_months(known.start, row.whole(parameter), view.home)
    if as_of <= due:
        return Clear(evidence=known.shown, next_at=due + 1)
    if known.doubted:
        last = known.doubted[-1]
        until = due_after_months(last.time, row.whole(parameter), view.home)
        if as_of <= until:
            return Insufficient(missing="who attended the review", evidence=evidence((last,)), next_at=until + 1)
    what = f"The corridor {view.name}" if destination else f"The policy of {view.name}"
    said = f"was last reviewed on {local_day(known.start, view.home)}" if known.reviewed else "has never been reviewed that is known"
    return Finding(
        reason="review_overdue" if known.reviewed else "never_reviewed", evidence=known.shown, policy_rows=(row.id,), since=due,
        summary=f"{what} {said}.", due_at=answer_by(due, "P3", destination or origin),
    )  # fmt: skip
