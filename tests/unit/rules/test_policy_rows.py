"""Which row is in force: the most special one of those that hold on the day, the first and last day included."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.domain.outcomes import Finding
from streams.rules.contradictions import contradictions
from streams.rules.evaluation import Judged
from streams.rules.parameters import Shape
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.rules.rows import FIRST_DAY, LAST_DAY, Policy, PolicyError, Row
from tests.support.judging import without_rows
from tests.support.policies import loaded

CONTEXTS: Mapping[str, tuple[str, ...]] = {
    "origin": ("NP", "BD"), "destination": ("QA", "SA"), "isco": ("9", "91", "9111", "5311"),
}  # fmt: skip
DAYS = [(date(2024, 1, 1) + timedelta(days=number)).isoformat() for number in range(6)]


def made(selectors: Mapping[str, str], first: str = FIRST_DAY, last: str = LAST_DAY, id: str = "r") -> Row:
    return Row(id, "T-A-01", "a test", first, last, tuple(sorted(selectors.items())), {}, id)


@st.composite
def policies(draw: st.DrawFn) -> list[Row]:
    """Rows that contradict nothing: each is kept if it fits those before it."""
    rows = [made({}, id="default")]
    for number in range(draw(st.integers(1, 12))):
        named = draw(st.lists(st.sampled_from(sorted(CONTEXTS)), unique=True, max_size=3))
        first, last = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
        row = made({name: draw(st.sampled_from(CONTEXTS[name])) for name in named}, first, last, f"row-{number}")
        if not list(contradictions([*rows, row], {"T-A-01": Shape({})})):
            rows.append(row)
    return rows


ANY = st.fixed_dictionaries({name: st.sampled_from(("", *values)) for name, values in CONTEXTS.items()})


@given(policies(), ANY, st.sampled_from(DAYS))
def test_the_row_found_is_the_most_special_that_holds(rows: list[Row], context: dict[str, str], day: str) -> None:
    found = Policy(rows).require("T-A-01", day, **context)
    holding = [row for row in rows if row.matches(day, context)]
    assert found in holding
    assert all(len(row.selectors) < len(found.selectors) or _within(found, row) for row in holding if row is not found)
    assert Policy(reversed(rows)).require("T-A-01", day, **context) == found


@given(policies(), ANY, st.sampled_from(DAYS))
def test_of_the_possible_rows_the_last_is_the_one_found_and_the_true_one_is_among_them(
    rows: list[Row], context: dict[str, str], day: str
) -> None:
    policy = Policy(rows)
    possible = policy.possible("T-A-01", day, **context)
    assert possible[-1] == policy.require("T-A-01", day, **context)
    for isco in CONTEXTS["isco"]:
        if isco.startswith(context["isco"]):
            assert policy.require("T-A-01", day, **{**context, "isco": isco}) in possible


def _within(one: Row, other: Row) -> bool:
    """Whether one row is for nothing that the other is not for too."""
    return all(dict(one.selectors).get(name, "").startswith(value) for name, value in other.selectors)


def test_the_first_and_the_last_day_are_in_force(tmp_path: Path) -> None:
    rows = ('id = "old"\nrule = "T-CON-02"\nsource = "a test"\ndays = 30\nuntil = 2024-06-09',
            'id = "new"\nrule = "T-CON-02"\nsource = "a test"\ndays = 20\nfrom = 2024-06-10')  # fmt: skip
    policy = loaded(tmp_path, *rows)
    assert [policy.require("T-CON-02", day).id for day in (FIRST_DAY, "2024-06-09", "2024-06-10", LAST_DAY)] == ["old", "old", "new", "new"]
    assert policy.require("T-CON-02", date(2024, 6, 9)).id == "old"


def test_a_longer_prefix_is_more_special_and_an_unknown_value_matches_none(tmp_path: Path) -> None:
    base = 'rule = "T-ATT-01"\nsource = "a test"\nrequired = false\n'
    policy = loaded(tmp_path, base + 'id = "plain"', base + 'id = "care"\nisco = "53"', base + 'id = "child"\nisco = "5311"')
    found = [policy.require("T-ATT-01", "2024-01-01", isco=isco).id for isco in ("5311", "5322", "53", "9111", "")]
    assert found == ["child", "care", "care", "plain", "plain"]


def test_no_row_is_none_and_an_error_where_one_is_required() -> None:
    assert default().row("T-CMP-01", "2024-01-01", role="employer") is None
    with pytest.raises(PolicyError, match=r"no policy row of T-CMP-01 applies on 2024-01-01"):
        default().require("T-CMP-01", "2024-01-01", role="employer")


def test_a_finding_that_names_no_row_or_one_that_is_not_there_is_seen() -> None:
    """What every test of a rule asserts through tests/support/judging.py."""
    (rule,) = (each for each in catalogue() if each.id == "T-CON-02")
    for rows, seen in (((), ["r"]), (("T-CON-02.gone",), ["r"]), (("T-CON-02.QA",), [])):
        found = Judged(rule, Finding(reason="r", summary="", evidence=("e",), policy_rows=rows))
        assert list(without_rows([found], default())) == seen
