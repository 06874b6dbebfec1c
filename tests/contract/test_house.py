"""House rules that no tool checks: sizes, words that have no place here, a README in each top-level folder."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("schemas", "streams", "consumers", "infra", "tests")
LONGEST_FILE, LONGEST_FUNCTION = 400, 50
UNWANTED = {
    "unfinished work": re.compile(r"\b(TODO|FIXME)\b|NotImplementedError"),
    "a test that does not run": re.compile(r"pytest\.(mark\.)?(skip|xfail)|unittest\.skip"),
    "a bare type: ignore": re.compile(r"type: ignore(?!\[)"),
}
# Those that hold examples of what may not be.
MAY = {"tests/unit/infra/test_guards.py", "tests/contract/test_house.py"}


def _sources() -> list[Path]:
    return sorted(path for part in PARTS for path in (ROOT / part).rglob("*.py"))


SOURCES = _sources()


def too_long(source: str) -> Iterator[str]:
    """What is longer than it may be."""
    if (lines := source.count("\n")) > LONGEST_FILE:
        yield f"{lines} lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{node.name} has {length} lines"


def unwanted(source: str) -> Iterator[str]:
    """What has no place in a source."""
    for what, pattern in UNWANTED.items():
        if found := pattern.search(source):
            yield f"{what}: {found[0]}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_keeps_the_house_rules(path: Path) -> None:
    source = path.read_text("utf-8")
    found = list(too_long(source))
    if str(path.relative_to(ROOT)) not in MAY:
        found += unwanted(source)
    assert not found


def test_each_check_sees_what_it_is_for() -> None:
    assert list(too_long("def f():\n" + "    x = 1\n" * 60)) == ["f has 61 lines"]
    assert list(too_long("x = 1\n" * 401)) == ["401 lines"]
    for text in ("# TODO later", "@pytest.mark.skip", "x = y  # type: ignore"):
        assert list(unwanted(text))
    assert not list(unwanted("x = y  # type: ignore[misc]"))


@pytest.mark.parametrize("part", PARTS)
def test_each_part_says_what_lives_there(part: str) -> None:
    text = (ROOT / part / "README.md").read_text("utf-8")
    assert "may not" in text.lower()
