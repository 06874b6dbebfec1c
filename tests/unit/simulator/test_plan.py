"""Who plays what: quotas are met, groups are whole and of one corridor, solo scenes have a worker for themselves."""

from __future__ import annotations

from collections import defaultdict
from random import Random
from typing import Any

from streams.publishers.simulator.parameters import CORRIDORS
from streams.publishers.simulator.plan import Part, Scene, cast
from streams.publishers.simulator.scenes import SLOTS


def nothing(script: Any) -> None:
    """A scene that changes nothing."""


def parts_of(number: int, quota: int, workers: int = 500) -> tuple[list[Any], list[list[Part]]]:
    draw = Random(number)
    corridors = draw.choices(CORRIDORS, [c.weight for c in CORRIDORS], k=workers)
    return corridors, cast(SLOTS, corridors, quota, draw)


def test_every_worker_has_one_part_in_every_slot() -> None:
    _, parts = parts_of(1, 25)
    assert len(parts) == 500
    assert all(len(each) == len(SLOTS) for each in parts)
    assert all(part.scene in SLOTS[slot] for each in parts for slot, part in enumerate(each))


def test_every_scene_reaches_its_share_of_the_quota() -> None:
    _, parts = parts_of(2, 25)
    for slot, scenes in enumerate(SLOTS):
        for scene in scenes:
            plays = sum(each[slot].scene is scene and each[slot].place == 0 for each in parts)
            assert plays >= scene.share * 25, scene.name


def test_groups_are_whole_of_one_corridor_and_begin_with_the_first_worker() -> None:
    corridors, parts = parts_of(3, 25)
    groups: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for worker, each in enumerate(parts):
        for part in each:
            if part.scene.size > 1:
                groups[part.scene.name, part.group].append((part.place, worker))
    assert len(groups) > 100
    sizes = {scene.name: scene.size for scenes in SLOTS for scene in scenes}
    for (name, _), members in groups.items():
        assert [place for place, _ in sorted(members)] == list(range(sizes[name]))
        assert [worker for _, worker in sorted(members)] == sorted(worker for _, worker in members)
        assert len({corridors[worker].name for _, worker in members}) == 1


def test_a_solo_scene_has_its_worker_for_itself() -> None:
    _, parts = parts_of(4, 25)
    alone = [each for each in parts if any(part.scene.solo for part in each)]
    lawful = {scenes[0].name for scenes in SLOTS}
    assert alone
    assert all(sum(part.scene.name not in lawful for part in each) == 1 for each in alone)


def test_a_scene_happens_only_where_it_can() -> None:
    corridors, parts = parts_of(5, 25)
    for worker, each in enumerate(parts):
        assert all(part.scene.fits(corridors[worker]) for part in each)


def test_life_alone_decides_where_nothing_is_asked_for() -> None:
    slots = [(Scene("lawful", nothing), Scene("common", nothing, life=lambda c: 0.3), Scene("rare", nothing))]
    parts = cast(slots, [CORRIDORS[0]] * 2_000, 0, Random(6))
    plays = [each[0].scene.name for each in parts]
    assert 500 < plays.count("common") < 700
    assert plays.count("rare") == 0
