"""Names of organisations: spelling variants are one organisation. Natural persons are pseudonyms and stay as they are."""

from __future__ import annotations

import re

_OTHER = re.compile(r"[^A-Z0-9]+")


def plain(name: str) -> str:
    """A name upper-cased, with all but A to Z and 0 to 9 dropped (domain.md 3.6): 'Acme Co., Ltd.' -> 'ACMECOLTD'."""
    return _OTHER.sub("", name.upper())


def is_person(party: str) -> bool:
    """Whether a party id is a natural person's: '{ISO2}:person:{pseudonym}'."""
    return ":person:" in party


def party_key(party: str) -> str:
    """What is the same for every spelling of one party id: 'US:dol:Acme, Inc.' and 'US:dol:ACME INC' are one.

    Between two digits a separator stays, because 12-3 and 1-23 are two entries of a register; so does a number of which
    nothing would be left. Two register numbers are two parties, whatever their names: only an office may join them.
    """
    country, register, number = (*party.split(":", 2), "", "")[:3]
    if register == "person":
        return party
    kept = re.sub(r"(?<=\d)[^A-Z0-9]+(?=\d)", "-", number.upper())
    bare = re.sub(r"[^A-Z0-9-]+|(?<!\d)-+|-+(?!\d)", "", kept)
    return f"{country}:{register}:{bare or number}"
