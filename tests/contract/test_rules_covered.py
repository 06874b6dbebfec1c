"""Each rule and watch of the catalogue has a test of each kind: plain, look-alike, boundary, missing, late.

A test says so of itself with `@pytest.mark.covers("T-LIC-01", "boundary")`: one id, one kind or several; marks may be stacked.

- `plain`: the harm is there, and is found.
- `look_alike`: something that looks like it and is none stays silent.
- `boundary`: the day, the instant, the percent, the amount or the count itself, and one beside it.
- `missing`: what would decide is not there, and the answer is not that all is well.
- `late`: the same set without, then with, a fact that comes late or corrects one: another answer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

from streams.rules.registry import catalogue

TESTS = Path(__file__).parents[1]
KINDS = ("plain", "look_alike", "boundary", "missing", "late")
IDS = sorted({rule.id for rule in catalogue() if not rule.combines})


def is_covers(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """Whether this is `pytest.mark.covers` (or `mark.covers`), called or not."""
    if not (isinstance(node, ast.Attribute) and node.attr == "covers"):
        return False
    return (node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")) == "mark"


def collected(body: Iterable[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions that pytest collects: `test...` of a module, and of its classes `Test...`."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield node
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from collected(node.body)


def marks(tree: ast.Module) -> Iterator[ast.Call]:
    """Each `@pytest.mark.covers(...)` that is on a test function."""
    for test in collected(tree.body):
        yield from (each for each in test.decorator_list if isinstance(each, ast.Call) and is_covers(each.func))


def said(mark: ast.Call) -> tuple[str, tuple[str, ...]] | None:
    """(id, kinds) of a mark that has an id and a kind at least, all written out."""
    words = [each.value for each in mark.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return (words[0], tuple(words[1:])) if len(words) == len(mark.args) >= 2 and not mark.keywords else None


def wrong(source: str, name: str) -> Iterator[str]:
    """What is wrong with the marks of a file."""
    tree = ast.parse(source)
    good = list(marks(tree)) if name.startswith("test_") else []
    on_tests = {id(each.func) for each in good}
    yield from (f"{name}:{node.lineno}: covers is for test functions" for node in ast.walk(tree)
                if is_covers(node) and id(node) not in on_tests)  # fmt: skip
    inside = {id(node) for each in good for node in ast.walk(each)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in inside)
    texts = [node.value for node in constants if isinstance(node.value, str)]
    for each in good:
        words = said(each)
        rule, kinds = words or ("", ())
        if words is None:
            yield f"{name}:{each.lineno}: covers takes an id and kinds, as they are"
        elif rule not in IDS:
            yield f"{name}:{each.lineno}: no rule or watch has the id {rule}"
        elif not any(rule in text for text in texts):
            yield f"{name}:{each.lineno}: nothing else in this file names {rule}"
        yield from (f"{name}:{each.lineno}: {kind} is none of {', '.join(KINDS)}" for kind in kinds if kind not in KINDS)


@cache
def sources() -> Mapping[str, str]:
    """Path below `tests` -> source, of each file with a mark."""
    read = ((path, path.read_text("utf-8")) for path in sorted(TESTS.rglob("*.py")) if path != Path(__file__))
    return {str(path.relative_to(TESTS)): source for path, source in read if "mark.covers" in source}


@cache
def covered() -> frozenset[tuple[str, str]]:
    """The (id, kind) of all marks."""
    words = (said(mark) for source in sources().values() for mark in marks(ast.parse(source)))
    return frozenset((rule, kind) for rule, kinds in filter(None, words) for kind in kinds)


def uncovered(rule: str) -> list[tuple[str, str]]:
    """What no test covers of a rule; none is excused."""
    return [(rule, kind) for kind in KINDS if (rule, kind) not in covered()]


@pytest.mark.parametrize("rule", IDS)
def test_each_kind_of_test_is_there(rule: str) -> None:
    assert uncovered(rule) == [], "no test covers these"


def test_each_mark_is_right() -> None:
    assert [each for name, source in sources().items() for each in wrong(source, Path(name).name)] == []


MARK = '"""{rule}."""\n@pytest.mark.covers({words})\ndef {name}() -> None:\n    pass\n'


@pytest.mark.parametrize(("words", "name", "file"), [
    ('"T-XXX-99", "plain"', "test_a", "test_x.py"), ('"T-CHN-03", "plian"', "test_a", "test_x.py"), ('"T-CHN-03"', "test_a", "test_x.py"),
    ('RULE, "plain"', "test_a", "test_x.py"), ('"T-CHN-03", kind="plain"', "test_a", "test_x.py"),
    ('"T-CHN-03", "plain"', "helper", "test_x.py"), ('"T-CHN-03", "plain"', "test_a", "support.py"),
    ('"T-CHN-04", "plain"', "test_a", "test_x.py"),
])  # fmt: skip
def test_the_check_sees_a_wrong_mark(words: str, name: str, file: str) -> None:
    assert len(list(wrong(MARK.format(rule="T-CHN-03", words=words, name=name), file))) == 1


@pytest.mark.parametrize("source", [
    'pytestmark = pytest.mark.covers("T-CHN-03", "plain")', 'x = pytest.param(1, marks=pytest.mark.covers("T-CHN-03", "plain"))',
    '@pytest.mark.covers("T-CHN-03", "plain")\nclass TestIt:\n    def test_a(self) -> None: ...',
    'def test_a() -> None:\n    @mark.covers("T-CHN-03", "plain")\n    def test_b() -> None: ...',
    "@pytest.mark.covers\ndef test_a() -> None: ...",
])  # fmt: skip
def test_the_check_sees_a_mark_on_what_is_no_test(source: str) -> None:
    assert len(list(wrong(source, "test_x.py"))) == 1


def test_a_right_mark_is_read() -> None:
    source = MARK.format(rule="T-CHN-03", words='"T-CHN-03", "plain", "late"', name="test_a")
    assert not list(wrong(source, "test_x.py"))
    assert [said(mark) for mark in marks(ast.parse(source))] == [("T-CHN-03", ("plain", "late"))]
