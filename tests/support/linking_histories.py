"""Fact sets for linking tests: few people, many coincidences, so that ties, refused joins and undone joins are common."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import strategies as st
from msgspec.structs import replace

from streams.domain.corrections import groups, winners
from streams.domain.facts import EVIDENCE, Fact, Refs, Was
from streams.domain.instants import DAY, parse
from streams.linking.gather import former, tokens, weak_only
from tests.support.builders import fact

Pick = Callable[[int], int]  # a number below the given one

START = parse("2025-01-01T00:00:00Z")
SOURCES = ("/office/NP/kathmandu", "/office/QA/doha")
TYPES = (
    "recruitment.worker_registered", "recruitment.worker_registered", "recruitment.contract_offered", "recruitment.fee_declared",
    "oversight.contract_registered_origin", "visa.clearance_issued", "deployment.departed", "deployment.arrived",
    "oversight.contract_authenticated_destination", "deployment.wage_paid", "complaint.complaint_filed",
    "deployment.repatriation_done", "deployment.contract_ended", "oversight.identifier_restated",
)  # fmt: skip
TOKENS = (
    "national_id:NP:a", "national_id:NP:b", "national_id:IN:a", "passport:NP:a", "passport:NP:b", "passport:NP:c",
    "residence_permit:QA:a", "registration:NP:a", "position:NP:a",
)  # fmt: skip
WEAK = ("phone:NP:1", "phone:NP:2", "name_birthdate:NP:1")


def _worker(pick: Pick) -> list[str] | None:
    shape = pick(12)
    if shape == 0:
        return None
    strong = [] if shape < 4 else [TOKENS[pick(len(TOKENS))] for _ in range(1 + pick(3))]
    weak = [WEAK[pick(len(WEAK))] for _ in range(pick(3) if strong else 1 + pick(2))]
    return sorted({*strong, *weak})


def _refs(pick: Pick) -> Refs:
    def maybe(*names: str) -> str | None:
        return names[pick(len(names))] if pick(3) == 0 else None

    return Refs(maybe("C1", "C2"), maybe("V1", "V2"), maybe("NP:dofe:1", "NP:dofe:2"), maybe("K1", "K2"))


def _id(pick: Pick, number: int, again: Fact | None, corrects: bool, before: list[Fact]) -> str:
    """Mostly a new id; that of an event which it doesn't correct; once in a while of any event, so that loops appear."""
    if again is not None and not corrects:
        return again.event_id
    return before[pick(len(before))].event_id if corrects and pick(8) == 0 else f"ev-{number}"


def _event(pick: Pick, number: int, before: list[Fact]) -> Fact:
    again = before[pick(len(before))] if before and pick(4) == 0 else None
    corrects = again is not None and pick(5) > 0
    kind = TYPES[pick(len(TYPES))] if again is None or pick(4) == 0 else again.type
    time = START + pick(12) * DAY if again is None or pick(2) else again.time
    return fact(
        kind, time,
        id=_id(pick, number, again, corrects, before),
        source=again.source if again else SOURCES[pick(2)],
        recorded=START + pick(3) * DAY + (0 if pick(8) == 0 else 20 * DAY),
        worker=_worker(pick), origin="" if pick(15) == 0 else "NP", refs=_refs(pick), evidence=EVIDENCE[pick(4)],
        body={"end": f"2025-01-{1 + pick(12):02}", "country": "NP"} if "contract_" in kind and pick(2) else {"n": pick(2)},
        corrects=("missing" if pick(10) == 0 else again.event_id) if again and corrects else None,
        was=Was("NP", ()) if corrects else None, retracted=corrects and pick(3) == 0,
    )  # fmt: skip


def build(pick: Pick, many: int) -> list[Fact]:
    """`many` events, a quarter of them about earlier ones: corrections, retractions, other contents under one id."""
    facts: list[Fact] = []
    for number in range(many):
        facts.append(_event(pick, number, facts))
    return facts


def sample(random: Random, many: int) -> list[Fact]:
    """The same for a given random state."""
    return build(random.randrange, many)


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Up to sixteen events of a few people."""
    return build(lambda below: draw(st.integers(0, below - 1)), draw(st.integers(1, 16)))


@st.composite
def crowds(draw: st.DrawFn) -> list[Fact]:
    """A passport of zeros named by several to many people, each known by one other identifier of varying kinds."""
    kind = draw(st.sampled_from(("national_id:NP", "passport:NP", "registration:NP", "name_birthdate:NP", "residence_permit:QA")))
    many = draw(st.integers(1, 20))
    people = [fact(TYPES[0], START + n * DAY, id=f"p-{n}", worker=["passport:NP:zeros", f"{kind}:{n}"]) for n in range(many)]
    if draw(st.booleans()):
        people += [fact(TYPES[6], START + n * DAY, id=f"d-{n}", worker=[f"{kind}:{n}", "phone:NP:1"]) for n in range(0, many, 3)]
    mended = draw(st.lists(st.sampled_from(people), max_size=3, unique_by=lambda f: f.event_id))
    people += [fact(f.type, f.time, id=f"c-{f.event_id}", corrects=f.event_id, was=Was("NP", ()), worker=[f"{kind}:x{f.event_id}"],
                    retracted=draw(st.booleans())) for f in mended]  # fmt: skip
    return [*people, fact("complaint.complaint_filed", START, id="w", worker=["phone:NP:1"])]


def keyed(fact: Fact, generations: tuple[str, ...], older: str | None = None) -> Fact:
    """The same event as offices publish it under these generations of their key, the newest first: '' is the first.

    `older` is the number of which the older digests are, where an office is wrong about them.
    """
    if fact.worker is None:
        return fact
    identifiers, same = [], []
    for each in fact.worker.identifiers:
        numbers = [each.digest, *(older or each.digest for _ in generations[1:])]
        told = [replace(each, digest=f"{age}:{number}" if age else number) for age, number in zip(generations, numbers, strict=True)]
        identifiers += told
        same += [(told[0].token, other.token) for other in told[1:]]
    return replace(fact, worker=replace(fact.worker, identifiers=tuple(sorted(set(identifiers))), same=tuple(sorted(same))))


HONEST = (("",), ("2", ""), ("2",), ("3", "2"), ("3",))


@st.composite
def rotated(draw: st.DrawFn, generations: tuple[tuple[str, ...], ...] = HONEST, wrong: bool = False) -> tuple[list[Fact], list[Fact]]:
    """A history under one key, and the same events while the key was changed; with `wrong` some pairs are of two numbers."""
    before = draw(st.one_of(histories(), crowds()))
    after = []
    for each in before:
        older = draw(st.sampled_from((None, "a", "b"))) if wrong else None
        after.append(keyed(each, draw(st.sampled_from(generations)), older))
    return before, after


def known(facts: list[Fact]) -> set[str]:
    """Ids of the facts that must be somewhere: their group names a worker now, or was retracted after a strong one."""
    found: set[str] = set()
    for members in groups(facts).values():
        now = winners(members)
        if weak_only(now) or any(tokens(f) for f in now) or (not now and any(tokens(f) for f in former(members))):
            found |= {f.id for f in members}
    return found
