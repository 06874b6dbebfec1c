"""Which protections are off: each is seen, wrong in service and a note on one desk, and gone once it is on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError
from confluent_kafka import KafkaError, KafkaException

from infra import protections
from infra.checking import Deployment, Result
from infra.embedded import state
from infra.embedded.processes import Identity
from infra.kafka import access
from infra.kafka.access import Grant
from infra.settings import load
from schemas.topicfiles import audiences


def service(tmp_path: Path, **given: Any) -> Deployment:
    return Deployment(load(home=tmp_path, bootstrap="broker:9092", **given), None)


def desk(tmp_path: Path) -> Deployment:
    return Deployment(load(home=tmp_path), state.State(Identity(1, "0"), {}, "127.0.0.1:1", "http://127.0.0.1:2"))


def verdicts(results: list[Result]) -> dict[str, str]:
    return {each.check: each.verdict for each in results}


def test_a_plain_broker_has_neither_login_nor_tls(tmp_path: Path) -> None:
    assert verdicts(list(protections.login(service(tmp_path)))) == {"kafka login": "wrong", "kafka TLS": "wrong"}
    assert verdicts(list(protections.login(desk(tmp_path)))) == {"kafka login": "note", "kafka TLS": "note"}
    scram = service(tmp_path, kafka_security_protocol="SASL_PLAINTEXT")
    assert verdicts(list(protections.login(scram))) == {"kafka TLS": "wrong"}
    both = service(tmp_path, kafka_security_protocol="SASL_SSL", kafka_username="doctor")
    assert [each.says for each in protections.login(both)] == ["SASL_SSL, SCRAM-SHA-512, as doctor"]


def granted(monkeypatch: pytest.MonkeyPatch, answer: set[Grant] | KafkaException) -> None:
    def there(_admin: object) -> set[Grant]:
        if isinstance(answer, KafkaException):
            raise answer
        return answer

    monkeypatch.setattr("infra.kafka.users.granted", there)


def test_a_broker_without_an_authorizer_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    granted(monkeypatch, KafkaException(KafkaError(KafkaError.SECURITY_DISABLED)))
    (found,) = protections.rights(service(tmp_path))
    assert (found.verdict, "no authorizer" in found.says) == ("wrong", True)
    (found,) = protections.rights(desk(tmp_path))
    assert (found.verdict, found.mend) == ("note", "")


def test_missing_rights_and_wide_ones_are_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = set(access.grants({}, "fairpassage"))
    granted(monkeypatch, whole)
    assert verdicts(list(protections.rights(service(tmp_path)))) == {"rights": "ok"}
    granted(monkeypatch, whole - {min(whole)})
    (found,) = protections.rights(service(tmp_path))
    assert (found.verdict, found.mend) == ("wrong", "`fairpassage topics --acls`")
    prefixed = Grant("press", "read", "topic", "alerts.", prefixed=True)
    for wide in (Grant("*", "all", "topic", "*"), prefixed, Grant("press", "write", "topic", "facts")):
        granted(monkeypatch, whole | {wide})
        (found,) = protections.rights(service(tmp_path))
        assert found.verdict == "wrong", wide
        assert wide.user in found.says
    granted(monkeypatch, whole | {Grant("press", "read", "topic", "weather")})
    assert verdicts(list(protections.rights(service(tmp_path)))) == {"rights": "ok"}, "other people's topics are theirs"


def test_offices_that_do_not_sign_are_wrong(tmp_path: Path) -> None:
    (tmp_path / "offices.toml").write_text('["NP.dofe"]\nsources = ["/office/NP/dofe"]\n["BD.bmet"]\nsources = ["/office/BD/bmet"]\n')
    keys = tmp_path / "keys"
    keys.mkdir()
    assert verdicts(list(protections.signatures(service(tmp_path)))) == {"signatures": "wrong"}
    given = service(tmp_path, offices=tmp_path / "offices.toml", office_keys=keys)
    (keys / "NP.dofe.1.key").write_text("k")
    (found,) = protections.signatures(given)
    assert (found.verdict, "first BD.bmet" in found.says) == ("wrong", True)
    (keys / "BD.bmet.2.key").write_text("k")
    assert verdicts(list(protections.signatures(given))) == {"signatures": "ok"}


@pytest.mark.parametrize(
    ("text", "mode", "verdict"),
    [("default", 0o600, "wrong"), ("clickhouse", 0o600, "wrong"), ("", 0o600, "wrong"), ("short", 0o600, "wrong"),
     ("k" * 64, 0o644, "wrong"), ("k" * 64, 0o600, "ok")],
)  # fmt: skip
def test_a_password_that_is_guessed_or_seen_is_wrong(tmp_path: Path, text: str, mode: int, verdict: str) -> None:
    path = tmp_path / "p"
    path.write_text(text)
    path.chmod(mode)
    given = service(tmp_path, clickhouse_url="https://c:8443", clickhouse_password_file=path, kafka_password_file=path)
    found = list(protections.passwords(given))
    assert verdicts(found) == {"kafka password": verdict, "clickhouse password": verdict}
    assert not [each for each in found if text and text in each.says.replace(str(path), "")]


def test_clickhouse_in_clear_over_a_network_or_without_a_password_is_wrong(tmp_path: Path) -> None:
    assert verdicts(list(protections.warehouse(service(tmp_path, clickhouse_url="http://c:8123")))) == {"clickhouse TLS": "wrong"}
    assert not list(protections.warehouse(service(tmp_path, clickhouse_url="https://c:8443")))
    assert not list(protections.warehouse(desk(tmp_path)))
    assert verdicts(list(protections.warehouse(service(tmp_path, clickhouse_url="http://[c")))) == {"clickhouse TLS": "wrong"}
    assert verdicts(list(protections.passwords(service(tmp_path, clickhouse_url="https://c:8443")))) == {"clickhouse password": "wrong"}


class Server:
    """A ClickHouse that has so many row policies on alerts, or lets nobody look."""

    def __init__(self, policies: int | None) -> None:
        self.policies, self.closed = policies, False

    def query(self, _sql: str, _asked: dict[str, str]) -> Server:
        if self.policies is None:
            raise DatabaseError("ACCESS_DENIED")
        return self

    @property
    def result_rows(self) -> list[tuple[int | None]]:
        return [(self.policies,)]

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(("more", "verdict"), [(-len(audiences()), "wrong"), (-1, "wrong"), (0, "ok"), (1, "ok"), (None, "note")])
def test_a_server_without_a_row_policy_for_each_audience_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int | None, verdict: str
) -> None:
    server = Server(None if more is None else len(audiences()) + more)
    monkeypatch.setattr("infra.protections.of", lambda _settings: server)
    given = service(tmp_path, clickhouse_url="https://c:8443")
    assert verdicts(list(protections.readers(given))) == {"row policies": verdict}
    assert server.closed
    assert not list(protections.readers(desk(tmp_path)))


def test_a_server_that_does_not_answer_is_said_once_and_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_settings: object) -> Server:
        raise click.ClickException("it does not answer")

    monkeypatch.setattr("infra.protections.of", absent)
    assert not list(protections.readers(service(tmp_path, clickhouse_url="https://c:8443")))
