"""Declared links as a graph: who is an organisation, who stands side by side, which line is longest."""

from __future__ import annotations

import random

import pytest

from streams.domain.chain import WORKER, Chain, Link, chain, link, longest
from tests.support.builders import fact

A, B, C, D, E = (f"NP:dofe:{letter}" for letter in "ABCDE")
P, Q = "NP:person:p_1", "NP:person:p_2"


def step(source: str, target: str, works_for: str = "", role: str = "") -> Link:
    return Link(source, target, works_for, role)


def line(graph: Chain) -> tuple[str, ...]:
    return longest(graph.edges, graph.organisations.__contains__)


def declared(**body: str) -> Link | None:
    return link(fact("recruitment.recruiter_declared", "2025-01-01", body=body))


def test_to_a_party_or_a_person_or_an_organisation_in_this_order() -> None:
    assert declared(to_party=A, person=P, organisation=B) == step(WORKER, A)
    assert declared(from_party=C, person=P, organisation=B) == step(C, P, B)
    assert declared(organisation=B, role="agency") == step(WORKER, B, "", "agency")


def test_an_organisation_known_by_name_alone() -> None:
    assert declared(organisation_name="Acme Co., Ltd.") == step(WORKER, "??:name:ACMECOLTD")
    assert declared(person=P, organisation_name="Acme Co") == step(WORKER, P, "??:name:ACMECO")


def test_who_recruits_under_their_own_name_works_for_no_organisation() -> None:
    assert declared(person=P, organisation=P) == step(WORKER, P)


@pytest.mark.parametrize("body", [{}, {"from_party": A}, {"organisation_name": "-"}])
def test_a_declaration_that_does_not_say_to_whom(body: dict[str, str]) -> None:
    assert declared(**body) is None


def test_a_line_from_the_worker_to_the_last() -> None:
    graph = chain([step(WORKER, A), step(A, B), step(B, C)])
    assert line(graph) == (WORKER, A, B, C)
    assert graph.organisations == {A, B, C}


def test_spellings_are_one_organisation() -> None:
    graph = chain([step(WORKER, "NP:dofe:LT-1"), step("NP:dofe:lt 1", "NP:dofe:Lt1."), step("NP:dofe:LT1", B)])
    assert line(graph) == (WORKER, "NP:dofe:LT1", B)


def test_a_person_and_the_one_organisation_they_work_for_are_one_link() -> None:
    graph = chain([step(WORKER, P, A), step(P, B)])
    assert line(graph) == (WORKER, A, B)
    assert graph.organisations == {A, B}
    assert graph.persons == {P}


def test_their_organisation_in_two_spellings_is_still_one() -> None:
    assert line(chain([step(WORKER, P, "NP:dofe:LT-1"), step(E, P, "NP:dofe:LT 1"), step(P, B)]))[-2:] == ("NP:dofe:LT1", B)


def test_a_person_of_two_organisations_stands_for_neither() -> None:
    graph = chain([step(WORKER, P, A), step(WORKER, P, B), step(P, C)])
    assert line(graph) == (WORKER, A)
    assert graph.alone == {A, B, C}


def test_persons_in_the_line_are_passed_and_not_counted() -> None:
    graph = chain([step(WORKER, P), step(P, Q), step(Q, A)])
    assert line(graph) == (WORKER, P, Q, A)
    assert graph.organisations == {A}


def test_an_employer_is_no_organisation_of_the_chain_in_any_spelling() -> None:
    graph = chain([step(WORKER, A), step(A, "QA:cr:F-1", "", "employer"), step(A, "QA:cr:f 1")])
    assert graph.organisations == {A}


def test_a_link_from_a_party_to_itself_contributes_nothing() -> None:
    assert chain([step(A, A), step("NP:dofe:L-1", "NP:dofe:L 1"), step(P, P)]) == Chain({}, {}, frozenset(), frozenset())


def test_a_person_who_passes_the_worker_to_their_own_organisation_adds_no_step() -> None:
    assert line(chain([step(WORKER, P, A), step(P, A)])) == (WORKER, A)


def test_side_by_side_is_no_line() -> None:
    graph = chain([step(WORKER, A), step(WORKER, B), step(WORKER, C)])
    assert graph.alone == {A, B, C}
    assert len(line(graph)) == 2


def test_one_beside_a_line_is_alone() -> None:
    assert chain([step(WORKER, A), step(A, B), step(WORKER, C)]).alone == {C}


def test_tied_through_a_person_is_not_alone() -> None:
    assert chain([step(WORKER, A), step(A, P), step(P, B)]).alone == frozenset()


def test_both_leading_to_the_employer_are_side_by_side() -> None:
    assert chain([step(A, E, "", "employer"), step(B, E, "", "employer")]).alone == {A, B}


def test_one_organisation_is_not_beside_any() -> None:
    assert chain([step(WORKER, A), step(WORKER, P)]).alone == frozenset()


def test_of_two_lines_the_one_with_more_organisations_though_it_has_fewer_links() -> None:
    graph = chain([step(WORKER, A), step(A, B), step(WORKER, P), step(P, Q), step(Q, C)])
    assert line(graph) == (WORKER, A, B)


def test_a_circle_ends_where_it_came_from() -> None:
    graph = chain([step(WORKER, A), step(A, B), step(B, C), step(C, A)])
    assert line(graph) == (WORKER, A, B, C)
    assert line(chain([step(A, B), step(B, A)])) == (A, B)


def test_the_order_of_declarations_changes_nothing() -> None:
    links = [step(WORKER, A), step(A, B), step(B, C), step(C, A), step(WORKER, P, D), step(P, C), step(A, E, "", "employer")]
    expected, draw = chain(links), random.Random(7)
    for _ in range(20):
        draw.shuffle(links)
        assert chain(links) == expected
        assert line(chain(links)) == line(expected)


def test_nothing_declared_is_no_line() -> None:
    assert longest((), lambda key: True) == ()
