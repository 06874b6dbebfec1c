"""T-CHN-02: someone without a valid licence, or a sub-agent whom the law does not allow, is a link of the chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from streams.domain.chain import DECLARED, EMPLOYER, link
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.licences import LICENSING, Licence, licence_at, linked_at
from streams.domain.names import is_person, party_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import flag, one_of, when
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

SUBAGENT = "subagent"
UNCLEAR = "unclear"  # a person and an organisation, and not what the one is to the other
# An agency's licence covers what is done in its name; a sub-agent's registration makes nobody an agency.
_AGENCY = frozenset({"agency", "destination_agency"})
_ANY = _AGENCY | {SUBAGENT}

_SUMMARIES = {
    "subagent_prohibited": "A sub-agent recruited where the law allows none.",
    "subagent_unregistered": "A sub-agent recruited who is not registered, where the law requires it.",
    "licence_expired": "A recruiter acted after its licence had ended.",
    "licence_not_yet": "A recruiter acted before its licence began.",
    "licence_suspended": "A recruiter acted while its licence was suspended.",
    "licence_cancelled": "A recruiter acted after its licence was cancelled.",
    "licence_blacklisted": "A recruiter acted while it was blacklisted.",
    "licence_none": "A recruiter acted that the published register does not have.",
    "declared_unlicensed": "A recruiter was declared as having no licence.",
}


@dataclass(frozen=True)
class Act:
    """One declaration that makes a party a link: when, in what role ('' unknown), whose law applies, what it says of a licence."""

    fact: Fact
    party: str
    role: str
    jurisdiction: str
    licensed: bool | None = None


@dataclass(frozen=True)
class Verdict:
    """'clear', 'unknown' with what is missing, or a reason code; with the facts and the policy row that say so."""

    act: Act
    said: str
    facts: tuple[Fact, ...]
    row: str = ""
    missing: str = ""


@journey_rule(
    "T-CHN-02", version=1, reads=(DECLARED,), audience=("licensing-authority", "embassy"), severity="P3",
    action="license_review", recommendations=("B1", "A11"), indicators=("abuse of vulnerability",), standings=LICENSING,
    next_step="Look the recruiter up in the register; ask the agency that took the worker over who brought them.",
    basis="C181 Art. 3 and 8; sub-agents: India not allowed, Nepal prohibited, Bangladesh registered since October 2023",
    parameters={
        "law": one_of("prohibited", "must_register", "licensed", "silent"),
        "register_complete": when(flag(), "law", "must_register", "licensed"),
    },
    selectors=("jurisdiction", "role"), roles=("agency", "destination_agency", "subagent", "contractor"), default_row=False,
)  # fmt: skip
def recruiter_unlicensed(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A declared recruiter had no valid licence, or is a sub-agent whom its jurisdiction's law of that day does not allow.

    Judged by the law and the register on the day the link was declared for: prohibited, must register, licensed, silent.
    Where the law is silent or unknown, or the register does not have an agency and is not known to be complete, it is
    Insufficient. The alert is about the recruiter; that a worker used one is never held against the worker.
    """
    declared = [(fact, _ends(fact)) for fact in view.of(DECLARED)]
    ends = {party_key(party) for _, reached in declared for party in reached}
    acts: dict[str, list[Act]] = defaultdict(list)
    unnamed: list[Fact] = []
    for fact, reached in declared:
        if not reached:
            unnamed.append(fact)
        for act in _acts(fact, reached, ends):
            acts[party_key(act.party)].append(act)
    if unnamed:
        yield Insufficient(missing="who the recruiter is", evidence=evidence(unnamed))
    for key, done in sorted(acts.items()):
        if all(act.role != EMPLOYER for act in done):
            yield _judge(key, [_verdict(act, standings, policy) for act in done])


def _ends(fact: Fact) -> tuple[str, ...]:
    """Whom a declaration leads to: a party, or a person and the organisation that the person works for; none for a loop."""
    target = fact.text("to_party") or fact.text("person") or fact.text("organisation")
    if not target or party_key(target) == party_key(fact.text("from_party") or ""):
        return ()
    works_for = fact.text("organisation")
    return (target, works_for) if is_person(target) and works_for and not is_person(works_for) else (target,)


