"""Builds with a fault of ours do not pass the harness. That the program as it is does, `make chaos` shows, which the build runs too."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from tests.chaos.report import text
from tests.chaos.running import Plan, run
from tests.chaos.schedule import schedule

pytestmark = [pytest.mark.integration, pytest.mark.chaos, pytest.mark.long]
MINUTES, SEED, PATIENCE = 0.5, 1, 15.0


@pytest.mark.parametrize(
    ("build", "chosen", "what"),
    [
        ("commit-first", ("worker killed", "worker killed in a backlog"), "events lost"),
        ("forgetful", ("two workers killed", "worker killed"), "findings missing"),
    ],
)
def test_a_build_with_a_fault_is_found_out(tmp_path: Path, build: str, chosen: tuple[str, ...], what: str) -> None:
    faults = [fault for fault in schedule(MINUTES, SEED) if fault.name in chosen]
    outcome = run(Plan(MINUTES, SEED, faults, build, PATIENCE), tmp_path / "home", click.echo)
    click.echo(text(outcome))
    assert what in {each.what for each in outcome.differences}
