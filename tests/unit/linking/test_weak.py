"""A phone or a name admits an event to the one person who carries it, and never joins anybody."""

from __future__ import annotations

from streams.domain.facts import Fact, Refs, Was
from streams.linking.home import HomeLinks, link
from tests.support.builders import fact

ALICE = fact("recruitment.worker_registered", "2025-01-01", id="alice", worker=["passport:NP:a", "phone:NP:1"])
BINA = fact("recruitment.worker_registered", "2025-01-02", id="bina", worker=["passport:NP:b", "phone:NP:1"])
CALL = fact("complaint.complaint_filed", "2025-02-01", id="call", worker=["phone:NP:1"])


def company(found: HomeLinks, event: str = "call") -> list[str] | None:
    """Who else is in the journey that admitted an event; None while it has a dossier of its own."""
    journeys = [journey for person in found.people for journey in person.journeys]
    events = [{fact.event_id for fact in journey.facts} for journey in journeys]
    admitted = [sorted(each - {event}) for each in events if event in each]
    assert len(admitted) + sum(event in {f.event_id for f in own.facts} for own in found.own) == 1
    return admitted[0] if admitted else None


def fix(old: Fact, *worker: str) -> Fact:
    return fact(old.type, old.time, id=f"fix-{old.event_id}", recorded="2025-06-01", worker=worker, refs=old.refs,
                corrects=old.event_id, was=Was("NP", ()))  # fmt: skip


def test_a_call_is_admitted_late_and_parted_again_when_a_second_person_carries_the_number() -> None:
    assert company(link("NP", [CALL])) is None
    assert company(link("NP", [CALL, ALICE])) == ["alice"]
    assert company(link("NP", [CALL, ALICE, BINA])) is None


def test_a_corrected_phone_gives_the_call_back() -> None:
    assert company(link("NP", [CALL, ALICE, BINA, fix(BINA, "passport:NP:b", "phone:NP:2")])) == ["alice"]


def test_two_numbers_of_two_people_admit_to_neither() -> None:
    call = fact("complaint.complaint_filed", "2025-02-01", id="call", worker=["phone:NP:1", "name_birthdate:NP:x"])
    named = fact("recruitment.worker_registered", "2025-01-02", id="named", worker=["passport:NP:b", "name_birthdate:NP:x"])
    assert company(link("NP", [ALICE, call])) == ["alice"]
    assert company(link("NP", [ALICE, named, call])) is None


def test_a_shared_phone_joins_nobody_and_what_is_admitted_carries_nothing() -> None:
    bridge = fact("complaint.complaint_filed", "2025-02-01", id="bridge", worker=["phone:NP:1", "phone:NP:2"])
    second = fact("complaint.complaint_filed", "2025-02-02", id="second", worker=["phone:NP:2"])
    found = link("NP", [ALICE, bridge, second])
    assert company(found, "bridge") == ["alice"]
    assert company(found, "second") is None


def test_an_admitted_event_opens_no_journey() -> None:
    early = fact("recruitment.worker_registered", "2024-01-01", id="early", worker=["phone:NP:1"])
    home = fact("deployment.repatriation_done", "2025-03-01", id="home", worker=["passport:NP:a"])
    again = fact("recruitment.worker_registered", "2025-09-01", id="again", worker=["phone:NP:1"])
    found = link("NP", [early, ALICE, home, again])
    assert [[f.event_id for f in journey.facts] for journey in found.people[0].journeys] == [["early", "alice", "home", "again"]]
    assert found.people[0].journeys[0].id == link("NP", [ALICE]).people[0].journeys[0].id


def test_a_weak_event_corrected_to_a_passport_leaves_its_own_dossier() -> None:
    found = link("NP", [CALL, fix(CALL, "passport:NP:a")])
    assert found.own == ()
    assert [[f.event_id for f in person.facts] for person in found.people] == [["call", "fix-call"]]


def test_the_own_dossier_keeps_its_id_through_corrections() -> None:
    before, after = link("NP", [CALL]).own, link("NP", [CALL, fix(CALL, "phone:NP:9")]).own
    assert [own.id for own in before] == [own.id for own in after]
    assert [f.event_id for f in after[0].facts] == ["call", "fix-call"]


def case(type: str, id: str, worker: str, number: str = "K-1", source: str = "/office/QA/doha") -> Fact:
    return fact(f"complaint.complaint_{type}", "2025-02-01", id=id, source=source, worker=[worker], refs=Refs(case=number))


def test_a_complaint_by_telephone_and_its_answers_share_a_dossier_and_are_admitted_as_one() -> None:
    """Else the complaint's clock would run on, whatever was answered."""
    filed, answered = case("filed", "filed", "phone:NP:9"), case("acknowledged", "answered", "name_birthdate:NP:x")
    others = [case("filed", "other", "phone:NP:9", "K-2"), case("filed", "elsewhere", "phone:NP:9", source="/office/NP/kathmandu")]
    found = link("NP", [filed, answered, *others])
    assert sorted(sorted(f.event_id for f in own.facts) for own in found.own) == [["answered", "filed"], ["elsewhere"], ["other"]]
    named = fact("recruitment.worker_registered", "2025-01-01", id="named", worker=["passport:NP:n", "name_birthdate:NP:x"])
    assert company(link("NP", [filed, answered, named]), "filed") == ["answered", "named"]
    caller = fact("recruitment.worker_registered", "2025-01-01", id="caller", worker=["passport:NP:c", "phone:NP:9"])
    assert len(link("NP", [filed, answered, named, caller]).own) == 1
