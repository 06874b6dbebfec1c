"""The READMEs are true where it can be checked: commands and options exist, links lead somewhere, the settings are all there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from infra.cli.main import COMMANDS, main
from infra.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted(page for part in (".", "schemas", "streams", "consumers", "infra", "tests")
               for page in ((ROOT / part).rglob("*.md") if part != "." else ROOT.glob("*.md")))  # fmt: skip
_BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`((?:fairpassage|make) [^`]+)`")
_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")


def said(text: str) -> Iterator[str]:
    """Every command that a page shows, one a line."""
    for block in _BLOCK.findall(text):
        yield from (line.strip() for line in block.splitlines() if line.strip().startswith(("fairpassage ", "make ")))
    yield from _INLINE.findall(text)


def wrong(line: str) -> str:
    """What is wrong with a command line; '' when it could be typed."""
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        return "" if words[1] in targets else f"no target {words[1]}"
    command: click.Command = main
    context = click.Context(main)
    for word in words[1:]:
        if isinstance(command, click.Group) and not word.startswith("-"):
            found = command.get_command(context, word.rstrip(","))
            if found is None:
                return f"no command {word}" if word != "..." else ""
            command = found
    options = {name for each in command.params for name in each.opts} | {"--help", "-h"}
    return next((f"no option {word}" for word in words[2:] if word.startswith("--") and word.partition("=")[0] not in options), "")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made of them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_nowhere(page: Path, link: str) -> bool:
    """Whether a relative link of a page has no file, or no such heading in it."""
    if "://" in link:
        return False
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return not target.exists() or bool(anchor and anchor not in anchors(target))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_exist_and_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    assert {line: found for line in said(text) if (found := wrong(line))} == {}
    assert [link for link in _LINK.findall(text) if leads_nowhere(page, link)] == []


def test_the_main_page_names_every_command_and_setting() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    commands = text.partition("## Commands")[2].partition("## Settings")[0]
    assert {name for name in COMMANDS if not re.search(rf"`{name}\b", commands)} == set()
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (\S*) +\|", text.partition("## Settings")[2], re.MULTILINE))
    shown = {name.upper(): f"`{field.default}`" if field.default not in ("", None) else "" for name, field in Settings.model_fields.items()}
    assert rows == shown


def test_each_check_sees_what_it_is_for() -> None:
    assert list(said("```sh\nfairpassage up\n```\nor `make demo`, `up`")) == ["fairpassage up", "make demo"]
    assert [wrong(line) for line in ("fairpassage desk", "fairpassage up --fast", "fairpassage dlq burn x", "make tea")] == [
        "no command desk", "no option --fast", "no command burn", "no target tea",
    ]  # fmt: skip
    for line in ("fairpassage dlq replay visa --reason x", "fairpassage import oflc F --dry-run", "make demo"):
        assert wrong(line) == ""
    assert leads_nowhere(ROOT / "README.md", "nowhere.md")
    assert leads_nowhere(ROOT / "README.md", "tests/README.md#no-such-heading")
    assert not leads_nowhere(ROOT / "README.md", "schemas/README.md#recipe-a-new-audience")
