"""What roles try on the broker: read, write, join, change, and come in without being known."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from infra.embedded.ports import LOOPBACK
from schemas.catalogue import CONTEXTS
from tests.attack.attempts import Answer, Attempt
from tests.support.secured import Secured

SECONDS = 10.0
EMBASSY, OTHER, OFFICE, FOREIGN = "embassy.NP-QA", "embassy.BD-SA", "NP.dofe", "BD.bmet"
TOPICS = ("facts", "keys", "erasures", "feed", "findings", "standings", "journeys", f"alerts.{OTHER}", f"alerts.{EMBASSY}", *CONTEXTS,
          "recruitment.dlq", "sink.dlq", "__consumer_offsets")  # fmt: skip
# What each may, said here once more and not read from the topic files: a file that gives too much is seen. `alerts` is all of them.
READS = {
    EMBASSY: {f"alerts.{EMBASSY}"}, "NP.embassy-doha": {f"alerts.{EMBASSY}"}, OFFICE: set[str](), FOREIGN: set[str](),
    "worker": {"facts", "keys", "erasures", "feed", "findings", "standings", *CONTEXTS},
    "sink": {"facts", "keys", "erasures", "journeys", "alerts", "recruitment.dlq", "sink.dlq"},
    "audit": {"facts", "keys", "erasures", "standings", *CONTEXTS, "recruitment.dlq", "sink.dlq"}, "dlq": {"recruitment.dlq", "sink.dlq"},
    "desk": {"journeys"}, "erasure": {"erasures", "journeys"}, "watch": set[str](), "doctor": set[str](),
}  # fmt: skip
WRITES = {
    EMBASSY: {"case.actions"}, "NP.embassy-doha": {"case.actions", "complaint", "oversight"},
    OFFICE: {"recruitment", "visa", "licensing", "deployment", "oversight"}, FOREIGN: {"recruitment", "complaint"},
    "worker": {"facts", "keys", "erasures", "feed", "findings", "standings", "journeys", "alerts", "recruitment.dlq"},
    "sink": {"sink.dlq"}, "audit": {"feed", "standings", "recruitment.dlq"}, "dlq": set(CONTEXTS), "erasure": {"feed"},
    "watch": {"oversight"},
    "desk": set[str](), "doctor": set[str](),
}  # fmt: skip
Run = Callable[[], Answer]


def attempts(broker: Secured) -> Iterator[Attempt]:
    """All of them, with the controls."""
    yield Attempt(EMBASSY, "read its own alerts", _reads(broker, EMBASSY, f"alerts.{EMBASSY}"), should=True)
    yield Attempt(EMBASSY, "join a group of its own", _joins(broker, EMBASSY, f"{EMBASSY}.desk", f"alerts.{EMBASSY}"), should=True)
    yield Attempt(OFFICE, "write its own topic", _writes(broker, OFFICE, "visa"), should=True)
    yield Attempt("worker", "write an alert", _writes(broker, "worker", f"alerts.{OTHER}"), should=True)
    yield Attempt("sink", "read facts", _reads(broker, "sink", "facts"), should=True)
    yield from _rights(broker)
    for group in (f"{OTHER}.reader", "fairpassage", "fairpassage-sink"):
        yield Attempt(EMBASSY, f"join {group}", _joins(broker, EMBASSY, group, f"alerts.{EMBASSY}"))
    for user in (EMBASSY, OFFICE, "worker", "sink", "watch", "doctor"):
        for what, change in _changes().items():
            yield Attempt(user, what, _changing(broker, user, change))
    yield from _strangers(broker)


def _rights(broker: Secured) -> Iterator[Attempt]:
    """Every role at every topic that is not its own to read or to write."""
    for may, verb, tries in ((READS, "read", _reads), (WRITES, "write", _writes)):
        for user, own in may.items():
            for topic in TOPICS:
                if not {topic, topic.partition(".embassy")[0]} & own:
                    yield Attempt(user, f"{verb} {topic}", tries(broker, user, topic))


def _strangers(broker: Secured) -> Iterator[Attempt]:
    plain = {"bootstrap.servers": broker.node.bootstrap, "log_level": 0}
    yield Attempt("a stranger", "ask without logging in", _asks(plain))
    yield Attempt("a stranger", "log in with another's name", _asks(broker.client(EMBASSY, **{"sasl.password": "guess"})))
    yield Attempt("a stranger", "log in as nobody known", _asks(broker.client(EMBASSY, **{"sasl.username": "root"})))
    plainly = {"sasl.mechanism": "PLAIN"}
    yield Attempt("a stranger", "log in with PLAIN", _asks(broker.client(EMBASSY, **plainly)))
    for name, port in (("broker", broker.node.port), ("controller", broker.node.controller)):
        yield Attempt("a stranger", f"ask the {name} to alter rights", partial(_unasked, port))
        yield Attempt("a stranger", f"declare 2 GB to the {name}", partial(_declared, port))
    yield Attempt(OFFICE, "write a record of 8 MB", _writes(broker, OFFICE, "visa", b"\0" * (8 << 20)))


def _why(problem: KafkaError) -> str:
    return str(problem.name()).removeprefix("_")


def _reads(broker: Secured, user: str, topic: str) -> Run:
    """Of its first partition. What is refused is to be the topic, so that a group which is refused too is passed over."""

    def run() -> Answer:
        client = Consumer(broker.client(user, **{"group.id": f"{user}.reader", "enable.partition.eof": True, "error_cb": lambda _: None}))
        try:
            problem = client.list_topics(topic, timeout=SECONDS).topics[topic].error
            if problem is not None:
                return Answer(False, _why(problem))
            client.assign([TopicPartition(topic, 0, 0)])
            return _polled(client)
        finally:
            client.close()

    return run


def _polled(client: Consumer) -> Answer:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        message = client.poll(0.5)
        problem = message.error() if message is not None else None
        if message is not None and (problem is None or problem.code() == KafkaError._PARTITION_EOF):
            return Answer(True, "read")
        if problem is not None and problem.code() != KafkaError.GROUP_AUTHORIZATION_FAILED and not problem.retriable():
            return Answer(False, _why(problem))
    raise RuntimeError("neither read nor refused")


def _writes(broker: Secured, user: str, topic: str, value: bytes = b"attack") -> Run:
    def run() -> Answer:
        failed: list[KafkaError] = []
        client = Producer(broker.client(user, **{"message.max.bytes": 64 << 20, "delivery.timeout.ms": 8_000, "linger.ms": 0}))
        client.produce(topic, value, b"k", on_delivery=lambda problem, _: failed.append(problem) if problem else None)
        left = client.flush(SECONDS)
        if left:
            raise RuntimeError(f"{user} writes {topic}: neither taken nor refused")
        return Answer(not failed, _why(failed[0]) if failed else "taken")

    return run


def _joins(broker: Secured, user: str, group: str, topic: str) -> Run:
    def run() -> Answer:
        assigned: list[Any] = []
        client = Consumer(broker.client(user, **{"group.id": group, "auto.offset.reset": "earliest", "error_cb": lambda _: None}))
        client.subscribe([topic], on_assign=lambda _, parts: assigned.extend(parts))
        deadline = time.monotonic() + SECONDS
        try:
            while time.monotonic() < deadline and not assigned:
                message = client.poll(0.2)
                if message is not None and (problem := message.error()) is not None and not problem.retriable():
                    return Answer(False, _why(problem))
        finally:
            client.close()
        if not assigned:
            raise RuntimeError(f"{user} joins {group}: neither dealt a partition nor refused")
        return Answer(True, "dealt a partition")

    return run


def _changes() -> dict[str, Callable[[AdminClient], dict[Any, Any]]]:
    """What nobody but the broker's administrator may change."""
    everything = AclBinding(ResourceType.TOPIC, "facts", ResourcePatternType.LITERAL, f"User:{EMBASSY}", "*", AclOperation.ALL,
                            AclPermissionType.ALLOW)  # fmt: skip
    password = UserScramCredentialUpsertion("worker", ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 8192), b"mine")
    once = ConfigEntry("retention.ms", "1", incremental_operation=AlterConfigOpType.SET)
    short = ConfigResource(ResourceType.TOPIC, "facts", incremental_configs=[once])
    return {
        "create a topic": lambda admin: admin.create_topics([NewTopic("alerts.press", 1, 1)]),
        "delete a topic": lambda admin: admin.delete_topics(["journeys"]),
        "alter ACLs": lambda admin: admin.create_acls([everything]),
        "set the worker's password": lambda admin: admin.alter_user_scram_credentials([password]),
        "shorten what facts keeps": lambda admin: admin.incremental_alter_configs([short]),
    }


