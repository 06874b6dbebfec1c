"""Inputs one after another, each under a watch: what nobody foresaw is made small, and kept."""

from __future__ import annotations

import faulthandler
import hashlib
import mmap
import re
import resource
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

from tests.fuzz.target import Target, Wrong

CORPUS = Path(__file__).parent / "corpus"
SECONDS = 2.0  # of CPU, that one input may take
MEMORY = 3 << 30  # bytes of address space, beyond what is there when a target begins: an input that wants more is a finding
STUCK = 600.0  # seconds for a thousand inputs, until a process ends that no signal reaches, because it is in some library's loop
MOST_KEPT = 32 << 10  # bytes of an input that is worth keeping
_TRIES = 400  # to make a finding smaller


class Hang(BaseException):
    """An input took longer than any may. No `except Exception` keeps it."""


@dataclass(frozen=True)
class Finding:
    """An input that ended as none may: `key` says how and where, `why` in words."""

    key: str
    why: str
    data: bytes


@dataclass
class Tally:
    """What became of a target's inputs."""

    target: str
    inputs: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    findings: dict[str, Finding] = field(default_factory=dict)
    seconds: float = 0.0
    memory: int = 0  # bytes, most of them at once

    @property
    def accepted(self) -> int:
        """How many were taken."""
        return self.verdicts["accepted"]


class Watch:
    """Raises Hang in whatever runs for more than `seconds` of CPU."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds, self.fired = seconds, False

    def _over(self, _number: int, _frame: FrameType | None) -> None:
        self.fired = True
        raise Hang(f"more than {self.seconds:g} s of CPU")

    @contextmanager
    def installed(self) -> Iterator[None]:
        """For the time of a run; the signal is another's before and after."""
        before = signal.signal(signal.SIGVTALRM, self._over)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)

    def tried(self, target: Target, data: bytes) -> str | Finding:
        """An input's verdict, or what is wrong with it."""
        self.fired = False
        signal.setitimer(signal.ITIMER_VIRTUAL, self.seconds, self.seconds)  # again and again: a loop may catch the first
        try:
            verdict = target.verdict(data)
        except (Exception, Hang) as problem:  # noqa: BLE001 - that is what is looked for
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            return Finding(_key(problem), "".join(traceback.format_exception(problem))[-3_000:], data)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        return Finding("Hang", f"more than {self.seconds:g} s of CPU, caught on the way", data) if self.fired else verdict


def _key(problem: BaseException) -> str:
    """An error by its type, and the last line of ours that it came through."""
    every = traceback.extract_tb(problem.__traceback__)
    frames = [each for each in every if "/site-packages/" not in each.filename and "/lib/python" not in each.filename]
    ours = [each for each in frames if "/fuzz/" not in each.filename] or frames
    where = f"{Path(ours[-1].filename).stem}.{ours[-1].name}" if ours else "?"
    if isinstance(problem, Wrong):
        where = problem.what
    return f"{type(problem).__name__}-{where}"


def smaller(watch: Watch, target: Target, finding: Finding) -> Finding:
    """The same finding by an input from which nothing more can be cut, as far as so many tries tell."""
    best, size, tries = finding, max(1, len(finding.data) // 2), 0
    most = _TRIES if finding.key != "Hang" and "Hang" not in finding.key else 12
    while size and tries < most:
        at = 0
        while at < len(best.data) and tries < most:
            tries += 1
            found = watch.tried(target, best.data[:at] + best.data[at + size :])
            if isinstance(found, Finding) and found.key == finding.key:
                best = found
            else:
                at += size
        size //= 2
    return best


def fuzz(
    target: Target, inputs: int, seed: int, watch: Watch | None = None, black_box: Callable[[bytes], None] = lambda data: None,
    keep: Callable[[str, str, bytes], object] | None = None,
) -> Tally:  # fmt: skip
    """Tries so many inputs of a target: its seeds first, then what is made of them. The same seed makes the same inputs.

    `black_box` hears each input before it is tried, `keep` the first of each verdict: target, verdict, input.
    """
    watch, rng, began = watch or Watch(), Random(f"{seed}|{target.name}"), time.process_time()
    seeds, tally = list(target.seeds()), Tally(target.name)
    with watch.installed():
        while tally.inputs < inputs:
            data = seeds[tally.inputs] if tally.inputs < len(seeds) else target.made(rng, seeds)
            black_box(data)
            tally.inputs += 1
            found = watch.tried(target, data)
            if isinstance(found, str):
                if keep is not None and found not in tally.verdicts:
                    keep(target.name, found, data)
                tally.verdicts[found] += 1
                continue
            tally.verdicts["finding"] += 1
            if found.key not in tally.findings:
                tally.findings[found.key] = smaller(watch, target, found)
    tally.seconds = time.process_time() - began
    tally.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    return tally


class BlackBox:
    """The input that is tried now, in a file: whoever finds the process dead reads what it died of."""

    def __init__(self, path: Path, backstop: bool = True) -> None:
        with path.open("wb") as file:
            file.truncate(8 + (1 << 21))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self._count, self._backstop = 0, backstop

    def __call__(self, data: bytes) -> None:
        """Keeps an input; every thousand of them the backstop is wound up again."""
        data = data[: 1 << 21]
        self._map[:8] = len(data).to_bytes(8, "big")
        self._map[8 : 8 + len(data)] = data
        if self._backstop and self._count % 1_000 == 0:
            faulthandler.dump_traceback_later(STUCK, exit=True)
        self._count += 1


def last(path: Path) -> bytes:
    """What a black box holds."""
    data = path.read_bytes()
    return data[8 : 8 + int.from_bytes(data[:8], "big")]


def bounded() -> None:
    """No input may take the machine's memory: what asks for more hears MemoryError, which is a finding."""
    there = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (there + MEMORY, resource.RLIM_INFINITY))


def slug(name: str) -> str:
    """A verdict or a finding as a file's name begins with it."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name)[:80].strip("-")


def kept(target: str, name: str, data: bytes, folder: Path = CORPUS) -> Path | None:
    """Puts an input into a target's corpus, where every later run of the tests tries it again; None where it is too large."""
    if len(data) > MOST_KEPT:
        return None
    path = folder / target / f"{slug(name)}-{hashlib.sha256(data).hexdigest()[:8]}.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
