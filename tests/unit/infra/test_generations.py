"""A new key under the number of the one before is refused on the host that knew it, and so is a wrong old key."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.generations import FILE, held
from infra.settings import Settings
from streams.publishers.identity import KeyFileError, Keys

FIRST, SECOND, OTHER = b"1" * 32, b"2" * 32, b"3" * 32


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_a_change_in_its_order_is_let_through(settings: Settings) -> None:
    for keys in (Keys(FIRST), Keys(FIRST), Keys(SECOND, 2, FIRST), Keys(SECOND, 2), Keys(OTHER, 3, SECOND)):
        assert held(settings, "linking", keys) == keys


def test_another_key_under_the_same_number_is_refused_and_says_which_setting(settings: Settings) -> None:
    held(settings, "linking", Keys(FIRST))
    with pytest.raises(KeyFileError, match="FAIRPASSAGE_LINKING_KEY_FILE is not the key that generation 1 was here") as said:
        held(settings, "linking", Keys(SECOND))
    assert "FAIRPASSAGE_LINKING_KEY_GENERATION" in str(said.value)
    assert held(settings, "intake", Keys(SECOND)).generation == 1, "the workers' generations are their own"


def test_a_wrong_old_key_is_refused(settings: Settings) -> None:
    held(settings, "intake", Keys(FIRST))
    with pytest.raises(KeyFileError, match="FAIRPASSAGE_INTAKE_OLD_KEY_FILE is not the key that generation 1 was here; name the key"):
        held(settings, "intake", Keys(SECOND, 2, OTHER))
    assert held(settings, "intake", Keys(SECOND, 2, FIRST)).old == FIRST


def test_another_broker_has_keys_of_its_own_and_no_key_is_kept(settings: Settings) -> None:
    held(settings, "linking", Keys(FIRST))
    held(settings.model_copy(update={"bootstrap": "kafka:9092"}), "linking", Keys(SECOND))
    kept = (settings.root / "secrets" / FILE).read_text()
    assert "1111" not in kept
    assert FIRST.hex() not in kept


def test_what_is_kept_and_cannot_be_read_or_written_stops_nobody(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / FILE).write_text("{broken")
    assert held(settings, "linking", Keys(FIRST)) == Keys(FIRST)
    (tmp_path / "file").write_text("")
    assert held(Settings(home=tmp_path / "file"), "linking", Keys(FIRST)) == Keys(FIRST)
