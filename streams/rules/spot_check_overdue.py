"""T-SPT-01: nobody comes unannounced to an agency, an employer or a work site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from streams.domain.employment import ARRIVED, AUTHENTICATED, EMPLOYER_REGISTERED, REGISTERED, WORKSITE
from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, local_day, start_of_day
from streams.domain.licences import REGISTERED as LICENSED
from streams.domain.names import is_person
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings, valid_at
from streams.domain.sums import Key, Measure
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import days, more_than
from streams.rules.policy import Policy, Row
from streams.rules.registry import sums_rule

CHECKED = "oversight.spot_check_done"
ASSESSED = "licensing.party_risk_assessed"
_REGISTERS = frozenset({LICENSED, EMPLOYER_REGISTERED})
_WORK = frozenset({"recruitment.worker_registered", "visa.clearance_issued", REGISTERED, AUTHENTICATED, ARRIVED, WORKSITE})
_ROLES = ("employer", "agency", "site", "holder")


def _named(fact: Fact, subject: str) -> bool:
    return not is_person(subject) and not fact.implausible and any(fact.names(role, subject) for role in _ROLES)


def _active(fact: Fact, subject: str) -> Iterable[Key]:
    """The days on which it was registered, or did something for a worker."""
    if _named(fact, subject) and (fact.about_worker or fact.type in _REGISTERS):
        yield (fact.day(subject),)


def _checked(fact: Fact, subject: str) -> Iterable[Key]:
    """(day, whether it was announced: 'yes', 'no' or '')."""
    if _named(fact, subject):
        announced = {True: "yes", False: "no", None: ""}[fact.flag("announced")]
        yield fact.day(subject), announced


ACTIVE = Measure("party.active", _WORK | _REGISTERS, _active)
CHECKS = Measure("party.spot_checks", frozenset({CHECKED}), _checked)


@dataclass(frozen=True)
class _Risk:
    """The risk in force: low, medium, high or '' unknown; since when, and when that may change."""

    level: str
    since: Instant
    next_at: Instant | None


@sums_rule(
    "T-SPT-01", "party", version=1, measures=(ACTIVE, CHECKS), reads=(ASSESSED,), standings=(ASSESSED,),
    audience=("labour-inspectorate", "licensing-authority"), severity="P3", action="inspect", recommendations=("B3",), indicators=(),
    next_step="Come unannounced, and tell nobody of it beforehand.", basis="Spot checks by inspectorates and licensing authorities (B3)",
    parameters={"high_risk_days": days(1), "days": more_than("high_risk_days", days(1))}, selectors=("jurisdiction",),
)  # fmt: skip
def spot_check_overdue(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An agency, employer or work site was not visited unannounced for 180 days where its risk is high, for 365 days else.

    An announced visit is no spot check, nor is an inspection that was planned. Before the first, the days run from the day on
    which it was registered or first did something for a worker. The risk is the authority's latest assessment in force; while
    nobody assessed it, it is Insufficient from the 180th to the 365th day, and so is a visit of which nobody said whether it was
    announced, where that decides. A household is not visited by itself: its sector is inspected (T-INS-02), and nobody enters a
    home without consent. No list of who is visited next is made: who hears of this alert is who makes the visit.
    """
    if is_person(view.name) or ":office:" in view.id:
        return
    active, checks = view.sums.first(ACTIVE.name), view.happened(CHECKS)
    begun = _day(active) if active is not None and view.happened(ACTIVE)[:1] else None
    sure = max((_day(key) for key in checks if key[1] == "no"), default=None)
    last = sure or begun
    if last is None:
        if active is not None:
            yield Clear()
        return
    risk = _risk(view, standings, as_of)
    found = _judge(view, policy, as_of, last, risk, checked=sure is not None)
    doubtful = max((_day(key) for key in checks if key[1] == "" and _day(key) > last), default=None)
    if isinstance(found, Clear) or doubtful is None:
        yield found
        return
    otherwise = _judge(view, policy, as_of, doubtful, risk, checked=True)
    if isinstance(otherwise, Finding):
        yield found
    else:
        shown = view.sums.evidence(CHECKS.name, (doubtful.isoformat(), ""))
        yield Insufficient(missing="whether the visit was announced", evidence=shown, next_at=_first(found.next_at, otherwise.next_at))


def _day(key: Key) -> date:
    return date.fromisoformat(str(key[0]))


def _first(*instants: Instant | None) -> Instant | None:
    return min((at for at in instants if at is not None), default=None)


def _risk(view: SumsView, standings: Standings, as_of: Instant) -> _Risk:
    said = [fact for fact in standings.of(view.id, ASSESSED) if fact.names("party", view.id)]
    ends = [end_of_day(day, view.home) for fact in said if (day := fact.text("valid_until"))]
    valid = [fact for fact in said if valid_at(fact, as_of, view.home)]
    turns = min((end for end in ends if end > as_of), default=None)
    return _Risk(valid[-1].text("risk") or "", valid[-1].time, turns) if valid else _Risk("", 0, turns)


def _judge(view: SumsView, policy: Policy, as_of: Instant, last: date, risk: _Risk, checked: bool) -> Outcome:
    row = policy.require("T-SPT-01", last, jurisdiction=view.home)
    early, late = (end_of_day((last + timedelta(days=row.whole(name))).isoformat(), view.home) for name in ("high_risk_days", "days"))
    shown = view.sums.evidence(CHECKS.name, (last.isoformat(), "no")) or view.sums.evidence(ACTIVE.name, (last.isoformat(),))
    if as_of < early:
        return Clear(evidence=shown, next_at=_first(early, risk.next_at))
    if risk.level == "high":
        return _finding(view, row, last, max(early, risk.since), risk, shown, checked)
    if as_of >= late:
        return _finding(view, row, last, late, risk, shown, checked)
    if risk.level:
        return Clear(evidence=shown, next_at=_first(late, risk.next_at))
    return Insufficient(missing="the party's risk", evidence=shown, next_at=_first(late, risk.next_at))


def _finding(
    view: SumsView, row: Row, last: date, since: Instant, risk: _Risk, shown: tuple[str, ...], checked: bool
) -> Finding:  # fmt: skip
    said = "was last visited unannounced on" if checked else "has never been visited unannounced that is known, since"
    start = start_of_day(last.isoformat(), view.home)
    return Finding(
        reason="high_risk_unvisited" if risk.level == "high" else "unvisited", evidence=shown, policy_rows=(row.id,),
        summary=f"The party {said} {local_day(start, view.home)}.", since=since, due_at=answer_by(since, "P3", view.home),
        next_at=risk.next_at, authority=view.home, parties=(view.name,),
    )  # fmt: skip
