"""Progress of a command on standard error: a bar on a terminal, a line a step elsewhere."""

from __future__ import annotations

from types import TracebackType

from rich import progress
from rich.console import Console


class Progress:
    """A context manager; `say` hears what is done, and how much of how much."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bars = progress.Progress(
            progress.TextColumn("{task.description}"), progress.BarColumn(), progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(), console=self._console, transient=True, disable=not self._console.is_terminal,
        )  # fmt: skip
        self._task = self._bars.add_task("", total=None)
        self._before = ""

    def __enter__(self) -> Progress:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._bars.stop()

    def say(self, what: str, done: int, whole: int) -> None:
        """A step, and how far it has come; 0 of 0 where nobody knows."""
        self._bars.update(self._task, description=what, completed=done, total=whole or None)
        if what != self._before and not self._console.is_terminal:
            self._console.print(what if not whole else f"{what}: {whole:,}", markup=False, soft_wrap=True)
        self._before = what