def _changing(broker: Secured, user: str, change: Callable[[AdminClient], dict[Any, Any]]) -> Run:
    def run() -> Answer:
        admin = AdminClient(broker.client(user))  # it has to live until the answer is there
        try:
            for waiting in change(admin).values():
                waiting.result(SECONDS)
        except KafkaException as problem:
            return Answer(False, _why(problem.args[0]))
        return Answer(True, "done")

    return run


def _asks(config: dict[str, Any]) -> Run:
    def run() -> Answer:
        heard: list[KafkaError] = []
        client = AdminClient(config | {"error_cb": heard.append})
        try:
            client.list_topics(timeout=3)
        except KafkaException as problem:
            client.poll(0)
            return Answer(False, _why((heard or [problem.args[0]])[0]))
        return Answer(True, "answered with the topics")

    return run


def _unasked(port: int) -> Answer:
    """CreateAcls (30, version 2) on a connection that said nothing of who it is: is there an answer?"""
    header = struct.pack(">hhih", 30, 2, 7, 1) + b"x" + b"\0"
    return _sent(port, struct.pack(">i", len(header) + 2) + header + b"\1\0")


def _declared(port: int) -> Answer:
    """A request of 2 GB, of which the length is sent and nothing else."""
    return _sent(port, struct.pack(">i", (1 << 31) - 1))


def _sent(port: int, data: bytes) -> Answer:
    with socket.create_connection((LOOPBACK, port), timeout=SECONDS) as connection:
        connection.sendall(data)
        try:
            answer = connection.recv(64)
        except TimeoutError:
            return Answer(True, "it waits for the rest")
        except ConnectionError:
            return Answer(False, "connection closed")
    return Answer(bool(answer), "answered" if answer else "connection closed")
