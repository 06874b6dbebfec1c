"""What is missing where, of everything that was seen of a subject: each kind of difference, and what is none."""

from __future__ import annotations

import pytest

from consumers.audit.comparison import (
    CORRECTS,
    KAFKA,
    MAY,
    MUST,
    SETTLED,
    TAIL,
    WAREHOUSE,
    YOUNG,
    Copy,
    Difference,
    Letter,
    Report,
    Seen,
    Standing,
    Subject,
    compare,
)  # fmt: skip

COPY, OTHER, LETTER, STANDING = Copy("NP", "ab" * 16), Copy("QA", "ab" * 16), Letter("visa", 2, 41), Standing("cd" * 16)
EVENT, ON_FACTS = ("visa", 2, 40), ("facts", 5, 7)


def seen(subject: Subject, marks: str) -> Seen:
    """A subject with these marks, as they are read: an event's place, and the record's."""
    places = {MUST: EVENT, MAY: EVENT, KAFKA: ON_FACTS}
    return subject, {mark: places.get(mark) for mark in marks}


def wrong(subject: Subject, marks: str, *others: Seen) -> list[str]:
    return [each.where for each in compare([seen(subject, marks), *others]) if each.subject == subject]


@pytest.mark.parametrize(
    ("subject", "marks", "where"),
    [
        (COPY, MUST + KAFKA + WAREHOUSE, []),
        (COPY, MUST + KAFKA + WAREHOUSE + TAIL + YOUNG, []),
        (COPY, MUST + KAFKA, ["clickhouse"]),
        (COPY, MUST + WAREHOUSE, ["facts"]),
        (COPY, MUST, ["facts", "clickhouse"]),
        (COPY, MUST + MAY, ["facts", "clickhouse"]),  # published again after the ends: it has to be there all the same
        (LETTER, MUST + KAFKA + WAREHOUSE, []),
        (LETTER, MUST + KAFKA, ["clickhouse dead letters"]),
        (LETTER, MUST + WAREHOUSE, ["dead letters"]),
        (LETTER, MUST, ["dead letters", "clickhouse dead letters"]),
        (STANDING, MUST + KAFKA, []),
        (STANDING, MUST, ["standings"]),
    ],
)
def test_what_an_event_asks_for_is_there_or_told(subject: Subject, marks: str, where: list[str]) -> None:
    assert wrong(subject, marks) == where


@pytest.mark.parametrize("subject", [COPY, LETTER, STANDING])
@pytest.mark.parametrize("marks", [MAY, MAY + KAFKA, MAY + KAFKA + YOUNG, MAY + WAREHOUSE + TAIL])
def test_what_came_after_the_ends_may_be_there_and_need_not(subject: Subject, marks: str) -> None:
    assert not wrong(subject, marks)


def test_a_fact_that_no_event_asks_for_is_told_unless_its_event_may_have_left_the_inbox() -> None:
    assert wrong(COPY, KAFKA + YOUNG + WAREHOUSE + TAIL) == ["unaccounted"]
    assert wrong(COPY, KAFKA + WAREHOUSE + TAIL) == []
    assert wrong(COPY, WAREHOUSE + TAIL) == ["clickhouse unaccounted"]
    assert wrong(COPY, WAREHOUSE) == []  # it says that it came from elsewhere in the log, or from another


def test_a_copy_for_a_home_that_the_event_does_not_name_is_told_unless_it_was_passed_on() -> None:
    asked = seen(OTHER, MUST + KAFKA + WAREHOUSE)
    assert wrong(COPY, KAFKA + YOUNG, asked) == ["unaccounted"]
    assert wrong(COPY, KAFKA + YOUNG, seen(OTHER, MUST + CORRECTS + KAFKA + WAREHOUSE)) == []
    unrelated = seen(Copy("QA", "ef" * 16), MUST + CORRECTS + KAFKA + WAREHOUSE)
    assert wrong(COPY, KAFKA + YOUNG, unrelated) == ["unaccounted"]


def test_a_correction_that_lacks_a_copy_is_told_all_the_same() -> None:
    assert wrong(COPY, MUST + CORRECTS + KAFKA) == ["clickhouse"]


@pytest.mark.parametrize("marks", [MUST + KAFKA, MUST, KAFKA + YOUNG, WAREHOUSE + TAIL])
def test_what_is_settled_is_no_difference(marks: str) -> None:
    assert wrong(COPY, marks)
    assert not wrong(COPY, marks + SETTLED)


def test_a_difference_says_where_its_event_and_its_record_are_and_nothing_of_what_they_say() -> None:
    (found,) = compare([seen(COPY, MUST + KAFKA)])
    assert found == Difference("clickhouse", COPY, EVENT, ON_FACTS)
    assert found.name == f"NP|{COPY.id}"
    assert [each.name for each in compare([seen(LETTER, MUST), seen(STANDING, MUST)])] == ["visa:2:41", "visa:2:41", STANDING.id]


def test_a_report_counts_by_topic_home_and_where_and_keeps_some_examples() -> None:
    report = Report()
    assert report.clean
    for number in range(4):
        (found,) = compare([seen(Copy("NP", f"{number:032x}"), MUST + KAFKA)])
        report.add(found, 2)
    report.topics["visa"]["events"] = 9
    assert not report.clean
    told = report.as_json()
    assert told["differences"]["clickhouse"] == 4
    assert told["differences"]["facts"] == 0
    assert told["topics"] == {"visa": {"clickhouse": 4, "events": 9}}
    assert told["homes"] == {"NP": {"clickhouse": 4}}
    assert told["examples"] == {"clickhouse": [f"NP|{number:032x}" for number in range(2)]}
