"""What an audience says it did: the arguments of `fairpassage act`, to the record that it would publish on `case.actions`.

An input is the arguments, with a NUL between them. There is no broker: the audience has two alerts, and what would be published goes the
way of intake.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest import mock

import click
import msgspec

from infra.cli import act as acting
from streams.acceptance import Rejected, valid
from streams.domain.outputs import Alert
from streams.publishers.reading import Ready, Refused
from tests.fuzz.mutating import TEXTS, mutated
from tests.fuzz.target import ACCEPTED, KEY, Target, Wrong, refusal
from tests.support.sinking import alert

_EMBASSY = "embassy.NP-QA"
_LATER = 32_503_680_000_000  # after anything that this machine's clock says
_OPTIONS = ("--audience", "--office", "--officer", "--to", "--result", "--reason", "--impossible", "--document", "--dry-run", "--help")
_GIVEN = (
    _EMBASSY, "labour-inspectorate.QA", "NP/embassy-doha", "/office/NP/embassy-doha", "confirmed", "unfounded", "resolved", "worker_died",
    "/dev/null", "/", "no such file", "A. Officer", "QA:labour", *acting.ACTIONS,
)  # fmt: skip


@cache
def _alerts() -> list[Alert]:
    return [msgspec.structs.replace(alert(number, _EMBASSY), id=f"{number:02x}" * 16, home="NP", rule=rule)
            for number, rule in ((1, "T-CON-02@1"), (2, "T-CMP-01@1"))]  # fmt: skip


class _Nowhere:
    """A publisher whose broker is intake itself."""

    def __enter__(self) -> _Nowhere:
        return self

    def __exit__(self, *_exc: object) -> None:
        """Nothing is open."""

    def publish(self, rows: Iterable[Ready | Refused], refused: Callable[[Refused], None], step: Callable[[int], None]) -> None:
        for row in rows:
            if isinstance(row, Refused):
                refused(row)
            else:
                valid(row.topic, row.key, row.data, _LATER)


@cache
def seeds() -> tuple[bytes, ...]:
    """Each action as it should be."""
    more = {"assign": ("--to", "desk"), "verify": ("--result", "confirmed"), "close": ("--reason", "resolved"), "refer": ("--to",
    "QA:labour")}
    return tuple(
        "\0".join(("01" * 6, action, "--audience", _EMBASSY, "--office", "NP/embassy-doha", "--officer", "A. Officer", *more.get(action,
        ()),
                   *dry)).encode()
        for action in acting.ACTIONS for dry in ((), ("--dry-run",))
    )  # fmt: skip


def made(rng: Random, seeds: Sequence[bytes]) -> bytes:
    """Arguments exchanged, added, dropped or changed."""
    parts = rng.choice(seeds).split(b"\0")
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(parts))
        what = rng.randrange(5)
        if what == 0:
            parts[at] = rng.choice((*TEXTS, *_GIVEN)).encode("utf-8", "surrogatepass")
        elif what == 1:
            parts[at] = mutated(rng, parts[at], parts)[:5_000]
        elif what == 2:
            parts += [rng.choice(_OPTIONS).encode(), rng.choice((*TEXTS, *_GIVEN)).encode("utf-8", "surrogatepass")]
        elif what == 3 and len(parts) > 1:
            del parts[at]
        else:
            parts[at] += rng.choice(TEXTS).encode("utf-8", "surrogatepass")
    return b"\0".join(parts)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """The command without broker and settings."""
    settings, here = SimpleNamespace(office=""), {"bootstrap": "", "linking_key_file": None}
    with contextlib.ExitStack() as stack:
        replaced: dict[str, Any] = {
            "load": lambda: settings, "service": lambda _settings: SimpleNamespace(**here), "consumer": lambda *_given: mock.Mock(),
            "librdkafka": lambda _settings: {}, "latest": lambda _client, audience: _alerts() if audience == _EMBASSY else [],
            "key_of": lambda _settings, dry_run: KEY, "publisher_of": lambda _settings, dry_run: _Nowhere(),
        }  # fmt: skip
        for name, value in replaced.items():
            stack.enter_context(mock.patch.object(acting, name, value))
        for stream, errors in (("stdout", "strict"), ("stderr", "backslashreplace")):  # as they are in service
            stack.enter_context(mock.patch(f"sys.{stream}", io.TextIOWrapper(io.BytesIO(), "utf-8", errors)))
        yield


def verdict(data: bytes) -> str:
    """Published as intake takes it, or an error of click's that says what to do."""
    arguments = [part.decode("utf-8", "surrogateescape") for part in data.split(b"\0")]  # as a shell's arguments come
    with _alone():
        try:
            acting.act.main(arguments, standalone_mode=False)
        except click.exceptions.Exit:
            return "help"
        except Rejected as fault:
            raise Wrong("intake refuses what `act` published", str(fault)) from fault
        except click.ClickException as problem:
            problem.show()
            return refusal("click", type(problem).__name__, problem.format_message()[:2_000])
    return ACCEPTED


TARGET = Target("actions", "the arguments of `act`, to the record on `case.actions` and intake's word on it", 30, seeds, made, verdict)
