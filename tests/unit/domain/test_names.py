"""Spelling variants of an organisation are one; register numbers, persons and names in other scripts stay apart."""

from __future__ import annotations

import pytest

from streams.domain.names import is_person, party_key, plain, subject_key, surely_different


def test_a_plain_name_keeps_letters_and_digits_alone() -> None:
    assert plain("Acme Co., Ltd. 2") == plain("ACME CO LTD-2") == "ACMECOLTD2"


def test_an_accent_is_spelling() -> None:
    assert plain("Peña Café") == plain("PENA CAFE")


def test_names_in_another_script_do_not_become_one_by_what_they_share() -> None:
    assert plain("شركة النور ABC") != plain("مؤسسة الامل ABC")
    assert plain("কাম") != plain("কম")  # told apart by a vowel sign alone
    assert plain("...") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("US:dol:Acme, Inc.", "US:dol:ACME INC"),
        ("NP:dofe:LT-77", "NP:dofe:lt 77"),
        ("NP:dofe:12-3", "NP:dofe:12 / 3"),
        ("QA:cr:١٢٣", "QA:cr:123"),
    ],
)
def test_spellings_of_one_party(one: str, other: str) -> None:
    assert party_key(one) == party_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NP:dofe:12-3", "NP:dofe:1-23"),
        ("NP:dofe:12", "QA:dofe:12"),
        ("NP:dofe:12", "NP:subagent:12"),
        ("QA:cr:١٢٣", "QA:cr:٤٥٦"),
        ("QA:name:شركة 12", "QA:name:مؤسسة 12"),
        ("QA:cr:++", "QA:cr:--"),
        ("NP:person:p_ab 1", "NP:person:p_ab1"),
    ],
)
def test_different_parties(one: str, other: str) -> None:
    assert party_key(one) != party_key(other)


def test_a_key_is_its_own_key() -> None:
    for party in ("NP:dofe:LT-77/12-3", "US:dol:Acme, Inc.", "QA:cr:++", "NP:person:p_1", "QA:name:شركة 1 2"):
        assert party_key(party_key(party)) == party_key(party)


def test_a_subject_is_spelled_as_its_party_is_and_other_kinds_as_they_are() -> None:
    assert subject_key("party:NP:dofe:LT-77") == "party:NP:dofe:LT77"
    assert subject_key("demand:NP:dofe:LT-77") == "demand:NP:dofe:LT-77"


def test_persons_are_known_by_their_register() -> None:
    assert is_person("NP:person:p_1")
    assert not is_person("NP:dofe:person")


@pytest.mark.parametrize(
    ("keys", "least"),
    [
        ((), 0),
        (("NP:dofe:1", "NP:dofe:2"), 2),
        (("NP:dofe:1", "NP:dofe:2", "??:name:ACME"), 2),
        (("NP:dofe:1", "??:name:ACME", "??:name:BETA"), 2),
        (("NP:dofe:1", "NP:dofe:1"), 1),
    ],
)
def test_a_name_alone_may_be_that_of_a_number(keys: tuple[str, ...], least: int) -> None:
    assert surely_different(keys) == least
