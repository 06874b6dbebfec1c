"""T-INS-03: an inspection that spoke with none of the workers, or not so that they could answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from streams.domain.employment import ARRIVED, CLOSING, CONTRACTS, WORKSITE
from streams.domain.facts import Fact
from streams.domain.instants import Instant, start_of_day
from streams.domain.languages import language
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure, told
from streams.domain.views import JourneyView, SumsView
from streams.domain.workplaces import Told, tell_workplaces
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy
from streams.rules.registry import also, sums_rule

INSPECTED = "oversight.inspection_done"
_TOLD = {True: "yes", False: "no", None: ""}
_SAID = {
    "no_interview": "no worker was interviewed",
    "employer_present": "the employer was present when workers were interviewed",
    "language_not_understood": "workers were interviewed in none of their languages, without an interpreter",
}


class Visit(NamedTuple):
    """One visit as a key: a day, what was said of it ('yes', 'no' or ''), and the languages spoken with workers, by a space."""

    day: str
    interviewed: str
    interpreter: str
    employer_present: str
    languages: str


def _visits(fact: Fact, subject: str) -> Iterable[Key]:
    """A visit counts where it was: at the site, else at the employer. A visit to an agency alone is to no workplace."""
    where = "site" if fact.text("site") else "employer"
    if not fact.implausible and fact.names(where, subject):
        interviewed, interpreter, present = (_TOLD[fact.flag(name)] for name in ("worker_interviewed", "interpreter", "employer_present"))
        spoken = " ".join(sorted({language(code) for code in fact.texts("languages")}))
        yield Visit(fact.day(subject), interviewed, interpreter, present, spoken)


VISITS = Measure("workplace.visits", frozenset({INSPECTED}), _visits)
WORKERS = told("workplace.workers")  # (month begun, month ended or '', language)


def tell_workplace(view: JourneyView) -> Iterator[Told]:
    """What a journey tells the places at which its worker is."""
    return tell_workplaces(view, WORKERS.name)


@sums_rule(
    "T-INS-03", "party", version=1, measures=(VISITS, WORKERS), audience=("labour-inspectorate", "oversight", "tripartite-committee"),
    severity="P3", action="inspect", recommendations=("A1",), indicators=(),
    next_step="Visit again, speak with workers of your own choice in private, and take an interpreter along.",
    basis="C81 Art. 12 and 16; inspectors interact with migrants and have interpreters (A/70/310, A1)",
)  # fmt: skip
def inspected_without_interview(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A visit at a workplace of migrants interviewed no worker, did so in front of the employer, or in no language of theirs.

    One issue per day of a visit. Languages are those of the workers who were there in that month, as their journeys tell; one
    of theirs is enough, and with an interpreter any will do. A later visit that was as it should be ends the finding. What was
    not said of the visit, a workplace at which no migrant is known to have worked then, and workers of whom nobody knows a
    language, where that decides, are Insufficient. Who was interviewed is never asked or told.
    """
    visits = [Visit(*map(str, key)) for key in view.happened(VISITS)]
    there = [(str(first), str(last), str(code)) for first, last, code in view.happened(WORKERS)] if visits else []
    said = [(visit, _judge(view, visit, there)) for visit in visits]
    good = max((visit.day for visit, found in said if isinstance(found, Clear)), default="")
    worst: dict[str, Outcome] = {}
    for visit, judged in said:
        found = Clear(issue=visit.day, evidence=judged.evidence) if visit.day < good else judged
        known = worst.get(visit.day)
        if known is None or _rank(found) > _rank(known):
            worst[visit.day] = found
    yield from worst.values()


@also("T-INS-03", "journey", reads=(ARRIVED, WORKSITE, *CONTRACTS, *CLOSING), tells=tell_workplace)
def who_could_be_asked(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A journey says nothing itself: it tells workplaces that a migrant works there, and which languages they understand."""
    return iter(())


def _rank(found: Outcome) -> int:
    """Of several visits on one day a good one decides, then what was found, then what is unknown."""
    return 2 if isinstance(found, Clear) else 1 if isinstance(found, Finding) else 0


def _judge(view: SumsView, visit: Visit, there: list[tuple[str, str, str]]) -> Outcome:
    month, shown = visit.day[:7], view.sums.evidence(VISITS.name, visit)
    languages = {code for first, last, code in there if first[:7] <= month and (not last or last[:7] >= month)}
    wrong, missing = _wrong(visit, languages), _missing(visit, languages)
    if not languages or (not wrong and missing):
        return Insufficient(issue=visit.day, missing=missing or "whether migrants work there", evidence=shown)
    if not wrong:
        return Clear(issue=visit.day, evidence=shown)
    since = start_of_day(visit.day, view.home)
    return Finding(
        issue=visit.day, reason=wrong, evidence=shown, since=since, due_at=answer_by(since, "P3", view.home), parties=(view.name,),
        summary=f"At the inspection of {visit.day} {_SAID[wrong]}.",
    )  # fmt: skip


def _wrong(visit: Visit, theirs: set[str]) -> str:
    if visit.interviewed == "no":
        return "no_interview"
    if visit.interviewed == "yes" and visit.employer_present == "yes":
        return "employer_present"
    spoken = set(visit.languages.split())
    if visit.interviewed == "yes" and visit.interpreter == "no" and spoken and "" not in theirs and not spoken & theirs:
        return "language_not_understood"
    return ""


def _missing(visit: Visit, theirs: set[str]) -> str:
    """What would have to be known to say that the visit was as it should be; '' when nothing."""
    if not theirs:
        return "whether migrants work there"
    if not visit.interviewed:
        return "whether a worker was interviewed"
    if not visit.employer_present:
        return "whether the employer was present"
    if visit.interpreter == "yes" or set(visit.languages.split()) & theirs:
        return ""
    if not visit.languages:
        return "the languages that were spoken"
    return "whether there was an interpreter" if not visit.interpreter else "the workers' languages"
