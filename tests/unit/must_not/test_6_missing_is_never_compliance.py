"""Must-not 6: without a fact that it needs no rule says Clear, and an office that falls silent is an alert of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from streams.domain.corrections import in_force
from streams.domain.facts import FUTURE, Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Outcome
from streams.domain.places import kind
from streams.domain.standings import Standings
from streams.evaluate import evaluate_events
from streams.rules.policy import default
from streams.rules.registry import Rule, catalogue
from tests.support.published import watched
from tests.support.views import Dossier, Dossiers, blank, dossiers

DEPARTED, ARRIVED, WORKSITE = "deployment.departed", "deployment.arrived", "deployment.worksite_assigned"
REGISTERED, AUTHENTICATED = "oversight.contract_registered_origin", "oversight.contract_authenticated_destination"
ACKNOWLEDGED, AMENDED = "oversight.contract_acknowledged_origin", "deployment.contract_amended"
CONTRACTS = (REGISTERED, ACKNOWLEDGED, AUTHENTICATED, AMENDED)
ORIGIN_TEXTS = (REGISTERED, ACKNOWLEDGED)
ORIENTED, DECLARED, CLEARED = "oversight.orientation_done", "recruitment.recruiter_declared", "visa.clearance_issued"
SUBMITTED, ATTESTED, FILED = "recruitment.demand_submitted", "oversight.demand_attested", "complaint.complaint_filed"
SETTLED, DECIDED, HEARD = "complaint.complaint_settled", "complaint.complaint_decided", "complaint.hearing_held"
REPORTED, SANCTIONED = "complaint.retaliation_reported", "complaint.sanction_imposed"
DUE, PAID = "deployment.wage_due", "deployment.wage_paid"
REPATRIATED, RETURNED, OWED = "deployment.repatriation_done", "deployment.returnee_registered", "deployment.wages_outstanding"
HOME = ("deployment.repatriation_done", "deployment.returnee_registered", "deployment.contract_ended")
FEE, LOAN = "recruitment.fee_declared", "recruitment.loan_declared"
SECONDED = "deployment.secondment_approved"
CUSTODY, RESIDENCE, WORKED = "deployment.document_custody", "deployment.residence_issued", "deployment.hours_recorded"
WAGE_DUE, WAGE_PAID = "deployment.wage_due", "deployment.wage_paid"
PROCESSED = ("recruitment.worker_registered", "recruitment.contract_offered", CLEARED)

Facts = Iterable[Fact]
Change = Callable[[Facts], Facts]


def without(*types: str) -> Change:
    return lambda facts: [fact for fact in facts if fact.type not in types]


def blanked(types: tuple[str, ...], *fields: str) -> Change:
    return lambda facts: [blank(fact, *fields) if fact.type in types else fact for fact in facts]


def has(*types: str) -> Callable[[Facts], bool]:
    """Whether a dossier has an event of each of these types."""
    return lambda facts: set(types) <= {fact.type for fact in facts}


@dataclass(frozen=True)
class Need:
    """Something that a rule cannot do without: taken away from dossiers where it matters, no issue may be Clear."""

    rule: str
    what: str
    take: Change
    where: Callable[[Facts], bool]
    registers: bool = True  # False takes the registers away instead
    about: Callable[[str], bool] = lambda issue: True
    found: bool = False  # True looks only where the rule has found something


def stayed(facts: Facts) -> bool:
    """Arrived two months before the end of the run or earlier, and has not gone home."""
    came = [fact.time for fact in facts if fact.type == ARRIVED]
    return bool(came) and min(came) < dossiers().as_of - 60 * DAY and not any(fact.type in HOME for fact in facts)


def measured(facts: Facts) -> bool:
    """Departed from a state whose law says how long the orientation lasts."""
    return has(DEPARTED, ORIENTED)(facts) and any(fact.worker and fact.worker.origin in ("BD", "PH") for fact in facts)


def carer(facts: Facts) -> bool:
    return any(fact.type in CONTRACTS and fact.text("isco") in ("9111", "5311", "5322") for fact in facts)


def elsewhere(facts: Facts) -> bool:
    return carer(facts) and any(fact.type == WORKSITE and fact.flag("household") is False for fact in facts)


def pledged(facts: Facts) -> bool:
    """A deposit or a visa, which costs the worker nothing where another pays."""
    return any(fact.type == FEE and fact.text("code") in ("bond", "visa_purchase") for fact in facts)


def owed_alone(facts: Facts) -> Facts:
    """Without any payment, and of the wages that fell due the last alone."""
    last = max((fact.time for fact in facts if fact.type == DUE), default=0)
    return [fact for fact in facts if fact.type != PAID and (fact.type != DUE or fact.time == last)]


def stopped(facts: Facts) -> bool:
    """Two wages fell due, and one was paid."""
    return [sum(fact.type == kind for fact in facts) for kind in (DUE, PAID)] == [2, 1]


def held(facts: Facts) -> bool:
    return any(fact.type == HEARD and not fact.flag("adjourned") for fact in facts)


def dismissed(facts: Facts) -> Facts:
    """Without what was decided for the worker."""
    return [fact for fact in facts if fact.type != DECIDED or fact.flag("upheld") is False]


def lost(facts: Facts) -> bool:
    return any(fact.type == DECIDED and fact.flag("upheld") is False for fact in facts)


def absent(facts: Facts) -> bool:
    return any(fact.type == DECIDED and fact.text("ground") == "absence" for fact in facts)


def stacked(facts: Facts) -> bool:
    """One kind of fee was paid to two."""
    return len({fact.text("payee") for fact in facts if fact.type == FEE and fact.text("code") == "recruitment_service"}) > 1


def receipted(facts: Facts) -> bool:
    return {"worker", "agency"} <= {fact.text("by") for fact in facts if fact.type == FEE}


def stamped(facts: Facts) -> bool:
    given = [fact for fact in facts if fact.type == ATTESTED]
    return bool(given) and all(fact.text("depth") == "stamp" for fact in given)


NEEDS = (
    Need("T-CON-01", "the contract", without(REGISTERED), has(DEPARTED)),
    Need("T-CON-01", "the departure", without(DEPARTED, REGISTERED), has(DEPARTED, ARRIVED)),
    Need("T-CON-02", "the authentication", without(AUTHENTICATED), stayed),
    Need("T-CON-02", "the arrival", without(ARRIVED, AUTHENTICATED), has(DEPARTED, ARRIVED)),
    Need("T-CON-04", "the contracts", without(*CONTRACTS), lambda facts: stayed(facts) and has(DEPARTED)(facts)),
    Need("T-CON-04", "the departure", without(DEPARTED), has(DEPARTED, ARRIVED), about=lambda issue: issue == "origin"),
    Need("T-CON-04", "the arrival", without(ARRIVED), has(DEPARTED, ARRIVED), about=lambda issue: issue == "destination"),
    Need("T-PDO-01", "the orientation", without(ORIENTED), has(DEPARTED)),
    Need("T-PDO-01", "the departure", without(DEPARTED), has(ARRIVED)),
    Need("T-PDO-01", "its length", blanked((ORIENTED,), "hours", "days"), measured),
    Need("T-PDO-01", "who was there", blanked((ORIENTED,), "id_level"), has(DEPARTED, ORIENTED)),
    Need("T-CHN-01", "who recruited", blanked((DECLARED,), "organisation", "to_party", "from_party"), has(DECLARED)),
    Need("T-CHN-02", "who recruited", blanked((DECLARED,), "organisation", "to_party", "from_party", "person"), has(DECLARED)),
    Need("T-CHN-02", "the register of licences", lambda facts: facts, has(DECLARED), registers=False),
    Need("T-CHN-03", "who recruited", blanked((DECLARED,), "organisation", "to_party", "from_party", "person"), has(DECLARED)),
    Need("T-CHN-05", "the departure", without(DEPARTED), has(DEPARTED, ARRIVED)),
    Need("T-CHN-04", "for whom", blanked((DECLARED,), "organisation", "from_party"), has(DECLARED)),
    Need("T-CHN-06", "who holds the order", without(SUBMITTED, ATTESTED), has(SUBMITTED)),
    Need("T-CHN-06", "who processed", blanked(PROCESSED, "agency"), lambda facts: sum(fact.type == CLEARED for fact in facts) > 1),
    Need("T-CON-03", "the contract at origin", without(*ORIGIN_TEXTS), has(REGISTERED, AUTHENTICATED)),
    Need("T-CON-03", "the contract at destination", without(AUTHENTICATED, AMENDED), has(REGISTERED, AUTHENTICATED, ARRIVED)),
    Need("T-CON-03", "the wage", blanked(CONTRACTS, "wage"), has(REGISTERED, AUTHENTICATED), about=lambda issue: issue == "wage"),
    Need("T-CON-05", "the language", blanked(ORIGIN_TEXTS, "language"), has(REGISTERED), about=lambda issue: issue == "language"),
    Need("T-CON-05", "when it was signed", blanked((REGISTERED,), "signed_at"), lambda facts: has(REGISTERED, DEPARTED)(facts)
         and not has(ACKNOWLEDGED)(facts), about=lambda issue: issue == "signing"),
    Need("T-CON-05", "the contract", without(*ORIGIN_TEXTS), has(DEPARTED)),
    Need("T-HRS-01", "rest", blanked((WORKED,), "rest_days"), has(WORKED), about=lambda issue: issue == "rest"),
    Need("T-WAG-01", "the payment", without(WAGE_PAID), has(WAGE_DUE)),
    Need("T-WAG-01", "when it was due", without(WAGE_DUE), has(WAGE_DUE, WAGE_PAID)),
    Need("T-WAG-01", "how much was due", blanked((WAGE_DUE, *CONTRACTS), "amount", "wage"), has(WAGE_DUE, WAGE_PAID)),
    Need("T-WAG-01", "what was paid for", blanked((WAGE_PAID,), "period_start", "period_end"), has(WAGE_DUE, WAGE_PAID)),
    Need("T-DOC-01", "who holds the passport", without(CUSTODY), has(ARRIVED)),
    Need("T-DOC-01", "the arrival", without(ARRIVED, RESIDENCE), has(CUSTODY)),
    Need("T-VIS-04", "the contract", without(*CONTRACTS), has(DEPARTED, ARRIVED)),
    Need("T-OUT-01", "the contracts", without(*CONTRACTS), has(WORKSITE)),
    Need("T-OUT-01", "the contract's employer", blanked(CONTRACTS, "employer"), has(WORKSITE)),
    Need("T-OUT-01", "the work site", without(WORKSITE), has(ARRIVED)),
    Need("T-OUT-01", "who directs the work", blanked((WORKSITE,), "employer"), has(WORKSITE)),
    Need("T-OUT-02", "the sector", blanked(CONTRACTS, "employer_isic"), has(WORKSITE), found=True),
    Need("T-OUT-02", "the work site", without(WORKSITE), has(ARRIVED), found=True),
    Need("T-OUT-02", "who directs the work", blanked((WORKSITE,), "employer"), has(WORKSITE), found=True),
    Need("T-OUT-03", "the work site", without(WORKSITE), has(ARRIVED)),
    Need("T-OUT-03", "the contractors", blanked((WORKSITE,), "employer", "depth"), has(WORKSITE)),
    Need("T-OUT-04", "the work site", without(WORKSITE), carer),
    # A permit excuses, whatever the place is.
    Need("T-OUT-04", "what the place is", blanked((WORKSITE,), "household", "isic"),
         lambda facts: carer(facts) and has(WORKSITE)(facts) and not has(SECONDED)(facts)),
    Need("T-OUT-04", "what the work was to be", blanked(CONTRACTS, "isco", "employer_isic"), elsewhere),
    Need("T-ATT-01", "the demand", without(SUBMITTED, ATTESTED), has(SUBMITTED, CLEARED), about=lambda issue: issue.startswith("BD:")),
    Need("T-FEE-01", "how much", blanked((FEE,), "amount"), lambda facts: any(fact.text("payer") == "worker" for fact in facts)),
    Need("T-FEE-02", "who paid", blanked((FEE,), "payer", "by"), pledged, found=True),
    Need("T-VIS-01", "the declared capacity", lambda facts: facts, has("visa.visa_issued"), registers=False,
         about=lambda issue: issue.startswith("capacity")),
    Need("T-ATT-02", "the risk", lambda facts: facts, stamped, registers=False),
    Need("T-LIC-01", "the register of licences", lambda facts: facts, has(CLEARED), registers=False),
    Need("T-FEE-03", "to whom it was paid", blanked((FEE,), "payee"), stacked,
         about=lambda issue: issue == "recruitment_service"),
    Need("T-FEE-04", "what the agency declares", lambda facts: [fact for fact in facts if fact.text("by") != "agency"], receipted),
    Need("T-FEE-05", "the pay", without(*CONTRACTS, "recruitment.contract_offered", "deployment.contract_amended"), has(LOAN)),
    Need("T-CMP-01", "who filed it", blanked((FILED,), "complainant_role"), has(FILED)),
    Need("T-CMP-01", "the complaint", without(FILED), has(FILED, "complaint.complaint_acknowledged")),
    Need("T-CMP-02", "the complaint", without(FILED), has(FILED, SETTLED)),
    Need("T-CMP-02", "the loss", blanked((FILED,), "loss"), has(SETTLED), about=lambda issue: issue.endswith(":award")),
    Need("T-CMP-02", "the award", blanked((SETTLED,), "award"), has(SETTLED), about=lambda issue: issue.endswith(":award")),
    Need("T-RTL-01", "who filed it", blanked((FILED,), "complainant_role"), has(FILED), found=True),
    Need("T-RTL-01", "the complaint", without(FILED), has(FILED, REPORTED)),
    Need("T-RTL-01", "what was paid before", owed_alone, stopped, about=lambda issue: issue.startswith("K-")),
    Need("T-PEN-01", "who filed it", blanked((FILED,), "complainant_role"), has(FILED, SANCTIONED), found=True),
    Need("T-PEN-01", "on whom it was", blanked((SANCTIONED,), "on_kind"), has(FILED, SANCTIONED), found=True),
    Need("T-LEG-01", "who was there", blanked((HEARD,), "worker_present", "representative_present"), held),
    Need("T-LEG-01", "whether anyone interpreted", blanked((HEARD,), "interpreter_present"), has(HEARD), found=True),
    Need("T-LEG-02", "the ground", lambda facts: blanked((DECIDED,), "ground")(dismissed(facts)), lost, found=True),
    Need("T-LEG-02", "the return", lambda facts: without(*HOME, SANCTIONED)(dismissed(facts)), absent),
    Need("T-RET-01", "the registration", without(RETURNED), has(REPATRIATED, RETURNED), found=True),
    Need("T-RET-02", "whether wages were owed", lambda facts: blanked((REPATRIATED,), "outstanding")(without(OWED)(facts)),
         has(REPATRIATED)),
)  # fmt: skip
# Rules that read what there is, not what is missing; the second is shown below.
NEEDS_NOTHING = {
    "T-DQ-01": "it looks for what cannot be so in what there is",
    **dict.fromkeys(("T-OFF-01", "T-BLA-01", "T-BLA-02"), "what is missing is what it finds"),
    **dict.fromkeys(("T-INT-01", "T-INT-02"), "what is missing is what it finds"),
    "T-LIC-05": "what it counts is told; that a bond which nobody stated is Insufficient, its own test shows",
    "T-LIC-02": "it compares what registers say, and says of a country alone that others are missing",
    **dict.fromkeys(("T-TRI-01", "T-TRI-02", "T-TRI-03", "T-TRI-04"), "what is missing is what it finds"),
    **dict.fromkeys(("T-INS-05", "T-SPT-01", "T-FPO-01"), "what is missing is what it finds"),
    **dict.fromkeys(("T-INS-02", "T-INS-03", "T-INS-04", "T-EMB-01"), "others tell it what it needs: their own tests show it without"),
}
ONLY_TELLS = {"T-BLA-01", "T-INS-02", "T-INS-03", "T-LIC-05", "T-VIS-01"}  # of journeys: what they tell is judged elsewhere


def rules_of(need: Need) -> list[Rule]:
    return [rule for rule in catalogue() if rule.id == need.rule]


def judged(need: Need, found: Dossiers, rules: list[Rule]) -> Iterator[tuple[Dossier, dict[str, Outcome]]]:
    """Dossiers where it matters, without what is needed."""
    kinds = {rule.kind for rule in rules}
    for dossier in found.all:
        counting = [fact for fact in in_force(dossier.facts) if fact.time <= min(found.as_of, fact.recorded + FUTURE)]
        if kind(dossier.id) in kinds and need.where(counting):
            whole = found.outcomes(dossier, dossier.facts, rules).values()
            if whole and (not need.found or any(isinstance(each, Finding) for each in whole)):
                yield dossier, found.outcomes(dossier, need.take(dossier.facts), rules, None if need.registers else Standings())


def complied(need: Need, found: Dossiers, rules: list[Rule]) -> tuple[int, list[str]]:
    """How many dossiers were looked at, and those that are Clear nevertheless."""
    seen = list(judged(need, found, rules))
    clear = [dossier.id for dossier, said in seen if any(isinstance(each, Clear) and need.about(issue) for issue, each in said.items())]
    return len(seen), clear


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: f"{need.rule} without {need.what}")
def test_without_what_it_needs_no_rule_says_clear(need: Need) -> None:
    many, clear = complied(need, dossiers(), rules_of(need))
    assert many >= 2
    assert clear == []


def test_every_rule_of_the_catalogue_says_what_it_needs() -> None:
    """A watch needs what its SQL reads: tests/integration/watches shows it for each. A typology needs what its rules need, and a case
    what was done about an alert: no answer is never one.
    """
    judging = {rule.id for rule in catalogue() if rule.by == "rule" and rule.kind != "case" and not rule.combines}
    assert judging == {need.rule for need in NEEDS} | set(NEEDS_NOTHING)


def too_trusting(rule: Rule) -> Rule:
    """The same rule, which takes what it cannot tell for compliance."""

    def check(*given: Any) -> Iterator[Outcome]:
        for outcome in rule.check(*given):
            yield outcome if isinstance(outcome, Finding) else Clear(issue=outcome.issue)

    return replace(rule, check=check)


def test_rules_that_trust_what_is_missing_are_seen() -> None:
    """Each rule that can say Insufficient of anything above, made to say Clear instead."""
    seen = {need.rule for need in NEEDS if complied(need, dossiers(), [too_trusting(rule) for rule in rules_of(need)])[1]}
    assert seen == {need.rule for need in NEEDS}


def test_a_finding_never_turns_clear_for_want_of_something_beside_its_evidence() -> None:
    """Every fact but the evidence taken away, one at a time: all that could end a finding is something that came, not that went."""
    found, tried = dossiers(), Counter[str]()
    for dossier in found.all:
        rules = [rule for rule in catalogue() if rule.kind == kind(dossier.id)]
        for rule in rules if kind(dossier.id) == "journey" else ():
            for issue, finding in found.outcomes(dossier, dossier.facts, [rule]).items():
                if not isinstance(finding, Finding):
                    continue
                for gone in dossier.facts:
                    if gone.event_id not in finding.evidence and gone.corrects not in finding.evidence:
                        said = found.outcomes(dossier, [fact for fact in dossier.facts if fact is not gone], [rule])
                        assert not isinstance(said.get(issue), Clear), (rule.id, gone.type)
                        tried[rule.id] += 1
    assert {rule.id for rule in catalogue() if rule.kind == "journey" and not rule.combines} - ONLY_TELLS <= set(tried)


def test_an_office_that_falls_silent_is_an_alert() -> None:
    """All that one office told, and the same without its last twenty days."""
    found = watched()
    source = Counter(event["source"] for event in found.events if event["type"] == AUTHENTICATED).most_common(1)[0][0]
    told = [event for event in found.events if event["source"] == source]
    office = "party:" + source.removeprefix("/office/").replace("/", ":office:")

    def silent(events: Iterable[dict[str, Any]]) -> set[str]:
        result = evaluate_events(events, default(), found.run.as_of)
        return {name for name, each in result.findings() if each.rule.startswith("T-OFF-01")}

    assert office not in silent(told)
    assert office in silent(event for event in told if event["recordedat"] < found.run.as_of - 20 * DAY)
