"""What was planted and begins only when a clock runs out is expected from then on."""

from __future__ import annotations

from streams.domain.instants import DAY
from streams.publishers.simulator.script import _Claim

DUE = 100 * DAY


def claim(since: int | None, expected: bool = True) -> _Claim:
    return _Claim("T-RET-01", "not_referred", expected, False, "journey", "*", ("returned",), since, None)


def test_a_clock_that_still_runs_has_found_nothing() -> None:
    assert not claim(DUE).begun_by(DUE)
    assert claim(DUE).begun_by(DUE + 1)


def test_what_has_no_beginning_or_is_no_abuse_stays_as_it_was_planted() -> None:
    assert claim(None).begun_by(0)
    assert not claim(None, expected=False).begun_by(DUE)
