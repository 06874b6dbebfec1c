"""What is done to one worker beyond signals, as files in its home: the worker looks for them (`builds.py`), the harness writes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Hooks:
    """The hooks of a home."""

    home: Path

    def ahead(self, worker: str) -> Path:
        """How far ahead this worker's clock is from its next start on, in ms of the run's time."""
        return self._file(f"{worker}.ahead")

    def full(self, worker: str) -> Path:
        """The most bytes that a file of this worker may have from its next start on."""
        return self._file(f"{worker}.full")

    @property
    def sweep(self) -> Path:
        """Whoever next has delivered a part of a sweep dies before the sweep is whole, and takes this file with it."""
        return self._file("sweep")

    def _file(self, name: str) -> Path:
        folder = self.home / "chaos"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / name
