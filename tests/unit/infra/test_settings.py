"""Settings: from the environment, frozen, and a wrong one is an error that names it."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from pydantic import ValidationError

from infra.settings import load, secret


def test_the_environment_sets_them_and_the_rest_has_a_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path))
    monkeypatch.setenv("FAIRPASSAGE_WORKERS", "3")
    found = load()
    assert (found.root, found.workers, found.bootstrap) == (tmp_path, 3, "")


def test_a_setting_that_does_not_exist_is_named_with_those_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_BOOTSTRP", "x")
    with pytest.raises(click.UsageError, match=r"FAIRPASSAGE_BOOTSTRP is no setting\. Known: .*FAIRPASSAGE_BOOTSTRAP"):
        load()


def test_a_value_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_WORKERS", "many")
    with pytest.raises(click.UsageError, match="FAIRPASSAGE_WORKERS"):
        load()


def test_they_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().workers = 5  # type: ignore[misc]  # that is the point


def test_a_secret_prints_masked(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("open sesame\n")
    found = secret(tmp_path / "password")
    assert found.get_secret_value() == "open sesame"
    assert "sesame" not in f"{found} {found!r}"


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match=r"absent.*name a file that can be read"):
        secret(tmp_path / "absent")
