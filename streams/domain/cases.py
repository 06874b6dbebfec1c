"""Complaints of one worker: which cases there are, what was done about each, and what the worker agreed to.

A case is what one office numbers as one; a filing without a number is a case of its own. The worker chooses who hears of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from streams.domain.employment import FOREVER, Span
from streams.domain.facts import Fact
from streams.domain.instants import end_of_day, local_day
from streams.domain.views import JourneyView, once_a_view

FILED = "complaint.complaint_filed"
ACKNOWLEDGED = "complaint.complaint_acknowledged"
FOLLOWED_UP = "complaint.complaint_followed_up"
REFERRED = "complaint.complaint_referred"
HEARD = "complaint.hearing_held"
SETTLED = "complaint.complaint_settled"
DECIDED = "complaint.complaint_decided"
ENFORCED = "complaint.complaint_enforced"
CLOSED = "complaint.complaint_closed"
AGREED, WITHDRAWN = "complaint.consent_given", "complaint.consent_withdrawn"
CONSENT = (AGREED, WITHDRAWN)

ENDED = frozenset({SETTLED, DECIDED, ENFORCED, CLOSED})
FOLLOWED = ENDED | {REFERRED, FOLLOWED_UP, HEARD}
ANSWERED = FOLLOWED | {ACKNOWLEDGED}

NEVER: Span = (0, 0)
_OTHERS = ("employer", "agency")  # who complains of workers, or of each other: their channel is no worker's choice
# The audience that a channel stands for: it hears instead of the embassy.
_CHANNELS = {"ngo": "ngo-channel", "union": "union-channel"}
RESTRICTED = "oversight-restricted"


@dataclass(frozen=True)
class Case:
    """One case: its filings, and what was done about it, for certain (`own`) and perhaps (`doubtful`), in order of time."""

    id: str
    filed: tuple[Fact, ...]
    own: tuple[Fact, ...] = ()
    doubtful: tuple[Fact, ...] = ()

    @property
    def by_worker(self) -> tuple[Fact, ...]:
        """The filings that are the worker's own: not a relative's, an organisation's, an employer's or an agency's."""
        return tuple(fact for fact in self.filed if is_own(fact))

    def of(self, *types: str) -> tuple[Fact, ...]:
        """What was done about it for certain, of these types."""
        return tuple(fact for fact in self.own if fact.type in types)

    def doubts(self, *types: str) -> bool:
        """Whether something of these types may have been done about it, or about another."""
        return any(fact.type in types for fact in self.doubtful)


def is_own(filing: Fact) -> bool:
    """Whether a complaint is the worker's own."""
    return filing.text("complainant_role") == "worker"


def handled_in(filing: Fact) -> str:
    """ISO2 of the country whose office has the complaint."""
    return filing.text("country") or filing.jurisdiction


def closes(step: Fact) -> bool:
    """Whether a complaint is closed by it: the worker confirmed, or could not, and that is on paper (domain.md 5, must-not 10).

    Having gone home, a term that ran out and an office's own word are no reason.
    """
    if step.flag("confirmed_by_worker") is True:
        return True
    return step.text("impossible") is not None and step.text("document") is not None


@once_a_view
def cases(view: JourneyView) -> tuple[Case, ...]:
    """Every case of the journey, by id, with the steps that are about it."""
    filed: dict[str, list[Fact]] = defaultdict(list)
    for filing in view.of(FILED):
        filed[_name(view, filing)].append(filing)
    taken: dict[str, tuple[list[Fact], list[Fact]]] = {case: ([], []) for case in filed}
    for step in answers(view):
        _attribute(step, filed, taken)
    return tuple(Case(name, tuple(filed[name]), tuple(own), tuple(perhaps)) for name, (own, perhaps) in sorted(taken.items()))


@once_a_view
def own_filings(view: JourneyView) -> tuple[tuple[Fact, Case], ...]:
    """The worker's own complaints with their cases, in order of time."""
    found = [(filing, case) for case in cases(view) for filing in case.by_worker]
    return tuple(sorted(found, key=lambda each: each[0].key))


