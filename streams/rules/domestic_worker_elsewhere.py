"""T-OUT-04: someone hired for domestic or care work is made to work in a business."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from streams.domain.employment import (
    ARRIVED,
    CLOSING,
    CONTRACTS,
    EMPLOYER_REGISTERED,
    TRANSFERRED,
    WORKSITE,
    Assignment,
    Sector,
    among,
    assignments,
    contracts,
    employed,
    sector,
)
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.names import party_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.permits import SECONDED, permitted
from streams.domain.standings import Standings
from streams.domain.travel import arrivals
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import isco, isic, listed
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

_READS = (WORKSITE, TRANSFERRED, SECONDED, ARRIVED, *CONTRACTS, *CLOSING)


@journey_rule(
    "T-OUT-04", version=1, reads=_READS,
    audience=("embassy", "labour-inspectorate"), severity="P2", action="inspect", recommendations=("A4", "B4"),
    indicators=("abusive working and living conditions",), standings=(SECONDED, EMPLOYER_REGISTERED),
    next_step="Visit the place of work, and talk with the worker where no employer can hear; compare it with the contract.",
    basis="C189 Art. 7 and 8: place and kind of the domestic work are in the contract; Art. 17: inspection",
    parameters={
        "domestic_isco": listed(isco(), 1), "household_isic": listed(isic(), 1), "care_isco": listed(isco()),
        "institution_isic": listed(isic()),
    },
    selectors=("origin", "destination"),
)  # fmt: skip
def domestic_worker_elsewhere(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A contract for domestic work or care (ISCO 9111, 5311, 5322, or an employer of ISIC 9700), and a work site that is no household.

    A care worker whose own employer is a school, clinic or home works for it where the contract says. A permit or transfer to
    who directs the work ends it. One issue per employer that directs the work; a place of unknown kind is Insufficient.
    """
    everywhere = list(assignments(view))
    kind = contracts(view, "isco")
    known, permits = sector(view, standings), permitted(view, standings, as_of)
    latest = everywhere[-1] if everywhere else None
    country = (latest.country if latest else "") or view.destination
    day = local_day(latest.fact.time if latest else view.last_known(_READS, as_of), country or view.origin)
    row = policy.require("T-OUT-04", day, destination=country, origin=view.origin)
    next_at = permits.next_at
    isco = kind[-1].text("isco") if kind else None
    papers = (*kind[-1:], *known.shown)
    domestic = _domestic(isco, known, row)
    if domestic is False:
        yield Clear(evidence=evidence(papers), next_at=next_at)
    elif not everywhere:
        if arrived := arrivals(view):
            yield Insufficient(missing="the work site", evidence=evidence(arrived), next_at=next_at)
    else:
        own = frozenset(party_key(name) for name, _, _ in employed(view))
        at_own = _at_own(isco, known, row)
        for found in _by_employer(everywhere):
            yield _judge(found, domestic, at_own, own, permits.lawful, papers, row, country, as_of, next_at)


def _domestic(isco: str | None, known: Sector, row: Row) -> bool | None:
    """Whether the contract is for domestic work or care; None when too little is known of it."""
    either = among(known.isic, row.texts("household_isic")), among(isco, row.texts("domestic_isco"))
    return True if True in either else None if None in either else False


def _at_own(isco: str | None, known: Sector, row: Row) -> bool | None:
    """Whether a carer of a school, clinic or home may be at work in its own employer's; None when the register must tell."""
    care, institution = among(isco, row.texts("care_isco")), among(known.isic, row.texts("institution_isic"))
    return False if care is False or institution is False else True if care and institution else None


def _by_employer(everywhere: list[Assignment]) -> list[list[Assignment]]:
    found: dict[str, list[Assignment]] = defaultdict(list)
    for each in everywhere:
        found[each.key].append(each)
    return list(found.values())


def _household(fact: Fact, row: Row) -> bool | None:
    """Whether a work site is a private household: as declared, else by what is done there; None when nothing tells."""
    declared, isic = fact.flag("household"), fact.text("isic")
    if declared is not None:
        return declared
    return isic.startswith(row.texts("household_isic")) if isic else None


def _judge(
    found: list[Assignment], domestic: bool | None, at_own: bool | None, own: frozenset[str], lawful: frozenset[str],
    papers: tuple[Fact, ...], row: Row, country: str, as_of: Instant, next_at: Instant | None,
) -> Outcome:  # fmt: skip
    issue = min((each.employer for each in found if each.employer), default="")
    shown = evidence((*papers, *(each.fact for each in found)))
    counted = [each for each in found if each.span[0] <= as_of and each.fact.id not in lawful and not (at_own and each.key in own)]
    elsewhere = [each for each in counted if _household(each.fact, row) is False]
    certain = [each for each in elsewhere if at_own is False or not _may_be_own(each, own, at_own, row)]
    if certain and domestic:
        since = certain[0].span[0]
        return Finding(
            issue=issue, reason="not_a_household", evidence=shown, policy_rows=(row.id,), since=since, next_at=next_at,
            summary="A worker with a contract for domestic work or care works in a place that is no household.",
            due_at=answer_by(since, "P2"), destination=country, parties=(issue,) if issue else (),
        )  # fmt: skip
    if elsewhere:
        missing = "who directs the work" if at_own else "the contract employer's sector" if domestic else "the contract's kind of work"
        return Insufficient(issue=issue, missing=missing, evidence=shown, next_at=next_at)
    if any(_household(each.fact, row) is None for each in counted):
        return Insufficient(issue=issue, missing="whether the work site is a household", evidence=shown, next_at=next_at)
    return Clear(issue=issue, evidence=shown, next_at=next_at)


def _may_be_own(each: Assignment, own: frozenset[str], at_own: bool | None, row: Row) -> bool:
    """Whether it may be the carer's own employer's school, clinic or home: its sector, or who directs the work, is not known."""
    if each.key and own and each.key not in own:
        return False
    return bool(at_own) or among(each.fact.text("isic"), row.texts("institution_isic")) is not False
