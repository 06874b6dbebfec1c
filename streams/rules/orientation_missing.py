"""T-PDO-01: a worker left without a pre-departure orientation that counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import fsum

from streams.domain.employment import ACKNOWLEDGED, AMENDED, ARRIVED, REGISTERED
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import DEPARTED, arrivals, departure
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import flag, listed, number, one_of, when
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

ORIENTED = "oversight.orientation_done"
_CONTRACTS = (REGISTERED, ACKNOWLEDGED, AMENDED)
POST_ARRIVAL = "post_arrival"  # another programme, held at destination

_SUMMARIES = {
    "no_orientation": "Departed, and no pre-departure orientation is recorded.",
    "orientation_too_short": "Departed after less orientation than the origin requires.",
    "identity_not_assured": "Departed, and nobody made sure that the worker was the one who attended the orientation.",
}


@journey_rule(
    "T-PDO-01", version=1, reads=(DEPARTED, ARRIVED, ORIENTED, *_CONTRACTS), audience=("satellite-office",), severity="P3",
    action="verify", recommendations=("A7", "B1"), indicators=("abuse of vulnerability",),
    next_step="Reach the worker with the orientation that was missed, and ask the provider for its attendance record.",
    basis="Pre-departure orientation, with the real person attending: Philippines (PDOS, S22), Bangladesh (PDO, S14b)",
    parameters={
        "required": flag(), "min_hours": when(number("hours attended"), "required", True),
        "min_days": when(number("days attended"), "required", True),
        "low_id_levels": when(listed(one_of("none", "name_only", "document", "biometric")), "required", True),
    },
    selectors=("origin", "destination", "isco"),
)  # fmt: skip
def orientation_missing(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Departed without orientation, with fewer hours or days than the origin requires, or with no assurance of identity.

    Sessions add up; one that assured no identity adds nothing; orientation after arrival is another programme. A session
    made up late ends the finding. Rows may be by occupation, as the latest contract by departure has it: where they differ
    and it is not known, that is Insufficient. Hours, days or identity level unknown, where they matter, is Insufficient; so is one
    event id with two contents. Where a row says that none is required, there is none to miss.
    """
    departed = departure(view)
    if departed is None:
        arrived = arrivals(view)
        yield Insufficient(missing="the departure", evidence=evidence(arrived)) if arrived else Clear()
        return
    day = local_day(departed.time, view.origin)
    contract = _contract(view, departed)
    isco = contract.text("isco") or "" if contract is not None else ""
    rows = policy.possible("T-PDO-01", day, origin=view.origin, destination=view.destination, isco=isco)
    sessions = tuple(fact for fact in view.of(ORIENTED) if fact.text("kind") != POST_ARRIVAL)
    shown = evidence((departed, *sessions))
    verdicts = [_judge_each(view, sessions, row) if row.flag("required") else ("clear", "") for row in rows]
    (verdict, detail), row = verdicts[-1], rows[-1]
    if any(each != verdicts[0] for each in verdicts):
        verdict, detail = "unknown", "the occupation"
    elif contract is not None and "isco" in dict(row.selectors):
        shown = evidence((departed, *sessions, contract))
    if verdict == "clear":
        yield Clear(evidence=shown)
    elif verdict == "unknown":
        yield Insufficient(missing=detail, evidence=shown)
    else:
        yield Finding(
            reason=detail, summary=_SUMMARIES[detail], evidence=shown, policy_rows=(row.id,), since=departed.time,
            due_at=answer_by(departed.time, "P3", view.origin), destination=departed.text("country") or view.destination,
            parties=tuple(sorted({fact.text("provider") or fact.office for fact in sessions})),
        )  # fmt: skip


def _contract(view: JourneyView, departed: Fact) -> Fact | None:
    """The latest contract by departure that states an occupation."""
    return next((fact for fact in reversed(view.of(*_CONTRACTS)) if fact.time <= departed.time and fact.text("isco")), None)


def _judge_each(view: JourneyView, sessions: Sequence[Fact], row: Row) -> tuple[str, str]:
    """As `_judge`, where an event id with two contents (T-DQ-01) is one session, and which it was is unknown."""
    contents = Counter(view.root(fact) for fact in sessions)
    sure = [fact for fact in sessions if contents[view.root(fact)] == 1]
    found = _judge(sessions, row)
    if len(sure) == len(sessions) or found[0] == "finding" or _judge(sure, row)[0] == "clear":
        return found
    return "unknown", "which of the contents of one session is right"


def _judge(sessions: Sequence[Fact], row: Row) -> tuple[str, str]:
    """("clear" | "unknown" | "finding", what is missing or the reason)."""
    if not sessions:
        return "finding", "no_orientation"
    low = row.texts("low_id_levels")
    assured = [fact for fact in sessions if fact.text("id_level") is not None and fact.text("id_level") not in low]
    possible = [fact for fact in sessions if fact.text("id_level") not in low]
    enough = _enough(assured, row)
    if enough:
        return "clear", ""
    if _enough(possible, row) is not False:
        return "unknown", "how the identity was assured" if enough is False else "hours or days attended"
    return "finding", "orientation_too_short" if _enough(sessions, row) is False else "identity_not_assured"


def _enough(sessions: Sequence[Fact], row: Row) -> bool | None:
    """Whether sessions reach the row's hours and days; None when what is unknown could decide."""
    if not sessions:
        return False
    verdicts = [_reaches(sessions, "hours", row.number("min_hours")), _reaches(sessions, "days", row.number("min_days"))]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _reaches(sessions: Sequence[Fact], field: str, least: float) -> bool | None:
    amounts = [fact.number(field) for fact in sessions]
    known = round(fsum(amount for amount in amounts if amount is not None), 6)
    if known >= least:
        return True
    return None if None in amounts else False
