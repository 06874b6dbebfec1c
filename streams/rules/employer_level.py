"""What the destination's inspectorate hears of complaints and retaliation: an employer, never a worker (domain.md 5, must-nots 4, 5).

Journeys tell the employer's dossier that there is one, by a key (day, what the rule needs, agreed from, agreed until) with one
event each, so that contributions count workers. The inspectorate hears once one worker agrees, or once so many workers are
concerned that none can be told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from streams.domain.cases import Case, consented, handled_in
from streams.domain.employment import FOREVER, Span, told
from streams.domain.facts import Fact
from streams.domain.instants import Instant, start_of_day
from streams.domain.names import party_key, subject_key
from streams.domain.outcomes import Clear, Finding, Outcome
from streams.domain.places import home
from streams.domain.sums import Key, Measure
from streams.domain.views import JourneyView, SumsView
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy, Row
from streams.rules.registry import Told


def complained_of(view: JourneyView, filing: Fact) -> str:
    """The employer at destination that a complaint is against; '' when it is against another, or that is not known."""
    against = filing.text("against")
    named = against or filing.text("employer") or told(view, "employer") or ""
    agency = against is not None and party_key(against) == party_key(filing.text("agency") or "")
    return "" if agency or home(f"party:{named}") != (view.destination or handled_in(filing)) else named


def tell(view: JourneyView, name: str, about: str, day: str, number: int, case: Case, fact: Fact) -> Told:
    """What a journey tells an employer's dossier; nothing in it leads to the worker but the event, which no inspectorate reads."""
    agreed = consented(view, "inspectorate", case)
    return subject_key(f"party:{about}"), name, (day, number, *agreed), (fact.event_id,)


class Heard:
    """The keys of a measure that count at an instant: by whom they are agreed to, and which are of late."""

    def __init__(self, view: SumsView, measure: Measure, row: Row, as_of: Instant, begins: Callable[[Key], Instant | None]) -> None:
        self.agreed: list[Key] = []
        self.late: list[Key] = []
        self.later: list[Instant] = []
        self.any = False
        for key in view.sums.keys(measure.name):
            self.any = True
            start = begins(key)
            if start is not None:
                self._place(key, start, after(str(key[0]), row.whole("inspectorate_days"), view.home), as_of)
        counting = {*self.agreed, *self.late}
        self.shown = sorted(counting)
        self.workers = sum(view.sums.count(measure.name, key) for key in counting)
        self.evidence = tuple(sorted({event for key in self.shown for event in view.sums.evidence(measure.name, key)}))
        self.enough = bool(self.agreed) or self.workers >= row.whole("inspectorate_workers")

    def _place(self, key: Key, start: Instant, ends: Instant, as_of: Instant) -> None:
        agreed: Span = max(start, int(key[2])), int(key[3])
        moments = (start, ends, *(agreed if agreed[0] < agreed[1] else ()))
        self.later += [each for each in moments if as_of < each < FOREVER]
        if agreed[0] <= as_of < agreed[1]:
            self.agreed.append(key)
        if start <= as_of < ends:
            self.late.append(key)

    @property
    def next_at(self) -> Instant | None:
        """When time alone may change it."""
        return min(self.later, default=None)


def after(day: str, days: int, country: str) -> Instant:
    """The first instant that is more than so many days after a day."""
    return start_of_day((date.fromisoformat(day) + timedelta(days=days + 1)).isoformat(), country)


def limits(policy: Policy, day: str, jurisdiction: str) -> Row:
    """The row that says of how many workers the inspectorate may hear without asking them, and within how many days."""
    return policy.require("T-RTL-01", day, jurisdiction=jurisdiction)


def judge(
    view: SumsView, heard: Heard, row: Row, severity: str, reason: str, says: str, rows: tuple[str, ...] = ()
) -> Iterator[Outcome]:  # fmt: skip
    """The employer-level outcome; `says` follows the number of workers. Nothing where nobody told anything."""
    if not heard.any:
        return
    if not heard.enough:
        yield Clear(next_at=heard.next_at)
        return
    least = row.whole("inspectorate_workers")
    many = str(heard.workers) if heard.workers >= least else f"fewer than {least}"
    since = start_of_day(str(heard.shown[0][0]), view.home)
    yield Finding(
        reason=reason, summary=f"{many[0].upper()}{many[1:]} workers {says}", evidence=heard.evidence, policy_rows=(*rows, row.id),
        since=since, due_at=answer_by(since, severity, view.home), next_at=heard.next_at, destination=view.home, parties=(view.name,),
    )  # fmt: skip