def _acts(fact: Fact, reached: tuple[str, ...], ends: set[str]) -> Iterator[Act]:
    """Who is a recruiter by this link: its further end in the role declared, its nearer end if no other link leads there.

    A person who works for an organisation acts under its licence, unless declared as its sub-agent; in no role, nobody knows.
    """
    role, (target, *works_for), licensed = fact.text("role") or "", reached or ("",), fact.flag("licensed")
    if works_for and role != SUBAGENT:
        where = fact.text("jurisdiction") or works_for[0][:2]
        yield Act(fact, works_for[0], role if role != "recruiter" else "", where, licensed)
        if not role:
            yield Act(fact, target, UNCLEAR, where)
    elif target:
        where = fact.text("jurisdiction") or (fact.text("person_country") if is_person(target) else None) or target[:2]
        yield Act(fact, target, _role(target, role), where, licensed)
    source = fact.text("from_party")
    if source and party_key(source) not in ends and not ((each := link(fact)) and each.loop):
        yield Act(fact, source, _role(source, ""), source[:2])


def _role(party: str, role: str) -> str:
    """A natural person in no declared role, who passes workers on, is what the law calls a sub-agent."""
    known = role if role != "recruiter" else ""
    return known or (SUBAGENT if is_person(party) else "")


def _verdict(act: Act, standings: Standings, policy: Policy) -> Verdict:
    time, where = act.fact.time, act.jurisdiction
    if act.role == UNCLEAR:
        return Verdict(act, "unknown", (act.fact,), missing="whether the person is the organisation's own or its sub-agent")
    row = policy.row("T-CHN-02", local_day(time, where), jurisdiction=where, role=act.role or "agency")
    if row is None or row.text("law") == "silent":
        return Verdict(act, "unknown", (act.fact,), row.id if row else "", f"the law on a {act.role or 'recruiter'} in {where}")
    if row.text("law") == "prohibited":
        agency = licence_at(standings, act.party, where, time, _AGENCY)
        said = "clear" if agency.state == "valid" else "subagent_prohibited"  # a licensed agency is none, whatever it is called
        return Verdict(act, said, (act.fact, *agency.shown), row.id)
    licence = licence_at(standings, act.party, where, time, _ANY if act.role in ("", SUBAGENT) else _AGENCY)
    links = linked_at(standings, act.party, where, time) if act.role == SUBAGENT else ()
    if links and licence.state != "valid":  # whether it was an agency too, and is no longer, is another matter
        licence = licence_at(standings, act.party, where, time, frozenset({SUBAGENT}))
    if links and licence.state in ("valid", "unknown"):
        return Verdict(act, "clear", (act.fact, *links), row.id)
    return _by_register(act, licence, row)


def _by_register(act: Act, licence: Licence, row: Row) -> Verdict:
    facts = (act.fact, *licence.shown)
    if licence.state == "valid":
        return Verdict(act, "clear", facts, row.id)
    if licence.state != "unknown":
        return Verdict(act, f"licence_{licence.state}", facts, row.id)
    if row.flag("register_complete"):
        return Verdict(act, "subagent_unregistered" if act.role == SUBAGENT else "licence_none", facts, row.id)
    if act.licensed is False:
        return Verdict(act, "declared_unlicensed", facts, row.id)
    return Verdict(act, "unknown", facts, row.id, f"the licence of {act.party}")


def _judge(issue: str, verdicts: list[Verdict]) -> Outcome:
    """One outcome per recruiter, however spelled: the first act that was not lawful decides, then one too little is known of."""
    wrong = [v for v in verdicts if v.said not in ("clear", "unknown")]
    unknown = [v for v in verdicts if v.said == "unknown"]
    if wrong:
        first = wrong[0]
        return Finding(
            issue=issue, reason=first.said, summary=_SUMMARIES[first.said], since=first.act.fact.time,
            parties=tuple(sorted({v.act.party for v in verdicts})),
            evidence=evidence(f for v in wrong for f in v.facts), policy_rows=tuple(sorted({v.row for v in wrong})),
            due_at=answer_by(first.act.fact.time, "P3", first.act.jurisdiction), authority=first.act.jurisdiction,
        )  # fmt: skip
    if unknown:
        return Insufficient(issue=issue, missing=unknown[0].missing, evidence=evidence(f for v in unknown for f in v.facts))
    return Clear(issue=issue, evidence=evidence(f for v in verdicts for f in v.facts))
