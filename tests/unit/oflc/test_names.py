"""When two spellings are one employer: the examples that the warehouse's view is held to as well."""

from __future__ import annotations

import pytest

from tests.support.oflc_files import collapsed, employer_keys
from tests.support.oflc_spellings import APART, ONE, WRONGLY_JOINED


@pytest.mark.parametrize("spellings", ONE, ids=lambda each: each[0])
def test_spellings_of_one_employer(spellings: tuple[str, ...]) -> None:
    assert len({collapsed(name) for name in spellings}) == 1


@pytest.mark.parametrize("names", APART, ids=lambda each: each[0])
def test_names_that_stay_apart(names: tuple[str, ...]) -> None:
    assert len({collapsed(name) for name in names}) == len(names)


@pytest.mark.parametrize("names", WRONGLY_JOINED, ids=lambda each: each[0])
def test_what_it_is_known_to_join_wrongly(names: tuple[str, ...]) -> None:
    assert len({collapsed(name) for name in names}) == 1


def test_a_name_is_never_emptied() -> None:
    for name in ("LLC", "The", "Co. Inc.", "DBA Green", "L.L.C.", "The Company"):
        assert collapsed(name)


def test_names_with_the_same_letters_have_one_key() -> None:
    assert employer_keys(["Green L P", "Green LP", "Green"]) == {"Green L P": "GREEN", "Green LP": "GREEN", "Green": "GREEN"}
    assert employer_keys(["Green L P"]) == {"Green L P": "GREENLP"}
