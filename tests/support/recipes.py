"""Recipes of the READMEs, followed to the letter in a copy of the tree: what they say to write is all that is written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("schemas", "streams", "consumers", "infra", "tests")
# "`path`:", an empty line, and a block with the file's whole text; "`path`, in `name`:" and a line to add to that list.
_FILE = re.compile(r"^ *`([\w./-]+)`:\n\n( *```\w+\n.*?^ *```)$", re.DOTALL | re.MULTILINE)
_LINE = re.compile(r"^ *`([\w./-]+)`, in `(\w+)`:\n\n *```\w+\n(.*?)\n *```$", re.DOTALL | re.MULTILINE)


def section(readme: Path, title: str) -> str:
    """The text under '## Recipe: {title}'."""
    found = re.search(rf"^## Recipe: {title}\n(.*?)(?=^## |\Z)", readme.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert found, f"{readme} has no recipe: {title}"
    return found[1]


def files(text: str) -> Iterator[tuple[str, str]]:
    """(path, content) of each file that a recipe says to write."""
    for path, block in _FILE.findall(text):
        yield path, textwrap.dedent(block).partition("\n")[2].removesuffix("```")


def lines(text: str) -> Iterator[tuple[str, str, str]]:
    """(path, name of a list, line) of each line that a recipe says to add."""
    for path, name, line in _LINE.findall(text):
        yield path, name, line.strip()


class Copy:
    """A copy of the tree, in which commands see nothing of the original."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in PARTS:
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder)

    def follow(self, readme: str, title: str) -> list[str]:
        """Does what a recipe says; returns the paths that it touched."""
        text, touched = section(self.folder / readme, title), []
        for path, content in files(text):
            assert not (self.folder / path).exists(), f"{path} is there already"
            (self.folder / path).write_text(content, "utf-8")
            touched.append(path)
        for path, name, line in lines(text):
            before = (self.folder / path).read_text("utf-8")
            assert before.count(f"{name} = [\n") == 1
            (self.folder / path).write_text(before.replace(f"{name} = [\n", f"{name} = [\n  {line}\n"), "utf-8")
            touched.append(path)
        return touched

    def python(self, *arguments: str, status: int = 0) -> str:
        """Runs this Python in the copy; what it printed, or said of its failure. Fails on another exit status."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60, check=False
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        return done.stderr if status else done.stdout

    def fairpassage(self, *arguments: str, status: int = 0) -> str:
        """Runs the command in the copy."""
        return self.python("-m", "infra.cli.main", *arguments, status=status)
