"""Which faults, in which order: from the minutes and a seed alone."""

from __future__ import annotations

import math
import random

from tests.chaos.faults import FAULTS, Fault

USUAL = 6.0  # minutes in which each fault comes as often as it says


def schedule(minutes: float, seed: int) -> list[Fault]:
    """Each fault as often as the minutes ask for, once at least, in an order that the seed decides."""
    found = [fault for fault in FAULTS for _ in range(max(1, math.ceil(fault.often * minutes / USUAL)))]
    random.Random(f"schedule {seed}").shuffle(found)
    return found
