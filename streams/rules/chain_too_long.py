"""T-CHN-01: a chain of recruiters too long for anyone to answer for what the worker was promised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec import structs

from streams.domain.chain import DECLARED, WORKER, Chain, Link, chain, link, links, longest
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day, start_of_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure
from streams.domain.views import JourneyView, SumsView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, more_than
from streams.rules.policy import Policy, Row
from streams.rules.registry import also, journey_rule

SUBMITTED = "recruitment.demand_submitted"
_NOWHERE = Link(WORKER, "", "", "")  # a declaration that does not say to whom


class Shown(NamedTuple):
    """Event ids of the declarations of the longest line, and of all."""

    line: tuple[str, ...]
    everything: tuple[str, ...]


@journey_rule(
    "T-CHN-01", version=1, reads=(DECLARED,), audience=("licensing-authority", "embassy"), severity="P3",
    action="verify", recommendations=("B1", "B4"), indicators=("deception",),
    next_step="Ask each organisation of the chain for its agreement with the next, and who answers to the worker.",
    basis="A/70/310 p. 15: agencies formally establish relations with subcontractors; GCM objective 6, 22(e); C181 Art. 8",
    parameters={"warn_at": count("organisations", 2), "alert_at": more_than("warn_at", count("organisations", 2))},
    selectors=("origin", "destination"),
)  # fmt: skip
def chain_too_long(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """More organisations in one line between worker and employer than the corridor's row allows: 3 warn, 4 alert.

    Counted along a path of declared links; natural persons and employers are not organisations, two spellings are one.
    Recruiters declared side by side, with no link between them, are breadth: Insufficient for depth, breadth reported.
    So is a line of which one declaration does not say to whom it led.
    """
    facts = view.of(DECLARED)
    if not facts:
        return
    told: dict[Link, list[Fact]] = {}
    for fact in facts:
        told.setdefault(link(fact) or _NOWHERE, []).append(fact)
    graph = links(view)
    path = longest(graph.edges, graph.organisations.__contains__)
    steps = _steps(graph, path)
    since = max((min(fact.time for each in step for fact in told[each]) for step in steps), default=facts[-1].time)
    row = policy.require("T-CHN-01", local_day(since, view.origin), origin=view.origin, destination=view.destination)
    shown = evidence(fact for step in steps for each in step for fact in told[each])
    yield _judge(graph, path, row, view.origin, Shown(shown, evidence(facts)), since, whole=_NOWHERE not in told)


def _steps(graph: Chain, path: tuple[str, ...]) -> list[Sequence[Link]]:
    """The declarations of each step of a path."""
    return [graph.edges[step] for step in pairwise(path)]


def _judge(graph: Chain, path: tuple[str, ...], row: Row, home: str, shown: Shown, since: Instant, whole: bool) -> Outcome:
    """`home` is where the licensing authority sits; `since` when the line was complete; `whole` whether all say to whom."""
    line = [key for key in path if key in graph.organisations]
    if len(line) >= row.whole("warn_at"):
        many = len(line) >= row.whole("alert_at")
        severity = "P2" if many else "P3"
        return Finding(
            reason="chain_too_long" if many else "chain_long", severity=severity, evidence=shown.line, policy_rows=(row.id,),
            summary=f"{len(line)} organisations in one line recruited for this work, with {len(graph.persons)} natural persons.",
            since=since, due_at=answer_by(since, severity, home), parties=tuple(sorted(graph.parties[key] for key in line)),
        )  # fmt: skip
    if not graph.organisations:
        return Insufficient(missing="the organisations of the chain", evidence=shown.everything)
    if graph.alone:
        breadth = f"{len(graph.organisations)} organisations, {len(graph.alone)} side by side, {len(graph.persons)} persons"
        return Insufficient(missing=f"links between recruiters: {breadth}", evidence=shown.everything)
    if not whole:
        return Insufficient(missing="to whom a link of the chain led", evidence=shown.everything)
    return Clear(evidence=shown.everything)


def _of_the_order(fact: Fact, subject: str) -> Iterable[Key]:
    """Links of the job order itself: one worker's links and another's do not make one chain."""
    if not fact.implausible and not fact.about_worker and fact.text("declared_by") != "worker":
        each = link(fact) or _NOWHERE
        yield fact.day(subject), each.source, each.target, each.works_for, each.role


def _destination(fact: Fact, subject: str) -> Iterable[Key]:
    if (country := fact.text("country")) and not fact.implausible:
        yield (country,)


LINKS = Measure("chain.links", frozenset({DECLARED}), _of_the_order)
DESTINATION = Measure("chain.destination", frozenset({SUBMITTED}), _destination)


@also("T-CHN-01", "demand", measures=(LINKS, DESTINATION))
def chain_of_order_too_long(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """The same, of the recruiters declared on a job order; those that a worker declared count for the worker's journey."""
    told: dict[Link, list[Key]] = {}
    for key in view.happened(LINKS):
        told.setdefault(Link(*map(str, key[1:])), []).append(key)
    if told:
        yield _of_links(view, told, policy)
    elif view.sums.first(LINKS.name) is not None:
        yield Insufficient(missing="links that have happened")


def _of_links(view: SumsView, told: dict[Link, list[Key]], policy: Policy) -> Outcome:
    def shown(links: Iterable[Link], most: int) -> tuple[str, ...]:
        return tuple(sorted({event for each in links for key in told[each] for event in view.sums.evidence(LINKS.name, key, most)}))

    graph = chain(told.keys() - {_NOWHERE})
    path = longest(graph.edges, graph.organisations.__contains__)
    steps = _steps(graph, path)
    last = max(str(key[0]) for found in told.values() for key in found)
    day = max((min(str(key[0]) for each in step for key in told[each]) for step in steps), default=last)
    (destination,) = next(view.sums.keys(DESTINATION.name), ("",))
    row = policy.require("T-CHN-01", day, origin=view.home, destination=str(destination))
    both = Shown(shown((each for step in steps for each in step), 3), shown(told, 1))
    outcome = _judge(graph, path, row, view.home, both, start_of_day(day, view.home), whole=_NOWHERE not in told)
    return structs.replace(outcome, destination=str(destination)) if isinstance(outcome, Finding) else outcome
