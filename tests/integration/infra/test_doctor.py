"""The doctor's checks of a broker and a ClickHouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from confluent_kafka import Producer

from infra import doctor
from infra.checking import Deployment, Result
from infra.embedded import state
from infra.embedded.ports import free
from infra.embedded.processes import Identity
from infra.settings import Settings, load
from tests.support.clickhouse import PASSWORD, FrontProcess

pytestmark = pytest.mark.integration


def _by_check(results: list[Result]) -> dict[str, Result]:
    return {each.check: each for each in results}


def _embedded(tmp_path: Path, kafka: str) -> Deployment:
    return Deployment(load(home=tmp_path, group="nobody"), state.State(Identity(1, "0"), {}, kafka))


def test_a_broker_that_does_not_answer_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.kafka.offsets.TIMEOUT", 1.0)
    found = _by_check(list(doctor.kafka(Deployment(load(home=tmp_path, bootstrap=f"127.0.0.1:{free()}"), None))))
    assert found["kafka"].verdict == "wrong"
    assert "does not answer" in found["kafka"].says


def test_topics_as_their_files_say_are_well_and_an_absent_worker_is_not(tmp_path: Path, kafka: str) -> None:
    found = _by_check(list(doctor.kafka(_embedded(tmp_path, kafka))))
    assert (found["kafka"].verdict, found["topics"].verdict) == ("ok", "ok")
    assert found["workers"].verdict == "wrong"
    assert "fairpassage worker" in found["workers"].mend


def test_a_cluster_that_may_lose_what_it_acknowledged_is_wrong(tmp_path: Path, kafka: str) -> None:
    results = list(doctor.kafka(Deployment(load(home=tmp_path, bootstrap=kafka, group="nobody"), None)))
    assert any("min.insync.replicas is 1, its file says 2" in each.says for each in results)


def test_dead_letters_are_counted(tmp_path: Path, kafka: str) -> None:
    producer = Producer({"bootstrap.servers": kafka, "acks": "all"})
    producer.produce("oversight.dlq", b"x")
    assert producer.flush(30) == 0
    found = [each for each in doctor.kafka(_embedded(tmp_path, kafka)) if each.check == "dead letters" and "oversight" in each.says]
    assert [each.verdict for each in found] == ["note"]


def _clickhouse(tmp_path: Path, front: FrontProcess, password: str) -> Settings:
    (tmp_path / "password").write_text(password)
    return load(home=tmp_path, clickhouse_url=f"http://127.0.0.1:{front.port}", clickhouse_password_file=tmp_path / "password",
                clickhouse_database="never_migrated")  # fmt: skip


def test_missing_migrations_are_wrong(tmp_path: Path, clickhouse: FrontProcess) -> None:
    found = _by_check(list(doctor.clickhouse(Deployment(_clickhouse(tmp_path, clickhouse, PASSWORD), None))))
    assert found["clickhouse"].verdict == "ok"
    assert (found["migrations"].verdict, found["migrations"].mend) == ("wrong", "`fairpassage migrate`")


def test_a_wrong_password_is_wrong_and_not_repeated(tmp_path: Path, clickhouse: FrontProcess) -> None:
    found = _by_check(list(doctor.clickhouse(Deployment(_clickhouse(tmp_path, clickhouse, "open sesame"), None))))
    assert found["clickhouse"].verdict == "wrong"
    assert "sesame" not in str(found)
