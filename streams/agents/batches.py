"""Records in ready-made batches, one per partition, or several where they do not fit one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.structs import RecordMetadata

LARGEST_RECORD = 16 << 20  # bytes; more in one record would be refused by every topic


@dataclass
class Batches:
    """Batches by (topic, partition), each one's in order; `places` says, for each record as it came, where it lies."""

    create: Callable[[], BatchBuilder]
    chains: dict[tuple[str, int], list[BatchBuilder]] = field(default_factory=dict)
    places: list[tuple[tuple[str, int], int, int]] = field(default_factory=list)

    def add(self, topic: str, partition: int, key: bytes, value: bytes | None, headers: Sequence[tuple[str, bytes]]) -> None:
        """Puts a record behind those of its partition. Raises MessageSizeTooLargeError for one that no broker would take."""
        where = topic, partition
        chain = self.chains.get(where)
        if chain is None:
            chain = self.chains[where] = [self.create()]
        taken = chain[-1].append(timestamp=None, key=key, value=value, headers=headers)
        if taken is None:  # full
            chain.append(self.create())
            taken = chain[-1].append(timestamp=None, key=key, value=value, headers=headers)
        if taken.size > LARGEST_RECORD:
            raise MessageSizeTooLargeError(f"a record of {taken.size} bytes for {topic}")
        self.places.append((where, len(chain) - 1, taken.offset))

    def in_turn(self) -> Iterator[tuple[str, int, BatchBuilder]]:
        """Every batch to send: the first of each partition, then the second, so that none waits for another partition."""
        for row in zip_longest(*self.chains.values()):
            for (topic, partition), batch in zip(self.chains, row, strict=True):
                if batch is not None:
                    yield topic, partition, batch

    def placed(self, acknowledged: Sequence[RecordMetadata]) -> list[RecordMetadata]:
        """What the broker said of each batch, in the order of `in_turn`, as what it said of each record, in the order they came."""
        said: dict[tuple[str, int], list[RecordMetadata]] = {where: [] for where in self.chains}
        for (topic, partition, _), metadata in zip(self.in_turn(), acknowledged, strict=True):
            said[topic, partition].append(metadata)
        return [_at(said[where][batch], offset) for where, batch, offset in self.places]


def _at(first: RecordMetadata, offset: int) -> RecordMetadata:
    """A record of a batch, from what is known of the batch's first."""
    return RecordMetadata(*first[:3], first.offset + offset, *first[4:])
