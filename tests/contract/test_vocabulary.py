"""The vocabulary: every event type of domain.md 4.1 under its name, every field documented and classed, the standards' codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from msgspec import structs

from schemas.catalogue import AVRO, CONTEXTS, PII_CLASSES, EventType, envelope, event_type, event_types, read
from schemas.codes import LONGEST, MEANINGS
from schemas.composition import OUTGOING, contracts, present, topic_schema
from streams.intake import accept

# domain.md 4.1, group by group as it stands there: `agency.registered` is one, `renewed` after a slash has the same noun.
VOCABULARY = """
licensing: agency.registered agency.renewed agency.suspended agency.cancelled agency.blacklisted agency.released
licensing: subagent.linked subagent.unlinked
licensing: employer.registered employer.capacity_declared employer.prior_approval employer.blacklisted officer.authorised
licensing: intelligence.received intelligence.shared intelligence.acknowledged intelligence.actioned
oversight: bla.signed bla.expired mou.signed union_agreement.signed committee.met review.completed policy.changed dialogue.held
recruitment: demand.submitted
oversight: demand.attested demand.rejected
visa: visa.block_issued visa.issued
recruitment: worker.registered recruiter.declared fee.declared fee.refunded loan.declared medical.done contract.offered
oversight: orientation.done contract.acknowledged_origin contract.registered_origin contract.authenticated_destination
deployment: contract.amended
visa: clearance.issued
deployment: departed arrived residence.issued worksite.assigned secondment.approved employer.transferred
deployment: wage.due wage.paid document.custody
oversight: housing.inspected
oversight: inspection.planned inspection.done inspector.trained finding.recorded finding.remediated spot_check.done
oversight: embassy.staffing_reported embassy.budget_reported visit.done
complaint: complaint.filed complaint.acknowledged complaint.followed_up complaint.settled complaint.referred complaint.decided
complaint: complaint.enforced retaliation.reported absconding_report.received legal_aid.assigned hearing.held sanction.imposed
deployment: repatriation.requested repatriation.done wages.outstanding returnee.registered
deployment: reintegration.referred reintegration.enrolled reintegration.outcome death.notified
oversight: office.heartbeat focal.designated focal.vacated
deployment: hours.recorded injury.notified
complaint: consent.given consent.withdrawn
oversight: finding.escalated
licensing: officer.leave
visa: clearance.voided
deployment: contract.ended worker.dismissed worker.evicted
licensing: premises.evidence party.risk_assessed
deployment: worker.informed_of_union
oversight: campaign.held
case: acknowledged assigned verified measure.recorded closed closure.confirmed_by_worker
"""


def _named() -> Iterator[str]:
    for line in VOCABULARY.split("\n"):
        context, _, names = line.partition(": ")
        yield from (f"{context}.{name.replace('.', '_')}" for name in names.split())


NAMED = list(_named())


def test_every_event_of_the_vocabulary_is_there_under_its_name() -> None:
    assert len(NAMED) == len(set(NAMED)) == 105
    assert set(NAMED) <= {kind.name for kind in event_types()}


@pytest.mark.parametrize("kind", event_types(), ids=lambda kind: kind.name)
def test_a_file_names_its_type_and_says_whether_it_is_a_standing(kind: EventType) -> None:
    context, _, stem = kind.name.partition(".")
    raw = read(AVRO / context / f"{stem}.avsc")
    assert raw["event"] == kind.name
    assert raw["namespace"] == f"org.fairpassage.{context}"
    assert raw["name"] == stem.title().replace("_", "")
    assert isinstance(raw["standing"], bool)
    assert raw["doc"].endswith(".")


def test_records_have_names_of_their_own_and_topics_their_own_types() -> None:
    records = [kind.record for kind in event_types()]
    assert len(records) == len(set(records))
    for context in CONTEXTS:
        bodies = topic_schema(context)["fields"][-1]["type"]
        assert [f"{body['namespace']}.{body['name']}" for body in bodies] == [k.record for k in event_types() if k.topic == context]


def _fields(node: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(node, list):
        for each in node:
            yield from _fields(each, where)
    elif isinstance(node, Mapping):
        for field in node.get("fields", ()):
            yield f"{where}/{node['name']}.{field['name']}", field
            yield from _fields(field["type"], where)
        for inner in ("items", "values", "type"):
            yield from _fields(node.get(inner), where)


FIELDS = [each for name in contracts() for each in _fields(present(name), name)]


def faults(field: Mapping[str, Any]) -> Iterator[str]:
    """What a field does not say, or says as nobody reads it."""
    if field.get("pii") not in PII_CLASSES:
        yield "no PII class"
    if not field.get("doc", "").strip().endswith((".", ")")):
        yield "no doc"
    if field.get("semantic", "country") not in MEANINGS.keys() | {"money", "currency", "person", "phone", "account", "digest", "source"}:
        yield "an unknown meaning"
    if field.get("subject", "party") not in {"party", "demand", "corridor", "jurisdiction", "sector", "case"}:
        yield "an unknown kind of subject"
    if len(set(field.get("symbols", ()))) != len(field.get("symbols", ())):
        yield "a code twice"


def test_every_field_is_documented_classed_and_of_a_known_meaning() -> None:
    assert {where: found for where, field in FIELDS if (found := list(faults(field)))} == {}


def test_each_fault_of_a_field_is_seen() -> None:
    wrong = {"pii": "public", "doc": " ", "semantic": "colour", "subject": "worker", "symbols": ["a", "a"]}
    assert len(list(faults(wrong))) == 5
    assert list(faults({})) == ["no PII class", "no doc"]


def test_the_walk_sees_nested_fields_too() -> None:
    names = {where for where, _ in FIELDS}
    assert {"visa/Identifier.digest", "recruitment/Money.minor", "visa/VisaEvent.id", "fact/Amount.minor", "alert/Revision.epoch"} <= names
    assert set(LONGEST) == PII_CLASSES


# Fields that a natural person may be named in: only as a pseudonym (`person`), or as a party that may be one.
@pytest.mark.parametrize("kind", event_types(), ids=lambda kind: kind.name)
def test_a_class_fits_what_a_field_holds(kind: EventType) -> None:
    for field in kind.fields:
        if field.semantic == "person":
            assert field.pii == "pseudonym", field.name
        if field.semantic == "party":
            assert field.pii in ("organisation", "pseudonym"), field.name
        if field.symbols:
            assert field.pii in ("none", "sensitive"), field.name
        if field.type in ("Money", "date", "timestamp", "boolean", "long", "double"):
            assert field.pii in ("none", "sensitive"), field.name


def test_who_a_worker_is_and_their_papers_are_identifiers() -> None:
    classes = {where.partition("/")[2]: field["pii"] for where, field in FIELDS if where.startswith("visa/")}
    assert {name for name, pii in classes.items() if pii == "identifier"} == {
        "VisaEvent.worker", "Worker.identifiers", "Identifier.digest", "Identifier.before", "Refs.contract", "Refs.visa", "Refs.case",
    }  # fmt: skip
    assert {field.name: field.pii for field in envelope()}["worker"] == "identifier"


@pytest.mark.parametrize("kind", event_types(), ids=lambda kind: kind.name)
def test_a_copy_for_another_home_drops_what_is_private_and_keeps_the_subjects(kind: EventType) -> None:
    body = {field.name: "NP-QA" if field.semantic == "corridor" else "NP:x:1" for field in kind.fields if "string" in field.type}
    event = {"id": "e", "type": kind.name, "source": "/office/QA/mol", "time": 0, "recordedat": 0, "body": body,
             "worker": {"origin": "NP", "identifiers": [{"kind": "passport", "country": "NP", "digest": "d"}]},
             "refs": {"demand": "NP:dofe:1", "contract": "c", "visa": "v", "case": "n"}}  # fmt: skip
    copies = dict(accept(event, dict).copies)
    mine, other = copies["NP"], copies["QA"]
    private = {field.name for field in kind.fields if field.pii in ("identifier", "narrative", "sensitive")}
    assert (mine.worker is None, mine.withheld, other.worker is None, other.withheld) == (False, False, True, True)
    assert structs.asdict(other.refs) == {"demand": "NP:dofe:1", "contract": None, "visa": None, "case": None}
    assert other.body == {name: value for name, value in body.items() if name not in private}
    kept = ("worker", "withheld", "refs", "body")
    assert {**structs.asdict(mine), **dict.fromkeys(kept)} == {**structs.asdict(other), **dict.fromkeys(kept)}


# ILO definition of recruitment fees and related costs (2018), with its third class: domain.md 2.1.
FEES = {"recruitment_service", "supply_to_third_party", "direct_hire", "recovered_from_worker"}
COSTS = {"medical", "insurance", "skills_test", "training", "equipment", "travel", "lodging", "administrative"}
ILLEGITIMATE = {"bribe", "kickback", "bond", "collateral", "illicit_recovery", "visa_purchase"}


def _codes(name: str, field: str) -> set[str]:
    return {code for each in event_type(name).fields if each.name == field for code in each.symbols}


def test_fees_are_the_categories_of_the_ilo() -> None:
    for name in ("recruitment.fee_declared", "recruitment.fee_refunded"):
        assert _codes(name, "code") == FEES | COSTS | ILLEGITIMATE


def test_what_goes_out_has_a_contract() -> None:
    assert OUTGOING == ("alert", "journey", "fact", "finding")
    assert set(contracts()) == {*CONTEXTS, *OUTGOING}
