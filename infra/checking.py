"""What a check of `fairpassage doctor` looks at, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from infra.embedded import state
from infra.kafka import offsets
from infra.kafka.security import librdkafka
from infra.settings import Settings

Verdict = Literal["ok", "note", "wrong"]


@dataclass(frozen=True)
class Result:
    """One answer: `says` what is, `mend` what to do about it ('' when nothing is to be done)."""

    check: str
    verdict: Verdict
    says: str
    mend: str = ""


@dataclass(frozen=True)
class Deployment:
    """What is looked at: the settings, and what `up` runs in the home, if it does."""

    settings: Settings
    running: state.State | None

    @property
    def bootstrap(self) -> str:
        """Kafka's address in force, '' when none is known."""
        return self.settings.bootstrap or (self.running.bootstrap if self.running else "")

    @property
    def embedded(self) -> bool:
        """Whether the engines are those that `up` runs here."""
        return not self.settings.bootstrap or (self.running is not None and self.running.bootstrap == self.settings.bootstrap)

    def admin(self) -> offsets.Admin:
        """An administration client of the broker in force."""
        return offsets.admin(self.bootstrap, librdkafka(self.settings))
