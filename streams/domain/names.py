"""Names of organisations: spelling variants are one organisation. Natural persons are pseudonyms and stay as they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

UNREGISTERED = "??:name:"  # before the plain name of an organisation of which no register's number is given


def _spaced(text: str) -> str:
    """Upper case without accents, digits as 0 to 9, a space for all that is no letter or digit.

    Letters of other scripts stay, with the vowel signs that belong to them: without them two names would become one.
    """
    kept = (char for char in unicodedata.normalize("NFKD", text).upper() if not "\u0300" <= char <= "\u036f")
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char if char.isalnum() or unicodedata.category(char)[0] == "M" else " "
        for char in kept
    )


def plain(name: str) -> str:
    """A name upper-cased, with all but letters and digits dropped (domain.md 4.6): 'Acme Co., Ltd.' -> 'ACMECOLTD'."""
    return _spaced(name).replace(" ", "")


def is_person(party: str) -> bool:
    """Whether a party id is a natural person's: '{ISO2}:person:{pseudonym}'."""
    return ":person:" in party


@lru_cache(maxsize=65_536)
def party_key(party: str) -> str:
    """What is the same for every spelling of one party id: 'US:dol:Acme, Inc.' and 'US:dol:ACME INC' are one.

    Between two digits a separator stays, because 12-3 and 1-23 are two entries of a register; so does a number of which
    nothing would be left. Two register numbers are two parties, whatever their names: only an office may join them. Persons
    and offices have one spelling each: a pseudonym, and the name that an office publishes under.
    """
    country, register, number = (*party.split(":", 2), "", "")[:3]
    if register in ("person", "office"):
        return party
    bare = re.sub(r"(?<=[0-9]) +(?=[0-9])", "-", _spaced(number)).replace(" ", "")
    return f"{country}:{register}:{bare or number}"


def subject_key(subject: str) -> str:
    """The dossier of a subject, however spelled: 'party:NP:dofe:LT 77' -> 'party:NP:dofe:LT77'; other kinds stay as they are."""
    kind, _, name = subject.partition(":")
    return f"party:{party_key(name)}" if kind == "party" else subject


def surely_different(keys: Collection[str]) -> int:
    """How many organisations keys are at least: one known by its name alone may be one of those known by their numbers."""
    named = sum(key.startswith(UNREGISTERED) for key in set(keys))
    return max(named, len(set(keys)) - named)
