"""What papers of one contract come to when several scenes wrote on them: terms worse than promised, by the simulator's own reckoning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streams.publishers.simulator.script import Draft, Script

RULE = "T-CON-03"
_ORIGIN, _LATER = ("contract", "acknowledged"), ("authenticated", "amended", "restored")
_SLIP = 50  # wages so many times apart are in different units, and tell nothing


def plant(script: Script) -> None:
    """A wage a twentieth lower and more, and deductions that are greater, where no scene has told of them."""
    wage, deductions = _both(script, "wage"), _both(script, "deductions")
    if wage and not script.claimed(RULE, "wage") and wage[1] * 20 < wage[0] * 19 and wage[0] < wage[1] * _SLIP:
        script.plant(RULE, "lower_by_chance", issue="wage")
    if deductions and not script.claimed(RULE, "deductions") and deductions[1] > deductions[0]:
        script.plant(RULE, "more_deducted_by_chance", issue="deductions")


def _both(script: Script, term: str) -> tuple[int, int] | None:
    """(promised, got) in minor units, each by the latest paper that states it; None where one end does not."""
    origin = _papers(script, _ORIGIN)
    promised = [step for step in origin if step.time <= script.setting.departure] or origin[:1]
    ends: list[Mapping[str, Any]] = []
    for papers in (promised, _papers(script, _LATER)):
        stating = [step for step in papers if step.body.get(term)]
        ends += [stating[-1].body[term]] if stating else []
    if len(ends) < 2 or ends[0]["currency"] != ends[1]["currency"]:
        return None
    return ends[0]["minor"], ends[1]["minor"]


def _papers(script: Script, names: tuple[str, ...]) -> list[Draft]:
    return sorted((script.steps[name] for name in names if name in script.steps), key=lambda step: (step.time, step.id))
