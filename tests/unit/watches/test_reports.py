"""Differences and their events: what is new, said once, under an id that follows from it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from consumers.watches.headers import watches
from consumers.watches.judging import Said
from consumers.watches.reports import Last, difference, event
from consumers.watches.running import Ran, Schedule
from schemas import shape
from streams.domain.instants import HOUR, parse
from tests.support.builders import at

WATCH = next(each for each in watches() if each.id == "T-DTH-01")
UNTIL = at("2025-05-19T06:00:00Z")
FOUND = Said(
    subject="party:QA:cr:55-1023", issue="NP", outcome="finding", reason="deaths_at_one_employer", summary="Two workers died.",
    figures=("workers=2",), since=at("2025-04-02"), evidence=("a", "b"), parties=("QA:cr:55-1023",), origin="NP", destination="QA",
    policy_rows=("T-DTH-01.default",),
)  # fmt: skip
CLEAR = Said(subject=FOUND.subject, issue="NP", outcome="clear")
KEY = (FOUND.subject, "NP")


def made(said: Said = FOUND, before: dict[tuple[str, str], Last] | None = None, until: int = UNTIL) -> dict[str, Any]:
    return event(WATCH, said, before or {}, until - 90 * 24 * HOUR, until)


def stored(said: Said = FOUND, until: int = UNTIL, **more: Any) -> Last:
    """The report as ClickHouse has it."""
    body = made(said, until=until)["body"] | more
    body = {name: parse(value) if name in ("since", "window_from", "window_until") else value for name, value in body.items()}
    return Last(until, body["revision"], "some-id", body)


def new(*said: Said, before: Last | None = None, until: int = UNTIL) -> list[Said]:
    return list(difference(WATCH, said, {KEY: before} if before else {}, until))


def test_a_report_is_an_event_that_an_office_could_publish() -> None:
    found = made()
    assert shape.problems(found) == []
    assert (found["source"], found["time"], found["recordedat"]) == ("/office/QA/watches", "2025-05-19T06:00:00Z", "2025-05-19T06:00:00Z")
    assert (found["body"]["party"], found["body"]["revision"]) == ("QA:cr:55-1023", 0)


@pytest.mark.parametrize(("subject", "field"), [
    ("place:NP-QA", "corridor"), ("place:NP", "jurisdiction"), ("demand:NP:dofe:LT-77", "demand"), ("party:NP:dofe:1", "party"),
])  # fmt: skip
def test_a_report_names_its_subject_in_one_field(subject: str, field: str) -> None:
    found = made(replace(FOUND, subject=subject))
    assert [name for name in ("party", "demand", "corridor", "jurisdiction") if name in found["body"]] == [field]
    assert found["source"].split("/")[2] == subject.partition(":")[2][:2]


def test_the_same_content_has_the_same_id_and_any_other_another() -> None:
    assert made() == made()
    others = [replace(FOUND, evidence=("a",)), replace(FOUND, figures=("workers=3",)), replace(FOUND, issue="IN"), CLEAR]
    assert len({made(each)["id"] for each in (FOUND, *others)} | {made(until=UNTIL + HOUR)["id"]}) == 6


def test_only_differences_are_new() -> None:
    assert new(FOUND) == [FOUND]
    assert new(FOUND, before=stored()) == []
    assert new(FOUND, before=stored(until=UNTIL - HOUR)) == []
    assert new(replace(FOUND, figures=("workers=3",)), before=stored()) != []
    assert new(CLEAR) == []
    assert new(CLEAR, before=stored()) == [CLEAR]
    assert new(CLEAR, before=stored(CLEAR)) == []


def test_what_is_found_no_more_is_clear() -> None:
    assert new(before=stored()) == [CLEAR]
    assert new(before=stored(CLEAR)) == []


def test_what_is_missing_is_told_once() -> None:
    lacking = Said(subject=FOUND.subject, issue="NP", outcome="insufficient", missing="pay of 4 workers", origin="NP")
    assert new(lacking) == [lacking]
    assert new(lacking, before=stored(lacking)) == []
    assert new(replace(lacking, missing="pay of 5 workers"), before=stored(lacking)) != []


def test_another_word_on_the_same_window_is_its_next_revision() -> None:
    assert made(CLEAR, {KEY: stored()})["body"]["revision"] == 1
    assert made(CLEAR, {KEY: stored(until=UNTIL - HOUR)})["body"]["revision"] == 0
    assert made(CLEAR, {KEY: stored(revision=4)})["body"]["revision"] == 5


def test_a_party_is_one_however_it_is_spelled() -> None:
    assert new(replace(FOUND, subject="party:QA:cr:55 1023"), before=stored()) == []


def test_a_window_is_due_until_it_was_judged() -> None:
    schedule = Schedule([WATCH])
    assert schedule.due(UNTIL + 5) == [WATCH]
    schedule.done([Ran(WATCH, UNTIL, lacking="2 records")])
    assert schedule.due(UNTIL + HOUR - 1) == [WATCH]
    schedule.done([Ran(WATCH, UNTIL)])
    assert schedule.due(UNTIL + HOUR - 1) == []
    assert schedule.due(UNTIL + HOUR) == [WATCH]
