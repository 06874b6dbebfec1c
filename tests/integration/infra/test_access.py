"""`fairpassage topics --acls` on a broker with SCRAM and an authorizer: who may come in, and that it is done once."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, AdminClient, ResourcePatternType, ResourceType

from infra.cli.main import main
from infra.embedded.kafka import ADMIN, KafkaNode, environment, started
from infra.embedded.ports import free
from infra.kafka import reading
from infra.settings import load
from schemas.topicfiles import audiences
from tests.support.secured import PASSWORD, Secured, secured

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A broker with topics and no users yet but its administrator."""
    with secured(tmp_path_factory.mktemp("access"), acls=False) as found:
        yield found


def test_users_and_rights_are_made_once(broker: Secured) -> None:
    folder = broker.home / "secrets" / "users"
    planned = json.loads(broker.run(ADMIN, "topics", "--acls", "--dry-run", "--json").output)["access"]
    assert not folder.exists(), "a dry run makes nothing"
    assert planned["new_users"] == planned["users"]
    assert planned["new_grants"] == len(planned["grants"]) > len(audiences())
    assert {"principal": "User:embassy.NP-QA", "operation": "read", "kind": "topic", "name": "alerts.embassy.NP-QA",
            "pattern": "literal"} in planned["grants"]  # fmt: skip
    done = broker.run(ADMIN, "topics", "--acls")
    assert done.exit_code == 0, done.output
    assert f"{len(planned['users'])} of {len(planned['users'])} users" in done.output
    again = json.loads(broker.run(ADMIN, "topics", "--acls", "--json").output)["access"]
    assert (again["new_users"], again["new_grants"], again["others"], again["grants"]) == ([], 0, [], planned["grants"])
    passwords = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert passwords.keys() == {f"{user}.password" for user in planned["users"]}
    assert len(set(passwords.values())) == len(passwords)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    assert not [text for text in passwords.values() if text in done.output]


def test_a_password_that_was_changed_is_set_when_asked(broker: Secured) -> None:
    broker.run(ADMIN, "topics", "--acls")
    path = broker.home / "secrets" / "users" / "embassy.NP-MY.password"
    path.write_text("another", "utf-8")
    refused = broker.run("embassy.NP-MY", "alerts", "--audience", "embassy.NP-MY")
    assert refused.exit_code == 1
    assert "the broker refuses this user" in refused.output
    assert broker.run(ADMIN, "topics", "--acls", "--passwords").exit_code == 0
    assert broker.run("embassy.NP-MY", "alerts", "--audience", "embassy.NP-MY").exit_code == 0


def test_rights_that_no_file_gives_are_told_and_left(broker: Secured) -> None:
    broker.run(ADMIN, "topics", "--acls")
    admin = AdminClient(broker.client(ADMIN))
    wide = AclBinding(ResourceType.TOPIC, "alerts.", ResourcePatternType.PREFIXED, "User:press", "*", AclOperation.READ,
                      AclPermissionType.ALLOW)  # fmt: skip
    foreign = AclBinding(ResourceType.TOPIC, "weather", ResourcePatternType.LITERAL, "User:press", "*", AclOperation.READ,
                         AclPermissionType.ALLOW)  # fmt: skip
    for waiting in admin.create_acls([wide, foreign]).values():
        waiting.result(30)
    others = json.loads(broker.run(ADMIN, "topics", "--acls", "--json").output)["access"]["others"]
    assert others == [{"principal": "User:press", "operation": "read", "kind": "topic", "name": "alerts.", "pattern": "prefixed"}]
    assert "press" in broker.run(ADMIN, "topics", "--acls").output


def test_a_topic_that_is_refused_is_not_shown_as_an_empty_one(broker: Secured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TIMEOUT", 5.0)
    broker.run(ADMIN, "topics", "--acls")
    own = broker.run("embassy.NP-QA", "alerts", "--audience", "embassy.NP-QA", "--json")
    assert (own.exit_code, own.output) == (0, "")
    other = broker.run("embassy.NP-QA", "alerts", "--audience", "embassy.BD-SA", "--json")
    assert other.exit_code == 1
    assert "refuses alerts.embassy.BD-SA" in other.output


def test_only_who_administers_the_broker_may_do_this(broker: Secured) -> None:
    broker.run(ADMIN, "topics", "--acls")
    done = broker.run("worker", "topics", "--acls")
    assert done.exit_code == 1
    assert "did not do it" in done.output


def test_a_broker_without_an_authorizer_is_said_to_have_none(kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path))
    monkeypatch.setenv("FAIRPASSAGE_BOOTSTRAP", kafka)
    done = CliRunner().invoke(main, ["topics", "--acls"])
    assert done.exit_code == 1
    assert "the broker has no authorizer" in done.output


def test_no_process_shows_the_password_and_it_starts_again(tmp_path: Path) -> None:
    node = KafkaNode(tmp_path, free(), free(), load().jars, password=PASSWORD)
    assert PASSWORD not in " ".join([*node.command(), *environment().values()])
    for _ in range(2):
        with started(node):
            assert stat.S_IMODE((node.home / "server.properties").stat().st_mode) == 0o600
            assert not list((node.home / "tmp").glob("arguments"))
