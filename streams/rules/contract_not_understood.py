"""T-CON-05: a worker signed a contract in a language not understood, or too shortly before the flight to think it over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from streams.domain.employment import ACKNOWLEDGED, ARRIVED, REGISTERED
from streams.domain.facts import Fact
from streams.domain.instants import HOUR, Instant, local_day
from streams.domain.languages import language
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import DEPARTED, arrivals, departure
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import flag, hours
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

LANGUAGE, SIGNING = "language", "signing"


@journey_rule(
    "T-CON-05", version=1, reads=(REGISTERED, ACKNOWLEDGED, DEPARTED, ARRIVED), audience=("satellite-office",), severity="P3",
    action="verify", recommendations=("A5", "B14"), indicators=("deception",),
    next_step="Have the contract explained in a language the worker understands, and ask the agency how and when it was signed.",
    basis="GCM objective 6, 22(d): written contracts in a language that the worker understands",
    parameters={"hours": hours(least=1), "one_text_is_enough": flag()}, selectors=("origin", "destination"),
)  # fmt: skip
def contract_not_understood(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """No text of the contract at origin (registered or acknowledged) is in a language of the worker, or one was signed at the last hour.

    One issue, "language": one text that the worker understands is enough, made up late too (unless a row wants each to be
    understood); the worker's languages are those that any office recorded. The other, "signing": signed less than 24 hours before
    departure, or after it where none was signed before; exactly 24 hours is time enough. An acknowledgement that gives no time
    of signing was signed when it was made. The same document, signed once more at the last hour, is no new one. What is not
    recorded, where it matters, is Insufficient.
    """
    texts, departed = view.of(REGISTERED, ACKNOWLEDGED), departure(view)
    if texts:
        row = policy.require("T-CON-05", local_day(texts[0].time, view.origin), origin=view.origin, destination=view.destination)
        yield _understood(view, texts, row)
    if departed is not None:
        row = policy.require("T-CON-05", local_day(departed.time, view.origin), origin=view.origin, destination=view.destination)
        yield _signed(view, texts, departed, row)
    elif arrived := arrivals(view):
        yield Insufficient(issue=SIGNING, missing="the departure", evidence=evidence(arrived))


def _understood(view: JourneyView, texts: Sequence[Fact], row: Row) -> Outcome:
    shown = evidence(texts)
    spoken = {language(code) for fact in view.facts if fact.worker is not None for code in fact.worker.languages}
    if not spoken:
        return Insufficient(issue=LANGUAGE, missing="the worker's languages", evidence=shown)
    codes = [fact.text("language") for fact in texts]
    read = {None if code is None else language(code) in spoken for code in codes}
    decisive = row.flag("one_text_is_enough")  # then one that is understood decides, else one that is not
    understood = decisive if decisive in read else None if None in read else not decisive
    if understood is None:
        return Insufficient(issue=LANGUAGE, missing="the language of the contract", evidence=shown)
    if understood:
        return Clear(issue=LANGUAGE, evidence=shown)
    since = texts[0].time
    return Finding(
        issue=LANGUAGE, reason="language_not_understood", summary="The contract is in a language that the worker does not understand.",
        evidence=shown, policy_rows=(row.id,), since=since, due_at=answer_by(since, "P3", view.origin), parties=_agencies(texts),
    )  # fmt: skip


def _signed(view: JourneyView, texts: Sequence[Fact], departed: Fact, row: Row) -> Outcome:
    shown = evidence((departed, *texts))
    if not texts:
        return Insufficient(issue=SIGNING, missing="the contract", evidence=shown)
    latest = departed.time - row.whole("hours") * HOUR  # the last moment that leaves time to think
    in_time = [fact for fact in texts if (at := _when(fact)) is not None and at <= latest]
    papers = {fact.text("document") for fact in in_time} - {None}
    others = [fact for fact in texts if fact not in in_time and fact.text("document") not in papers]
    hasty = [fact for fact in others if (at := _when(fact)) is not None and (at <= departed.time or not in_time)]
    if hasty:
        return Finding(
            issue=SIGNING, reason="signed_at_the_last_hour", summary="The contract was signed so shortly before departure, or after it, "
            "that there was no time to think it over.", evidence=shown, policy_rows=(row.id,), since=departed.time,
            due_at=answer_by(departed.time, "P3", view.origin), parties=_agencies(hasty),
        )  # fmt: skip
    if any(_when(fact) is None for fact in others):
        return Insufficient(issue=SIGNING, missing="when the contract was signed", evidence=shown)
    return Clear(issue=SIGNING, evidence=shown)


def _when(fact: Fact) -> Instant | None:
    """When the worker signed this text."""
    signed = fact.instant("signed_at")
    return fact.time if signed is None and fact.type == ACKNOWLEDGED else signed


def _agencies(texts: Sequence[Fact]) -> tuple[str, ...]:
    return tuple(sorted({agency for fact in texts if (agency := fact.text("agency"))}))
