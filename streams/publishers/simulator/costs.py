"""What a journey cost the worker, as the story has it: harms that fees and loans do by chance (domain.md 1.1, 3.1, 4.4).

The simulator's own tables and arithmetic: nothing here reads a rule or its policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import DAY
from streams.publishers.simulator.script import Draft, Script

FEE, REFUND = "recruitment.fee_declared", "recruitment.fee_refunded"
# What recruiters may take at most, in minor units: India 30,000 rupees, Nepal 10,000, Bangladesh by destination (since 2022).
_CAPS = {"IN": 3_000_000, "NP": 1_000_000, "BD-SA": 16_500_000, "BD-OM": 10_078_000, "BD-MY": 7_899_000}
CAPPED = frozenset({"IN", "NP", "BD"})


def cap(script: Script) -> int | None:
    """The legal cap of a journey's corridor; None where none is known."""
    s = script.setting
    return _CAPS.get(s.origin, _CAPS.get(s.corridor.name))


def plant(script: Script) -> None:
    """Says of a finished story what no scene has said."""
    _above_cap(script)


def happened(script: Script, *types: str) -> Iterator[tuple[str, Draft]]:
    """Steps of these types that have happened by the end and were not written down as of more than a day to come."""
    for name, step in script.steps.items():
        if step.type in types and step.time <= min(script.setting.as_of, step.recorded + DAY):
            yield name, step


def _own(step: Draft) -> bool:
    """Whether a worker declares a payment of the worker's own, or anybody a refund."""
    return step.type == REFUND or (step.body["by"] == "worker" and step.body["payer"] in ("worker", "family"))


def _above_cap(script: Script) -> None:
    most = cap(script)
    if most is None or script.claimed("T-FEE-01"):
        return
    counted = [(name, step) for name, step in happened(script, FEE, REFUND) if _own(step) and step.body["code"] == "recruitment_service"]
    if sum(step.body["amount"]["minor"] * (1 if step.type == FEE else -1) for _, step in counted) > most:
        script.plant("T-FEE-01", "above_the_cap_by_chance", *(name for name, _ in counted))
