"""T-CON-05: a text that the worker understands, and a day to think it over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from streams.domain.facts import Fact, Worker
from streams.domain.instants import DAY, HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import judge, only
from tests.support.policies import loaded

LEFT = at("2025-03-10T09:00:00Z")
REGISTERED, ACKNOWLEDGED = "oversight.contract_registered_origin", "oversight.contract_acknowledged_origin"
DEPARTED = fact("deployment.departed", LEFT, id="left", body={"country": "QA"})


def speaks(*languages: str, moment: str = "2025-01-10") -> Fact:
    made = fact("recruitment.worker_registered", moment)
    return msgspec.structs.replace(made, worker=Worker("NP", (), languages))


def text(
    language: str | None = None, signed: int | None = None, kind: str = REGISTERED, moment: str | int = "2025-02-01", **more: Any
) -> Fact:
    said = {"country": "QA", "language": language, "signed_at": signed, "agency": "NP:dofe:1", "document": more.pop("document", None)}
    return fact(kind, moment, id=more.pop("id", "paper"), body={name: value for name, value in said.items() if value is not None}, **more)


def outcome(issue: str, *facts: Fact) -> Outcome:
    return only("T-CON-05", journey(*facts), at("2025-06-01"), issue)


def language(*facts: Fact) -> Outcome:
    return outcome("language", *facts)


def signing(*facts: Fact) -> Outcome:
    return outcome("signing", DEPARTED, *facts)


@pytest.mark.covers("T-CON-05", "plain")
def test_a_language_that_the_worker_does_not_understand() -> None:
    found = language(speaks("ne"), text("ar"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.since) == ("language_not_understood", ("paper",), at("2025-02-01"))
    assert found.parties == ("NP:dofe:1",)


@pytest.mark.covers("T-CON-05", "look_alike")
@pytest.mark.parametrize("written", ["ne", "en", "nep"])
def test_one_of_the_workers_languages_by_whichever_code(written: str) -> None:
    assert isinstance(language(speaks("ne", "en"), text(written)), Clear)


def test_what_any_office_recorded_of_the_workers_languages_counts() -> None:
    assert isinstance(language(speaks("ne"), speaks("ar", moment="2025-04-01"), text("ar")), Clear)


def test_one_text_that_is_understood_is_enough_made_up_late_too() -> None:
    translated = text("ne", kind=ACKNOWLEDGED, moment="2025-04-01", id="translated")
    assert isinstance(language(speaks("ne"), text("ar"), translated), Clear)


@pytest.mark.covers("T-CON-05", "missing")
@pytest.mark.parametrize("facts", [(text("ar"),), (speaks(), text("ar")), (speaks("ne"), text())])
def test_languages_that_nobody_recorded_are_insufficient(facts: tuple[Fact, ...]) -> None:
    assert isinstance(language(*facts), Insufficient)


def test_another_text_whose_language_is_unknown_may_be_understood() -> None:
    assert isinstance(language(speaks("ne"), text("ar"), text(kind=ACKNOWLEDGED, id="other")), Insufficient)


def test_where_a_row_wants_every_text_understood_one_is_not_enough(tmp_path: Path) -> None:
    policy = loaded(tmp_path, 'id = "T-CON-05.each"\nrule = "T-CON-05"\nsource = "a trial"\nhours = 24\none_text_is_enough = false')
    for other, verdict in ((text("ar", id="other"), Finding), (text(id="other"), Insufficient), (text("ne", id="other"), Clear)):
        found = only("T-CON-05", journey(speaks("ne"), text("ne"), other), at("2025-06-01"), "language", policy=policy)
        assert isinstance(found, verdict)


def test_an_offer_and_the_destinations_copy_are_no_text_of_the_origin() -> None:
    offer = text("ne", kind="recruitment.contract_offered", id="offer")
    copy = text("ne", kind="oversight.contract_authenticated_destination", id="copy")
    assert isinstance(language(speaks("ne"), text("ar"), offer, copy), Finding)
    assert judge("T-CON-05", journey(offer, copy), at("2025-06-01")) == []


@pytest.mark.covers("T-CON-05", "boundary")
@pytest.mark.parametrize(("before", "verdict"), [
    (24 * HOUR, Clear), (24 * HOUR - 1, Finding), (HOUR, Finding), (0, Finding), (-HOUR, Finding), (30 * DAY, Clear),
])  # fmt: skip
def test_exactly_a_day_before_departure_is_time_enough(before: int, verdict: type) -> None:
    assert isinstance(signing(text(signed=LEFT - before)), verdict)


@pytest.mark.covers("T-CON-05", "plain")
def test_signed_at_the_last_hour() -> None:
    found = signing(text(signed=LEFT - 3 * HOUR))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("signed_at_the_last_hour", ("left", "paper"), ("T-CON-05.default",))


def test_another_contract_at_the_last_hour_replaces_the_one_signed_in_time() -> None:
    early, late = text(signed=LEFT - 20 * DAY), text(signed=LEFT - HOUR, id="late")
    assert isinstance(signing(early, late), Finding)


@pytest.mark.covers("T-CON-05", "look_alike")
def test_the_same_document_signed_once_more_is_no_new_one() -> None:
    early, again = text(signed=LEFT - 20 * DAY, document="d1"), text(signed=LEFT - HOUR, id="again", document="d1")
    assert isinstance(signing(early, again), Clear)


def test_a_later_contract_abroad_does_not_undo_the_one_signed_in_time() -> None:
    assert isinstance(signing(text(signed=LEFT - 20 * DAY), text(signed=LEFT + 40 * DAY, id="later")), Clear)


def test_an_acknowledgement_is_signed_when_it_is_made_and_a_registration_is_not() -> None:
    assert isinstance(signing(text(kind=ACKNOWLEDGED, moment=LEFT - 5 * HOUR)), Finding)
    assert isinstance(signing(text(kind=ACKNOWLEDGED, moment=LEFT - 5 * DAY)), Clear)
    assert isinstance(signing(text(moment=LEFT - 5 * DAY)), Insufficient)


def test_one_signed_in_time_and_one_nobody_knows_when() -> None:
    assert isinstance(signing(text(signed=LEFT - 20 * DAY), text(id="other")), Insufficient)


@pytest.mark.covers("T-CON-05", "missing")
def test_without_contract_or_departure() -> None:
    assert isinstance(signing(), Insufficient)
    arrived = fact("deployment.arrived", LEFT + HOUR, body={"country": "QA"})
    assert isinstance(outcome("signing", arrived, text(signed=LEFT)), Insufficient)
    assert [each.issue for each in judge("T-CON-05", journey(text("ar", LEFT)), at("2025-06-01"))] == ["language"]


@pytest.mark.covers("T-CON-05", "late")
def test_a_departure_corrected_to_a_later_day_leaves_time() -> None:
    moved = fact(DEPARTED.type, LEFT + 2 * DAY, body=DEPARTED.body, corrects="left", recorded="2025-05-01")
    assert isinstance(signing(text(signed=LEFT - HOUR)), Finding)
    assert isinstance(signing(text(signed=LEFT - HOUR), moved), Clear)
