"""The harness finds what is planted, makes it small and keeps it; and the same seed makes the same inputs."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.mutating import mutated
from tests.fuzz.running import BlackBox, Finding, Watch, fuzz, kept, last
from tests.fuzz.target import ACCEPTED, Target, Wrong, refusal
from tests.fuzz.targets import TARGETS, shared

_SEEDS = (b"a line of text", b"another line, with a comma")


def _target(verdict: Callable[[bytes], str]) -> Target:
    return Target("planted", "a reader with a fault of ours", 1, lambda: _SEEDS, _made, verdict)


def _made(rng: Random, seeds: Sequence[bytes]) -> bytes:
    return mutated(rng, rng.choice(seeds), seeds)


def _crash(data: bytes) -> str:
    if b"," in data and b"w" in data:
        raise IndexError("planted")
    return ACCEPTED


def _hang(data: bytes) -> str:
    while b"," in data:
        pass
    return ACCEPTED


def _stubborn(data: bytes) -> str:
    """A hang whose first interruption is swallowed."""
    with contextlib.suppress(BaseException):
        _hang(data)
    return ACCEPTED


def test_a_planted_crash_is_found_made_small_and_kept(tmp_path: Path) -> None:
    tally = fuzz(_target(_crash), 300, 1)
    (finding,) = tally.findings.values()
    assert finding.key.startswith("IndexError")
    assert sorted(finding.data) == sorted(b"w,")
    assert 0 < tally.verdicts["finding"] < 300 == tally.inputs
    path = kept("planted", f"found-{finding.key}", finding.data, tmp_path)
    assert path is not None
    assert path.read_bytes() == finding.data


@pytest.mark.timeout(60)
@pytest.mark.parametrize("verdict", [_hang, _stubborn])
def test_a_planted_hang_is_found(verdict: Callable[[bytes], str]) -> None:
    watch = Watch(0.05)
    with watch.installed():
        assert watch.tried(_target(verdict), b"no end") == ACCEPTED
        found = watch.tried(_target(verdict), b"no, end")
    assert isinstance(found, Finding)
    assert found.key.startswith("Hang")


def test_a_refusal_that_says_nothing_is_a_finding() -> None:
    for reason, remedy in (("", "do this"), ("why", " "), ("why", "x" * 2_001)):
        with pytest.raises(Wrong):
            refusal("Refused", reason, remedy)
    assert refusal("Refused", "why", "do this") == "Refused why"


def test_the_same_seed_makes_the_same_inputs_and_another_makes_others() -> None:
    def heard(seed: int) -> list[bytes]:
        inputs: list[bytes] = []
        fuzz(_target(lambda data: ACCEPTED), 50, seed, black_box=inputs.append)
        return inputs

    assert heard(1) == heard(1) != heard(2)


def test_what_a_dead_process_tried_last_is_known(tmp_path: Path) -> None:
    box = BlackBox(tmp_path / "last", backstop=False)
    for data in (b"first, and longer", b"second"):
        box(data)
    assert last(tmp_path / "last") == b"second"


def test_all_inputs_are_shared_out() -> None:
    assert sum(each.share for each in TARGETS) == 1_000
    assert sum(shared(1_003, TARGETS).values()) == 1_003


@pytest.mark.parametrize("target", TARGETS, ids=lambda each: each.name)
def test_each_target_takes_some_of_its_seeds_and_stands_what_is_made_of_them(target: Target) -> None:
    inputs = 40 if target.name == "xlsx" else 400
    tally = fuzz(target, inputs, 7)
    assert not [finding.why for finding in tally.findings.values()]
    assert tally.accepted
    assert tally.verdicts.total() == inputs
