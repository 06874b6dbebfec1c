"""Kafka's jars: resolved from Maven Central by jgo, each verified against the lock file that ships with the code.

jgo resolves and verifies only: launched through it, it looks for a Java of its own choice and tries to fetch one.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from jgo import MAVEN_CENTRAL_URL, EnvironmentBuilder, MavenContext

LOCK = Path(__file__).parents[1] / "locks" / "kafka.lock.toml"
# Do not add a log4j artifact: its BOM pulls kafka-clients down to 3.8.0 (engines.md E).
COORDINATES = "org.apache.kafka:kafka_2.13:4.1.1+org.slf4j:slf4j-simple:1.7.36"


class MissingJars(click.ClickException):
    """The jars are not here and cannot be fetched."""


def locked() -> dict[str, str]:
    """File name -> SHA-256 of every jar in the lock file."""
    found = tomllib.loads(LOCK.read_text("utf-8"))["dependencies"]
    return {f"{each['artifactId']}-{each['version']}.jar": each["sha256"] for each in found}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def class_path(cache: Path) -> str:
    """The class path of the verified jars, fetched into `cache` the first time (43 MB). Raises MissingJars."""
    folder = cache / "kafka" / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    with _alone(cache):
        if not folder.exists():
            _fetch(cache, folder)
    return ":".join(str(path) for path in sorted(folder.glob("*.jar")))


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """One process at a time fetches."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fetch(cache: Path, folder: Path) -> None:
    work = cache / "fetching"
    shutil.rmtree(work, ignore_errors=True)
    logging.getLogger("jgo").setLevel(logging.ERROR)
    try:
        context = MavenContext(repo_cache=work / "repository", remote_repos={"central": MAVEN_CENTRAL_URL}, timeout=60)
        built = EnvironmentBuilder(context, cache_dir=work).from_endpoint(COORDINATES)
    except Exception as problem:  # jgo raises bare RuntimeError, OSError and requests' own, all for "not to be had"
        raise MissingJars(f"Kafka's jars could not be fetched ({type(problem).__name__}: {str(problem)[:160]}). "
                          "Check that Maven Central or your mirror of it is reachable, then run again.") from problem  # fmt: skip
    jars = {path.name: path for part in ("jars", "modules") for path in (built.path / part).glob("*.jar")}
    verify(jars)
    ready = work / "ready"
    ready.mkdir()
    for name in locked():
        shutil.copyfile(jars[name], ready / name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    ready.rename(folder)
    shutil.rmtree(work, ignore_errors=True)


def verify(jars: dict[str, Path]) -> None:
    """Every locked jar is there with its SHA-256, and no other. Raises MissingJars."""
    wanted = locked()
    if odd := sorted(jars.keys() ^ wanted.keys()):
        raise MissingJars(f"{odd[0]} is not what the lock file says should be there; remove the cache and run again.")
    for name, sha256 in wanted.items():
        if _sha256(jars[name]) != sha256:
            raise MissingJars(f"{name} does not have the SHA-256 of the lock file; remove the cache and run again.")
