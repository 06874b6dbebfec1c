"""Who is who: joins, refused joins and joins undone."""

from __future__ import annotations

from streams.domain.facts import Fact, Was
from streams.linking.home import HomeLinks, link
from tests.support.builders import fact

REGISTERED, DEPARTED, FILED = "recruitment.worker_registered", "deployment.departed", "complaint.complaint_filed"
SITE = "deployment.worksite_assigned"


def people(found: HomeLinks) -> list[list[str]]:
    """Event ids by person, both sorted."""
    return sorted(sorted(f.event_id for f in person.facts) for person in found.people)


def reasons(found: HomeLinks) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(review.reason, review.token, review.evidence) for review in found.reviews]


def amends(old: Fact, *worker: str, retracted: bool = False, id: str = "fix", recorded: str = "2025-06-01") -> Fact:
    return fact(old.type, old.time, id=id, recorded=recorded, worker=worker, corrects=old.event_id, was=Was("NP", ()), retracted=retracted)


def test_one_worker_known_by_four_numbers() -> None:
    facts = [
        fact(REGISTERED, "2025-01-01", id="registered", worker=["national_id:NP:n", "passport:NP:p1"]),
        fact("visa.visa_issued", "2025-02-01", id="visa", worker=["passport:NP:p1"]),
        fact("deployment.residence_issued", "2025-03-01", id="permit", worker=["passport:NP:p1", "residence_permit:QA:r"]),
        fact(SITE, "2025-03-05", id="site", worker=["residence_permit:QA:r"]),
        fact("deployment.document_custody", "2025-04-01", id="new", worker=["passport:NP:p2", "residence_permit:QA:r"]),
    ]
    found = link("NP", facts)
    assert people(found) == [["new", "permit", "registered", "site", "visa"]]
    assert len(found.people[0].tokens) == 4


def test_two_national_ids_never_become_one_person_through_a_shared_passport() -> None:
    first = fact(REGISTERED, "2025-01-01", id="first", worker=["national_id:NP:a", "passport:NP:p"], evidence="verified")
    second = fact(REGISTERED, "2025-01-02", id="second", worker=["national_id:NP:b", "passport:NP:p"])
    left = fact(DEPARTED, "2025-02-01", id="left", worker=["passport:NP:p"])
    found = link("NP", [second, left, first])
    assert people(found) == [["first", "left"], ["second"]]
    assert reasons(found) == [("two_national_ids", "passport:NP", ("first", "second"))]
    assert all(journey.reviews for person in found.people for journey in person.journeys)


def test_stronger_evidence_joins_first_whenever_it_happened() -> None:
    weaker = fact(REGISTERED, "2025-01-01", id="declared", worker=["national_id:NP:a", "passport:NP:p"], evidence="declared")
    stronger = fact(REGISTERED, "2025-05-01", id="verified", worker=["national_id:NP:b", "passport:NP:p"], evidence="verified")
    left = fact(DEPARTED, "2025-06-01", id="left", worker=["passport:NP:p"])
    assert people(link("NP", [weaker, stronger, left])) == [["declared"], ["left", "verified"]]


def test_national_ids_of_two_countries_may_be_one_persons() -> None:
    both = fact(REGISTERED, "2025-01-01", id="both", worker=["national_id:NP:a", "national_id:IN:a"])
    assert len(link("NP", [both]).people) == 1
    assert link("NP", [both]).reviews == ()


def test_a_corrected_identifier_undoes_the_join_and_its_retraction_restores_it() -> None:
    one = fact(REGISTERED, "2025-01-01", id="one", worker=["national_id:NP:a", "passport:NP:a"])
    typo = fact(DEPARTED, "2025-02-01", id="typo", worker=["passport:NP:a"])
    two = fact(SITE, "2025-03-01", id="two", worker=["passport:NP:b"])
    mended = amends(typo, "passport:NP:b")
    assert people(link("NP", [one, typo, two])) == [["one", "typo"], ["two"]]
    assert people(link("NP", [one, typo, two, mended])) == [["fix", "two", "typo"], ["one"]]
    again = amends(mended, "passport:NP:a", id="fix-2", recorded="2025-07-01")
    assert people(link("NP", [again, mended, two, typo, one])) == [["fix", "fix-2", "one", "typo"], ["two"]]


