"""Harms that the lawful journey does by chance: looked for once a story is whole, second journeys included, and planted.

By the simulator's own reckoning, never by a rule's. A rule of which a scene has told is left to that scene.
"""

from __future__ import annotations

from streams.domain.instants import DAY, end_of_day
from streams.publishers.simulator import costs
from streams.publishers.simulator.script import Draft, Script


def plant(script: Script) -> None:
    """Says of a finished story what no scene has said."""
    for reckon in (_passport_kept, _wage_late, costs.plant):
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
    for name, due in script.steps.items():
        if due.type == "deployment.wage_due" and _counts(script, due):
            period = due.body["period_start"], due.body["period_end"]
            limit = end_of_day(due.body["due"], script.setting.destination) + 7 * DAY
            paid = [each for each in script.steps.values() if each.type == "deployment.wage_paid" and each.time < limit
                    and (each.body["period_start"], each.body["period_end"]) == period]  # fmt: skip
            enough = sum(each.body["amount"]["minor"] for each in paid) * 20 >= due.body["amount"]["minor"] * 19
            if not enough and limit <= script.setting.as_of:
                script.plant("T-WAG-01", "late_by_chance", name, issue="/".join(period))
