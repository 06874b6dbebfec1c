"""Who has the passport (T-DOC-01): kept by an employer or agency, handed back, at the embassy, or asked for in writing."""

from __future__ import annotations

from streams.domain.instants import DAY
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful
from streams.publishers.simulator.script import Draft, Script

RULE = "T-DOC-01"
REQUEST_COUNTS = frozenset({"QA"})  # where the law lets the worker ask in writing that the employer keeps it


def _seen(script: Script, holder: str, reason: str = "") -> Draft | None:
    """What the first visit found; None where that record is dated so far ahead that nothing follows from it."""
    custody = script.steps["custody"]
    if custody.time > custody.recorded:
        return None
    custody.body = bodies.custody(holder, reason)
    return custody


def _seen_again(script: Script, first: Draft, holder: str, days: int) -> None:
    script.add("custody2", first.type, first.time + days * DAY, first.office, bodies.custody(holder), first.show, clean=True)


def _by_agency(script: Script) -> None:
    if _seen(script, "agency"):
        script.plant(RULE, "kept_by_agency", "custody")


def _taken_again(script: Script) -> None:
    if first := _seen(script, "worker"):
        _seen_again(script, first, "employer", 20)
        script.plant(RULE, "taken_again", "custody2")


def _handed_back(script: Script) -> None:
    if first := _seen(script, "employer"):
        _seen_again(script, first, "worker", script.setting.draw.randrange(1, 25))
        script.spare(RULE, "handed_back", "custody", "custody2")


def _renewed(script: Script) -> None:
    if _seen(script, "embassy", "renewal"):
        script.spare(RULE, "at_the_embassy_for_renewal", "custody")


def _kept_by_embassy(script: Script) -> None:
    if _seen(script, "embassy", "other"):
        script.plant(RULE, "kept_by_embassy", "custody")


def _asked_in_writing(script: Script) -> None:
    if not _seen(script, "employer", "written_request"):
        return
    if script.setting.destination in REQUEST_COUNTS:
        script.spare(RULE, "asked_in_writing", "custody")
    else:
        script.plant(RULE, "asked_in_writing_where_it_excuses_nothing", "custody")


def _before_the_permit(script: Script) -> None:
    """With the employer while the permit was made, and back before it was."""
    s = script.setting
    if first := _seen(script, "worker"):
        early = script.arrival + DAY
        script.add("custody0", first.type, early, world.ministry(s.destination), bodies.custody("employer"), ("passport",), clean=True)
        script.spare(RULE, "before_the_permit", "custody0", "custody")


SCENES = (
    lawful("passport"),
    Scene("by_agency", _by_agency, share=0.4),
    Scene("taken_again", _taken_again, share=0.4),
    Scene("kept_by_embassy", _kept_by_embassy, share=0.1),
    Scene("asked_in_writing", _asked_in_writing, share=0.3),
    Scene("handed_back", _handed_back, share=0.4),
    Scene("renewed", _renewed, share=0.4),
    Scene("before_the_permit", _before_the_permit, share=0.4),
)  # fmt: skip
