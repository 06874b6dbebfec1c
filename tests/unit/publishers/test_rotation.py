"""While a key is changed each identifier of a worker has a digest under both; what one key sealed keeps its id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas.codec import decode, encode
from schemas.examples import example
from schemas.validate import check, sound
from streams.domain.facts import fact_id, from_event
from streams.domain.instants import parse
from streams.publishers.identity import Key, KeyFileError, Keys, offices_keys, read_keys, rekey, seal

OLD, NEW = b"o" * 32, b"n" * 32
PAIRED, MOVED = Keys(NEW, 2, OLD), Keys(NEW, 2)
WORKERS, WORKERS_NEW = b"w" * 32, b"v" * 32
NOW = parse("2026-01-01T00:00:00Z")
TYPE = "deployment.departed"


def identifiers(key: Key) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = seal(example(TYPE), key)["worker"]["identifiers"]
    return found


def tokens(office: Key, workers: Key) -> tuple[set[str], tuple[tuple[str, str], ...]]:
    made = from_event(rekey(decode("deployment", encode(seal(example(TYPE), office))), workers), ())
    assert made.worker is not None
    return {each.token for each in made.worker.identifiers}, made.worker.same


def test_a_pair_is_the_digest_of_each_key() -> None:
    for old, new, pair in zip(identifiers(OLD), identifiers(MOVED), identifiers(PAIRED), strict=True):
        assert (old["generation"], old["before"], new["generation"], new["before"]) == (1, None, 2, None)
        assert pair == {**new, "before": old["digest"]}
        assert old["digest"] != new["digest"]


def test_sealing_twice_is_once_under_any_key() -> None:
    sealed = seal(example(TYPE), PAIRED)
    assert all(seal(sealed, each) == sealed for each in (PAIRED, MOVED, OLD))


def test_what_one_key_sealed_keeps_the_id_that_it_had_before_there_were_pairs() -> None:
    sealed = seal(example(TYPE), b"k" * 32)
    assert fact_id(sealed) == "a4f9218d1ffd1cf76688fbae294ebb6c"
    assert fact_id(decode("deployment", encode(sealed))) == "d280ffc222c201826e06cf591a12e8ca"
    assert len({fact_id(seal(example(TYPE), key)) for key in (OLD, MOVED, PAIRED)}) == 3


def test_digests_of_every_key_that_may_have_been_used_are_written() -> None:
    first, none = tokens(OLD, WORKERS)
    assert none == ()
    paired, same = tokens(PAIRED, WORKERS)
    assert first < paired
    assert {older for _, older in same} == first
    both, same = tokens(PAIRED, Keys(WORKERS_NEW, 2, WORKERS))
    assert paired < both
    assert len(both) == 4 * len(first)
    assert {older for _, older in same} == both - {newer for newer, _ in same}
    assert len({token.rpartition(":")[0] for token in both}) == len(both), "each is of generations of its own"


def test_the_old_digest_of_the_workers_is_made_without_an_office() -> None:
    first, _ = tokens(OLD, WORKERS)
    changed, same = tokens(OLD, Keys(WORKERS_NEW, 2, WORKERS))
    assert first < changed
    assert {older for _, older in same} == first
    alone, none = tokens(OLD, Keys(WORKERS_NEW, 2))
    assert (none, alone) == ((), changed - first)


def test_persons_and_numbers_of_parties_stay_who_they_are() -> None:
    said = {**example("recruitment.recruiter_declared"), "id": "c", "corrects": "e",
            "was": {"origin": "NP", "subjects": ["party:NP:person:Sita", "place:QA"]}}  # fmt: skip
    said["body"] = {**said["body"], "person": "NP:person:Sita"}
    first, kept, lost = (seal(said, key) for key in (OLD, Keys(NEW, 2, OLD, OLD), MOVED))
    assert (first["body"], first["was"]) == (kept["body"], kept["was"])
    assert "p_" in first["body"]["person"]
    assert first["body"] != lost["body"]
    assert "Sita" not in str((first, kept, lost))


@pytest.mark.parametrize(("changes", "sound_then"), [
    ({"generation": 2, "before": "b" * 32}, True),
    ({"generation": 1, "before": "b" * 32}, False),
    ({"generation": 2, "before": "PA1234"}, False),
    ({"generation": 2, "before": "a" * 32, "digest": "a" * 32}, False),
])  # fmt: skip
def test_a_pair_that_makes_no_sense_is_refused(changes: dict[str, Any], sound_then: bool) -> None:
    event = seal(example(TYPE), OLD)
    event["worker"]["identifiers"] = [{**each, **changes} for each in event["worker"]["identifiers"]]
    event = decode("deployment", encode(event))
    assert sound(event, NOW) == sound_then
    assert {problem.reason for problem in check(event, NOW)} == (set() if sound_then else {"bad_before"})


def test_the_old_key_is_read_beside_the_new_one_and_must_make_sense(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    for path, key in ((new, NEW), (old, OLD)):
        path.write_bytes(key)
        path.chmod(0o600)
    setting = "FAIRPASSAGE_LINKING_KEY_FILE"
    assert read_keys(new, setting, 2, old) == PAIRED
    assert read_keys(new, setting, 2, None) == MOVED
    with pytest.raises(KeyFileError, match="FAIRPASSAGE_LINKING_OLD_KEY_FILE is set, and FAIRPASSAGE_LINKING_KEY_GENERATION is 1"):
        read_keys(new, setting, 1, old)
    with pytest.raises(KeyFileError, match="the same key"):
        read_keys(new, setting, 2, new)
    with pytest.raises(KeyFileError, match="FAIRPASSAGE_LINKING_OLD_KEY_FILE"):
        read_keys(new, setting, 2, tmp_path / "none")
    assert offices_keys(new, 2, old, old) == Keys(NEW, 2, OLD, OLD)
    assert offices_keys(old, 1, None, None) == Keys(OLD)
    with pytest.raises(KeyFileError, match="FAIRPASSAGE_PARTY_KEY_FILE is not set"):
        offices_keys(new, 2, None, None)
    assert not any(each in repr(PAIRED) for each in ("nnnn", "oooo"))
