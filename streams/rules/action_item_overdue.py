"""T-TRI-03: what a committee agreed to do was not done in time."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.committees import ITEM_DONE, MET, Item, items
from streams.domain.instants import Instant, end_of_day, local_day
from streams.domain.outcomes import Clear, Finding, Outcome
from streams.domain.places import place_kind
from streams.domain.standings import Standings
from streams.domain.sums import Measure
from streams.domain.views import SumsView, evidence
from streams.rules.deadlines import answer_by, due_after
from streams.rules.parameters import days
from streams.rules.policy import Policy
from streams.rules.registry import sums_rule

ITEMS = Measure("place.action_items", frozenset({MET, ITEM_DONE}), lambda fact, subject: ())  # looked up as standings


@sums_rule(
    "T-TRI-03", "place", version=1, measures=(ITEMS,), standings=(MET, ITEM_DONE), audience=("tripartite-committee",),
    severity="P3", action="notify", recommendations=("B8",), indicators=(),
    next_step="Report to the committee what was done about the item, and who finishes it by when.",
    basis="Tripartite committees monitor (B8); C144 Art. 5", parameters={"days": days()}, selectors=("jurisdiction",),
)  # fmt: skip
def action_item_overdue(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An action item was not done by its own due date, else in 90 days from the meeting that first agreed on it.

    One issue per committee and item. The due date is the one stated last, so that a committee may move it; it includes its
    whole local day. An item is done when an event or a later meeting says so, late or not; what is not agreed on by any
    meeting known is no item.
    """
    if place_kind(view.id) == "jurisdiction":
        for (committee, reference), item in items(standings, view.id).items():
            yield _judge(view, policy, as_of, committee, reference, item)


def _judge(view: SumsView, policy: Policy, as_of: Instant, committee: str, reference: str, item: Item) -> Outcome:
    issue, shown = f"{committee}/{reference}", evidence((*item.agreed, *item.done))
    row = policy.require("T-TRI-03", local_day(item.since, view.home), jurisdiction=view.home)
    due = end_of_day(item.due, view.home) - 1 if item.due else due_after(item.since, row.whole("days"), view.home)
    if item.done:
        return Clear(issue=issue, evidence=shown)
    if as_of <= due:
        return Clear(issue=issue, evidence=shown, next_at=due + 1)
    return Finding(
        issue=issue, reason="action_item_overdue", evidence=shown, policy_rows=(row.id,), since=due,
        summary=f"The action item {reference} of the committee {committee} was due on {local_day(due, view.home)}.",
        due_at=answer_by(due, "P3", view.home),
    )  # fmt: skip
