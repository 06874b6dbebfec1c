"""The scan for raw values finds what is seeded, wherever it lies, and nothing in what is sealed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from streams.publishers.simulator.files import write
from streams.publishers.simulator.scan import Scan, raw_values
from tests.support.simulated import options, simulated


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    done = write(options(60, "4", 1), tmp_path_factory.mktemp("raw"))
    return Scan(raw_values(done.files))


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return b"\n".join(msgspec.json.encode(event) for event in simulated(60, "4", 1).sealed())


def test_nothing_raw_is_left_in_sealed_events(scan: Scan, sealed: bytes) -> None:
    assert scan.sought > 300
    assert not list(scan.bytes("sealed", sealed))


def test_each_kind_of_raw_value_is_found_at_every_position(scan: Scan, sealed: bytes) -> None:
    events = [msgspec.json.decode(line) for _, line in simulated(60, "4", 1).raw]
    numbers = {i["kind"]: i["value"] for e in events for i in (e.get("worker") or {}).get("identifiers", ())}
    said = next(e["body"]["note"] for e in events if e["body"].get("note"))
    named = next(v for e in events for v in e["body"].values() if isinstance(v, str) and ":person:" in v)
    assert set(numbers) == {"national_id", "passport", "phone", "name_birthdate", "residence_permit"}
    for value in (*numbers.values(), said, named.rpartition(":")[2]):
        for shift in range(5):
            seeded = sealed[: 100 + shift] + value.encode() + sealed[100 + shift :]
            assert list(scan.bytes("seeded", seeded)), value


def test_a_value_in_upper_case_or_across_two_blocks_is_found(scan: Scan, tmp_path: Path) -> None:
    events = [msgspec.json.decode(line) for _, line in simulated(60, "4", 1).raw]
    passport = next(i["value"] for e in events for i in (e.get("worker") or {}).get("identifiers", ()) if i["kind"] == "passport")
    (tmp_path / "store.sst").write_bytes(b"\0" * 995 + passport.upper().encode() + b"\0" * 50)
    assert [found.where for found in scan.file(tmp_path / "store.sst", block=1_000)] == [str(tmp_path / "store.sst")]
    assert list(scan.folder(tmp_path))


def test_a_report_does_not_repeat_the_value(scan: Scan) -> None:
    event = next(msgspec.json.decode(line) for _, line in simulated(60, "4", 1).raw if b"passport" in line)
    value = next(i["value"] for i in event["worker"]["identifiers"] if i["kind"] == "passport")
    (found,) = scan.bytes("log", value.encode())
    assert value.lower() not in found.value
