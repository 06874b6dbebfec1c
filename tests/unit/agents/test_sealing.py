"""Sealed facts: the same bytes whoever writes them, each event's key destroyed alone, and never opened again."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest

from streams.domain.erasures import Husk, emptied, event_digest, husk_of
from streams.domain.facts import Fact, encode
from streams.intake import withheld
from streams.sealing import DEPTH, Root, Roots, Unknown, WrongMaster, head
from tests.support.builders import fact

MASTER = b"m" * 32
Records = dict[bytes, bytes]


def departed(number: int) -> Fact:
    return fact("deployment.departed", "2025-03-01", worker=[f"passport:NP:{number:032x}"], body={"country": "QA"}, id=f"left-{number}")


FACTS = [departed(number) for number in range(60)]


def digest(each: Fact) -> str:
    return event_digest(each.source, each.event_id)


def roots(records: Iterable[tuple[bytes, bytes]]) -> Roots:
    """As a process that reads these records knows them."""
    found = Roots(MASTER)
    for key, value in records:
        found.take(key, value)
    return found


@pytest.fixture
def records() -> Records:
    """`keys` after the first batch of a home, compacted."""
    return dict(Roots(MASTER).made(("NP", each) for each in FACTS))


def test_a_home_has_one_root_and_a_fact_is_opened_by_whoever_reads_it(records: Records) -> None:
    assert len(records) == 1
    writer, reader = roots(records.items()), roots(records.items())
    assert not list(writer.made(("NP", each) for each in FACTS))
    for each in FACTS:
        sealed = writer.seal("NP", each)
        assert reader.open("NP", each.id, sealed) == each
        assert sealed == reader.seal("NP", each)
        for told in (b"left-", b"passport", b"country", each.strong[0].rpartition(":")[2].encode()):
            assert told not in sealed


def test_what_is_about_no_worker_stays_as_it_is_and_a_copy_elsewhere_is_sealed() -> None:
    plain = fact("visa.clearance_issued", "2025-03-01", body={"n": 1})
    found = Roots(MASTER)
    assert not list(found.made([("NP", plain)]))
    assert found.seal("NP", plain) == encode(plain)
    assert found.open("NP", plain.id, encode(plain)) == plain
    copy = withheld(FACTS[0])
    assert list(found.made([("QA", copy)]))
    assert found.open("QA", copy.id, found.seal("QA", copy)) == copy
    assert b"country" not in found.seal("QA", copy)


def test_destroyed_keys_open_nothing_and_all_others_still_do(records: Records) -> None:
    writer = roots(records.items())
    sealed = {each.id: writer.seal("NP", each) for each in FACTS}
    gone, left = FACTS[:20], FACTS[20:]
    after = {**records, **dict(writer.destroyed("NP", [digest(each) for each in gone]))}
    for reader in (writer, roots(after.items())):
        assert [reader.open("NP", each.id, sealed[each.id]) for each in gone] == [husk_of("NP", each) for each in gone]
        assert [reader.open("NP", each.id, sealed[each.id]) for each in left] == left
        assert [reader.seal("NP", each) for each in left] == [sealed[each.id] for each in left]
    assert not list(writer.destroyed("NP", [digest(each) for each in gone])), "destroyed once"


def test_no_order_of_reading_the_records_brings_a_key_back(records: Records) -> None:
    """A crash between the records of one destruction leaves keys, never a gap: nodes come before the one that goes."""
    writer = roots(records.items())
    sealed = {each.id: writer.seal("NP", each) for each in FACTS}
    changes = list(writer.destroyed("NP", [digest(FACTS[0])]))
    assert len(changes) == 2
    assert changes[-1][0].endswith(b"|"), "the record of the root itself is the last"
    for written in range(len(changes) + 1):
        reader = roots({**records, **dict(changes[:written])}.items())
        assert [reader.open("NP", each.id, sealed[each.id]) for each in FACTS[1:]] == FACTS[1:]
        again = {**records, **dict(changes[:written]), **dict(reader.destroyed("NP", [digest(FACTS[0])]))}
        assert isinstance(roots(again.items()).open("NP", FACTS[0].id, sealed[FACTS[0].id]), Husk)


def test_nodes_of_a_root_never_meet_the_path_of_a_destroyed_key() -> None:
    root, paths = Root({"": b"s" * 32}), [digest(each) for each in FACTS]
    for path in paths:
        assert root.destroy(path)
        assert not any(path[:DEPTH].startswith(node) for node in root.nodes)
    assert all(root.key(path) is None for path in paths)
    assert {len(head(node)) for node in root.nodes} == {0, 2}


def test_an_event_whose_key_shared_a_destroyed_path_has_another_root(records: Records) -> None:
    writer = roots(records.items())
    list(writer.destroyed("NP", [digest(FACTS[0])]))
    (made,) = writer.made([("NP", FACTS[0])])
    reader = roots([*records.items(), made])
    assert reader.open("NP", FACTS[0].id, writer.seal("NP", FACTS[0])) == FACTS[0]


def test_two_contents_under_one_event_have_two_nonces_and_are_destroyed_together(records: Records) -> None:
    writer, one = roots(records.items()), FACTS[0]
    other = msgspec.structs.replace(one, id="f" * 32, body={"country": "SA"})
    first, second = writer.seal("NP", one), writer.seal("NP", other)
    assert first[25:37] != second[25:37]
    list(writer.destroyed("NP", [digest(one)]))
    assert isinstance(writer.open("NP", one.id, first), Husk)
    assert isinstance(writer.open("NP", other.id, second), Husk)


def test_what_cannot_be_opened_is_an_error_and_no_erasure(records: Records) -> None:
    writer, one = roots(records.items()), FACTS[0]
    sealed = writer.seal("NP", one)
    with pytest.raises(Unknown):
        Roots(MASTER).open("NP", one.id, sealed)
    with pytest.raises(WrongMaster, match="of NP"):
        Roots(b"another master of this deployment").take(*next(iter(records.items())))
    for damaged in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:40], sealed[:30]):
        with pytest.raises((msgspec.DecodeError, ValueError)):
            writer.open("NP", one.id, damaged)
    with pytest.raises(msgspec.DecodeError):
        writer.open("NP", FACTS[1].id, sealed)  # under another fact's key
    assert writer.open("NP", one.id, emptied(husk_of("NP", one))) == husk_of("NP", one)


def test_a_root_lies_wrapped_and_another_records_bytes_are_not_taken_for_it(records: Records) -> None:
    ((key, value),) = records.items()
    assert value != dict(roots(records.items()).destroyed("NP", ["0" * 32])).get(key)
    with pytest.raises(WrongMaster):
        Roots(MASTER).take(key.replace(b"NP", b"IN"), value)
