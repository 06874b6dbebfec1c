"""Random histories of demands and parties for properties of sums: every type and field that a measure of the catalogue reads."""

from __future__ import annotations

from hypothesis import strategies as st

from streams.domain.chain import DECLARED
from streams.domain.facts import Fact, Refs, Was
from streams.domain.instants import DAY, HOUR
from streams.dossiers.ledger import Measures
from streams.rules.registry import catalogue
from tests.support.builders import at, fact

MEASURES = Measures.of(catalogue()).by_kind
TYPES = sorted(set().union(*(measure.reads for listed in MEASURES.values() for measure in listed)))
# What one measure reads, so that its facts meet; and everything.
THEMES = [*sorted({tuple(sorted(measure.reads)) for listed in MEASURES.values() for measure in listed if measure.reads}), tuple(TYPES)]
DEMANDS, FIRMS, AGENCIES = ("BD:bmet:D-1", "QA:mol:D-2"), ("QA:cr:1", "QA:cr:2"), ("BD:bmet:1", "BD:bmet:2")
PERSON = "BD:person:p_1"
SUBJECTS = (*(f"demand:{each}" for each in DEMANDS), *(f"party:{each}" for each in (*FIRMS, *AGENCIES, PERSON)),
            "party:BD:office:bmet", "party:QA:office:mol")  # fmt: skip
FIELDS: dict[str, tuple[object, ...]] = {
    "demand": DEMANDS, "employer": FIRMS, "agency": (*AGENCIES, PERSON), "country": ("QA", "SA"), "jobs": (10, 26), "isco": ("9111",),
    "from_party": (*AGENCIES, PERSON), "to_party": (*AGENCIES, *FIRMS, PERSON), "person": (PERSON,), "organisation": AGENCIES,
    "role": ("agency", "subagent", "employer"), "declared_by": ("worker", "employer", "office"), "subagent": (PERSON,),
    "principal": AGENCIES, "quantity": (5, 30), "wage": ({"minor": 120_000, "currency": "QAR"},), "wage_period": ("month", "year"),
    "channel": ("direct",), "visas": (25,), "announced": (False,), "inspector": ("p_1",), "finding": ("F-1",), "active": (True,),
    "isic": ("4100",), "employer_isic": ("4100",), "site": FIRMS, "capacity": (10,), "number_of_entries": (1,),
}  # fmt: skip


@st.composite
def ledgers(draw: st.DrawFn, theme: tuple[str, ...] = ()) -> list[Fact]:
    """Up to a dozen events of demands and parties, of this theme or of any; a third correct or retract one, and may name other
    subjects than it did.
    """
    facts: list[Fact] = []
    types = theme or draw(st.sampled_from(THEMES))
    for number in range(draw(st.integers(1, 12))):
        root = draw(st.sampled_from(facts)) if facts and draw(st.integers(0, 2)) == 0 else None
        moment = at("2024-06-01") + draw(st.integers(0, 9)) * DAY + draw(st.integers(0, 3)) * HOUR
        body = {name: draw(st.sampled_from(values)) for name, values in FIELDS.items() if draw(st.integers(0, 3))}
        facts.append(fact(
            root.type if root else draw(st.sampled_from(types) | st.just(DECLARED)), moment, body=body,
            id=f"ev-{draw(st.integers(0, number))}",
            source="/office/BD/bmet", subjects=tuple(sorted(draw(st.sets(st.sampled_from(SUBJECTS), min_size=1, max_size=6)))),
            worker=draw(st.sampled_from((None, ("passport:BD:a",)))), origin="BD",
            refs=Refs(demand=draw(st.sampled_from((None, *DEMANDS)))),
            recorded=moment + draw(st.sampled_from((0, DAY, -25 * HOUR))), corrects=root.event_id if root else None,
            was=Was("BD", root.subjects) if root else None, retracted=bool(root) and draw(st.booleans()),
        ))  # fmt: skip
    return facts
