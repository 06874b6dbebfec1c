"""T-EMB-02: an alert that nobody answered. It goes on to those who watch over those who should have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from streams.domain.answering import PUBLICATIONS, TOLD, Published, case_of
from streams.domain.facts import Fact
from streams.domain.instants import HOUR, Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure, told
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by, working_days_after, working_time_after
from streams.rules.parameters import hours, working_days
from streams.rules.policy import Policy, Row
from streams.rules.registry import Role, Told, sums_rule

CLOSED, CONFIRMED = "case.closed", "case.closure_confirmed_by_worker"
ACTIONS = ("case.acknowledged", "case.assigned", "case.verified", "case.measure_recorded", CLOSED, CONFIRMED)
# Who hears next while nobody answers (domain.md 5): the audience itself, then these, each after the same time again.
LADDER: tuple[Role, ...] = ("focal-office", "oversight", "tripartite-committee")
_RESTRICTED = "oversight-restricted"
_REASONS = {"focal-office": "not_answered", "oversight": "not_answered_twice", "tripartite-committee": "not_answered_three_times"}


def _done(fact: Fact, subject: str) -> Iterable[Key]:
    """(when, what was done, by which audience, why the worker could not confirm)."""
    if not fact.implausible:
        yield fact.time, fact.type, fact.text("audience") or "", fact.text("impossible") or ""


DONE = Measure("case.done", frozenset(ACTIONS), _done)
# (when, what, audience, impossible, `same_as` of the alert it was done about) of an alert that this one took over from.
INHERITED = told("case.inherited")
# On a corridor: (day of publication, audience) of alerts that are open with its embassy.
OPEN_ALERTS = told("corridor.open_alerts")


@dataclass(frozen=True)
class Case:
    """One alert as its case knows it: how it was published, and what was done, in order of time."""

    published: Published
    at: Instant
    done: tuple[tuple[Instant, str, str, str], ...]

    @property
    def open(self) -> bool:
        """Whether no other alert took over from it."""
        return not self.published.successor

    @property
    def confidential(self) -> bool:
        """Whether it is about a complaint, retaliation or a court: only the worker can say that it is settled."""
        return any(audience.startswith(_RESTRICTED) for audience in self.audiences)

    @property
    def audiences(self) -> tuple[str, ...]:
        """Whom it was addressed to."""
        return tuple(self.published.audiences.split())

    @property
    def answered(self) -> bool:
        """Whether anyone it was addressed to did anything about it: a later step stands for a missing acknowledgement."""
        return any(audience in self.audiences for _, _, audience, _ in self.done)

    @property
    def closed(self) -> Instant | None:
        """When the work on it ended, by one of its audiences; with the worker's word or a documented impossibility where it needs one."""
        ends = [(at, impossible) for at, what, audience, impossible in self.done if what == CLOSED and audience in self.audiences]
        confirmed = any(what == CONFIRMED for _, what, _, _ in self.done)
        return next((at for at, impossible in ends if confirmed or impossible or not self.confidential), None)

    @property
    def closed_alone(self) -> Instant | None:
        """When it was closed although the worker had not confirmed and nothing says why not."""
        if self.closed is not None or not self.confidential:
            return None
        return min((at for at, what, audience, _ in self.done if what == CLOSED and audience in self.audiences), default=None)


def case(view: SumsView) -> Case | None:
    """The case of a view; None where only actions are known: nobody published the alert, or it has ended.

    What the alert's own dossier tells goes before what an event records; of several publications the earliest counts.
    """
    said = [Published(*key) for key in view.happened(PUBLICATIONS)]  # type: ignore[arg-type]  # parts as they were written
    if not said:
        return None
    best = max(said, key=lambda each: (each.said == TOLD, -each.at))
    done = [(int(at), str(what), str(audience), str(why)) for at, what, audience, why in view.happened(DONE)]
    done += [(int(at), str(what), str(audience), str(why))
             for at, what, audience, why, same in view.happened(INHERITED) if same and same == best.same]  # fmt: skip
    return Case(best, min(each.at for each in said), tuple(sorted(set(done))))


def tell(view: SumsView) -> Iterator[Told]:
    """The corridor hears that an alert is open with its embassy; the alert on the journey that took over, what was done about this."""
    known = case(view)
    if known is None:
        return
    alert, best, day = view.name.partition(":")[2], known.published, local_day(known.at, view.home).isoformat()
    if known.open and known.closed is None and best.origin and best.destination:
        for audience in known.audiences:
            if audience.startswith("embassy."):
                yield f"place:{audience.partition('.')[2]}", OPEN_ALERTS.name, (day, audience), (alert,)
    if best.successor:
        for at, what, audience, why in known.done:
            yield case_of(view.home, best.successor), INHERITED.name, (at, what, audience, why, best.same), (alert,)


