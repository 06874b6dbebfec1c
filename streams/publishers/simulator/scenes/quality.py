"""Data that cannot be so (T-DQ-01), and data that only looks so."""

from __future__ import annotations

from dataclasses import replace

from streams.domain.instants import DAY, HOUR
from streams.publishers.simulator.lawful import edge
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful
from streams.publishers.simulator.script import Script


def _future(script: Script, ahead: int) -> None:
    """The office wrote down a passport's custody as of a time still to come."""
    custody = script.steps["custody"]
    custody.recorded, custody.time, custody.clean = custody.time, custody.time + ahead * HOUR, True


def _dated_ahead(script: Script) -> None:
    _future(script, script.setting.draw.choice((25, 400, 2400)))
    script.plant("T-DQ-01", "dated_ahead", "custody")


def _a_day_ahead(script: Script) -> None:
    _future(script, 24)
    script.spare("T-DQ-01", "a_day_ahead", "custody")


def _two_contents(script: Script) -> None:
    """One event id, two contents, and no correction between them."""
    medical = script.steps["medical"]
    medical.clean = True
    script.extra.append(replace(medical, body=medical.body | {"fit": False}, refs=dict(medical.refs)))
    script.plant("T-DQ-01", "two_contents", "medical")


def _corrected(script: Script) -> None:
    medical = script.steps["medical"]
    script.misrecord("medical", medical.recorded + 2 * DAY, body=medical.body | {"fit": False})
    script.spare("T-DQ-01", "corrected", "medical")


def _self_loop(script: Script) -> None:
    s = script.setting
    edge(script, "loop", s.agency, s.agency, "agency", s.began + 30 * HOUR)
    script.plant("T-DQ-01", "self_loop", "loop")


def _link_again(script: Script) -> None:
    s = script.setting
    edge(script, "again", "", s.agency, "agency", s.began + 30 * HOUR)
    script.spare("T-DQ-01", "declared_again", "again")


def _borrowed_passport(script: Script) -> None:
    """The medical centre wrote down another worker's passport; both have national ids, so they stay two people."""
    s = script.setting
    # Both records are in doubt until one is corrected.
    script.plant("T-DQ-01", "passport_of_another" if s.place else "passport_shown_by_another", "medical")
    if s.place == 0:
        s.shared["passport"] = s.person.numbers["passport"][1]
        return
    medical = script.steps["medical"]
    medical.passport, medical.clean = s.shared["passport"], True
    medical.evidence = "declared"  # weaker than what shows whose it is, so that there is no doubt about that


def _borrowed_and_corrected(script: Script) -> None:
    """The number of another worker's passport, put right a week later: the two part again."""
    s = script.setting
    if s.place == 0:
        s.shared["passport"] = s.person.numbers["passport"][1]
        return
    script.misrecord("visa", script.steps["visa"].recorded + 7 * DAY, passport=s.shared["passport"])
    script.spare("T-DQ-01", "passport_put_right", "visa")


def _wage(script: Script, times: int) -> str:
    """One of the contract's papers states the wage so many times over; says which, and '' where there is no other paper."""
    papers = [name for name in ("authenticated", "contract", "offered") if name in script.steps]
    if len(papers) < 2:
        return ""
    paper = script.steps[papers[0]]
    paper.clean, paper.body["wage"] = True, paper.body["wage"] | {"minor": paper.body["wage"]["minor"] * times}
    return papers[0]


def _wage_in_cents(script: Script) -> None:
    if paper := _wage(script, 100):
        script.plant("T-DQ-01", "wage_a_hundredfold", paper)


def _wage_doubled(script: Script) -> None:
    if paper := _wage(script, 2):
        script.spare("T-DQ-01", "wage_doubled", paper)


SCENES = (
    lawful("quality"),
    Scene("dated_ahead", _dated_ahead, share=0.4),
    Scene("a_day_ahead", _a_day_ahead, share=0.3),
    Scene("two_contents", _two_contents, share=0.2),
    Scene("corrected", _corrected, share=0.3),
    Scene("wage_in_cents", _wage_in_cents, share=0.15),
    Scene("wage_doubled", _wage_doubled, share=0.15),
    Scene("self_loop", _self_loop, share=0.2),
    Scene("declared_again", _link_again, share=0.2),
    Scene("borrowed_passport", _borrowed_passport, share=0.1, size=2),
    Scene("borrowed_and_corrected", _borrowed_and_corrected, share=0.2, size=2),
)  # fmt: skip
