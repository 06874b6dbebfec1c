"""Where the attacks are made: a secured broker, a front with guests, a worker that verifies signatures, and a folder for files."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.clickhouse import runner, schema
from infra.clickhouse.connection import client
from infra.kafka.reading import consumer, headers, messages
from infra.kafka.security import librdkafka
from infra.settings import secret
from schemas.examples import example
from streams.publishers.publishing import Publisher
from streams.publishers.reading import Ready, read
from streams.publishers.signing import signer
from tests.attack import arguments, broker, files, front
from tests.attack.attempts import Answer, Attempt
from tests.attack.front import Front
from tests.support.secured import Secured, secured

PATIENCE = 90.0
_USERS = """
[oversight]
password_file = "{folder}/oversight.password"
views = ["report_*"]

["{own}"]
password_file = "{folder}/embassy.password"
views = ["audience_alerts"]
values = {{audience = "{own}"}}
"""


@contextmanager
def attempts(home: Path, acls: bool = True) -> Iterator[Iterator[Attempt]]:
    """Everything that is tried, for the length of a with-block; without `acls` the broker lets everyone do everything."""
    home = home.resolve()
    with secured(home, authorizer=acls) as node, guarded(home / "front") as guests:
        worker = _worker(node)
        try:
            yield _all(node, guests, home)
        finally:
            worker.terminate()
            worker.wait(30)


def _all(node: Secured, guests: Front, home: Path) -> Iterator[Attempt]:
    folder = home / "files"
    folder.mkdir()
    yield from forged(node)
    yield from broker.attempts(node)
    yield from front.attempts(guests)
    yield from files.attempts(folder)
    yield from arguments.attempts(folder)


@contextmanager
def guarded(home: Path) -> Iterator[Front]:
    """A front with its schema, an owner and two guests."""
    home.mkdir(parents=True)
    for name, user in (("owner", "default"), ("oversight", "oversight"), ("embassy", front.OWN)):
        (home / f"{name}.password").write_text(front.PASSWORDS[user], "utf-8")
    (home / "users.toml").write_text(_USERS.format(folder=home, own=front.OWN), "utf-8")
    command = [sys.executable, "-m", "infra.embedded.clickhouse", "--home", str(home), "--port", "0",
               "--password-file", str(home / "owner.password"), "--users-file", str(home / "users.toml")]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = Front(json.loads(process.stdout.readline())["port"])
        owner = client(f"http://127.0.0.1:{found.port}", "default", secret(home / "owner.password"))
        runner.run(owner, "fairpassage", schema.missing(owner, "fairpassage"))
        owner.close()
        front.prepared(found)
        yield found
    finally:
        process.terminate()
        process.wait(60)


# A forged office.


def _worker(node: Secured) -> subprocess.Popen[bytes]:
    """A worker of its own user, which knows the offices' keys."""
    keys = node.home / "keys"
    keys.mkdir()
    for name, letter in (("NP.dofe", "a"), ("BD.bmet", "b")):
        _secret(keys / f"{name}.1.key", letter * 64)
    _secret(node.home / "intake.key", "i" * 64)
    _secret(node.home / "master.key", "m" * 64)
    environment = {**node.environment("worker"), "FAIRPASSAGE_INTAKE_KEY_FILE": str(node.home / "intake.key"),
                   "FAIRPASSAGE_MASTER_KEY_FILE": str(node.home / "master.key"),
                   "FAIRPASSAGE_OFFICE_KEYS": str(keys), "PYTHONPATH": str(Path(__file__).parents[2])}  # fmt: skip
    log = (node.home / "worker.log").open("wb")
    return subprocess.Popen([sys.executable, "-m", "infra.cli.main", "worker"], env=environment, stdout=log, stderr=log)


def _secret(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.chmod(0o600)


def forged(node: Secured) -> Iterator[Attempt]:
    """An event of NP.dofe, by itself and by others: the broker takes each, since each may write the topic; intake does not."""
    keys = node.home / "keys"
    said = "publish as /office/NP/dofe"
    yield Attempt("NP.dofe", said, _publishes(node, "NP.dofe", keys / "NP.dofe.1.key", "own"), should=True)
    yield Attempt("BD.bmet", f"{said}, signed by itself", _publishes(node, "BD.bmet", keys / "BD.bmet.1.key", "other"))
    yield Attempt("BD.bmet", f"{said}, unsigned", _publishes(node, "BD.bmet", None, "unsigned"))
    stolen = node.home / "NP.dofe.1.key"
    _secret(stolen, "x" * 64)
    yield Attempt("BD.bmet", f"{said}, under its name", _publishes(node, "BD.bmet", stolen, "named"))


def _publishes(node: Secured, user: str, key: Path | None, identity: str) -> Callable[[], Answer]:
    """Publishes an event, and looks where it went: among the facts' frames, or the dead letters."""

    def run() -> Answer:
        line = json.dumps({**example("recruitment.fee_declared"), "id": identity, "source": "/office/NP/dofe"}).encode()
        rows = list(read([line], b"l" * 64, round(time.time() * 1_000), 1 << 20))
        assert all(isinstance(row, Ready) for row in rows), rows
        with Publisher(node.node.bootstrap, None, librdkafka(node.settings(user)), signer(key, "KEY")) as publisher:
            publisher.publish(rows, lambda row: None, lambda done: None)
        return _went(node, f"/office/NP/dofe|{identity}".encode(), identity.encode())

    return run


def _went(node: Secured, key: bytes, identity: bytes) -> Answer:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for user, topic in (("dlq", "recruitment.dlq"), ("worker", "feed")):
            client = consumer(node.node.bootstrap, librdkafka(node.settings(user)))
            try:
                for message in messages(client, [topic]):
                    if topic == "feed" and identity in (message.value() or b""):
                        return Answer(True, "in feed")
                    if topic != "feed" and message.key() == key:
                        return Answer(False, dict(headers(message))["fp_reason"].decode())
            finally:
                client.close()
        time.sleep(0.5)
    said = (node.home / "worker.log").read_text("utf-8").splitlines()[-1:]
    raise RuntimeError(f"{identity.decode()} is neither taken nor refused; the worker's last word: {said}")
