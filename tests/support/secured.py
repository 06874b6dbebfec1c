"""A real broker that asks everyone who it is and refuses what no ACL allows, and each user's settings for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, AdminClient, ResourcePatternType, ResourceType

from infra.cli.main import main
from infra.embedded.kafka import ADMIN, KafkaNode, started
from infra.embedded.ports import free
from infra.kafka.security import librdkafka
from infra.kafka.topics import create
from infra.settings import Settings, load

PASSWORD = "the administrator of tests"
OFFICES = """
["NP.embassy-doha"]
sources = ["/office/NP/embassy-doha"]
contexts = ["complaint", "oversight"]
audiences = ["embassy.NP-QA"]

["NP.dofe"]
sources = ["/office/NP/dofe"]
contexts = ["recruitment", "visa", "licensing", "deployment", "oversight"]

["BD.bmet"]
sources = ["/office/BD/bmet"]
contexts = ["recruitment", "complaint"]

["embassy.BD-SA"]
sources = ["/office/BD/embassy-riyadh"]

[watch]
sources = ["/office/*/watches"]
contexts = ["oversight"]
"""


@dataclass(frozen=True)
class Secured:
    """The node and what belongs to it: `home` has the users' passwords and the offices' file."""

    node: KafkaNode
    home: Path

    @property
    def offices(self) -> Path:
        """The offices' file."""
        return self.home / "offices.toml"

    def environment(self, user: str) -> dict[str, str]:
        """The environment of a command that this user runs."""
        password = self.home / "admin.password" if user == ADMIN else self.home / "secrets" / "users" / f"{user}.password"
        return {
            "FAIRPASSAGE_HOME": str(self.home), "FAIRPASSAGE_BOOTSTRAP": self.node.bootstrap, "FAIRPASSAGE_OFFICES": str(self.offices),
            "FAIRPASSAGE_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT", "FAIRPASSAGE_KAFKA_USERNAME": user,
            "FAIRPASSAGE_KAFKA_PASSWORD_FILE": str(password),
        }  # fmt: skip

    def settings(self, user: str) -> Settings:
        """The same, as a command has it once it has read it."""
        return load(**{name.removeprefix("FAIRPASSAGE_").lower(): value for name, value in self.environment(user).items()})

    def client(self, user: str, **more: Any) -> dict[str, Any]:
        """A confluent client's settings, quiet."""
        return {"bootstrap.servers": self.node.bootstrap, "log_level": 0, **librdkafka(self.settings(user)), **more}

    def run(self, user: str, *command: str) -> Result:
        """`fairpassage COMMAND...` as this user."""
        return CliRunner().invoke(main, list(command), env={**self.environment(user), "COLUMNS": "80"})


@contextmanager
def secured(home: Path, acls: bool = True, authorizer: bool = True) -> Iterator[Secured]:
    """A node with every topic, its users and their rights, for the length of a with-block; `acls`: whether they are granted yet.

    Without `authorizer` everyone who logs in may do everything: what the attacks are shown to notice.
    """
    with started(KafkaNode(home, free(), free(), load().jars, password=PASSWORD)) as node:
        if not authorizer:
            _open(node)
        found = Secured(node, home)
        (home / "admin.password").write_text(PASSWORD, "utf-8")
        found.offices.write_text(OFFICES, "utf-8")
        create(node.bootstrap, embedded=True, security=node.security)
        if acls:
            done = found.run(ADMIN, "topics", "--acls")
            assert done.exit_code == 0, done.output
        yield found


def _open(node: KafkaNode) -> None:
    """Every user may do everything, as on a broker that has users and no rights."""
    admin = AdminClient({"bootstrap.servers": node.bootstrap, **node.security})
    for kind, name in ((ResourceType.TOPIC, "*"), (ResourceType.GROUP, "*"), (ResourceType.BROKER, "kafka-cluster")):
        everything = AclBinding(kind, name, ResourcePatternType.LITERAL, "User:*", "*", AclOperation.ALL, AclPermissionType.ALLOW)
        for waiting in admin.create_acls([everything]).values():
            waiting.result(30)
