"""When a watch may look: all that stood on the logs when it was asked has passed intake, dossiers and the sink."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from consumers.watches.catching_up import CatchingUp, Place

STAGES = (("intake", "g", ("visa",)), ("the dossiers", "g", ("feed",)), ("the sink", "g-sink", ("facts", "journeys")))
ENDS: dict[str, dict[Place, tuple[int, int]]] = {
    "visa": {("visa", 0): (3, 10), ("visa", 1): (0, 0)}, "feed": {("feed", 0): (0, 4)}, "facts": {("facts", 0): (0, 7)}, "journeys": {},
}  # fmt: skip


class Logs:
    """Logs whose groups commit one more record of each partition whenever they are asked."""

    def __init__(self, committed: Mapping[str, dict[Place, int]], growing: bool = False) -> None:
        self._committed, self._growing, self._grown = committed, growing, 0

    def ends(self, topics: Iterable[str]) -> Mapping[Place, tuple[int, int]]:
        return {place: (first, last + self._grown) for topic in topics for place, (first, last) in ENDS[topic].items()}

    def committed(self, group: str) -> Mapping[Place, int]:
        found = self._committed.get(group, {})
        if self._growing:
            self._grown += 5  # offices go on
            for place in found:
                found[place] += 1
        return dict(found)


def lacking(logs: Logs, patience: float = 0.0, stop: bool = False) -> str:
    return CatchingUp(logs, STAGES, patience, lambda seconds: stop).lacking()


def test_all_is_there() -> None:
    assert lacking(Logs({"g": {("visa", 0): 10, ("feed", 0): 4}, "g-sink": {("facts", 0): 7}})) == ""


def test_what_lags_is_named_the_first_in_order() -> None:
    assert lacking(Logs({"g": {("visa", 0): 8, ("feed", 0): 4}})) == "2 records of visa wait for intake"
    assert lacking(Logs({"g": {("visa", 0): 10, ("feed", 0): 1}})) == "3 records of feed wait for the dossiers"
    sinking = Logs({"g": {("visa", 0): 10, ("feed", 0): 4}, "g-sink": {("facts", 0): 6}})
    assert lacking(sinking) == "1 records of facts, journeys wait for the sink"


def test_a_group_that_never_ran_lags_with_all_that_the_log_still_has() -> None:
    assert lacking(Logs({})) == "7 records of visa wait for intake"


def test_records_that_keep_coming_hold_nothing_up() -> None:
    logs = Logs({"g": {("visa", 0): 5, ("feed", 0): 0}, "g-sink": {("facts", 0): 4}}, growing=True)
    assert lacking(logs, patience=60.0) == ""


def test_a_run_that_is_to_end_waits_no_longer() -> None:
    assert lacking(Logs({}), patience=60.0, stop=True).endswith("wait for intake")
