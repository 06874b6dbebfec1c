"""Kafka's jars: each one of the lock file, from Maven Central by jgo, verified against its SHA-256. `python -m infra.embedded.jars`.

Only jgo's downloads are used. Its environments (`EnvironmentBuilder`, `jgo.build`) look for a `jar` tool and, where no
Java is on PATH, fetch a whole JDK of their own; what they would resolve is in the lock file already.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import shutil
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

LOCK = Path(__file__).parents[1] / "locks" / "kafka.lock.toml"
# How the lock file was made: `jgo.build` of these two, on a machine with a Java. Do not add a log4j artifact: its BOM pulls
# kafka-clients down to 3.8.0 (engines.md E).
COORDINATES = "org.apache.kafka:kafka_2.13:4.1.1+org.slf4j:slf4j-simple:1.7.36"
DOWNLOADS = 6  # at a time
TIMEOUT = 60  # seconds without an answer


class MissingJars(click.ClickException):
    """The jars are not here and cannot be had, or are not what they should be."""


@dataclass(frozen=True)
class Jar:
    """One jar of a lock file, or what else Maven calls an artifact; `sha256` in hex."""

    group: str
    artifact: str
    version: str
    sha256: str
    classifier: str = ""
    packaging: str = "jar"

    @property
    def file(self) -> str:
        """Its file name."""
        return f"{self.artifact}-{self.version}{self.classifier and f'-{self.classifier}'}.{self.packaging}"

    def verify(self, path: Path) -> None:
        """The file is what the lock file says. Raises MissingJars."""
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != self.sha256:
                raise MissingJars(f"{self.file} does not have the SHA-256 of the lock file; remove {path.parent} and run again.")


def locked(lock: Path = LOCK) -> tuple[Jar, ...]:
    """Every jar in a lock file: Kafka's, or another's."""
    found = tomllib.loads(lock.read_text("utf-8"))["dependencies"]
    return tuple(Jar(each["groupId"], each["artifactId"], each["version"], each["sha256"], each.get("classifier", ""), each["packaging"])
                 for each in found)  # fmt: skip


def folder(cache: Path) -> Path:
    """Where this lock file's jars are kept: another lock file has another folder."""
    return cache / "kafka" / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]


def class_path(cache: Path) -> str:
    """The class path of the verified jars, fetched into `cache` the first time (43 MB). Raises MissingJars."""
    found = folder(cache)
    if not found.exists():
        try:
            with alone(cache):
                if not found.exists():
                    _fetch(cache / "fetching", found)
        except OSError as problem:
            raise MissingJars(f"Kafka's jars cannot be kept in {cache}: {problem.strerror or problem}") from problem
    return ":".join(str(found / jar.file) for jar in locked())


@contextmanager
def alone(cache: Path) -> Iterator[None]:
    """One process at a time fetches."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fetch(work: Path, found: Path) -> None:
    """All of them into a folder of their own, which takes its name when it is complete and verified."""
    shutil.rmtree(work, ignore_errors=True)
    ready = work / "ready"
    ready.mkdir(parents=True)
    with ThreadPoolExecutor(DOWNLOADS) as pool:
        for jar, path in zip(locked(), pool.map(Download(work), locked()), strict=True):
            path.replace(ready / jar.file)
    verify(ready)
    found.parent.mkdir(parents=True, exist_ok=True)
    ready.rename(found)
    shutil.rmtree(work, ignore_errors=True)


class Download:
    """Downloads one jar, unverified; jgo is imported only where something is fetched."""

    def __init__(self, work: Path, whose: str = "Kafka's") -> None:
        from jgo import MAVEN_CENTRAL_URL, MavenContext

        self._whose = whose
        logging.getLogger("jgo").setLevel(logging.ERROR)
        self._context = MavenContext(
            repo_cache=work / "repository", local_repos=[], remote_repos={"central": MAVEN_CENTRAL_URL}, timeout=TIMEOUT
        )

    def __call__(self, jar: Jar) -> Path:
        try:
            component = self._context.project(jar.group, jar.artifact).at_version(jar.version)
            path: Path = component.artifact(jar.classifier, jar.packaging).resolve()
        except Exception as problem:  # jgo raises RuntimeError and requests' own errors, all for "not to be had"
            raise MissingJars(
                f"{self._whose} {jar.file} could not be downloaded ({type(problem).__name__}). "
                "Check that this machine reaches Maven Central (a proxy goes in HTTPS_PROXY), then run again."
            ) from problem
        return path


def verify(found: Path) -> None:
    """Every locked jar is in this folder with its SHA-256. Raises MissingJars that names the first that is not."""
    for jar in locked():
        if not (found / jar.file).exists():
            raise MissingJars(f"{jar.file} is missing from {found}; remove that folder and run again.")
        jar.verify(found / jar.file)


@click.command()
def main() -> None:
    """Fetch Kafka's jars, or verify those that are here."""
    from infra.settings import load

    cache = load().jars
    class_path(cache)
    verify(folder(cache))
    click.echo(f"Kafka's {len(locked())} jars are in {folder(cache)}")


if __name__ == "__main__":
    main()
