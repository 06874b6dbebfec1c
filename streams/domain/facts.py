"""A fact: one event as dossiers keep it. Frozen, compact, and the same bytes in the store and on the `facts` topic."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

import msgspec

from streams.domain.instants import HOUR, Instant, local_day, parse
from streams.domain.names import subject_key
from streams.domain.places import home

STRONG = frozenset({"national_id", "passport", "residence_permit", "registration", "position"})
WEAK = frozenset({"phone", "name_birthdate"})
RESTATED = "oversight.identifier_restated"  # says of one identifier which digests are one number, and of nobody whose it is
EVIDENCE = ("inferred", "declared", "documented", "verified")  # weakest first

# domain.md 4.6: more than 24 h ahead of its own recording is implausible: kept, but it moves no clock.
FUTURE = 24 * HOUR


class Identifier(msgspec.Struct, frozen=True, array_like=True, gc=False, order=True):
    """One identifier of a worker as a keyed digest. `kind` is in STRONG or WEAK, `country` ISO2 of its scheme.

    A digest made with keys of later generations begins with these, '2:<hex>' (see `keyed`): no other kind of digest equals it.
    """

    kind: str
    country: str
    digest: str

    @property
    def token(self) -> str:
        """The index key, 'passport:NP:<hex>'."""
        return f"{self.kind}:{self.country}:{self.digest}"


class Worker(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Whom an event is about: origin is the state whose national the worker is ('' unknown); languages are ISO 639 codes.

    `same` are pairs of tokens (newer, older) that are one number under two generations of a key, while that is changed.
    """

    origin: str
    identifiers: tuple[Identifier, ...]
    languages: tuple[str, ...] = ()
    same: tuple[tuple[str, str], ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of what identifies the worker, a number under several keys once."""
        if not self.same:
            return tuple(each.kind for each in self.identifiers)
        older = {token for _, token in self.same}
        return tuple(each.kind for each in self.identifiers if each.token not in older)


class Refs(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Papers an event names: contract, visa and case numbers, and the demand (job order) id."""

    contract: str | None = None
    visa: str | None = None
    demand: str | None = None
    case: str | None = None


class Was(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where the corrected event was: the worker's origin if it had one, and the subjects it named."""

    origin: str | None
    subjects: tuple[str, ...]


class Fact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One accepted event in one home.

    `id` is sha256 of source, event id and canonical content (hex, 32); `time` when it happened, `recorded` when the
    office recorded it; `subjects` the demands, parties and places it names (any home), one for all spellings; `body` plain JSON values with
    instants as int milliseconds and dates as ISO text. In homes other than the worker's, `worker` is None. `homes` are
    those that a fact which corrects, or may be corrected, was given to; () for one that only its own home ever had.
    `withheld` says that the event names a worker, whom this home may not know.
    """

    id: str
    event_id: str
    source: str
    type: str
    time: Instant
    recorded: Instant
    evidence: str
    subjects: tuple[str, ...]
    body: dict[str, Any]
    worker: Worker | None = None
    refs: Refs = Refs()
    corrects: str | None = None
    was: Was | None = None
    retracted: bool = False
    run: str | None = None
    homes: tuple[str, ...] = ()
    withheld: bool = False

    @property
    def key(self) -> tuple[Instant, str]:
        """The one order of facts: when it happened, then the fact id."""
        return self.time, self.id

    @property
    def office(self) -> str:
        """The publishing office as a party id, '/office/NP/kathmandu' -> 'NP:office:kathmandu'."""
        _, _, country, name = self.source.split("/", 3)
        return f"{country}:office:{name}"

    @property
    def jurisdiction(self) -> str:
        """ISO2 of the publishing office's own jurisdiction."""
        return self.source.split("/", 3)[2]

    def day(self, subject: str) -> str:
        """The ISO day that it was where a dossier is at home: what the keys of its measures begin with."""
        return local_day(self.time, home(subject)).isoformat()

    @property
    def implausible(self) -> bool:
        """Dated more than 24 h after it was recorded."""
        return self.time > self.recorded + FUTURE

    @property
    def about_worker(self) -> bool:
        """Whether the event names a worker, known here or not."""
        return self.worker is not None or self.withheld

    @property
    def strong(self) -> tuple[str, ...]:
        """Tokens that gather and join."""
        return tuple(i.token for i in self.worker.identifiers if i.kind in STRONG) if self.worker else ()

    @property
    def weak(self) -> tuple[str, ...]:
        """Tokens that may admit, never join."""
        return tuple(i.token for i in self.worker.identifiers if i.kind in WEAK) if self.worker else ()

    def names(self, field: str, subject: str) -> bool:
        """Whether the party in a field of the body is this subject, however the office spelled it."""
        party = self.text(field)
        return party is not None and subject_key(f"party:{party}") == subject

    def text(self, field: str) -> str | None:
        """A text field of the body; None when absent, null or empty."""
        value = self.body.get(field)
        return value if isinstance(value, str) and value else None

    def number(self, field: str) -> float | None:
        """A numeric field of the body; None when absent. Zero is a value."""
        value = self.body.get(field)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def flag(self, field: str) -> bool | None:
        """A boolean field of the body; None when unknown, which is never False."""
        value = self.body.get(field)
        return value if isinstance(value, bool) else None

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts; empty when absent."""
        value = self.body.get(field)
        return tuple(value) if isinstance(value, list | tuple) else ()

    def instant(self, field: str) -> Instant | None:
        """A timestamp field of the body, in ms."""
        value = self.body.get(field)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


# `Fact.key` for sorting: the same tuple, taken without a call of Python for each fact.
by_key: Callable[[Fact], tuple[Instant, str]] = attrgetter("time", "id")

_canonical = msgspec.json.Encoder(order="deterministic")
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Fact)


def encode(fact: Fact) -> bytes:
    """The bytes of a fact, in the store and on `facts`."""
    return _encoder.encode(fact)


def decode(data: bytes) -> Fact:
    """A fact from its bytes. Raises msgspec.DecodeError."""
    return _decoder.decode(data)


def fact_id(event: Mapping[str, Any]) -> str:
    """sha256 over source, id and canonical content of a public event (plain JSON form), 32 hex characters."""
    return hashlib.sha256(_canonical.encode(_as_first_published(event))).hexdigest()[:32]


def _as_first_published(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without `before` where it is null: identifiers had no such field once, and what was published keeps its id."""
    worker = event.get("worker")
    if not isinstance(worker, Mapping) or not worker.get("identifiers"):
        return event
    listed = [dict(each) for each in worker["identifiers"]]
    for each in listed:
        if each.get("before", "") is None:
            del each["before"]
    return {**event, "worker": {**worker, "identifiers": listed}}


def keyed(digest: str, office: int, intake: int) -> str:
    """A digest that says of which generations the offices' and the workers' key were: '<hex>' of the first, '2:<hex>', '2.2:<hex>'."""
    return digest if office == intake == 1 else f"{office}:{digest}" if intake == 1 else f"{office}.{intake}:{digest}"


def _moment(value: int | str) -> Instant:
    return parse(value) if isinstance(value, str) else value


def dossiers_of(subjects: Iterable[str]) -> tuple[str, ...]:
    """The dossiers that hear of these subjects, sorted: one for all spellings of a party, so that what it did adds up."""
    return tuple(sorted({subject_key(subject) for subject in subjects}))


def from_event(
    event: Mapping[str, Any], subjects: tuple[str, ...], identity: str | None = None, homes: tuple[str, ...] = (),
    withheld: bool = False,
) -> Fact:  # fmt: skip
    """A fact from a decoded public event (identifiers already re-keyed) and the dossiers of the subjects its schema names.

    `identity` is the fact id taken before anything was re-keyed or dropped; `homes` where copies go; `withheld`
    that this one leaves a worker out.
    """
    worker, was, refs = event.get("worker"), event.get("was"), event.get("refs") or {}
    return Fact(
        id=identity or fact_id(event),
        event_id=event["id"],
        source=event["source"],
        type=event["type"],
        time=_moment(event["time"]),
        recorded=_moment(event["recordedat"]),
        evidence=event.get("evidence") or "declared",
        subjects=subjects,
        body={name: value for name, value in (event.get("body") or {}).items() if value is not None},
        worker=_worker(worker) if worker else None,
        refs=Refs(refs.get("contract"), refs.get("visa"), refs.get("demand"), refs.get("case")),
        corrects=event.get("corrects"),
        was=Was(was.get("origin"), dossiers_of(was.get("subjects") or ())) if was else None,
        retracted=bool(event.get("retracted")),
        run=event.get("run"),
        homes=homes,
        withheld=withheld,
    )


def _worker(worker: Mapping[str, Any]) -> Worker:
    found = {Identifier(i["kind"], i["country"], i["digest"]) for i in worker.get("identifiers") or ()}
    same = tuple(sorted({(newer, older) for newer, older in worker.get("same") or ()}))
    return Worker(worker.get("origin") or "", tuple(sorted(found)), tuple(worker.get("languages") or ()), same)