@sums_rule(
    "T-EMB-02", "case", version=1, measures=(PUBLICATIONS, DONE, INHERITED), tells=tell, audience=LADDER, severity="P3", action="refer",
    recommendations=("B6", "B5"), indicators=(), selectors=("destination",),
    parameters={"P1_hours": hours(1), "P2_hours": hours(1), "P3_working_days": working_days(1)},
    next_step="Find out why nobody took the alert up, and see that somebody does.",
    basis="Embassies need the staff and means to act on what they hear (Parallel Session B, rec. 6); complaints lead to measures (rec. 5)",
)  # fmt: skip
def alert_unanswered(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An alert was not acknowledged in the time that its priority gives: 24 hours, 72 hours, 10 working days.

    All of it counts the host country's working week: hours of its weekend and public holidays are none (domain.md 4.6).
    Anything done about it by anyone it was addressed to is an answer. After the time the focal office hears, after as much
    again oversight, after a third the tripartite committee; an alert that ends by itself needs no answer any more. The clock
    runs from its first publication. What was done about an alert holds for the one on the journey that took over, while rule
    and evidence are the same. Closing one about a complaint without the worker's word or a documented impossibility is none:
    oversight hears of it. They hear of the process: no journey, no event, no rule.
    """
    known = case(view)
    if known is None:
        yield Insufficient(missing="an open alert that this was done about", evidence=_shown(view))
        return
    row = policy.require("T-EMB-02", local_day(known.at, known.published.destination or view.home), destination=known.published.destination)
    if not known.open:
        yield Clear()
    elif (alone := known.closed_alone) is not None:
        yield _finding(view, known, row, "closed_without_the_worker", ("oversight",), alone)
    elif known.answered or not known.audiences:
        yield Clear(evidence=_shown(view))
    else:
        yield _waiting(view, known, row, as_of)


def _waiting(view: SumsView, known: Case, row: Row, as_of: Instant) -> Outcome:
    """Nobody answered yet: whose turn it is, and when the next one's comes."""
    steps = _steps(known, row)
    passed = [number for number, due in enumerate(steps) if as_of > due]
    next_at = next((due + 1 for due in steps if as_of <= due), None)
    if not passed:
        return Clear(next_at=next_at)
    role = LADDER[passed[-1]]
    return _finding(view, known, row, _REASONS[role], LADDER[: passed[-1] + 1], steps[0], next_at)


def _steps(known: Case, row: Row) -> Sequence[Instant]:
    """The last instants in time for the alert's audience and for each that hears next, but the last."""
    found, start, severity = list[Instant](), known.at, known.published.severity or "P3"
    for _ in LADDER:
        if severity == "P3":
            start = working_days_after(start, row.whole("P3_working_days"), (), known.published.destination)
        else:
            start = working_time_after(start, row.whole(f"{severity}_hours") * HOUR, (), known.published.destination)
        found.append(start)
    return found


def _finding(
    view: SumsView, known: Case, row: Row, reason: str, roles: Sequence[str], since: Instant, next_at: Instant | None = None
) -> Finding:
    best = known.published
    said = "closed without the worker's word" if reason == "closed_without_the_worker" else "not acknowledged"
    whose = [audience for audience in known.audiences if not audience.startswith(_RESTRICTED)]  # that it is restricted is no one's business
    return Finding(
        reason=reason, severity=best.severity or "P3", evidence=_shown(view), policy_rows=(row.id,), since=since, roles=tuple(roles),
        summary=f"An alert of priority {best.severity or 'P3'} was {said} by {', '.join(whose) or 'those who got it'}.",
        due_at=answer_by(since, best.severity or "P3", best.destination), next_at=next_at,
        origin=best.origin or view.home, destination=best.destination, parties=(),
    )  # fmt: skip


def _shown(view: SumsView) -> tuple[str, ...]:
    """The alert, or the least events about it."""
    keys = [*view.sums.keys(DONE.name)][:3]
    events = {event for key in keys for event in view.sums.evidence(DONE.name, key, 1)}
    return tuple(sorted(events)) or (view.name.partition(":")[2],)
