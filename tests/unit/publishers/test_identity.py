"""Identity stays at home: one spelling, one digest; nothing raw is left; the second key parts offices from what they know."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest

from schemas.icao9303 import check_digit
from streams.publishers.identity import KeyFileError, normalise, person_id, read_key, rekey, seal
from streams.publishers.phones import international

KEY = b"a" * 32


def registered(*identifiers: dict[str, Any], **body: Any) -> dict[str, Any]:
    return {
        "id": "ev-1", "source": "/office/NP/dofe", "type": "recruitment.worker_registered", "time": "2025-03-01T10:00:00Z",
        "recordedat": "2025-03-01T11:00:00Z", "worker": {"origin": "NP", "identifiers": list(identifiers)}, "body": body,
    }  # fmt: skip


def digest_of(kind: str, value: str, country: str = "NP") -> str:
    found = seal(registered({"kind": kind, "country": country, "value": value}), KEY)["worker"]["identifiers"][0]
    assert set(found) == {"kind", "country", "digest", "generation", "before"}
    return str(found["digest"])


@pytest.mark.parametrize(("kind", "spellings"), [
    ("passport", ("AB1234", "ab 123-4", " AB/1234 ", "\uff21\uff22\uff11234")),
    ("national_id", ("12-34-567", "1234567", "12 34 567")),
    ("phone", ("+977 98-4123-4567", "00977 9841234567", "9841234567", "0984 123 4567", "(977) 9841234567", "+९७७ ९८४१२३४५६७")),
    ("name_birthdate", ("José Álvarez|1990-01-02", "JOSE  ALVAREZ|1990-01-02", "jose alvarez|1990-01-02")),
])  # fmt: skip
def test_spellings_of_one_identifier_are_one_digest(kind: str, spellings: tuple[str, ...]) -> None:
    assert len({digest_of(kind, each) for each in spellings}) == 1


def test_kinds_countries_and_positions_are_told_apart() -> None:
    assert len({digest_of("passport", "1234567"), digest_of("national_id", "1234567"), digest_of("passport", "1234567", "IN")}) == 3
    assert normalise("position", "c-11300-1+12") != normalise("position", "c-11300-11+2")


def test_what_has_no_letter_or_digit_is_no_identifier() -> None:
    for kind in ("passport", "phone", "name_birthdate"):
        with pytest.raises(ValueError, match="without a letter or digit"):
            normalise(kind, " -- ")


def test_a_number_that_begins_like_its_country_code_is_completed_when_too_short_to_hold_it() -> None:
    assert international("974 1234", "QA") == "9749741234"
    assert international("+974 9741234", "QA") == "9749741234"
    assert international("0000000", "NP") == "00000"
    assert international("06 1234 5678", "IT") == "390612345678"


def test_sealing_leaves_nothing_raw_and_twice_is_once() -> None:
    event = {
        **registered({"kind": "passport", "country": "NP", "value": "PA 123 4567"}),
        "type": "recruitment.fee_declared",
        "body": {"payee": "NP:person:Hari Bahadur", "code": "other"},
        "was": {"origin": "NP", "subjects": ["party:NP:person:Hari Bahadur", "party:NP:dofe:12"]},
    }
    sealed = seal(event, KEY)
    text = json.dumps(sealed)
    assert not [raw for raw in ("PA 123", "1234567", "Hari") if raw in text]
    assert sealed["body"]["payee"] == person_id("NP", "HARI  bahadur", KEY)
    assert sealed["was"]["subjects"] == [f"party:{sealed['body']['payee']}", "party:NP:dofe:12"]
    assert seal(sealed, KEY) == sealed


def test_a_narrative_leaves_as_a_digest() -> None:
    event = {**registered(), "type": "complaint.complaint_filed", "body": {"note": "He took my passport."}}
    sealed = seal(event, KEY)
    assert re.fullmatch("n_[0-9a-f]{32}", sealed["body"]["note"])
    assert seal(sealed, KEY) == sealed


def test_the_second_key_changes_workers_and_leaves_parties() -> None:
    sealed = seal(registered({"kind": "passport", "country": "NP", "value": "PA1"}, agency="NP:person:Sita"), KEY)
    again = rekey(sealed, b"b" * 32)
    assert again["body"] == sealed["body"]
    assert again["worker"]["identifiers"][0]["digest"] != sealed["worker"]["identifiers"][0]["digest"]
    assert rekey({**sealed, "worker": None}, b"b" * 32) == {**sealed, "worker": None}


def test_check_digits_are_those_of_the_standard() -> None:
    assert [check_digit(each) for each in ("L898902C3", "740812", "120415")] == [6, 2, 9]


def test_a_key_is_named_read_and_long_enough(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(KeyFileError, match="SETTING is not set: name a file"):
        read_key(None, "SETTING")
    with pytest.raises(KeyFileError, match="No such file"):
        read_key(tmp_path / "none", "SETTING")
    path = tmp_path / "key"
    path.write_bytes(b"short")
    with pytest.raises(KeyFileError, match="5 bytes; a key has at least 32"):
        read_key(path, "SETTING")
    path.write_bytes(KEY + b"\n")
    path.chmod(0o644)
    with caplog.at_level(logging.WARNING):
        assert read_key(path, "SETTING") == KEY
    assert "chmod 600" in caplog.text
    assert KEY.decode() not in caplog.text


def test_an_agency_s_telephone_and_account_leave_as_digests_one_however_they_are_written() -> None:
    def sealed(**body: str) -> dict[str, Any]:
        held = {"holder": "NP:dofe:1", "jurisdiction": "NP", **body}
        event = {"type": "licensing.agency_registered", "body": held}
        found: dict[str, Any] = seal(event, KEY)["body"]
        assert seal({**event, "body": found}, KEY)["body"] == found
        return found

    first = sealed(phone="+977 1-4412345", bank_account="NP 0123 4567", email_domain="a.example")
    assert first["phone"] == sealed(phone="01-4412345")["phone"] != sealed(phone="01-4412346")["phone"]
    assert first["bank_account"] == sealed(bank_account="np01234567")["bank_account"] != first["phone"]
    assert {first["phone"][:2], first["bank_account"][:2], first["email_domain"]} == {"d_", "a.example"}
