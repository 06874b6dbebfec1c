"""Reasons not to start that need no engine, and how errors and encodings are read."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from infra.embedded.clickhouse import codecs, errors
from infra.embedded.clickhouse.__main__ import CannotStart, locked, password_of

Usage = namedtuple("Usage", "total used free")


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 99, 1))
    with pytest.raises(CannotStart, match=r"disk of .* is full: free at least 64 MB"):
        locked(tmp_path)


def test_a_missing_or_empty_password_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="No such file"):
        password_of(tmp_path / "none")
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(CannotStart, match="is empty"):
        password_of(tmp_path / "empty")


def test_an_engine_s_text_becomes_code_name_and_status() -> None:
    text = "Streaming insert failed: Code: 27. DB::Exception: Cannot parse (x): 1 (CANNOT_PARSE_INPUT_ASSERTION_FAILED) "
    found = errors.parse(text + "(version 26.9.2.1)")
    assert (found.code, found.name, found.status) == (27, "CANNOT_PARSE_INPUT_ASSERTION_FAILED", 400)
    assert found.text == "Cannot parse (x): 1"
    assert errors.parse("out of luck").body("1") == "Code: 1001. DB::Exception: out of luck (STD_EXCEPTION) (version 1)\n"


@pytest.mark.parametrize("encoding", ["lz4", "zstd", "gzip", "deflate"])
def test_encodings_there_and_back(encoding: str) -> None:
    data = b"a" * 100_000 + b"b"
    assert codecs.decode(codecs.encode(data, encoding), encoding, len(data)) == data
    assert codecs.chosen(f"br, {encoding};q=1") == encoding


def test_damaged_and_unknown_encodings_are_errors() -> None:
    for encoding in ("lz4", "zstd", "gzip", "deflate"):
        with pytest.raises(errors.EngineError, match="no valid"):
            codecs.decode(b"\xff\xff\xff", encoding, 10)
    with pytest.raises(errors.EngineError, match="none of"):
        codecs.decode(b"x", "snappy", 10)


@pytest.mark.parametrize("encoding", ["lz4", "zstd", "gzip", "deflate"])
def test_a_body_is_unpacked_to_a_bound_and_a_part_of_one_is_none(encoding: str) -> None:
    packed = codecs.encode(b"a" * (8 << 20), encoding)
    assert codecs.decode(packed, encoding, 1 << 16) is None
    assert codecs.decode(packed, encoding, 8 << 20) is not None
    for size in (1, len(packed) // 2, len(packed) - 1):
        with pytest.raises(errors.EngineError, match="no valid"):
            codecs.decode(packed[:size], encoding, 8 << 20)


def test_two_frames_are_one_body() -> None:
    for encoding in ("lz4", "zstd", "gzip"):
        assert codecs.decode(codecs.encode(b"a", encoding) + codecs.encode(b"b", encoding), encoding, 2) == b"ab"
