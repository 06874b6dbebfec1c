"""Every target, and how a run's inputs are shared among them."""

from __future__ import annotations

from tests.fuzz import actions, disclosures, lines, records, requests, values
from tests.fuzz.target import Target

TARGETS: tuple[Target, ...] = (records.TARGET, lines.TARGET, values.TARGET, *disclosures.TARGETS, requests.TARGET, actions.TARGET)


def named(name: str) -> Target:
    """A target by its name. Raises KeyError."""
    return {each.name: each for each in TARGETS}[name]


def shared(inputs: int, chosen: tuple[Target, ...]) -> dict[str, int]:
    """How many inputs each of these has; all of them are given out."""
    whole = sum(each.share for each in chosen)
    found = {each.name: inputs * each.share // whole for each in chosen}
    found[chosen[0].name] += inputs - sum(found.values())
    return found
