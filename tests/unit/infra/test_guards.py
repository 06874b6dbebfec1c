"""The guards of a test run, each shown failing, here and in a worker of xdist: a connection, a skipped test, a lint or type error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HOW = pytest.mark.parametrize("how", [("-n", "0"), ("-n", "1", "--dist", "loadfile")], ids=["here", "in a worker"])


def _pytest(folder: Path, test: str, how: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """A run of one test file under this project's conftest and options, and others of its own."""
    (folder / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (folder / "test_it.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), "-p", "no:cacheprovider"]
    return subprocess.run([*command, *how, str(folder)], capture_output=True, text=True, check=False, cwd=folder)


@HOW
def test_a_connection_fails_a_test_that_is_not_marked(tmp_path: Path, how: tuple[str, ...]) -> None:
    test = "import socket\ndef test_it(): socket.create_connection(('127.0.0.1', 9))\n"
    done = _pytest(tmp_path, test, how)
    assert done.returncode == 1
    assert "not marked integration" in done.stdout


@HOW
def test_a_skipped_test_fails_the_run(tmp_path: Path, how: tuple[str, ...]) -> None:
    done = _pytest(tmp_path, "import pytest\ndef test_a(): pass\n@pytest.mark.skipif(True, reason='x')\ndef test_b(): pass\n", how)
    assert done.returncode == 1
    assert "a test runs or is deleted" in done.stdout


@HOW
def test_a_run_without_a_test_fails(tmp_path: Path, how: tuple[str, ...]) -> None:
    assert _pytest(tmp_path, "", how).returncode == 5


def test_an_unknown_marker_fails_the_run(tmp_path: Path) -> None:
    assert _pytest(tmp_path, "import pytest\n@pytest.mark.integraton\ndef test_it(): pass\n").returncode == 2


def test_lint_fails_on_a_blind_except(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("try:\n    x = 1\nexcept Exception:\n    pass\n")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), "--no-cache", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "BLE001" in done.stdout


def test_the_build_ends_with_the_status_of_what_failed(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "run").write_text((ROOT / ".ci" / "run").read_text())
    (tmp_path / "Makefile").write_text("check:\n\t@test -z \"$$FAIRPASSAGE_WORKERS\" && exit 3\n")
    done = subprocess.run(
        ["/bin/bash", str(tmp_path / ".ci" / "run")], capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "FAIRPASSAGE_WORKERS": "many"},
    )  # fmt: skip
    assert done.returncode == 2
    assert "Error 3" in done.stderr
