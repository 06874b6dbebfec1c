"""The policy that ships: each rule with rows says what they hold and looks them up by what it says."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from streams.rules.policy import default, shapes
from streams.rules.registry import catalogue

RULES = Path(__file__).parents[2] / "streams" / "rules"
LOOKUPS = ("row", "require", "possible")
WITH_ROWS = sorted({row.rule for row in default().all()})


# How a parameter is read, by its type; what has a unit of its own text is read as text.
READ_AS = {
    "whole number": ("whole", "number"), "number": ("number",), "true or false": ("flag",), "list of whole number": ("wholes",),
    "list of tables": ("records",),
}  # fmt: skip


def lookups(source: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """(rule, method, selectors) of each `policy.row`, `require` and `possible`; the id is a literal or a constant of the module."""
    tree = ast.parse(source)
    named = {target.id: node.value.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
             for target in node.targets if isinstance(target, ast.Name)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOOKUPS and node.args:
            first = node.args[0]
            rule = first.value if isinstance(first, ast.Constant) else named.get(first.id) if isinstance(first, ast.Name) else None
            if isinstance(rule, str) and rule.startswith("T-"):
                yield rule, node.func.attr, frozenset(keyword.arg or "**" for keyword in node.keywords)


def reads(source: str) -> Iterator[tuple[str, str]]:
    """(method, parameter) of each `row.whole("days")` and the like in a source, whatever holds the row."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) == 1:
            holder, key = node.func.value, node.args[0]
            name = holder.id if isinstance(holder, ast.Name) else holder.attr if isinstance(holder, ast.Attribute) else ""
            if name.endswith("row") and isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield node.func.attr, key.value


@cache
def all_lookups() -> Mapping[str, list[tuple[str, frozenset[str]]]]:
    """Rule -> (method, selectors) of each time that any rule looks its rows up."""
    found: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for path in sorted(RULES.glob("*.py")):
        for rule, method, selectors in lookups(path.read_text("utf-8")):
            found[rule].append((method, selectors))
    return found


def declared_types() -> Mapping[str, set[str]]:
    """Parameter -> its types, whichever rule declares it."""
    found: dict[str, set[str]] = defaultdict(set)
    for shape in shapes().values():
        for name, parameter in shape.parameters.items():
            found[name].add(parameter.type)
    return found


@pytest.mark.parametrize("rule", WITH_ROWS)
def test_roles_are_the_values_of_the_selector_role(rule: str) -> None:
    """That a rule with rows declares what they hold is asked when they are loaded."""
    assert ("role" in shapes()[rule].selectors) == bool(shapes()[rule].roles)


@pytest.mark.parametrize("rule", sorted(rule for rule, shape in shapes().items() if shape.parameters))
def test_a_rule_with_parameters_has_rows(rule: str) -> None:
    assert default().rows(rule)


@pytest.mark.parametrize("rule", sorted({rule.id for rule in catalogue() if rule.by == "rule"}))
def test_a_rule_looks_its_rows_up_by_the_selectors_that_it_declares(rule: str) -> None:
    assert {name for _, selectors in all_lookups()[rule] for name in selectors} == set(shapes()[rule].selectors)


@pytest.mark.parametrize("rule", sorted(rule for rule, shape in shapes().items() if not shape.default_row))
def test_a_rule_that_may_have_no_row_does_not_require_one(rule: str) -> None:
    assert "require" not in {method for method, _ in all_lookups()[rule]}


@pytest.mark.parametrize("path", sorted(RULES.glob("*.py")), ids=lambda path: str(path.stem))
def test_parameters_are_read_as_they_are_declared(path: Path) -> None:
    types = declared_types()
    for method, name in reads(path.read_text("utf-8")):
        assert types[name], f"{name} is read and no rule declares it"
        ways = {way for each in types[name] for way in READ_AS.get(each, ("texts",) if each.startswith("list") else ("text",))}
        assert method in {*ways, "has"}, f"{name} is {' or '.join(types[name])}, and read with {method}"


def test_a_lookup_is_seen() -> None:
    source = 'RULE = "T-A-01"\nrow = policy.row(RULE, day, origin=o)\nother = policy.require("T-A-02", day)\n'
    assert list(lookups(source)) == [("T-A-01", "row", frozenset({"origin"})), ("T-A-02", "require", frozenset())]


def test_a_parameter_that_is_read_is_seen() -> None:
    source = 'a = row.whole("days")\nb = act.row.has("cap")\nc = fact.text("isco")\nd = their_row.flag("x")'
    assert list(reads(source)) == [("whole", "days"), ("has", "cap"), ("flag", "x")]


def unnamed(source: str) -> Iterator[int]:
    """Lines of a source on which a Finding is made that names no policy row."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
            given = next((keyword.value for keyword in node.keywords if keyword.arg == "policy_rows"), None)
            if given is None or (isinstance(given, ast.Tuple) and not given.elts):
                yield node.lineno


@pytest.mark.parametrize("module", sorted({rule.check.__module__ for rule in catalogue() if rule.shape.parameters}))
def test_each_finding_of_a_rule_with_parameters_names_its_policy_rows(module: str) -> None:
    """That they are the right ones is asserted wherever a test judges (tests/support/judging.py)."""
    assert list(unnamed((RULES / f"{module.rpartition('.')[2]}.py").read_text("utf-8"))) == []


def test_a_finding_without_policy_rows_is_seen() -> None:
    assert list(unnamed("yield Finding(reason='r', policy_rows=(row.id,))\nyield Finding(reason='r')")) == [2]
    assert list(unnamed("return Finding(policy_rows=())")) == [1]
