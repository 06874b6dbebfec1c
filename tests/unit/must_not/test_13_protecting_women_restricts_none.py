"""Must-not 13: what protects women may not restrict them. No rule asks a worker's sex, and no policy row but on employers' papers may."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import streams.rules
from streams.rules.policy import default, shapes
from streams.rules.registry import BY_SEX, catalogue, journey_rule
from tests.support.policies import problems

RULES = Path(streams.rules.__path__[0])
# A demand's own sex, as the employer wrote it; and what declares, reads and checks rows.
MAY_SAY_SEX = {"demand_not_attested.py", "rows.py", "rowreading.py", "registry.py"}


def says_sex(source: str) -> bool:
    """Whether a source has the word as a value: a field that it reads, or a selector."""
    return any(isinstance(node, ast.Constant) and node.value == "sex" for node in ast.walk(ast.parse(source)))


def test_no_rule_reads_a_workers_sex() -> None:
    assert {path.name for path in RULES.glob("*.py") if says_sex(path.read_text("utf-8"))} <= MAY_SAY_SEX
    assert says_sex('worker.text("sex")')
    assert not says_sex('"""Of either sex."""\nx = "by sex"')


@pytest.mark.parametrize("rule", sorted(shapes().keys() - BY_SEX))
def test_no_row_of_any_other_rule_is_narrowed_by_sex(rule: str, tmp_path: Path) -> None:
    for sex in ("female", "male"):
        found = problems(tmp_path, f'id = "a"\nrule = "{rule}"\nsource = "a test"\nsex = "{sex}"')
        assert any("sex must be left out: what protects women may not restrict them" in each for each in found)


def test_no_other_rule_may_be_declared_to_look_rows_up_by_sex() -> None:
    with pytest.raises(ValueError, match="T-NEW-01 looks rows up by sex"):
        journey_rule("T-NEW-01", reads=(), selectors=("origin", "sex"))(lambda *_: ())


def test_the_one_that_may_is_about_an_employers_papers_and_ships_no_such_row() -> None:
    """Attestation is asked of the mission and the employer; no journey, so no worker, is its subject, and the mission verifies."""
    rules = [rule for rule in catalogue() if rule.id in BY_SEX]
    assert {rule.id for rule in rules} == {"T-ATT-01"}
    assert {rule.kind for rule in rules} <= {"party", "demand"}
    assert {rule.action for rule in rules} == {"verify"}
    assert not [row.id for row in default().all() if "sex" in dict(row.selectors)]
