"""Which worker plays which scene. A wave of workers is planned and written together; memory is one wave, whatever the run.

Life first (each scene's share in domain.md section 6), then every rule's quota of planted cases and look-alikes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from streams.publishers.simulator.parameters import Corridor

WAVE = 500


@dataclass(frozen=True)
class Scene:
    """A way one part of a journey goes.

    `life` is its share of a corridor's journeys; `share` of the quota per rule it must reach. A group of `size` workers of
    one corridor plays it together. `origins` limits where it can happen. A `solo` scene wants a worker for itself: the
    other parts of that journey stay lawful. `arrange` sets the scene before the lawful journey is written, `play` changes
    what was written and says so in the truth.
    """

    name: str
    play: Callable[[Any], None]
    life: Callable[[Corridor], float] = lambda corridor: 0.0
    share: float = 0.0
    size: int = 1
    origins: frozenset[str] = frozenset()
    solo: bool = False
    arrange: Callable[[Any], None] | None = None

    def fits(self, corridor: Corridor) -> bool:
        """Whether it can happen to a worker of this corridor."""
        return not self.origins or corridor.origin in self.origins


@dataclass(frozen=True)
class Part:
    """One worker's part in a scene: which of its groups, and the place in it (0 opens the scene)."""

    scene: Scene
    group: int
    place: int


Slots = Sequence[Sequence[Scene]]  # the parts of a journey, each with its scenes; the first scene of each is the lawful one


def cast(slots: Slots, corridors: Sequence[Corridor], quota: int, draw: Random) -> list[list[Part]]:
    """For each worker of a wave (given by corridor) a part in every slot."""
    free = list(range(len(corridors)))
    draw.shuffle(free)
    solo: dict[int, tuple[int, Part]] = {}
    for number, scenes in enumerate(slots):
        for scene in scenes:
            if scene.solo:
                _cast_solo(scene, number, corridors, quota, free, solo)
    parts = [_cast_slot(scenes, corridors, quota, set(free), draw) for scenes in slots]
    for worker, (number, part) in solo.items():
        parts[number][worker] = part
    return [[slot[worker] for slot in parts] for worker in range(len(corridors))]


def _cast_solo(
    scene: Scene, slot: int, corridors: Sequence[Corridor], quota: int, free: list[int], solo: dict[int, tuple[int, Part]]
) -> None:
    for group in range(_wanted(scene, quota)):
        for place, worker in enumerate(sorted(_team(scene, [w for w in free if scene.fits(corridors[w])], corridors))):
            free.remove(worker)
            solo[worker] = slot, Part(scene, group, place)


def _wanted(scene: Scene, quota: int) -> int:
    return -int(-scene.share * quota // 1)


def _team(scene: Scene, candidates: list[int], corridors: Sequence[Corridor]) -> list[int]:
    """The first workers of one corridor that make a full group; none when there are too few."""
    if scene.size == 1:
        return candidates[:1]
    teams: dict[str, list[int]] = {}
    for worker in candidates:
        team = teams.setdefault(corridors[worker].name, [])
        team.append(worker)
        if len(team) == scene.size:
            return team
    return []


def _cast_slot(scenes: Sequence[Scene], corridors: Sequence[Corridor], quota: int, free: set[int], draw: Random) -> list[Part]:
    """One slot: life, then what the quotas lack, taken from the lawful first and then from what there is plenty of."""
    lawful, playing = scenes[0], [scene for scene in scenes[1:] if not scene.solo]
    chosen = [_lived(playing, corridor, draw) or lawful if w in free else lawful for w, corridor in enumerate(corridors)]
    order = sorted(free)
    draw.shuffle(order)
    many = Counter(scene.name for scene in chosen)
    groups: Counter[str] = Counter()
    parts: dict[int, Part] = {}
    for scene in sorted(playing, key=lambda s: (not s.origins, -s.size)):
        lack = _wanted(scene, quota) - (many[scene.name] if scene.size == 1 else 0)
        for _ in range(lack):
            spare = [w for w in order if w not in parts and scene.fits(corridors[w])
                     and (chosen[w] is lawful or many[chosen[w].name] > _wanted(chosen[w], quota))]  # fmt: skip
            spare.sort(key=lambda w: chosen[w] is not lawful)
            for place, worker in enumerate(sorted(_team(scene, spare, corridors))):
                many[chosen[worker].name] -= 1
                parts[worker] = Part(scene, groups[scene.name], place)
            groups[scene.name] += 1
    for worker, scene in enumerate(chosen):
        if worker not in parts:
            parts[worker] = Part(scene, groups[scene.name], 0)
            groups[scene.name] += 1
    return [parts[worker] for worker in range(len(corridors))]


def _lived(playing: Sequence[Scene], corridor: Corridor, draw: Random) -> Scene | None:
    at = draw.random()
    for scene in playing:
        if scene.size == 1 and scene.fits(corridor) and (at := at - scene.life(corridor)) < 0:
            return scene
    return None


def waves(workers: int) -> Iterable[tuple[int, int, int]]:
    """(number, first worker, how many) of each wave."""
    for number, first in enumerate(range(0, workers, WAVE)):
        yield number, first, min(WAVE, workers - first)
