"""Two things that are compared, measured turn by turn: what else the machine does comes and goes, and hits both alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

TURNS = 3  # of each


def in_turn() -> Iterator[bool]:
    """Which of the two is measured next: False and True, then True and False, and so on."""
    for turn in range(TURNS):
        yield from (False, True) if turn % 2 == 0 else (True, False)


def of_each(ratios: Sequence[float]) -> str:
    """What stands beside the median of the turns' ratios."""
    return f"median of {', '.join(f'{ratio:.2f}' for ratio in sorted(ratios))}"
