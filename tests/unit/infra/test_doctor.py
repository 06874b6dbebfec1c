"""The doctor's checks that need no engine: each sees what it is for, and says how to mend it."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from consumers.audit import memory
from infra import doctor
from infra.checking import Deployment, Result
from infra.embedded import jars, state
from infra.embedded.processes import Identity
from infra.settings import Settings, load
from tests.support.policies import write


def _settings(tmp_path: Path, **given: object) -> Settings:
    return load(home=tmp_path, cache=tmp_path / "cache", **given)


def _key(path: Path, text: str = "k" * 64, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def _wrong(results: list[Result]) -> Result:
    (found,) = [each for each in results if each.verdict == "wrong"]
    return found


def _audited(tmp_path: Path, hours: float, **differences: int) -> Result:
    at = round((time.time() - 3_600 * hours) * 1_000)
    memory.write(tmp_path, memory.Memory(cluster="c", at=at, events=9, differences={"facts": 0, "clickhouse": 0, **differences}))
    (found,) = doctor.audited(Deployment(_settings(tmp_path), None))
    return found


def test_the_last_audit_and_its_age_are_told(tmp_path: Path) -> None:
    (never,) = doctor.audited(Deployment(_settings(tmp_path), None))
    assert (never.verdict, never.says) == ("note", "none was made from here")
    assert (_audited(tmp_path, 1.51).verdict, _audited(tmp_path, 1.51).says) == ("ok", "1 h 30 min ago: all was there, 9 events")
    assert _audited(tmp_path, 49).verdict == "note"
    wrong = _audited(tmp_path, 3.01, clickhouse=1_200, unaccounted=1)
    assert (wrong.verdict, wrong.says) == ("wrong", "3 h 0 min ago: 1,200 missing in clickhouse, 1 unaccounted for in facts")
    assert "audit --repair" in wrong.mend


def test_an_audit_of_another_cluster_or_version_is_no_memory_of_this_one(tmp_path: Path) -> None:
    memory.write(tmp_path, memory.Memory(cluster="c", at=1, events=1, differences={"facts": 1}, missed={"facts": ["NP|x"]}))
    kept = memory.read(tmp_path)
    assert kept is not None
    assert (kept.missed_too("c"), kept.missed_too("d")) == ({"facts": frozenset({"NP|x"})}, {})
    assert (tmp_path / memory.FILE).stat().st_mode & 0o077 == 0
    (tmp_path / memory.FILE).write_text('{"an": "other"}')
    assert memory.read(tmp_path) is None


def test_another_python_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 12, 1))
    assert _wrong(list(doctor.python(Deployment(_settings(tmp_path), None)))).says == "3.12.1, not 3.11"


def test_a_full_disk_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3 << 20))
    assert "3 MB are left" in _wrong(list(doctor.home(Deployment(_settings(tmp_path), None)))).says


def test_jars_that_are_missing_or_changed_are_wrong(tmp_path: Path) -> None:
    what = Deployment(_settings(tmp_path), None)
    assert _wrong(list(doctor.engines(what))).mend == "`make setup` fetches them"
    folder = jars.folder(tmp_path / "cache")
    folder.mkdir(parents=True)
    for jar in jars.locked():
        (folder / jar.file).write_bytes(b"not the jar")
    assert "does not have the SHA-256" in _wrong(list(doctor.engines(what))).says


def test_a_key_that_others_can_read_is_wrong(tmp_path: Path) -> None:
    given = _settings(tmp_path, linking_key_file=_key(tmp_path / "a", mode=0o644), intake_key_file=_key(tmp_path / "b", "i" * 64),
                      master_key_file=_key(tmp_path / "c"))
    found = _wrong(list(doctor.keys(Deployment(given, None))))
    assert (found.check, found.mend) == ("linking key", f"`chmod 600 {tmp_path / 'a'}`")


def test_a_missing_or_short_key_is_wrong(tmp_path: Path) -> None:
    given = _settings(tmp_path, linking_key_file=tmp_path / "absent", intake_key_file=_key(tmp_path / "b", "short"),
                      master_key_file=_key(tmp_path / "c"))
    found = list(doctor.keys(Deployment(given, None)))
    assert [each.verdict for each in found] == ["wrong", "wrong", "ok"]
    assert "k" * 64 not in str(found)


def test_one_key_for_offices_and_workers_is_wrong(tmp_path: Path) -> None:
    given = _settings(tmp_path, linking_key_file=_key(tmp_path / "a"), intake_key_file=_key(tmp_path / "b"),
                      master_key_file=_key(tmp_path / "c"))
    assert "could unmask" in _wrong(list(doctor.keys(Deployment(given, None)))).says


def test_an_old_key_is_held_to_the_same_while_it_is_set(tmp_path: Path) -> None:
    made = {"linking": _key(tmp_path / "a"), "intake": _key(tmp_path / "b", "i" * 64), "master": _key(tmp_path / "c")}
    three = {f"{name}_key_file": path for name, path in made.items()}
    changing = {"linking_key_generation": 2, "intake_key_generation": 2, "party_key_file": made["linking"]}
    shared = _settings(tmp_path, **three, **changing, linking_old_key_file=_key(tmp_path / "old", "i" * 64))
    assert "could unmask" in _wrong(list(doctor.keys(Deployment(shared, None)))).says
    open_to_all = _settings(tmp_path, **three, **changing, intake_old_key_file=_key(tmp_path / "open", "o" * 64, mode=0o644))
    assert _wrong(list(doctor.keys(Deployment(open_to_all, None)))).check == "intake old key"


def test_a_change_of_keys_is_noted_and_one_that_does_not_fit_together_is_wrong(tmp_path: Path) -> None:
    made = {"linking": _key(tmp_path / "a"), "intake": _key(tmp_path / "b", "i" * 64), "master": _key(tmp_path / "c")}
    three = {f"{name}_key_file": path for name, path in made.items()}
    changing = _settings(tmp_path, **three, intake_old_key_file=_key(tmp_path / "old", "o" * 64), intake_key_generation=2)
    noted = [each for each in doctor.keys(Deployment(changing, None)) if each.verdict != "ok"]
    assert [(each.check, each.verdict) for each in noted] == [("intake key", "note")]
    assert noted[0].mend.endswith("take FAIRPASSAGE_INTAKE_OLD_KEY_FILE away")
    unsaid = _settings(tmp_path, **three, linking_key_generation=2)
    assert "FAIRPASSAGE_PARTY_KEY_FILE is not set" in _wrong(list(doctor.keys(Deployment(unsaid, None)))).says


def test_nothing_that_runs_and_a_child_that_ended_are_wrong(tmp_path: Path) -> None:
    given = _settings(tmp_path)
    assert _wrong(list(doctor.processes(Deployment(given, None)))).mend.startswith("`fairpassage up`")
    running = state.State(Identity(1, "0"), {"sink": Identity(1, "0")}, "127.0.0.1:1", "http://127.0.0.1:2")
    found = list(doctor.processes(Deployment(given, running)))
    assert [each.verdict for each in found] == ["wrong", "wrong"]
    assert "sink does not run" in found[1].says


def test_without_addresses_it_says_where_they_come_from(tmp_path: Path) -> None:
    what = Deployment(_settings(tmp_path), None)
    for check in (doctor.kafka, doctor.clickhouse):
        assert "`fairpassage up`, or set FAIRPASSAGE_" in _wrong(list(check(what))).mend


def test_engines_elsewhere_need_no_jars_here(tmp_path: Path) -> None:
    assert not list(doctor.engines(Deployment(_settings(tmp_path, bootstrap="kafka.example:9092"), None)))


def test_a_policy_that_cannot_be_used_is_wrong_row_by_row(tmp_path: Path) -> None:
    (first,) = doctor.policy(Deployment(_settings(tmp_path), None))
    assert first.verdict == "ok"
    rows = ('id = "a"\nrule = "T-CON-02"\nsource = "a test"\ndays = -1', 'id = "b"\nrule = "T-CON-2"\nsource = "a test"')
    given = _settings(tmp_path, policy=write(tmp_path, *rows))
    found = list(doctor.policy(Deployment(given, None)))
    assert [(each.verdict, each.says.partition(": ")[0]) for each in found] == [
        ("wrong", "trial.toml, row 1 (a)"), ("wrong", "trial.toml, row 2 (b)")]  # fmt: skip
    given = _settings(tmp_path, policy=write(tmp_path, rows[0].replace("-1", "14")))
    (found_right,) = doctor.policy(Deployment(given, None))
    assert (found_right.verdict, "trial.toml" in found_right.says) == ("ok", True)
