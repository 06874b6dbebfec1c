"""An event that its source did not sign is expected among the dead letters, never among the facts, and repair publishes none of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from consumers.audit.comparison import Copy, Difference, Letter
from consumers.audit.expecting import Acceptance
from consumers.audit.reading import Part, Reader, Span, Stored
from consumers.audit.repairing import Repair
from consumers.audit.running import Audit, Scope
from consumers.audit.scratch import Scratch
from consumers.warehouse.records import Record
from consumers.warehouse.writing import Writer
from schemas.codec import encode
from schemas.examples import example
from schemas.offices import Office
from streams.acceptance import record_key
from streams.agents.delivery import Record as Sent
from streams.domain.instants import DAY, parse
from streams.publishers.identity import rekey, seal
from streams.publishers.signing import Signatures, signatures, signer

TOPIC = "deployment"
NOW = parse("2026-01-01T00:00:00Z")
KEY = b"a linking key of tests, thirty-two bytes and more"
DOFE, DOHA = Office("NP.dofe", ("/office/NP/dofe",), (TOPIC,)), Office("QA.doha", ("/office/QA/doha",), (TOPIC,))
OFFICES = {each.user: each for each in (DOFE, DOHA)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One key of each office."""
    for user, letter in zip(OFFICES, "ab", strict=True):
        (tmp_path / f"{user}.1.key").write_text(letter * 64)
        (tmp_path / f"{user}.1.key").chmod(0o600)
    return tmp_path


@pytest.fixture
def known(folder: Path) -> Signatures:
    found = signatures(OFFICES, folder, "FAIRPASSAGE_OFFICE_KEYS")
    assert found is not None
    return found


def signed(folder: Path, by: str, offset: int) -> Record:
    """An event of the Nepalese office's, signed by one of the two."""
    event = seal({**example("deployment.departed"), "id": f"e-{offset}", "source": "/office/NP/dofe"}, KEY)
    key, value = signer(folder / f"{by}.1.key", "FAIRPASSAGE_SIGNING_KEY_FILE"), encode(event)
    assert key is not None
    return Record(TOPIC, 0, offset, record_key(event), value, (key.header(TOPIC, value),), NOW)


class Inbox:
    """A broker with two public events and nothing else, and a ClickHouse without a row."""

    def __init__(self, *events: Record) -> None:
        self.events = events

    def ends(self, topics: Iterable[str]) -> dict[Part, Span]:
        return {(name, 0): (0, len(self.events) if name == TOPIC else 0) for name in topics}

    def since(self, parts: Iterable[Part], at: int) -> dict[Part, int]:
        return dict.fromkeys(parts, 0)

    def read(self, spans: Mapping[Part, Span]) -> Iterator[Record]:
        return (each for each in self.events if (each.topic, 0) in spans)

    def at(self, places: Iterable[Any]) -> Iterator[Record]:
        wanted = set(places)
        return (each for each in self.events if (each.topic, each.partition, each.offset) in wanted)

    def facts_from(self, log: str, spans: Mapping[int, Span]) -> Iterator[Copy]:
        return iter(())

    def facts_of(self, copies: Iterable[Copy]) -> Iterator[Copy]:
        list(copies)
        return iter(())

    def letters(self, topics: Sequence[str], since: int) -> Iterator[Letter]:
        return iter(())


def audited(inbox: Inbox, accept: Acceptance, folder: Path) -> list[Difference]:
    scope = Scope((TOPIC,), 30 * DAY, accept)
    with Scratch(folder / "scratch", scope.topics) as scratch:
        audit = Audit(scope, cast(Reader, inbox), cast(Stored, inbox), scratch, inbox.ends, lambda: "", lambda name: name, lambda *_: None)
        return list(audit.run())


def repaired(inbox: Inbox, accept: Acceptance, found: list[Difference]) -> list[Sent]:
    sent: list[Sent] = []
    lost = [each for each in found if not each.where.startswith("clickhouse")]
    again = partial(rekey, key=KEY)
    Repair(cast(Reader, inbox), cast(Writer, None), sent.extend, lambda home: 0, again, lambda name: name, accept).mend(lost)
    return sent


def test_a_forged_event_is_asked_for_as_a_dead_letter_and_repair_publishes_none_of_it(known: Signatures, folder: Path) -> None:
    inbox, accept = Inbox(signed(folder, "NP.dofe", 0), signed(folder, "QA.doha", 1)), Acceptance(None, known)
    found = audited(inbox, accept, folder)
    assert {each.event for each in found if isinstance(each.subject, Copy)} == {(TOPIC, 0, 0)}
    forged = Letter(TOPIC, 0, 1)
    assert {(each.where, each.subject) for each in found if isinstance(each.subject, Letter)} == {
        ("dead letters", forged), ("clickhouse dead letters", forged)
    }  # fmt: skip
    sent = repaired(inbox, accept, [each for each in found if each.event == (TOPIC, 0, 1)])
    ((topic, _, key, value, headers),) = sent
    assert (topic, key, value) == ("deployment.dlq", inbox.events[1].key, inbox.events[1].value)
    assert dict(headers)["fp_reason"] == b"forged_source"


def test_where_no_key_is_set_nobody_is_a_forger(folder: Path) -> None:
    """As intake has it: what the test above sees is the signature, and nothing else of that record."""
    inbox, accept = Inbox(signed(folder, "QA.doha", 0)), Acceptance()
    found = audited(inbox, accept, folder)
    assert {type(each.subject) for each in found} == {Copy}
    assert {topic for topic, *_ in repaired(inbox, accept, found)} == {"feed"}