@once_a_view
def answers(view: JourneyView) -> tuple[Fact, ...]:
    """What was done about complaints, without what closes none."""
    return tuple(fact for fact in view.of(*ANSWERED) if fact.type != CLOSED or closes(fact))


def case_of(view: JourneyView, step: Fact) -> Case | None:
    """The case that a step is about: the one that it names, else the only one it may be of; None when that is not known."""
    listed = cases(view)
    named = [case for case in listed if case.id == step.refs.case]
    may = named or [case for case in listed if _may_be_of(step, case.filed[0])]
    return may[0] if len(may) == 1 else None


def _name(view: JourneyView, filing: Fact) -> str:
    return filing.refs.case or f"event:{view.root(filing)}"


def _attribute(step: Fact, filed: Mapping[str, Sequence[Fact]], taken: Mapping[str, tuple[list[Fact], list[Fact]]]) -> None:
    """A step is of the case that it names; else of the only one open then. Where it may be of several it is in doubt.

    Case numbers are an office's own: what an office says of another number is not about the case that it numbered itself,
    and what another office says of a number unknown here may be about it.
    """
    named = taken.get(step.refs.case or "")
    if named is not None:
        named[0].append(step)
        return
    may = {case: filings[0] for case, filings in filed.items() if _may_be_of(step, filings[0])}
    still = {case: filing for case, filing in may.items() if not any(each.type in ENDED for each in taken[case][0])} or may
    sure = len(still) == 1 and (step.refs.case is None or next(iter(still.values())).refs.case is None)
    for case in still:
        taken[case][0 if sure else 1].append(step)


def _may_be_of(step: Fact, filing: Fact) -> bool:
    """Not where the step came before the complaint, by the local day: many a step is known by its day alone."""
    if local_day(step.time, step.jurisdiction) < local_day(filing.time, step.jurisdiction):
        return False
    return step.refs.case is None or filing.refs.case is None or step.source != filing.source


# What the worker agreed to, and whom the worker chose.


def consented(view: JourneyView, scope: str, case: Case) -> Span:
    """From when until when the worker last agreed to a use of a case (NEVER where they did not, FOREVER while nothing ends it).

    Consent that names a case is for that case, consent that names none for all; so is its withdrawal. It ends with the last
    local day that it was given for, or when it is withdrawn. A withdrawal before it was given takes nothing back.
    """
    said = [fact for fact in view.of(*CONSENT) if fact.text("scope") == scope and fact.refs.case in (None, *_numbers(case))]
    given = [fact for fact in said if fact.type == AGREED]
    if not given:
        return NEVER
    last = given[-1]
    until = last.text("until")
    ends = [fact.time for fact in said if fact.type == WITHDRAWN and fact.time >= last.time]
    ends.append(end_of_day(until, last.jurisdiction) if until else FOREVER)
    return last.time, min(ends)


def _numbers(case: Case) -> set[str | None]:
    return {filing.refs.case for filing in case.filed}


def refused(view: JourneyView, scope: str, case: Case) -> bool:
    """Whether the worker's last word is that a case may not be used so; for the embassy the complaint itself is consent."""
    said = [fact for fact in view.of(*CONSENT) if fact.text("scope") == scope and fact.refs.case in (None, *_numbers(case))]
    if not said:
        return False
    last, begun = max(said, key=lambda fact: (fact.time, fact.type)), [fact.time for fact in said if fact.type == AGREED]
    return last.type == WITHDRAWN and last.time >= min([*begun, case.filed[0].time])


def channel(view: JourneyView, case: Case | None) -> str:
    """The audience that hears instead of the embassy; '' for the embassy itself (domain.md 5, must-nots 5 and 8).

    The union or organisation through which the worker last complained of the case; restricted oversight alone where the
    worker chose none and does not want the embassy to know. Of a matter whose case is not known, what holds for any of them.
    """
    listed = (case,) if case is not None else cases(view)
    filings = [filing for each in listed for filing in each.filed
               if filing.text("channel") and filing.text("complainant_role") not in _OTHERS]  # fmt: skip
    chosen = _CHANNELS.get(max(filings, key=lambda fact: fact.key).text("channel") or "", "") if filings else ""
    if chosen:
        return chosen
    return RESTRICTED if any(refused(view, "embassy", each) for each in listed) else ""
