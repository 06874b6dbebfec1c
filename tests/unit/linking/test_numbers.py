"""While a key is changed: pairs join what was quiet, and never two people; without a pair two digests are two numbers."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from streams.domain.facts import RESTATED, Fact, Was
from streams.linking.home import HomeLinks, link
from streams.linking.numbers import pairs
from streams.linking.people import scheme
from tests.support.builders import fact
from tests.support.linking_histories import keyed

REGISTERED = "recruitment.worker_registered"


def event(name: str, day: int, *worker: str) -> Fact:
    return fact(REGISTERED, f"2025-01-{day:02}", id=name, worker=worker, evidence="verified" if day == 1 else "documented")


def restated(token: str, day: int = 1, ages: tuple[str, ...] = ("2", "")) -> Fact:
    return keyed(fact(RESTATED, f"2025-01-{day:02}", id=f"again-{token}", worker=[token], evidence="verified"), ages)


def paired(of: Fact, *same: tuple[str, str]) -> Fact:
    assert of.worker is not None
    return replace(of, worker=replace(of.worker, same=same))


def together(found: HomeLinks) -> set[frozenset[str]]:
    return {frozenset(fact.event_id for fact in person.facts) for person in found.people}


def reasons(found: HomeLinks) -> set[tuple[str, str]]:
    return {(review.reason, review.token) for review in found.reviews}


def test_a_pair_joins_what_was_quiet_and_what_follows() -> None:
    quiet, after = event("quiet", 1, "national_id:NP:a", "passport:NP:p"), event("after", 3, "national_id:NP:a")
    pair = keyed(event("pair", 2, "national_id:NP:a"), ("2", ""))
    found = link("NP", [quiet, pair, keyed(after, ("2",))])
    assert together(found) == {frozenset({"quiet", "pair", "after"})}
    assert found.people[0].tokens == {"national_id:NP:a", "passport:NP:p"}
    assert reasons(found) == set()


def test_pairs_lead_over_generations() -> None:
    events = [keyed(event(f"g{n}", n, "passport:NP:p"), ages) for n, ages in enumerate([("",), ("2", ""), ("3", "2"), ("3",)], 1)]
    assert together(link("NP", events)) == {frozenset({"g1", "g2", "g3", "g4"})}


def test_two_national_ids_of_two_generations_without_a_pair_are_two_people() -> None:
    mine = event("mine", 1, "national_id:NP:a", "passport:NP:p")
    theirs = keyed(event("theirs", 3, "national_id:NP:b", "passport:NP:p"), ("2",))
    found = link("NP", [mine, keyed(event("pair", 2, "passport:NP:p"), ("2", "")), theirs])
    assert together(found) == {frozenset({"mine", "pair"}), frozenset({"theirs"})}
    assert ("two_national_ids", "passport:NP") in reasons(found)


def test_two_different_national_ids_are_refused_through_pairs_too() -> None:
    mine = event("mine", 1, "national_id:NP:a", "passport:NP:p")
    theirs = keyed(event("theirs", 2, "national_id:NP:b", "passport:NP:p"), ("2", ""))
    found = link("NP", [mine, theirs])
    assert together(found) == {frozenset({"mine"}), frozenset({"theirs"})}
    assert reasons(found) == {("two_national_ids", "passport:NP")}


def test_pairs_that_make_one_of_two_national_ids_are_no_pairs() -> None:
    one, other = event("one", 1, "national_id:NP:a", "passport:NP:p"), event("other", 1, "national_id:NP:b", "passport:NP:q")
    new = "national_id:NP:2:x"
    said = [(event(f"forged-{day}", day, new, old), old) for day, old in ((2, "national_id:NP:a"), (3, "national_id:NP:b"))]
    forged = [paired(each, (new, old)) for each, old in said]
    found = link("NP", [one, other, *forged])
    assert not any({"one", "other"} <= people for people in together(found))
    assert ("two_national_ids", "national_id:NP") in reasons(found)


@pytest.mark.parametrize(("many", "few"), [("", "2"), ("2", "")])
def test_what_is_ignored_under_one_key_is_ignored_under_the_other(many: str, few: str) -> None:
    crowd = [keyed(event(f"w{n}", 1 + n, "passport:NP:zeros", f"national_id:NP:{n}"), (many,)) for n in range(5)]
    pair = keyed(event("pair", 9, "passport:NP:zeros", "registration:NP:p"), ("2", ""))
    later = [keyed(event(f"l{n}", 10 + n, "passport:NP:zeros", f"registration:NP:{n}"), (few,)) for n in range(2)]
    found = link("NP", [*crowd, pair, *later])
    assert len(found.people) == 8
    assert reasons(found) == {("identifier_of_too_many", "passport:NP")}


def test_a_pair_counts_as_one_identifier() -> None:
    crowd = [keyed(event(f"w{n}", 1 + n, "passport:NP:p", f"national_id:NP:{n}"), ("2", "")) for n in range(4)]
    assert ("identifier_of_too_many", "passport:NP") not in reasons(link("NP", crowd)), "four, and not eight"
    many = [keyed(event(f"m{n}", 1 + n, "passport:NP:p", *(f"registration:NP:{n}-{m}" for m in range(3))), ("2", "")) for n in range(5)]
    (person,) = link("NP", many).people
    assert len(person.tokens) == 16


def test_weak_pairs_admit_as_one_key_would() -> None:
    mine = event("mine", 1, "passport:NP:p", "phone:NP:1")
    called = keyed(fact("complaint.complaint_filed", "2025-02-01", id="called", worker=["phone:NP:1"]), ("2", ""))
    found = link("NP", [mine, called])
    assert (len(found.admitted), found.own) == (1, ())


def test_an_event_of_unknown_origin_says_nothing_about_numbers() -> None:
    known, unknown = (keyed(fact(REGISTERED, "2025-01-03", worker=["passport:NP:p"], origin=origin), ("2", "")) for origin in ("NP", ""))
    assert (pairs(known), pairs(unknown)) == ((("passport:NP:2:p", "passport:NP:p"),), ())


def test_a_review_names_no_generation() -> None:
    assert {scheme("passport:NP:2:ab"), scheme("passport:NP:2.3:ab"), scheme("passport:NP:ab")} == {"passport:NP"}


def test_what_was_restated_while_a_worker_was_quiet_joins_what_follows_under_the_new_key_alone() -> None:
    quiet, after = event("quiet", 2, "national_id:NP:a", "passport:NP:p"), keyed(event("after", 3, "passport:NP:p"), ("2",))
    found = link("NP", [quiet, restated("passport:NP:p"), after])
    assert together(found) == {frozenset({"quiet", "again-passport:NP:p", "after"})}
    (journey,) = found.people[0].journeys
    assert journey.opener[1] == "quiet", "it opens no journey, though it is of the same day and the stronger evidence"
    assert together(link("NP", [quiet, after])) == {frozenset({"quiet"}), frozenset({"after"})}


def test_restated_over_two_changes_it_still_joins() -> None:
    events = [event("quiet", 2, "passport:NP:p"), restated("passport:NP:p"), restated("passport:NP:p", 2, ("3", "2"))]
    assert len(link("NP", [*events, keyed(event("after", 9, "passport:NP:p"), ("3",))]).people) == 1


def test_what_a_correction_parts_stays_parted_whatever_was_restated_before_it() -> None:
    mine, theirs = event("mine", 1, "national_id:NP:a", "passport:NP:p"), event("theirs", 2, "passport:NP:p")
    again = [restated("national_id:NP:a"), restated("passport:NP:p")]
    assert len(link("NP", [mine, theirs, *again]).people) == 1
    mended = replace(event("mended", 3, "national_id:NP:a", "passport:NP:q"), corrects="mine", was=Was("NP", ()))
    found = link("NP", [mine, theirs, mended, *again])
    assert together(found) == {
        frozenset({"mine", "mended", "again-national_id:NP:a"}), frozenset({"theirs", "again-passport:NP:p"}),
    }  # fmt: skip


def test_a_misread_number_that_was_restated_is_nobody_else() -> None:
    mine = event("mine", 1, "national_id:NP:a", "passport:NP:wrong")
    mended = replace(event("mended", 3, "national_id:NP:a", "passport:NP:p"), corrects="mine", was=Was("NP", ()))
    assert len(link("NP", [mine, mended, restated("passport:NP:wrong")]).people) == 1


def test_a_number_that_nobody_else_named_opens_nothing() -> None:
    (person,) = link("NP", [restated("passport:NP:p")]).people
    assert [journey.closed for journey in person.journeys] == [True]
    assert reasons(link("NP", [restated("passport:NP:p")])) == set()
