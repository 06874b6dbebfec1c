"""T-LIC-05: more workers left through an agency in a year than its bond secures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day, start_of_day
from streams.domain.licences import GRANTS, granted
from streams.domain.money import Money, money
from streams.domain.names import is_person, subject_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, told
from streams.domain.travel import DEPARTED, departure
from streams.domain.views import JourneyView, SumsView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, currency, day, listed, minor, optional, records
from streams.rules.policy import Policy, Row
from streams.rules.registry import also, sums_rule

CLEARED, VOIDED = "visa.clearance_issued", "visa.clearance_voided"
_ROLES = frozenset({"agency"})
LEFT = told("volume.departures")  # (day where the agency is registered,)


def tell_agency(view: JourneyView) -> Iterator[tuple[str, str, Key, tuple[str, ...]]]:
    """A journey tells the agency of the clearance that its worker left on the day of departure: once, however many offices saw it."""
    left = departure(view)
    if left is None:
        return
    voided = {fact.text("clearance") for fact in view.of(VOIDED) if fact.time <= left.time}
    used = [fact for fact in view.of(CLEARED) if fact.time <= left.time and view.root(fact) not in voided]
    agency = used[-1].text("agency") if used else None
    if agency and not is_person(agency):
        on = local_day(left.time, agency[:2]).isoformat()
        yield subject_key(f"party:{agency}"), LEFT.name, (on,), (left.event_id,)


@dataclass
class Year:
    """One fiscal year: departures by day so far, the policy row of the last of them, and its first and last day."""

    begins: date
    row: Row
    days: list[tuple[str, int]] = field(default_factory=list)

    @property
    def many(self) -> int:
        return sum(many for _, many in self.days)

    @property
    def ends(self) -> date:
        """The first day of the next."""
        return _begins(self.begins + timedelta(days=370), self.row)


@sums_rule(
    "T-LIC-05", "party", version=1, measures=(LEFT,), reads=GRANTS, audience=("licensing-authority",), severity="P3",
    action="license_review", recommendations=("A11", "B1"), indicators=(), standings=GRANTS,
    next_step="Ask the agency to secure what it sends, and keep the deposit it has for those who left.",
    basis="Foreign Employment Act of Nepal: deposit and guarantee by the number of workers sent in a year (S10c)",
    parameters={
        "year_begins": listed(day(), 1, rising=True), "currency": currency(),
        "tiers": records({"up_to": optional(count("departures")), "cash_minor": minor(), "guarantee_minor": minor()}),
    },
    selectors=("jurisdiction",), default_row=False,
)  # fmt: skip
def exceeds_secured_volume(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """In a fiscal year of the agency's country more workers left through it than the tier of its bond allows.

    Each journey counts once, on the day of its departure, for the agency of the last clearance before it that was not voided;
    who left without an agency counts for none. Cash and guarantee of a tier are added up and compared with the bond that the
    register states; a bond below the first tier secures nobody. It is the bond of the grant that began last, by the end of that
    year: one that is raised within the year ends the finding, one raised later does not. Exactly as many as the tier allows is
    within it. The year is that of the policy row: the days on which years began, as published, and the last day's date after
    them. One issue per year. A bond that nobody stated, or in another currency, is Insufficient; where no row applies there is
    no such law to exceed.
    """
    for year in _years(view, policy):
        yield _judge(view, standings, as_of, year)


@also("T-LIC-05", "journey", reads=(DEPARTED, CLEARED, VOIDED), tells=tell_agency)
def who_left(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A journey says nothing of bonds itself: it tells its agency that someone left."""
    return iter(())


def _years(view: SumsView, policy: Policy) -> list[Year]:
    found: dict[date, Year] = {}
    for (on,) in view.happened(LEFT):
        row = policy.row("T-LIC-05", str(on), jurisdiction=view.home)
        if row is not None:
            begins = _begins(date.fromisoformat(str(on)), row)
            year = found.setdefault(begins, Year(begins, row))
            year.row = row
            year.days.append((str(on), view.sums.count(LEFT.name, (on,))))
    return [found[begins] for begins in sorted(found)]


def _begins(on: date, row: Row) -> date:
    """The first day of the fiscal year that a day is in: a day that the row lists, or that date in another year."""
    known = [date.fromisoformat(each) for each in row.texts("year_begins")]
    first, last = known[0], known[-1]
    years = [known_day for known_day in known if known_day <= on]
    if years and on < _in_year(last, last.year + 1):
        return years[-1]
    return max(_in_year(last if on > last else first, year) for year in (on.year - 1, on.year)
               if _in_year(last if on > last else first, year) <= on)  # fmt: skip


def _in_year(each: date, year: int) -> date:
    """The same date in another year; the first of March for a 29th of February that it does not have."""
    try:
        return each.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _judge(view: SumsView, standings: Standings, as_of: Instant, year: Year) -> Outcome:
    issue, ends = year.begins.isoformat(), start_of_day(year.ends.isoformat(), view.home)
    grants = granted(standings, view.name, view.home, _ROLES)
    held = [fact for begins, fact in grants if begins <= as_of and begins < ends and fact.body.get("bond") is not None]
    later = min((begins for begins, _ in grants if as_of < begins < ends), default=None)
    bond = money(held[-1].body["bond"]) if held else None
    if bond is None or bond.currency != year.row.text("currency"):
        missing = "its bond" if bond is None else f"its bond in {year.row.text('currency')}"
        return Insufficient(issue=issue, missing=missing, evidence=_shown(view, year.days[-1][0], held), next_at=later)
    secured = _secured(bond, year.row)
    exceeded = _exceeded(year.days, secured)
    if exceeded is None:
        return Clear(issue=issue, evidence=_shown(view, year.days[-1][0], held), next_at=later)
    since = start_of_day(exceeded, view.home)
    return Finding(
        issue=issue, reason="more_than_secured", evidence=_shown(view, exceeded, held), policy_rows=(year.row.id,), since=since,
        summary=f"{year.many} workers left through it in the year from {issue}, and its bond secures {secured}.",
        due_at=answer_by(since, "P3", view.home), next_at=later, authority=view.home, parties=(view.name,),
    )  # fmt: skip


def _secured(bond: Money, row: Row) -> int | None:
    """How many departures a bond allows in a year; None for any number."""
    allowed: dict[int, int | None] = {0: 0}
    for tier in row.records("tiers"):
        allowed[tier["cash_minor"] + tier["guarantee_minor"]] = tier.get("up_to")
    return allowed[max(needed for needed in allowed if needed <= bond.minor)]


def _exceeded(days: list[tuple[str, int]], secured: int | None) -> str | None:
    """The day on which there were more than are secured."""
    reached = 0
    for on, many in days:
        reached += many
        if secured is not None and reached > secured:
            return on
    return None


def _shown(view: SumsView, on: str, held: list[Fact]) -> tuple[str, ...]:
    return tuple(sorted({*view.sums.evidence(LEFT.name, (on,)), *(fact.event_id for fact in held[-1:])}))
