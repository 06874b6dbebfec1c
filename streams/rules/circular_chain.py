"""T-CHN-03: the chain of recruiters leads back to where it was, or the money does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from streams.domain.chain import DECLARED, WORKER, Chain, Link, chain, circles, link, links
from streams.domain.facts import Fact
from streams.domain.fees import FEE, REFUND, Payment, paid, payees, refunds, shown, total
from streams.domain.instants import Instant, start_of_day
from streams.domain.licences import LINKED, UNLINKED, related_at
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key
from streams.domain.travel import destination
from streams.domain.views import JourneyView, SumsView, evidence
from streams.rules.chain_too_long import LINKS
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy
from streams.rules.registry import also, journey_rule

UNNAMED = "payee"  # the issue of payments to nobody knows whom
When = TypeVar("When", str, int)


class Circle(NamedTuple):
    """The declared links that lead in a circle, and the keys that they join."""

    links: frozenset[Link]
    keys: frozenset[str]


@journey_rule(
    "T-CHN-03", version=1, reads=(DECLARED, FEE, REFUND), audience=("licensing-authority", "embassy", "oversight"), severity="P2",
    action="license_review", recommendations=("B1", "B4"), indicators=("debt bondage",), standings=(LINKED, UNLINKED),
    next_step="Ask the parties of the circle what each did for the worker, and who of them belongs to whom.",
    basis="A/70/310 p. 15: agencies formally establish relations with subcontractors; GCM objective 6, 22(c): no shifting of fees",
)  # fmt: skip
def circular_chain(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """The declared links lead in a circle; or the worker paid somebody outside the declared chain whom a register ties, as sub-agent
    or principal on that day, to a link that had already passed the worker on.

    A party that passes a worker to itself is a slip (T-DQ-01), and so are two spellings of one. Who is a link of the chain is
    paid where the worker is: a sub-agent of the chain and its own agency are no circle. What was given back in full was
    not paid. One issue is the circle, each payee is another. Links or payees that nobody names are Insufficient.
    """
    told: dict[Link, list[Fact]] = {}
    facts = view.of(DECLARED)
    for fact in facts:
        if (each := link(fact)) is not None:
            told.setdefault(each, []).append(fact)
    if facts:
        yield _circle(view, told, facts)
    made = paid(view)
    if not made:
        return
    if not links(view).edges:
        yield Insufficient(issue=UNNAMED if facts else "", missing="the links of the chain", evidence=shown(made))
        return
    if unnamed := [each for each in made if not each.party]:
        yield Insufficient(issue=UNNAMED, missing="who was paid", evidence=shown(unnamed))
    for key in sorted({each.key for each in made} - {""}):
        yield _payee(view, standings, told, [each for each in made if each.key == key])


def _circle(view: JourneyView, told: Mapping[Link, list[Fact]], facts: Sequence[Fact]) -> Outcome:
    graph = links(view)
    found = _in_circles(graph)
    if found.links:
        since = _closed({each: min(fact.time for fact in told[each]) for each in found.links})
        return Finding(
            reason="circle", summary=f"The declared chain leads in a circle of {len(found.keys)} parties.", since=since,
            evidence=evidence(fact for each in found.links for fact in told[each]), due_at=answer_by(since, "P2"),
            destination=destination(view), parties=tuple(sorted(graph.parties[key] for key in found.keys)),
        )  # fmt: skip
    if any(link(fact) is None for fact in facts):
        return Insufficient(missing="to whom a link of the chain led", evidence=evidence(facts))
    return Clear(evidence=evidence(facts))


def _in_circles(graph: Chain) -> Circle:
    edges = graph.edges
    rings = circles(edges) if len(edges) > 1 else ()
    inside = {each for (before, after), found in edges.items() if any({before, after} <= ring for ring in rings) for each in found}
    return Circle(frozenset(inside), frozenset().union(*rings))


def _closed(first: Mapping[Link, When]) -> When:
    """When the first circle was complete."""
    return next(when for when in sorted(set(first.values())) if _in_circles(chain(each for each, at in first.items() if at <= when)).links)


def _payee(view: JourneyView, standings: Standings, declared: Mapping[Link, list[Fact]], made: list[Payment]) -> Outcome:
    """Whether one payee, who is no link of the chain itself, belongs to a link that had passed the worker on."""
    graph = links(view)
    own = [each for each in refunds(view) if each.key == made[0].key]
    kept, told, key = total(made, own), shown((*made, *own)), made[0].key
    if made[0].node in set(graph.parties) - {WORKER} or not (kept.some or kept.unstated or kept.currencies):
        return Clear(issue=key, evidence=told)
    passing = {before for before, _ in graph.edges} - {WORKER}
    ties = [(each, other, fact) for each in made for other, fact in related_at(standings, each.party, each.fact.time)
            if graph.node(other) in passing]  # fmt: skip
    if not ties:
        return Clear(issue=key, evidence=told)
    if not kept.some:
        return Insufficient(issue=key, missing="who paid, or whether it was given back", evidence=told)
    began = min(each.fact.time for each, _, _ in ties)
    earlier = {graph.node(other) for _, other, _ in ties}
    passed = [fact for (before, _), found in graph.edges.items() if before in earlier for each in found for fact in declared[each]]
    return Finding(
        issue=key, reason="paid_to_an_earlier_links_own", since=began, due_at=answer_by(began, "P2"), destination=destination(view),
        summary="A payment went to a party that belongs to a recruiter who had already passed the worker on.",
        evidence=tuple(sorted({*told, *evidence(passed), *(fact.event_id for _, _, fact in ties)})),
        parties=tuple(sorted({*payees(made), *(graph.parties[key] for key in earlier)})),
    )  # fmt: skip


@also("T-CHN-03", "demand", measures=(LINKS,))
def circular_chain_of_order(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """The same, of the recruiters declared on a job order: a circle of links."""
    told: dict[Link, list[Key]] = {}
    vague = False
    for key in view.happened(LINKS):
        each = Link(*map(str, key[1:]))
        vague |= not each.target
        if each.target:
            told.setdefault(each, []).append(key)
    if not told and not vague:
        if view.sums.first(LINKS.name) is not None:
            yield Insufficient(missing="links that have happened")
        return
    graph = chain(told)
    found = _in_circles(graph)
    events = {event for each in found.links or told for key in told[each] for event in view.sums.evidence(LINKS.name, key)}
    if found.links:
        since = start_of_day(_closed({each: min(str(key[0]) for key in told[each]) for each in found.links}), view.home)
        yield Finding(
            reason="circle", summary=f"The declared chain of a job order leads in a circle of {len(found.keys)} parties.", since=since,
            evidence=tuple(sorted(events)), due_at=answer_by(since, "P2"), authority=view.home,
            parties=tuple(sorted(graph.parties[key] for key in found.keys)),
        )  # fmt: skip
    elif vague:
        yield Insufficient(missing="to whom a link of the chain led", evidence=tuple(sorted(events)))
    else:
        yield Clear(evidence=tuple(sorted(events)))
