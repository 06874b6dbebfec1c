"""The checker finds each kind of difference, on plain values; a run that is as it should be has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.chaos.checking import Finding, Found, Heard, Said, Wanted, check, illegal

FINDING: Finding = ("journey:NP:1", "a1", "T-CON-01@1", "no_contract", ("e1",))
HEARD: Heard = ("embassy.NP-QA", "a1", "T-CON-01@1", "no_contract", ("e1",))
NAME = HEARD[:2]
JOURNEY = ("journey:NP:1", "open", ("T-CON-01",))
RAISED = Said((4, 1), "raised", b"one")
UPDATED = Said((4, 2), "updated", b"two")
MORE_ALERTS, MORE_LETTERS = {HEARD, ("oversight", *HEARD[1:])}, {("visa", 0, 7), ("visa", 0, 8)}
WANTED = Wanted(frozenset({"f1", "f2"}), frozenset({FINDING}), frozenset({HEARD}), frozenset({JOURNEY}), frozenset({("visa", 0, 7)}))


def as_it_should_be() -> Found:
    return Found(
        stored=WANTED.facts, copies=frozenset({b"NP|f1", b"NP|f2"}), facts={b"NP|f1": {b"x"}, b"NP|f2": {b"y"}},
        journeys=WANTED.journeys, findings=WANTED.findings, alerts=WANTED.alerts,
        stored_alerts=WANTED.alerts, letters=WANTED.rejected, stored_letters=WANTED.rejected,
        histories={NAME: [RAISED, UPDATED, RAISED]}, stored_histories={NAME: {(4, 1), (4, 2)}},
        uncommitted={("fairpassage", "feed", 0): 0}, twice={"facts": 0},
    )  # fmt: skip


def test_a_run_that_is_as_it_should_be_has_no_difference() -> None:
    assert check(WANTED, as_it_should_be()) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"stored": {"f1"}}, "events lost"),
        ({"stored": {"f1", "f2", "f3"}}, "events that nobody published"),
        ({"copies": {b"NP|f1"}}, "copies of events missing in ClickHouse"),
        ({"copies": {b"NP|f1", b"NP|f2", b"QA|f2"}}, "copies of events in ClickHouse alone"),
        ({"journeys": frozenset()}, "journeys missing in ClickHouse"),
        ({"journeys": {JOURNEY, ("journey:NP:2", "open", ())}}, "journeys that `evaluate` does not have"),
        ({"findings": frozenset()}, "findings missing"),
        ({"findings": {FINDING, (*FINDING[:3], "another", ())}}, "findings that `evaluate` does not make"),
        ({"alerts": frozenset(), "stored_alerts": frozenset()}, "open alerts missing"),
        ({"alerts": MORE_ALERTS, "stored_alerts": MORE_ALERTS}, "open alerts that `evaluate` does not raise"),
        ({"stored_alerts": frozenset()}, "open alerts missing in ClickHouse"),
        ({"stored_alerts": MORE_ALERTS}, "alerts open in ClickHouse alone"),
        ({"letters": frozenset(), "stored_letters": frozenset()}, "dead letters missing"),
        ({"letters": MORE_LETTERS, "stored_letters": MORE_LETTERS}, "dead letters of good records"),
        ({"stored_letters": frozenset()}, "dead letters missing in ClickHouse"),
        ({"stored_letters": MORE_LETTERS}, "dead letters in ClickHouse alone"),
        ({"facts": {b"NP|f1": {b"x", b"z"}, b"NP|f2": {b"y"}}}, "facts with two contents"),
        ({"histories": {NAME: [UPDATED, RAISED]}}, "histories that cannot be"),
        ({"stored_histories": {NAME: {(4, 2)}}}, "revisions missing in ClickHouse"),
        ({"uncommitted": {("fairpassage", "feed", 0): 3}}, "records not committed"),
        ({"twice": {"facts": 1}}, "rows of facts seen twice"),
    ],
)  # fmt: skip
def test_each_kind_of_difference_is_found(changed: dict[str, object], what: str) -> None:
    assert [each.what for each in check(WANTED, replace(as_it_should_be(), **changed))] == [what]  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("statuses", "why"),
    [
        ("raised updated updated withdrawn raised superseded updated", ""),
        ("updated withdrawn", ""),  # an audience that was added while the alert was open
        ("withdrawn", "withdrawn after nothing"),
        ("raised raised", "raised after raised"),
        ("raised withdrawn withdrawn", "withdrawn after withdrawn"),
        ("raised superseded withdrawn", "withdrawn after superseded"),
    ],
)
def test_what_may_follow_what(statuses: str, why: str) -> None:
    history = [Said((1, number), status, b"%d" % number) for number, status in enumerate(statuses.split())]
    assert [found for _, found in illegal({NAME: history}, {})] == ([why] if why else [])


def test_revisions_go_forward_and_say_one_thing() -> None:
    later = Said((9, 1), "withdrawn", b"three")
    assert not list(illegal({NAME: [RAISED, UPDATED, RAISED, UPDATED, later]}, {}))
    assert list(illegal({NAME: [RAISED, later, UPDATED]}, {})) == [(NAME, "(4, 2) came after (9, 1)")]
    assert list(illegal({NAME: [RAISED, replace(RAISED, content=b"other")]}, {})) == [(NAME, "two contents under revision (4, 1)")]


def test_an_alert_is_raised_once_while_it_is_open() -> None:
    later, again = replace(UPDATED, raised_at=9), Said((4, 3), "withdrawn", b"three")
    assert list(illegal({NAME: [RAISED, later]}, {})) == [(NAME, "raised at 0, and again at 9 while it was open")]
    assert not list(illegal({NAME: [RAISED, UPDATED, again, Said((4, 4), "raised", b"four", raised_at=9)]}, {}))


def test_what_an_owner_that_is_no_more_says_late_is_passed_over_and_nothing_else() -> None:
    again = Said((9, 2), "raised", b"four")
    history = [RAISED, Said((9, 1), "raised", b"three"), UPDATED, again]
    assert not list(illegal({NAME: history}, {NAME: {UPDATED.revision}}))
    assert list(illegal({NAME: history}, {}))
    assert list(illegal({NAME: [*history, RAISED, Said((8, 1), "raised", b"five")]}, {NAME: {UPDATED.revision}}))
