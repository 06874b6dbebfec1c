"""Each file argument of each command: a path that leads out of its folder shows nothing of another's file, and writes nowhere else.

Which arguments there are is asked of the commands, so that a new one is tried or the table fails.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click
from click.testing import CliRunner, Result

from infra.cli.main import main
from tests.attack.attempts import Answer, Attempt

CANARY = "canary-9c11 is what a key file says"
# How each is called, {path} in its place. What is read and is no file of its kind; a report's --out is one option of all reports.
READ = {
    "publish FILES": ("publish", "--dry-run", "{path}"), "import oflc FILES": ("import", "oflc", "--dry-run", "{path}"),
    "evaluate FILES": ("evaluate", "{path}"), "evaluate --policy": ("evaluate", "--policy", "{path}", "{good}"),
    "rules --policy": ("rules", "--policy", "{path}"),
    "act --document": ("act", "0123456789abcdef", "close", "--audience", "embassy.NP-QA", "--office", "NP/embassy-doha", "--officer", "o_1",
                       "--reason", "resolved", "--document", "{path}", "--dry-run"),
}  # fmt: skip
WRITTEN = {
    "simulate --out": ("simulate", "--workers", "1", "--seed", "../../outside", "--corridor", "NP-QA", "--out", "{path}"),
    "import oflc --out": ("import", "oflc", "--out", "{path}", "{bad}"),
    "report --out": ("report", "R-FUNNEL", "--out", "{path}"),
}


def attempts(folder: Path) -> Iterator[Attempt]:
    """One of each argument. Raises RuntimeError for an argument that none of them tries."""
    if missing := set(_arguments(main, "")) ^ {*READ, *WRITTEN}:
        raise RuntimeError(f"file arguments: {sorted(missing)}: try each here, and none that is gone")
    for name, command in READ.items():
        yield Attempt("an operator", f"{name}: a key by ../", partial(_shown, folder, command))
    for name, command in WRITTEN.items():
        yield Attempt("an operator", f"{name}: beside what it names", partial(_elsewhere, folder, command))
    yield Attempt("an office", "publish: rejected rows for all to read", partial(_rejected, folder, link=False))
    yield Attempt("an office", "publish: rejected rows through a link", partial(_rejected, folder, link=True))
    yield Attempt("an office", "import an .xlsx that names ../../", partial(_archived, folder, "../../outside", ""))
    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'
    yield Attempt("an office", "import an .xlsx with an entity", partial(_archived, folder, "[Content_Types].xml", entity))


def _arguments(command: click.Command, called: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            each = "report" if called == "report " and name != "oflc" else f"{called}{name}"
            yield from _arguments(found, f"{each} ")
        return
    for parameter in command.params:
        if isinstance(parameter.type, click.Path | click.File):
            yield called + (parameter.opts[0] if parameter.param_type_name == "option" else str(parameter.name).upper())


def _run(folder: Path, command: tuple[str, ...], path: Path) -> Result:
    (folder / "good.jsonl").write_text("", "utf-8")
    (folder / "bad.csv").write_text("a,b\n", "utf-8")
    given = {"path": str(path), "good": str(folder / "good.jsonl"), "bad": str(folder / "bad.csv")}
    environment = {"FAIRPASSAGE_HOME": str(folder / "home"), "FAIRPASSAGE_BOOTSTRAP": "127.0.0.1:1", "COLUMNS": "200"}
    return CliRunner().invoke(main, [each.format(**given) for each in command], env=environment)


def _last(done: Result) -> str:
    return ([line for line in done.output.splitlines() if line.strip()] or ["no word"])[-1].removeprefix("Error: ")


def _shown(folder: Path, command: tuple[str, ...]) -> Answer:
    secret = folder / "secret.key"
    secret.write_text(f"{CANARY}\n", "utf-8")
    (folder / "inbox").mkdir(exist_ok=True)
    done = _run(folder, command, folder / "inbox" / ".." / "secret.key")
    return Answer(any(word in done.output for word in CANARY.split() if len(word) > 4), _last(done).replace(f"{folder}/", ""))


def _elsewhere(folder: Path, command: tuple[str, ...]) -> Answer:
    """Whether anything is there afterwards, beside what the argument names and the command's own home."""
    out = folder / "out" / "named"
    out.parent.mkdir(exist_ok=True)
    _run(folder, command, out)  # the files of this table are made with the first
    before = _there(folder.parent)
    _run(folder, command, out)
    new = [path for path in _there(folder.parent) - before if out not in (path, *path.parents) and folder / "home" not in path.parents]
    return Answer(bool(new), ", ".join(map(str, new)) or "nothing else was written")


def _there(folder: Path) -> set[Path]:
    return {*folder.rglob("*"), *folder.parent.glob("*")}


def _rejected(folder: Path, *, link: bool) -> Answer:
    path, other = folder / "rows.jsonl", folder / "other"
    rejected = path.with_name("rows.jsonl.rejected.jsonl")
    path.write_text(f"{CANARY}\n", "utf-8")
    other.write_text("untouched", "utf-8")
    rejected.unlink(missing_ok=True)
    if link:
        rejected.symlink_to(other)
    _run(folder, READ["publish FILES"], path)
    mode = stat.S_IMODE(rejected.stat().st_mode)
    return Answer(bool(mode & 0o077) or rejected.is_symlink() or other.read_text("utf-8") != "untouched", f"a new file, mode {mode:04o}")


def _archived(folder: Path, name: str, text: str) -> Answer:
    path = folder / "names.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, text)
    done = _run(folder, READ["import oflc FILES"], path)
    return Answer(done.exit_code == 0 or (folder.parent / "outside").exists(), _last(done))
