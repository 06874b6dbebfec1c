"""Signatures: intake takes an event only from whom its source says; what anybody else signs, changes or moves is `forged_source`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra.cli.wiring import signatures_of
from infra.settings import load
from schemas.codec import decode, encode
from schemas.examples import example
from schemas.offices import Office
from streams.acceptance import record_key
from streams.agents.intake import Intake
from streams.domain.instants import parse
from streams.publishers.identity import KeyFileError, seal
from streams.publishers.signing import HEADER, Signatures, Signer, signatures, signer
from tests.support.faust_events import Remembered, event

NOW = parse("2026-01-01T00:00:00Z")
LINKING = b"a linking key of tests, thirty-two bytes and more"
DOFE = Office("NP.dofe", ("/office/NP/dofe",), ("deployment", "visa"))
DOHA = Office("NP.embassy-doha", ("/office/NP/embassy-doha",), ("deployment",), ("embassy.NP-QA",))
SETTING = "FAIRPASSAGE_OFFICE_KEYS"
TYPE = "deployment.departed"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The keys: two generations of one office's, one of another's."""
    for name, letter in (("NP.dofe.1", "a"), ("NP.dofe.2", "b"), ("NP.embassy-doha.1", "c")):
        (tmp_path / f"{name}.key").write_text(letter * 64)
        (tmp_path / f"{name}.key").chmod(0o600)
    return tmp_path


@pytest.fixture
def known(folder: Path) -> Signatures:
    found = signatures({each.user: each for each in (DOFE, DOHA)}, folder, SETTING)
    assert found is not None
    return found


def of(folder: Path, name: str) -> Signer:
    found = signer(folder / f"{name}.key", "FAIRPASSAGE_SIGNING_KEY_FILE")
    assert found is not None
    return found


def made(source: str, kind: str = TYPE, **body: Any) -> tuple[str, bytes]:
    """An event's topic and bytes."""
    raw = example(kind)
    return kind.partition(".")[0].replace("case", "case.actions"), encode(
        seal({**raw, "source": source, "body": raw["body"] | body}, LINKING)
    )


async def reason(known: Signatures | None, topic: str, value: bytes, *headers: tuple[str, bytes]) -> str:
    """Why intake dead-letters a record, or '' where it takes it."""
    delivery = Remembered()
    record = event(topic, value, record_key(decode(topic, value)), dict(headers))
    if len(headers) != len(dict(headers)):
        record.message.headers = list(headers)
    await Intake(delivery, lambda home: 0, b"s" * 32, NOW, known).process([record])
    letters = delivery.to(f"{topic}.dlq")
    assert bool(letters) != bool(delivery.to("feed"))
    return dict(letters[0][4])["fp_reason"].decode() if letters else ""


@pytest.mark.parametrize("generation", ["1", "2"])
async def test_what_an_office_signed_itself_is_taken_in_each_generation(known: Signatures, folder: Path, generation: str) -> None:
    topic, value = made("/office/NP/dofe")
    assert await reason(known, topic, value, of(folder, f"NP.dofe.{generation}").header(topic, value)) == ""


async def test_a_generation_that_was_taken_away_is_worth_nothing(folder: Path) -> None:
    topic, value = made("/office/NP/dofe")
    old = of(folder, "NP.dofe.1").header(topic, value)
    (folder / "NP.dofe.1.key").unlink()
    assert await reason(signatures({DOFE.user: DOFE, DOHA.user: DOHA}, folder, SETTING), topic, value, old) == "forged_source"


async def test_another_office_cannot_speak_for_it(known: Signatures, folder: Path) -> None:
    topic, value = made("/office/NP/dofe")
    doha = of(folder, "NP.embassy-doha.1")
    assert await reason(known, topic, value, doha.header(topic, value)) == "forged_source"
    named = Signer("NP.dofe", 1, doha.key).header(topic, value)
    assert await reason(known, topic, value, named) == "forged_source"


async def test_nothing_signed_none_or_two_or_nonsense_is_taken(known: Signatures, folder: Path) -> None:
    topic, value = made("/office/NP/dofe")
    good = of(folder, "NP.dofe.1").header(topic, value)
    assert await reason(known, topic, value) == "forged_source"
    assert await reason(known, topic, value, good, good) == "forged_source"
    for wrong in (b"", b"NP.dofe", b"NP.dofe:1", b"NP.dofe:1:", b"NP.dofe:1:" + b"0" * 64, good[1][:-1], good[1].upper(), b"\xff" * 80,
                  good[1].replace(b":1:", b":01:")):  # fmt: skip
        assert await reason(known, topic, value, (HEADER, wrong)) == "forged_source", wrong


async def test_a_signature_is_of_these_bytes_on_this_topic(known: Signatures, folder: Path) -> None:
    topic, value = made("/office/NP/dofe")
    _, other = made("/office/NP/dofe", country="SA")
    key = of(folder, "NP.dofe.1")
    assert value != other
    assert await reason(known, topic, other, key.header(topic, value)) == "forged_source"
    assert await reason(known, topic, value, key.header("visa", value)) == "forged_source"


async def test_an_office_keeps_to_its_topics_and_audiences(known: Signatures, folder: Path) -> None:
    key = of(folder, "NP.embassy-doha.1")
    for audience, expected in (("embassy.NP-QA", ""), ("embassy.BD-SA", "forged_source")):
        topic, value = made("/office/NP/embassy-doha", "case.acknowledged", audience=audience)
        assert await reason(known, topic, value, key.header(topic, value)) == expected
    topic, value = made("/office/NP/embassy-doha", "complaint.complaint_filed")
    assert await reason(known, topic, value, key.header(topic, value)) == "forged_source"


async def test_without_keys_nothing_is_asked() -> None:
    topic, value = made("/office/NP/dofe")
    assert await reason(None, topic, value) == ""
    assert signatures_of(load()) is None


async def test_a_dead_letter_says_why_and_keeps_the_signature(known: Signatures, folder: Path) -> None:
    topic, value = made("/office/NP/dofe")
    given = of(folder, "NP.embassy-doha.1").header(topic, value)
    delivery = Remembered()
    forged = event(topic, value, record_key(decode(topic, value)), dict([given]))
    await Intake(delivery, lambda home: 0, b"s" * 32, NOW, known).process([forged])
    (letter,) = delivery.to("deployment.dlq")
    told = dict(letter[4])
    assert told["fp_detail"] == b"its source is not one of those of the office that signed it"
    assert told[HEADER] == given[1]


def test_a_key_is_never_shown(known: Signatures, folder: Path) -> None:
    assert "a" * 8 not in repr(of(folder, "NP.dofe.1"))
    assert "HMAC" not in repr(known)


def test_key_files_that_could_not_be_meant_are_errors(folder: Path) -> None:
    offices = {DOFE.user: DOFE}
    with pytest.raises(KeyFileError, match=r"NP\.embassy-doha\.1\.key is of nobody in the offices' file"):
        signatures(offices, folder, SETTING)
    with pytest.raises(KeyFileError, match="name a folder that can be read"):
        signatures(offices, folder / "none", SETTING)
    (folder / "empty").mkdir()
    with pytest.raises(KeyFileError, match="no key in it"):
        signatures(offices, folder / "empty", SETTING)
    (folder / "dofe.key").write_text("d" * 64)
    with pytest.raises(KeyFileError, match=r"name it USER\.GENERATION\.key"):
        signer(folder / "dofe.key", SETTING)
