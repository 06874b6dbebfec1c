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
    """One jar of the lock file; `sha256` in hex."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file(self) -> str:
        """Its file name."""
        return f"{self.artifact}-{self.version}.jar"


def locked() -> tuple[Jar, ...]:
    """Every jar in the lock file."""
    found = tomllib.loads(LOCK.read_text("utf-8"))["dependencies"]
    return tuple(Jar(each["groupId"], each["artifactId"], each["version"], each["sha256"]) for each in found)


def folder(cache: Path) -> Path:
    """Where this lock file's jars are kept: another lock file has another folder."""
    return cache / "kafka" / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]


def class_path(cache: Path) -> str:
    """The class path of the verified jars, fetched into `cache` the first time (43 MB). Raises MissingJars."""
    found = folder(cache)
    if not found.exists():
        try:
            with _alone(cache):
                if not found.exists():
                    _fetch(cache / "fetching", found)
        except OSError as problem:
            raise MissingJars(f"Kafka's jars cannot be kept in {cache}: {problem.strerror or problem}") from problem
    return ":".join(str(found / jar.file) for jar in locked())


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
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
        for jar, path in zip(locked(), pool.map(_Download(work), locked()), strict=True):
            path.replace(ready / jar.file)
    verify(ready)
    found.parent.mkdir(parents=True, exist_ok=True)
    ready.rename(found)
    shutil.rmtree(work, ignore_errors=True)


class _Download:
    """Downloads one jar; jgo is imported only where something is fetched."""

    def __init__(self, work: Path) -> None:
        from jgo import MAVEN_CENTRAL_URL, MavenContext

        logging.getLogger("jgo").setLevel(logging.ERROR)
        self._context = MavenContext(
            repo_cache=work / "repository", local_repos=[], remote_repos={"central": MAVEN_CENTRAL_URL}, timeout=TIMEOUT
        )

    def __call__(self, jar: Jar) -> Path:
        try:
            path: Path = self._context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
        except Exception as problem:  # jgo raises RuntimeError and requests' own errors, all for "not to be had"
            raise MissingJars(
                f"Kafka's {jar.file} could not be downloaded ({type(problem).__name__}). "
                "Check that this machine reaches Maven Central (a proxy goes in HTTPS_PROXY), then run again."
            ) from problem
        return path


def verify(found: Path) -> None:
    """Every locked jar is in this folder with its SHA-256. Raises MissingJars that names the first that is not."""
    for jar in locked():
        if not (found / jar.file).exists():
            raise MissingJars(f"{jar.file} is missing from {found}; remove that folder and run again.")
        with (found / jar.file).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != jar.sha256:
                raise MissingJars(f"{jar.file} does not have the SHA-256 of the lock file; remove {found} and run again.")


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
