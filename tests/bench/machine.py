"""What a run ran on: processor, memory, versions and commit. No name of the machine or of whoever runs it."""

from __future__ import annotations

import os
import platform
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.bench.workers import ROOT

PACKAGES = ("faust-streaming", "aiokafka", "confluent-kafka", "rocksdict", "chdb-core", "msgspec", "fastavro")


def describe() -> dict[str, str]:
    """Everything, by name."""
    found = {"processor": _processor(), "cores": str(os.cpu_count() or 0), "memory": _memory(), "Python": platform.python_version()}
    for name in PACKAGES:
        found[name] = _version(name)
    return found | {"Kafka": kafka(), "commit": commit(), "load before": f"{os.getloadavg()[0]:.1f}"}


def disk_waits() -> float:
    """Seconds, since the machine started, in which somebody waited for a disk; 0 where the system does not count them."""
    try:
        first = Path("/proc/pressure/io").read_text("utf-8").splitlines()[0]  # "some avg10=0.00 avg60=0.00 avg300=0.00 total=1234"
    except OSError:
        return 0.0
    return int(first.rpartition("total=")[2]) / 1e6


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def kafka() -> str:
    """The version of Kafka's server in the lock file."""
    lock = tomllib.loads((ROOT / "infra" / "locks" / "kafka.lock.toml").read_text("utf-8"))
    return next((str(each["version"]) for each in lock["dependencies"] if each["groupId"] == "org.apache.kafka"), "unknown")


def commit() -> str:
    """The commit that is checked out, '+' where files differ from it; 'unknown' outside a repository."""
    try:
        return _git("rev-parse", "--short=12", "HEAD") + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*command: str) -> str:
    found = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607  # as the shell finds it
    return found.stdout.strip()