def test_a_retracted_event_stays_where_it_was_and_joins_nothing() -> None:
    one = fact(REGISTERED, "2025-01-01", id="one", worker=["passport:NP:a"])
    bridge = fact(DEPARTED, "2025-02-01", id="bridge", worker=["passport:NP:a", "passport:NP:b"])
    two = fact(SITE, "2025-03-01", id="two", worker=["passport:NP:b"])
    never = amends(bridge, "passport:NP:a", "passport:NP:b", retracted=True)
    assert people(link("NP", [one, bridge, two])) == [["bridge", "one", "two"]]
    assert people(link("NP", [one, bridge, two, never])) == [["bridge", "fix", "one"], ["two"]]


def test_a_journey_whose_only_event_is_retracted_keeps_its_id_and_is_closed() -> None:
    only = fact(REGISTERED, "2025-01-01", id="only", worker=["passport:NP:a"])
    before, after = link("NP", [only]).people, link("NP", [only, amends(only, "passport:NP:a", retracted=True)]).people
    assert [j.id for j in before[0].journeys] == [j.id for j in after[0].journeys]
    assert [before[0].journeys[0].closed, after[0].journeys[0].closed] == [False, True]
    assert after[0].tokens == frozenset()


def test_two_contents_under_one_id_are_both_kept_and_part_two_people() -> None:
    one = fact(REGISTERED, "2025-01-01", id="same", worker=["passport:NP:a"])
    other = fact(REGISTERED, "2025-01-02", id="same", worker=["passport:NP:b"])
    found = link("NP", [other, one])
    assert people(found) == [["same"], ["same"]]
    assert len({journey.id for person in found.people for journey in person.journeys}) == 2
    assert reasons(found) == [("same_id_other_content", "", ("same",))]
    assert link("NP", [one]).people[0].id in {person.id for person in found.people}  # the earliest has the event's own id


def test_one_correction_settles_two_contents() -> None:
    one = fact(REGISTERED, "2025-01-01", id="same", worker=["passport:NP:a"])
    other = fact(REGISTERED, "2025-01-02", id="same", worker=["passport:NP:b"])
    found = link("NP", [one, other, amends(one, "passport:NP:a")])
    assert people(found) == [["fix", "same", "same"]]
    assert found.reviews == ()


def test_the_same_id_at_two_offices_is_two_events() -> None:
    here = fact(REGISTERED, "2025-01-01", id="1", worker=["passport:NP:a"])
    there = fact(SITE, "2025-01-02", id="1", source="/office/QA/doha", worker=["passport:NP:b"])
    assert people(link("NP", [here, there])) == [["1"], ["1"]]
    assert link("NP", [here, there]).reviews == ()


def test_a_passport_of_zeros_joins_nobody_once_too_many_have_it() -> None:
    facts = [fact(REGISTERED, "2025-01-01", id=f"w{n}", worker=["passport:NP:000", f"national_id:NP:{n}"]) for n in range(5)]
    left = [fact(DEPARTED, "2025-02-01", id=f"d{n}", worker=["passport:NP:000"]) for n in range(2)]
    found = link("NP", [*facts, *left])
    assert people(found) == [["d0"], ["d1"], ["w0"], ["w1"], ["w2"], ["w3"], ["w4"]]
    assert reasons(found) == [("identifier_of_too_many", "passport:NP", (name,)) for name in ("d0", "d1", "w0", "w1", "w2", "w3", "w4")]


def test_more_identifiers_than_a_life_has_go_to_review() -> None:
    chain = [fact(SITE, f"2025-01-{1 + n // 10:02}", id=f"e{n:02}", worker=[f"residence_permit:QA:{n}", f"residence_permit:QA:{n + 1}"])
             for n in range(64)]  # fmt: skip
    assert link("NP", chain[:63]).reviews == ()
    found = link("NP", chain)
    assert [(review.reason, len(review.evidence)) for review in found.reviews] == [("too_many_identifiers", 64)]


def test_an_unknown_origin_has_a_dossier_of_its_own_and_goes_to_review() -> None:
    known = fact(REGISTERED, "2025-01-01", id="known", worker=["passport:NP:a"])
    stranger = fact(SITE, "2025-02-01", id="stranger", worker=["passport:NP:a"], origin="")
    found = link("NP", [known, stranger])
    assert people(found) == [["known"]]
    assert [own.facts for own in found.own] == [(stranger,)]
    assert reasons(found) == [("origin_unknown", "", ("stranger",))]
