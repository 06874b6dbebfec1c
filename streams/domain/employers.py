"""What shows of an employer that its visas are used: arrivals, wages, work sites. Named by the office, or told by the journey."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.employment import ARRIVED, WORKSITE, employed
from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.names import subject_key
from streams.domain.places import home
from streams.domain.sums import Key, Measure
from streams.domain.views import JourneyView

VISA, BLOCK, PAID, PREMISES = "visa.visa_issued", "visa.visa_block_issued", "deployment.wage_paid", "licensing.premises_evidence"
Said = Iterator[tuple[str, str, Key, tuple[str, ...]]]


def origin_of(fact: Fact, subject: str) -> str:
    """ISO2 of the worker's origin, also where the worker may not be known: the home that the event has besides; '' where none tells."""
    if fact.worker is not None and fact.worker.origin:
        return fact.worker.origin
    others = set(fact.homes) - {home(subject)}
    if len(others) == 1:
        return min(others)
    return fact.jurisdiction if fact.jurisdiction in others else ""


def _blocks(fact: Fact, subject: str) -> Iterator[Key]:
    """(day, visas, origin) of a block of visas; its demand tells for whom."""
    many, demand = fact.number("visas"), fact.text("demand") or fact.refs.demand
    if many and fact.names("employer", subject) and not fact.implausible:
        country = home(f"demand:{demand}") if demand else ""
        yield fact.day(subject), int(many), country if country != home(subject) else ""


def _issued(fact: Fact, subject: str) -> Iterator[Key]:
    """(day, origin) of a worker's visa."""
    if fact.names("employer", subject) and not fact.implausible:
        yield fact.day(subject), origin_of(fact, subject)


def _arrived(fact: Fact, subject: str) -> Iterator[Key]:
    """(when, origin): the first one begins a clock, so that the day is not enough."""
    if fact.names("employer", subject) and not fact.implausible:
        yield fact.time, origin_of(fact, subject)


def _signs(fact: Fact, subject: str) -> Iterator[Key]:
    """(day, kind) of what shows that it employs: a wage paid, work that it directs or supplies, activity on its premises."""
    if fact.implausible or (fact.type == PREMISES and fact.flag("active") is not True):
        return
    if fact.names("employer", subject) or (fact.type == WORKSITE and fact.names("contractor", subject)):
        yield fact.day(subject), fact.type


BLOCKS = Measure("employer.visa_blocks", frozenset({BLOCK}), _blocks)
ISSUED = Measure("employer.visas", frozenset({VISA}), _issued, told=True)
ARRIVALS = Measure("employer.arrivals", frozenset({ARRIVED}), _arrived, told=True)
SIGNS = Measure("employer.signs", frozenset({PAID, WORKSITE, PREMISES}), _signs, told=True)


def tell_employer(view: JourneyView) -> Said:
    """A journey tells its employer of record of what offices noted without naming an employer; of signs, the first of each kind."""
    signs: set[tuple[str, str]] = set()
    for fact in view.of(VISA, ARRIVED, PAID, WORKSITE):
        if fact.text("employer") or (fact.type == WORKSITE and fact.text("contractor")):
            continue
        subject = _of_record(view, fact.time)
        if not subject:
            continue
        if fact.type == ARRIVED:
            yield subject, ARRIVALS.name, (fact.time, view.origin), (fact.event_id,)
        elif fact.type == VISA:
            yield subject, ISSUED.name, (fact.day(subject), view.origin), (fact.event_id,)
        elif (subject, fact.type) not in signs:
            signs.add((subject, fact.type))
            yield subject, SIGNS.name, (fact.day(subject), fact.type), (fact.event_id,)


def _of_record(view: JourneyView, instant: Instant) -> str:
    """The dossier of the employer of record at an instant; '' when unknown."""
    return next((subject_key(f"party:{name}") for name, (start, end), _ in employed(view) if start <= instant < end), "")
