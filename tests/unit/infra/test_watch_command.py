"""`fairpassage watch`: what it refuses before it asks anybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.cli.main import main


@pytest.mark.parametrize(("arguments", "says"), [
    (("--as-of", "2025-06-01T00:00:00Z"), "--as-of goes with --once"),
    (("--once", "--days", "365"), "--days with --dry-run"),
    (("--once", "--only", "T-XXX-01"), "'t-xxx-01' is no watch; there are T-CHN-04, T-CHN-07"),
    (("--once", "--as-of", "2025-06-01"), "has no UTC offset"),
    (("--once",), "no broker: start `fairpassage up`"),
])  # fmt: skip
def test_a_wrong_call_says_what_to_write(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = CliRunner(env={"FAIRPASSAGE_HOME": str(tmp_path)}).invoke(main, ["watch", *arguments])
    assert done.exit_code == 2
    assert says in " ".join(done.output.split())
