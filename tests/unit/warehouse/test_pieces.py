"""Where inserts are cut: a repeat after a crash at any moment is the same insert."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.warehouse import pieces
from consumers.warehouse.pieces import BLOCK, Buffer, Piece
from consumers.warehouse.records import Record


def at(offset: int, size: int = 1) -> Record:
    return Record("facts", 0, offset, b"", b"x" * size)


def offsets(piece: Piece | None) -> tuple[int, int, list[int]] | None:
    return None if piece is None else (piece.first, piece.last, [r.offset for r in piece.records])


def test_a_closed_block_is_cut_at_its_boundary_at_once() -> None:
    buffer = Buffer(BLOCK - 2)
    for offset in (BLOCK - 2, BLOCK - 1, BLOCK):
        buffer.add(at(offset), 0.0)
    assert offsets(buffer.cut(0.0, 9.0)) == (BLOCK - 2, BLOCK - 1, [BLOCK - 2, BLOCK - 1])


def test_an_open_block_waits_and_is_cut_only_at_the_end_of_the_log() -> None:
    buffer = Buffer(0)
    buffer.add(at(0), 0.0)
    assert buffer.cut(99.0, 1.0) is None, "the log may go on"
    buffer.ended(1)
    assert buffer.cut(0.5, 1.0) is None, "it has not waited"
    piece = buffer.cut(1.0, 1.0)
    assert piece is not None
    assert (offsets(piece), piece.planned) == ((0, 0, [0]), True)
    buffer.done(piece)
    buffer.add(at(1), 2.0)
    assert buffer.cut(99.0, 1.0) is None, "an end that was passed is none"


def test_a_plan_is_followed_first() -> None:
    buffer = Buffer(5, plan=7)
    for offset in (5, 6):
        buffer.add(at(offset), 0.0)
    buffer.ended(7)
    assert buffer.cut(99.0, 1.0) is None
    for offset in (7, 8):
        buffer.add(at(offset), 0.0)
    piece = buffer.cut(0.0, 1.0)
    assert piece is not None
    assert (offsets(piece), piece.planned) == ((5, 7, [5, 6, 7]), False)


def test_gaps_of_compaction_cost_nothing() -> None:
    buffer = Buffer(3)
    buffer.add(at(5_000_123), 0.0)
    buffer.ended(5_000_124)
    assert offsets(buffer.cut(1.0, 1.0)) == (5_000_000, 5_000_123, [5_000_123])


def test_large_records_make_small_pieces() -> None:
    buffer = Buffer(0)
    for offset in range(5):
        buffer.add(at(offset, pieces.MOST_BYTES // 2), 0.0)
    assert offsets(buffer.cut(0.0, 9.0)) == (0, 1, [0, 1])


@dataclass
class Store:
    """ClickHouse with tokens and no other protection."""

    tokens: dict[str, list[int]]
    rows: list[int]

    def insert(self, piece: Piece) -> None:
        token, rows = piece.token("t"), [record.offset for record in piece.records]
        if token not in self.tokens:
            self.tokens[token] = rows
            self.rows += rows
        assert set(rows) <= set(self.tokens[token]), "the same token with other rows would lose them"


Step = st.sampled_from(["write", "read", "end", "flush", "crash_before", "crash_after"])


def play(steps: list[tuple[str, int]], honour_plans: bool = True) -> tuple[list[int], int]:
    """A log that grows, a reader that sees part of it and dies before or after an insert: rows stored, rows written."""
    store, log_end, committed, plan = Store({}, []), 0, 0, None
    buffer, reached = Buffer(0), 0
    for kind, count in [*steps, ("read", 10**7), ("end", 0), *([("flush", 0)] * 60)]:
        if kind == "write":
            log_end += count
        elif kind == "read":
            for offset in range(reached, min(reached + count, log_end)):
                buffer.add(at(offset), 0.0)
            reached = min(reached + count, log_end)
        elif kind == "end" and reached == log_end:
            buffer.ended(log_end)
        elif (piece := buffer.cut(10.0, 1.0)) is not None:
            plan = piece.last if piece.planned else plan
            if kind != "crash_before":
                store.insert(piece)
            if kind.startswith("crash"):
                buffer, reached = Buffer(committed, plan if honour_plans else None), committed
                continue
            committed, plan = piece.last + 1, None
            buffer.done(piece)
    return sorted(store.rows), log_end


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(Step, st.integers(1, BLOCK * 3 // 2)), max_size=40))
def test_any_crash_repeats_the_same_insert(steps: list[tuple[str, int]]) -> None:
    """By tokens alone, each row is stored once."""
    rows, written = play(steps)
    assert rows == list(range(written))


def test_without_the_plan_the_same_check_finds_rows_twice() -> None:
    steps = [("write", 10), ("read", 10), ("end", 0), ("crash_after", 0), ("write", 5)]
    assert play(steps)[0] == list(range(15))
    assert play(steps, honour_plans=False)[0] != list(range(15))
