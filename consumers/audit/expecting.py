"""What an accepted event asks for: a copy in each home, the standing if it is one, and copies of corrections passed on. Pure.

No identifier is re-keyed for this: neither a fact's id nor its homes depend on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import replace

from consumers.warehouse.records import Record
from schemas.codec import Resolver
from schemas.subjects import subjects
from streams.acceptance import Rejected, valid
from streams.domain.corrections import groups
from streams.domain.facts import RESTATED, Fact, Worker, dossiers_of, fact_id
from streams.domain.instants import Instant
from streams.dossiers.passing import passed_on
from streams.intake import homes_of, is_standing, worker_home
from streams.publishers.signing import Signatures


@dataclass(frozen=True)
class Acceptance:
    """What intake would say of a public record: `as_of` and `signatures` are its own (streams/agents/intake.py), `resolve` asks the
    same schema registry."""

    as_of: Instant | None = None
    signatures: Signatures | None = None
    resolve: Resolver | None = None

    def __call__(self, event: Record) -> dict[str, Any]:
        """The event of a record. Raises Rejected."""
        return self._valid(event, self.signatures)

    def but_for_its_signature(self, event: Record) -> dict[str, Any] | None:
        """The event that it would be, had whoever signed it a key still; None where more is at fault."""
        try:
            return self._valid(event, None)
        except Rejected:
            return None

    def _valid(self, event: Record, signatures: Signatures | None) -> dict[str, Any]:
        now = self.as_of if self.as_of is not None else event.timestamp
        return valid(event.topic, event.key, event.value, now, event.headers, signatures, self.resolve)


class Known(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """As much of an event as says who hears of a correction of it: a fact without content, and the home of its worker ('' without)."""

    fact: Fact
    worker_home: str


class Asked(msgspec.Struct, frozen=True, gc=False):
    """What an event asks for: copies of fact `id` in these homes."""

    id: str
    homes: tuple[str, ...]
    standing: bool
    known: Known


def asked(event: Mapping[str, Any]) -> Asked:
    """What a valid public event asks for."""
    identity, worker = fact_id(event), event.get("worker")
    homes = tuple(sorted(homes_of(event, dossiers_of(subjects(event)))))
    kept = {"event": event["body"]["event"]} if event["type"] == RESTATED else {}
    bare = Fact(
        id=identity, event_id=event["id"], source=event["source"], type=event["type"], time=0, recorded=0, evidence="", subjects=(),
        body=kept, worker=Worker(worker.get("origin") or "", ()) if worker else None, corrects=event.get("corrects"), homes=homes,
    )  # fmt: skip
    return Asked(identity, homes, is_standing(event), Known(bare, worker_home(event)))


def passed(members: Iterable[Known]) -> Iterator[tuple[str, str]]:
    """(home, fact id) of copies that dossiers give to other homes, of events and corrections of one source.

    As they do it: each home that has the root passes on what others lack, until nobody lacks anything.
    """
    held: dict[str, dict[str, Fact]] = defaultdict(dict)
    for each in members:
        for home in each.fact.homes:
            held[home][each.fact.id] = each.fact if home == each.worker_home else replace(each.fact, worker=None)
    more = True
    while more:
        more = False
        for home in sorted(held):
            for (_, root), group in groups(held[home].values()).items():
                for other, copy in passed_on(home, root, group):
                    if copy.id not in held[other]:
                        held[other][copy.id], more = copy, True
                        yield other, copy.id
