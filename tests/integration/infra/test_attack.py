"""The table of attacks, asserted: what is forbidden is refused, what is allowed works, and on a broker that is open it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attack import broker
from tests.attack.attempts import WIDTH, Answer, Attempt, Tried, heading, lines, summary, tried
from tests.attack.site import attempts
from tests.support.secured import secured

OPEN = {f"write alerts.{broker.OTHER}", "read facts", "join fairpassage", "alter ACLs"}  # what a broker without rights allows
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


def test_what_is_forbidden_is_refused_and_what_is_allowed_works(tmp_path: Path) -> None:
    with attempts(tmp_path) as every:
        found = list(tried(every))
    assert [(each.attempt.role, each.attempt.what, each.answer.said) for each in found if not each.right] == []
    assert not [each for each in found if "QUOTA" in each.answer.said], "a quota answered in place of what is tried"
    assert {each.attempt.should for each in found} == {True, False}
    assert all(len(line) <= WIDTH for each in found for line in lines(each))


def test_without_rights_the_table_says_what_was_allowed(tmp_path: Path) -> None:
    with secured(tmp_path, authorizer=False) as node:
        chosen = [each for each in broker.attempts(node) if each.what in OPEN]
        found = list(tried(each for each in chosen if each.role == broker.EMBASSY))
    assert {each.attempt.what for each in found if not each.right} == OPEN
    assert summary(found) == "WRONG: 4 forbidden things were allowed, 0 allowed ones were refused."


def test_a_control_that_is_refused_is_wrong_too() -> None:
    control = Tried(Attempt("a", "b", lambda: Answer(False, "c"), should=True), Answer(False, "c"))
    assert not control.right
    assert next(lines(control)).split()[-2:] == ["WRONG", "c"]
    assert len(heading()) <= WIDTH
