"""T-FPO-01: a country has nobody to whom its offices and embassies can turn."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.focal import DESIGNATED, VACATED, focal
from streams.domain.instants import HOUR, Instant, local_day, start_of_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import place_kind
from streams.domain.standings import Standings
from streams.domain.sums import told
from streams.domain.views import SumsView, evidence
from streams.domain.workplaces import Told
from streams.rules.deadlines import answer_by, due_after
from streams.rules.office_silent import HOURS
from streams.rules.parameters import days
from streams.rules.policy import Policy
from streams.rules.registry import also, sums_rule

# (day,) on which an office of the country first recorded anything.
OFFICES = told("country.offices")
_STANDINGS = (DESIGNATED, VACATED)


def tell_country(view: SumsView) -> Iterator[Told]:
    """An office tells its country since when it publishes."""
    first = view.sums.first(HOURS.name) if view.kind == "party" and ":office:" in view.id else None
    if first is not None:
        day = local_day(int(first[1]) * HOUR, view.home).isoformat()
        yield f"place:{view.home}", OFFICES.name, (day,), view.sums.evidence(HOURS.name, first, 1)


@sums_rule(
    "T-FPO-01", "place", version=1, measures=(OFFICES,), reads=_STANDINGS, standings=_STANDINGS, audience=("oversight",), severity="P3",
    action="notify", recommendations=("B7",), indicators=(),
    next_step="Ask the government to designate a focal office; until then its alerts come to oversight as well.",
    basis="A dedicated focal office (B7)", parameters={"days": days()}, selectors=("jurisdiction",),
)  # fmt: skip
def no_focal_office(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A country has had no valid focal contact for more than 14 days.

    The days run from the end of the last contact: its last day, or the day on which the office was vacated, also where nobody told
    who sat there. Of a country of which none is known they run from the first day on which one of its offices published; a country
    without any office that publishes, and without any contact ever, is not judged, and one that awaits its first contact is
    Insufficient. A contact that is designated late ends the finding. Meanwhile no alert is dropped: what is for the focal office
    goes to oversight too.
    """
    if place_kind(view.id) != "jurisdiction":
        return
    known, offices = focal(standings, view.id), view.happened(OFFICES)
    if not known.facts and not offices:
        return
    next_at, shown = known.next_boundary(as_of), evidence(known.facts[-1:])
    if known.held(as_of):
        yield Clear(evidence=shown, next_at=next_at)
        return
    since = known.vacant_since(as_of)
    if since is None:
        if not offices:
            yield Insufficient(missing="since when its offices publish", evidence=shown, next_at=next_at)
            return
        since, shown = start_of_day(str(offices[0][0]), view.home), shown or view.sums.evidence(OFFICES.name, offices[0], 1)
    row = policy.require("T-FPO-01", local_day(since, view.home), jurisdiction=view.home)
    due = due_after(since, row.whole("days"), view.home)
    if as_of <= due:
        yield Clear(evidence=shown, next_at=min(due + 1, next_at or due + 1))
        return
    yield Finding(
        reason="no_focal_office", evidence=shown, policy_rows=(row.id,), since=due, next_at=next_at,
        summary=f"{view.home} has had no focal office since {local_day(since, view.home)}.", due_at=answer_by(due, "P3"),
    )  # fmt: skip


@also("T-FPO-01", "party", measures=(HOURS,), tells=tell_country)
def whose_office(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An office says nothing itself: it tells its country that it publishes."""
    return iter(())
