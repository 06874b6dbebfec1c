"""Copies of a judged journey are what the partition itself would have written for their facts."""

from __future__ import annotations

import msgspec

from streams.domain import facts as facts_module
from streams.domain.outputs import Entry, encode
from streams.dossiers.publishing import digest
from tests.bench.population import FACTS, HOME, digest_of, judged, population


def _plain(entry: Entry) -> Entry:
    """An entry without its revision and what it announced."""
    return msgspec.structs.replace(entry, revision=(0, 0), announces=())


def test_a_copy_is_judged_as_its_entry_says() -> None:
    people = population()
    assert len(people.facts) == FACTS
    for number in (1, 77):
        facts, entry = people.copy(number)
        assert [_plain(each) for each in judged(facts, people.entry.as_of)] == [_plain(entry)]


def test_two_copies_share_nothing_that_links_them() -> None:
    people = population()
    first, second = ({(fact.id, fact.event_id, *fact.strong, *fact.weak) for fact in people.copy(n)[0]} for n in (1, 2))
    assert not {part for each in first for part in each} & {part for each in second for part in each}


def test_records_made_of_swapped_bytes_are_those_of_the_copies() -> None:
    people, many = population(), 120
    expected = []
    for number in range(many):
        facts, entry = people.copy(number)
        expected += [("facts", f"{HOME}|{fact.id}".encode(), facts_module.encode(fact)) for fact in facts]
        expected.append(("findings", entry.subject.encode(), encode(entry)))
    assert [record[:3] for record in people.records(many)] == expected


def test_the_digest_of_ids_is_the_partitions_own() -> None:
    facts, entry = population().copy(5)
    assert entry.digest == digest_of([fact.id for fact in facts]) == digest(facts)
