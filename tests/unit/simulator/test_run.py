"""A simulated run: same seed, same bytes; disorder as section 6 gives it; memory that does not grow with the run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tracemalloc
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from schemas.icao9303 import passport_problems
from schemas.validate import check
from streams.domain.instants import DAY, parse
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.files import write
from streams.publishers.simulator.run import Run
from tests.support.simulated import options, simulated


def raw(workers: int = 600, per_rule: int = 10) -> list[dict[str, Any]]:
    return [json.loads(line) for _, line in simulated(workers, "7", per_rule).raw]


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.support.simulated import options;"
        "from streams.publishers.simulator.files import write; write(options(120, '3', 2), Path(sys.argv[1]))"
    )
    for hash_seed in ("0", "42"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run([sys.executable, "-c", program, str(tmp_path / hash_seed)], check=True, env=environment, timeout=120)
    files = sorted(path.name for path in (tmp_path / "0").iterdir())
    assert "truth.ndjson" in files
    assert len(files) == 8
    assert all((tmp_path / "0" / name).read_bytes() == (tmp_path / "42" / name).read_bytes() for name in files)


def test_another_seed_gives_other_people() -> None:
    numbers = [{i["value"] for _, line in simulated(60, seed).raw for i in (json.loads(line).get("worker") or {}).get("identifiers", ())}
               for seed in ("1", "2")]  # fmt: skip
    assert not numbers[0] & numbers[1]


def test_every_event_means_something_once_it_is_sealed() -> None:
    run = simulated(600, "7", 10)
    problems = Counter((event["type"], str(each)) for event in run.sealed() for each in check(event, run.as_of))
    assert not problems


def test_machine_readable_zones_have_right_check_digits() -> None:
    zones = [i["mrz"] for e in raw() for i in (e.get("worker") or {}).get("identifiers", ()) if "mrz" in i]
    assert len(zones) > 300
    assert not [problem for zone in zones for problem in passport_problems(zone)]


def test_nothing_is_recorded_after_the_end() -> None:
    end = simulated(600, "7", 10).as_of
    assert all(parse(event["recordedat"]) <= end for event in raw())


def test_duplicates_and_corrections_come_as_often_as_in_life() -> None:
    lines = [line for _, line in simulated(1_000, "9").raw]
    twice = len(lines) - len(set(lines))
    assert 0.01 < twice / len(lines) < 0.03
    events = [json.loads(line) for line in set(lines)]
    about_workers = [event for event in events if event.get("worker")]
    corrections = [event for event in about_workers if event.get("corrects")]
    assert 0.005 < len(corrections) / len(about_workers) < 0.03
    assert all(event["was"]["origin"] and event["was"]["subjects"] for event in corrections)


def test_events_come_late_but_mostly_in_order() -> None:
    latest, late, lines = 0, [], raw()
    for event in lines:
        recorded = parse(event["recordedat"])
        late.append(max(0, latest - recorded))
        latest = max(latest, recorded)
    assert max(late) > 10 * DAY
    assert sum(1 for each in late if each < DAY) > 0.6 * len(late)


def test_offices_are_silent_for_days_and_report_again() -> None:
    beats: dict[str, list[int]] = defaultdict(list)
    for event in raw():
        if event["type"] == "oversight.office_heartbeat" and "branch" not in event["source"]:
            beats[event["source"]].append(parse(event["time"]))
    gaps = [later - earlier for times in beats.values() for earlier, later in zip(sorted(times), sorted(times)[1:], strict=False)]
    assert 3 * DAY < max(gaps) <= 11 * DAY
    assert all(max(times) > simulated(600, "7", 10).as_of - 2 * DAY for times in beats.values())


def test_one_worker_is_known_by_several_numbers_and_comes_back() -> None:
    journeys = simulated(1_000, "9").journeys
    assert {each.identities for each in journeys} >= {3, 4}  # a national id, a passport, a permit; a new passport after a loss
    assert min(each.identities for each in journeys) >= 2
    assert sum(each.number == 2 for each in journeys) > 20


def test_corridors_are_chosen_as_often_as_in_life() -> None:
    journeys = [each for each in simulated(1_000, "9").journeys if each.number == 1]
    weights = {corridor.name: corridor.weight for corridor in life.CORRIDORS}
    share = Counter(each.corridor for each in journeys)
    for name, weight in weights.items():
        assert abs(share[name] / 1_000 - weight / sum(weights.values())) < 0.04, name


def test_a_third_leave_without_a_registered_contract() -> None:
    planted = [each for each in simulated(1_000, "9").planted if each.rule == "T-CON-01" and each.expected]
    assert 0.25 < len(planted) / 1_000 < 0.35


def _peak(workers: int) -> int:
    tracemalloc.start()
    for _ in Run(options(workers)):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_ten_times_the_events_need_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    # The bounds, scaled down: what holds for 10,000 events and 100,000 holds for ten million.
    monkeypatch.setattr("streams.publishers.simulator.plan.WAVE", 40)
    monkeypatch.setattr("streams.publishers.simulator.run.WAVE", 40)
    monkeypatch.setattr("streams.publishers.simulator.disorder.WAITING", 1_000)
    few, many = _peak(120), _peak(1_200)
    assert many < 1.5 * few


def test_files_are_one_per_topic_and_count_what_they_hold(tmp_path: Path) -> None:
    done = write(options(80, "5", 1), tmp_path)
    assert {path.name: sum(1 for _ in path.open("rb")) for path in done.files} == {
        f"{context}.jsonl": many for context, many in done.events.items()
    }
    assert done.journeys >= 80
