"""What two audits apart both missed is put where it belongs, on a live system: each way adds only what is the same fact.

What `facts` has goes to ClickHouse, as the sink writes it. What `facts` lacks goes to `feed`, as intake sends it: only the owner of a
partition writes `facts`, sealed. A dead letter or a standing is sent again. What nothing accounts for is told, and left alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from consumers.audit.comparison import Copy, Difference, Place, Standing
from consumers.audit.expecting import Acceptance
from consumers.audit.reading import Reader
from consumers.warehouse.pieces import Piece
from consumers.warehouse.records import Record
from consumers.warehouse.sending import Sent
from consumers.warehouse.writing import Writer
from streams.acceptance import Rejected, dead_letter
from streams.domain import frames
from streams.domain.facts import Fact, encode
from streams.domain.frames import Frame
from streams.intake import Rekey, accept, withheld

FRAME = 100  # facts of one frame, and bytes of the events they are made of
FRAME_BYTES = 4 << 20
ROWS = 2_000  # stored again together
Send = Callable[[Iterable[Sent]], None]  # returns when the broker has all of it; raises when it has not


class Repair:
    """Mends differences, and counts what it mended in `done`. `log` gives Kafka's id of a topic."""

    def __init__(
        self, reader: Reader, writer: Writer, send: Send, partition_of: Callable[[str], int], rekey: Rekey, log: Callable[[str], str],
        accept: Acceptance,
    ) -> None:  # fmt: skip
        self._reader, self._writer, self._send, self._partition_of = reader, writer, send, partition_of
        self._rekey, self._log, self._accept = rekey, log, accept
        self.done: Counter[str] = Counter()

    def mend(self, differences: Sequence[Difference]) -> None:
        """Returns when all that can be mended is sent or stored. Raises Away, Undeliverable, Misconfigured."""
        self._publish([each for each in differences if each.where in ("facts", "standings", "dead letters") and each.event is not None])
        stored = [each for each in differences if each.where.startswith("clickhouse") and each.record is not None]
        self._store({each.record: each.where for each in stored if each.record is not None})

    # From the public topics.

    def _publish(self, differences: Iterable[Difference]) -> None:
        wanted: dict[Place, list[Difference]] = defaultdict(list)
        for each in differences:
            if each.event is not None:
                wanted[each.event].append(each)
        waiting: dict[str, list[Fact]] = defaultdict(list)
        sizes: Counter[str] = Counter()
        for event in self._reader.at(wanted):
            asking = wanted[event.topic, event.partition, event.offset]
            for home, fact in self._again(event, asking):
                waiting[home].append(fact)
                sizes[home] += event.size
                if len(waiting[home]) >= FRAME or sizes[home] >= FRAME_BYTES:
                    self._feed(home, waiting.pop(home))
                    del sizes[home]
        for home, facts in sorted(waiting.items()):
            self._feed(home, facts)

    def _again(self, event: Record, asking: Iterable[Difference]) -> Iterator[tuple[str, Fact]]:
        """The copies that are lacking; its dead letter or standing is sent at once."""
        place = event.topic, event.partition, event.offset
        try:
            accepted = accept(self._accept(event), self._rekey)
        except Rejected as fault:
            topic, key, value, headers = dead_letter(place, event.timestamp, event.key, event.value, event.headers, fault)
            self._send([(topic, None, key, value, headers)])
            self.done["dead letters"] += 1
            return
        copies = dict(accepted.copies)
        for each in asking:
            if isinstance(each.subject, Standing) and accepted.standing is not None:
                self._send([("standings", 0, accepted.standing.id.encode(), encode(accepted.standing), [])])
                self.done["standings"] += 1
            elif isinstance(each.subject, Copy):
                home = each.subject.home
                fact = copies[home] if home in copies else withheld(next(iter(copies.values())))  # passed on
                self.done["facts"] += 1
                yield home, fact

    def _feed(self, home: str, facts: Sequence[Fact]) -> None:
        self._send([("feed", self._partition_of(home), home.encode(), frames.encode(Frame(home, tuple(facts))), [])])

    # From `facts` and the dead-letter topics.

    def _store(self, wanted: Mapping[Place, str]) -> None:
        places = sorted(wanted)
        for start in range(0, len(places), ROWS):
            records = sorted(self._reader.at(places[start : start + ROWS]), key=lambda each: (each.topic, each.partition, each.offset))
            for (topic, _), together in groupby(records, lambda each: (each.topic, each.partition)):
                piece = tuple(together)
                self._writer.write(Piece(piece[0].offset, piece[-1].offset, piece), self._log(topic))
                for each in piece:
                    self.done[wanted[each.topic, each.partition, each.offset]] += 1


def missed_twice(found: Iterable[Difference], before: Mapping[str, Collection[str]]) -> list[Difference]:
    """The differences that the audit before had as well: its names by where."""
    return [each for each in found if each.name in before.get(each.where, ())]
