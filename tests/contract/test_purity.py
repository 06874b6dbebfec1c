"""Domain, linking and rules are pure: no I/O, no clock, no randomness, no log, and nothing imported that has them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

STREAMS = Path(__file__).parents[2] / "streams"
PURE = ("domain", "linking", "rules")
LIBRARIES = {"msgspec"}
STANDARD = {
    "__future__", "bisect", "calendar", "collections", "collections.abc", "dataclasses", "datetime", "difflib", "fractions", "functools",
    "hashlib", "heapq", "inspect", "itertools", "math", "operator", "re", "statistics", "types", "typing", "unicodedata", "decimal",
    "zoneinfo",
}  # fmt: skip
# What is read once, when a process starts: the time zones' table, the list of languages, the policy files, the rules themselves,
# the lists of codes that policy rows are checked against. `holidays` computes tables by country and year and reads no clock unless
# asked for today.
READERS = {
    "domain/calendars.py": {"holidays", "holidays.version", "warnings"}, "domain/places.py": {"importlib.resources"},
    "domain/languages.py": {"pycountry"}, "rules/policy.py": {"pathlib", "tomllib"},
    "rules/registry.py": {"importlib", "pkgutil"}, "rules/parameters.py": {"schemas.codes"},
    "rules/rowreading.py": {"schemas.codes"},
}  # fmt: skip
CALLS = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}
CLOCKS = {"now", "utcnow", "today", "fromtimestamp"}
SOURCES = sorted(path for part in PURE for path in (STREAMS / part).rglob("*.py"))


def impure(source: str, name: str = "") -> Iterator[str]:
    """What a pure module may not have; `name` is its path below `streams`."""
    allowed = STANDARD | LIBRARIES | READERS.get(name, set())
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        else:
            modules = []
        for module in modules:
            mine = module.startswith(tuple(f"streams.{part}" for part in PURE))
            if module not in allowed and not mine:
                yield f"imports {module}"
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in CALLS:
                yield f"calls {called.id}"
            if isinstance(called, ast.Attribute) and called.attr in CLOCKS:
                yield f"calls {called.attr}"
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield "has state of its own"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(STREAMS)))
def test_a_pure_module_is_pure(path: Path) -> None:
    assert list(impure(path.read_text("utf-8"), path.relative_to(STREAMS).as_posix())) == []


@pytest.mark.parametrize("source", [
    "import time", "import random", "from os import environ", "import logging", "from streams.store.kv import Store",
    "from schemas.codec import decode", "import faust", "x = open('f')", "from datetime import datetime\nx = datetime.now()",
    "def f():\n    global x\n    x = 1",
])  # fmt: skip
def test_the_check_sees_what_is_not(source: str) -> None:
    assert list(impure(source))


def test_only_readers_read() -> None:
    assert list(impure("from pathlib import Path", "rules/chain_too_long.py"))
    assert not list(impure("from pathlib import Path", "rules/policy.py"))
