"""Harms that the lawful journey does by chance: looked for once a story is whole, second journeys included, and planted.

By the simulator's own reckoning, never by a rule's. A rule of which a scene has told is left to that scene.
"""

from __future__ import annotations

from collections import defaultdict

from streams.domain.instants import DAY, end_of_day
from streams.publishers.simulator import costs, promises
from streams.publishers.simulator.script import Draft, Script

DUE, PAID = "deployment.wage_due", "deployment.wage_paid"
Period = tuple[str, str]


def plant(script: Script) -> None:
    """Says of a finished story what no scene has said."""
    for reckon in (_passport_kept, _wage_late, promises.plant, costs.plant):
        reckon(script)


def _counts(script: Script, step: Draft) -> bool:
    """Whether a step has happened by the end, and was not written down as of more than a day to come."""
    return step.time <= min(script.setting.as_of, step.recorded + DAY)


def _passport_kept(script: Script) -> None:
    """Custody is recorded thirty days after arrival or later: who has the passport then may no longer keep it."""
    custody = script.steps.get("custody")
    if custody is None or script.claimed("T-DOC-01") or custody.body["holder"] == "worker" or not _counts(script, custody):
        return
    if "arrived" in script.steps and custody.time >= script.arrival + 30 * DAY:
        script.plant("T-DOC-01", "kept_by_chance", "custody")


def _wage_late(script: Script) -> None:
    """Seven days after the day on which a wage fell due are in time, and so is one that is a twentieth short."""
    if script.claimed("T-WAG-01"):
        return
    dues = {_period(step): name for name, step in script.steps.items() if step.type == DUE and _counts(script, step)}
    paid: dict[Period, list[Draft]] = defaultdict(list)
    for step in script.steps.values():
        if step.type == PAID:
            paid[_period(step)].append(step)
    for period, name in dues.items():
        due = script.steps[name].body
        limit = end_of_day(due["due"], script.setting.destination) + 7 * DAY
        if _short(due["amount"]["minor"], [step for step in paid[period] if step.time < limit]) and limit <= script.setting.as_of:
            script.plant("T-WAG-01", "late_by_chance", name, issue="/".join(period))
    month = costs.month_pay(script)
    for period in sorted(paid.keys() - dues.keys()):  # nobody said what fell due, and the contract does
        if period[0] and month is not None and _short(month[0], paid[period]):
            script.plant("T-WAG-01", "short_by_chance", issue="/".join(period))


def _period(step: Draft) -> Period:
    return step.body.get("period_start") or "", step.body.get("period_end") or ""


def _short(due: int, paid: list[Draft]) -> bool:
    total: int = sum(step.body["amount"]["minor"] for step in paid)
    return total * 20 < due * 19
