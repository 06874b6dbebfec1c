"""T-LIC-01: an agency went on after its licence had ended, or while it was suspended, cancelled or blacklisted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, local_day
from streams.domain.licences import LICENSING, Phase, ended, phases
from streams.domain.names import is_person
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import home
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure, Sums
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import days
from streams.rules.policy import Policy, Row
from streams.rules.registry import sums_rule
from streams.rules.rows import LAST_DAY

PAID = "recruitment.fee_declared"
# What an agency does in its own name: the orders that it holds, and what it processes for a worker.
HANDLED = ("recruitment.demand_submitted", "recruitment.worker_registered", "recruitment.contract_offered",
           "oversight.contract_registered_origin", "oversight.contract_acknowledged_origin", "visa.clearance_issued")  # fmt: skip
AGENCY, PAYEE = "agency", "payee"
# A sub-agent may be paid under its own registration; nothing else is done under it.
_ROLES = {AGENCY: frozenset({"agency", "destination_agency"}), PAYEE: frozenset({"agency", "destination_agency", "subagent"})}
_SUMMARIES = {
    "expired": "It acted after its licence had ended.", "suspended": "It acted while its licence was suspended.",
    "cancelled": "It acted after its licence was cancelled.", "blacklisted": "It acted while it was blacklisted.",
}  # fmt: skip


def _acts(fact: Fact, subject: str) -> Iterator[Key]:
    """(jurisdiction, in what role, when): each act is a key, since a decision may fall within a day; rules ask for the first in a span."""
    if fact.implausible:
        return
    if fact.type == PAID and fact.names("payee", subject):
        yield fact.text("jurisdiction") or home(subject), PAYEE, fact.time
    elif fact.type != PAID and fact.names("agency", subject):
        yield home(subject), AGENCY, fact.time


ACTS = Measure("licence.acts", frozenset({PAID, *HANDLED}), _acts)


@dataclass(frozen=True)
class Wrong:
    """The first act in a time without licence, what the register said then, and the policy row."""

    act: Key
    phase: Phase
    row: Row

    @property
    def since(self) -> Instant:
        return int(self.act[2])


@sums_rule(
    "T-LIC-01", "party", version=1, measures=(ACTS,), reads=LICENSING, audience=("licensing-authority",), severity="P3",
    action="license_review", recommendations=("A11", "B1"), indicators=(), standings=LICENSING,
    next_step="Ask the agency by what right it acted, and who answers to the workers whom it took on meanwhile.",
    basis="C181 Art. 3; a cancelled licence is at once without effect (Philippines, S22d)",
    parameters={"grace_days": days()}, selectors=("jurisdiction",),
)  # fmt: skip
def acted_without_licence(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A party held a demand, processed a worker or took a fee after its licence had ended, or while a decision stood against it.

    Judged by the register and the policy row of the day of the act. The last day of a licence is a day with one; where the row
    gives days of grace (United Arab Emirates, 30), an unrenewed licence still counts on them; a decision has no grace. A suspension
    known only by its date includes its first day, one without a date holds from its instant. Demand, registration, contract and
    clearance are acts of the agency that they name, by the register of its own country; a fee is one of the payee, where it was
    paid. A renewal that reaches back, or a decision that is withdrawn, ends the finding. What was done before a first licence is
    T-CHN-02's. One issue per jurisdiction. Acts of which its register knows no licence are Insufficient; of a natural person
    without any entry, nothing is said.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for jurisdiction, role in _groups(view.sums):
        groups[jurisdiction].append(role)
    for jurisdiction, roles in sorted(groups.items()):
        yield from _judge(view, standings, policy, as_of, jurisdiction, roles)


def _groups(sums: Sums) -> Iterator[tuple[str, str]]:
    """Each jurisdiction and role that there are acts in, at the cost of one step for each."""
    key = sums.first(ACTS.name)
    while key is not None:
        jurisdiction, role = str(key[0]), str(key[1])
        yield jurisdiction, role
        after = sums.since(ACTS.name, (jurisdiction, f"{role}~"), 1)
        key = after[0] if after else None


def _judge(view: SumsView, standings: Standings, policy: Policy, as_of: Instant, jurisdiction: str, roles: list[str]) -> Iterator[Outcome]:
    wrong: list[Wrong] = []
    unknown: list[Key] = []
    done: list[Key] = []
    later: list[Instant] = []
    for role in roles:
        group = jurisdiction, role
        done += _within(view.sums, group, None, as_of + 1)
        later += [int(key[2]) for key in _within(view.sums, group, as_of + 1, None)]
        for phase in phases(standings, view.name, jurisdiction, _ROLES[role]):
            if phase.licence.state in _SUMMARIES:
                wrong += _first(view.sums, group, phase, policy, as_of)
            elif phase.licence.state == "unknown":
                unknown += _within(view.sums, group, phase.begins, min(phase.ends, as_of + 1))
    next_at = min(later, default=None)
    if wrong:
        yield _finding(view, jurisdiction, sorted(wrong, key=lambda each: (each.since, str(each.act[1]))), next_at)
    elif unknown and not is_person(view.name):
        missing = f"its licence in {jurisdiction}"
        yield Insufficient(issue=jurisdiction, missing=missing, evidence=_shown(view.sums, unknown), next_at=next_at)
    elif (done and not unknown) or next_at is not None:
        yield Clear(issue=jurisdiction, evidence=_shown(view.sums, done), next_at=next_at)


def _within(sums: Sums, group: tuple[str, str], begins: Instant | None, ends: Instant | None) -> list[Key]:
    """The first act of a group from an instant up to, not including, another; at most one."""
    first = (*group, begins) if begins is not None else group
    return [key for key in sums.since(ACTS.name, first, 1) if key[:2] == group and (ends is None or int(key[2]) < ends)]


def _first(sums: Sums, group: tuple[str, str], phase: Phase, policy: Policy, as_of: Instant) -> list[Wrong]:
    """The first act in a phase without licence that no grace covers, by the row of its day; at most one."""
    country, at, ends = group[0], phase.begins, min(phase.ends, as_of + 1)
    while found := _within(sums, group, at, ends):
        act = found[0]
        row = policy.require("T-LIC-01", local_day(int(act[2]), country), jurisdiction=country)
        free = _grace(phase, row, country)
        if int(act[2]) >= free:
            return [Wrong(act, phase, row)]
        at = free if row.valid_until == LAST_DAY else min(free, end_of_day(row.valid_until, country))
    return []


def _grace(phase: Phase, row: Row, country: str) -> Instant:
    """The first instant that counts as without licence."""
    ends = [end for fact in phase.licence.shown if phase.licence.state == "expired" and (end := ended(fact, country)) is not None]
    last = [end for end in ends if end <= phase.begins]
    if not last:
        return phase.begins
    day = local_day(max(last) - 1, country) + timedelta(days=row.whole("grace_days"))
    return max(phase.begins, end_of_day(day.isoformat(), country))


def _shown(sums: Sums, acts: list[Key]) -> tuple[str, ...]:
    return tuple(sorted({event for act in acts for event in sums.evidence(ACTS.name, act)}))


def _finding(view: SumsView, jurisdiction: str, wrong: list[Wrong], next_at: Instant | None) -> Finding:
    state, since = wrong[0].phase.licence.state, wrong[0].since
    papers = {fact.event_id for each in wrong for fact in each.phase.licence.shown}
    return Finding(
        issue=jurisdiction, reason=f"licence_{state}", summary=_SUMMARIES[state], since=since, next_at=next_at,
        evidence=tuple(sorted({*papers, *_shown(view.sums, [each.act for each in wrong])})),
        policy_rows=tuple(sorted({each.row.id for each in wrong})), due_at=answer_by(since, "P3", jurisdiction),
        authority=jurisdiction, parties=(view.name,),
    )  # fmt: skip
