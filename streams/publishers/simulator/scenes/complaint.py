"""Complaints: acknowledged within days, followed up within the destination's term (T-CMP-01)."""

from __future__ import annotations

from streams.domain.instants import DAY, HOUR, Instant
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import cut, lawful
from streams.publishers.simulator.script import Script, Setting

AFTER = 50  # days from arrival to the complaint
_SAID = ("says pay is {} months behind and cannot send money home", "was told {} hours a day and has no day of rest",
         "asks for the passport back, has asked {} times", "paid {} times what the agency wrote on the receipt")  # fmt: skip


def file(script: Script, *, role: str = "worker", show: tuple[str, ...] = ("residence_permit",), at: Instant | None = None,
         series: str = "") -> Instant:  # fmt: skip
    """A complaint; one of another `series` is a case of its own, whose steps have the series in their names."""
    s = script.setting
    filed = at if at is not None else script.arrival + AFTER * DAY + s.draw.randrange(24) * HOUR
    said = f"{s.person.given} {s.person.family} {s.draw.choice(_SAID).format(s.draw.randrange(2, 9))} ({s.draw.randrange(10**6):06d})"
    body = bodies.complaint(
        s, role, s.draw.choice(("wages", "hours", "documents")), "P2", "hotline" if show == ("phone",) else "office", said
    )
    script.add(f"filed{series}", "complaint.complaint_filed", filed, world.ministry(s.destination), body, show,
               refs=case(script, series), evidence="declared", clean=True)  # fmt: skip
    return filed


def case(script: Script, series: str = "") -> dict[str, str]:
    """The number of the case, as papers refer to it."""
    return {"case": f"K{series}-{script.setting.serial}"}


def take(script: Script, name: str, after: float, filed: Instant, series: str = "", **details: object) -> None:
    """A step about the case, so many days after it was filed. Contracts are acknowledged too: that of a complaint is 'received'."""
    s, step = script.setting, "received" if name == "acknowledged" else name
    kind = "complaint.hearing_held" if name == "hearing" else f"complaint.complaint_{name}"
    script.add(f"{step}{series}", kind, filed + round(after * 24) * HOUR, world.ministry(s.destination),
               bodies.handled(s, **details), script.steps[f"filed{series}"].show, refs=case(script, series), clean=True)  # fmt: skip


def answer(script: Script, filed: Instant, series: str = "") -> None:
    """Acknowledged and followed up in time everywhere."""
    take(script, "acknowledged", 1, filed, series)
    take(script, "followed_up", 4, filed, series, step="meeting")


def conclude(script: Script, filed: Instant) -> None:
    """Settled on the fifth day, as a third of cases are, or referred then and decided: in time everywhere."""
    if script.setting.draw.random() < life.SETTLED:
        take(script, "settled", 5, filed, paid=True, payment_proof=True)
    else:
        take(script, "referred", 5, filed, to="committee")
        take(script, "decided", 14, filed, upheld=True)


def _handled(script: Script) -> None:
    """Acknowledged, followed up, and concluded."""
    filed = file(script)
    answer(script, filed)
    conclude(script, filed)
    script.spare("T-CMP-01", "handled", "filed", "followed_up")


def _unanswered(script: Script) -> None:
    filed = file(script)
    script.plant("T-CMP-01", "unanswered", "filed", since=filed + 3 * DAY)


def _unanswered_call(script: Script) -> None:
    """By telephone: only the number is known, and one worker has it."""
    filed = file(script, show=("phone",))
    script.plant("T-CMP-01", "unanswered_call", "filed", since=filed + 3 * DAY)


def _no_follow_up(script: Script) -> None:
    filed = file(script)
    take(script, "acknowledged", 2, filed)
    script.plant("T-CMP-01", "no_follow_up", "filed", "received")


def _acknowledged_late(script: Script) -> None:
    filed = file(script)
    take(script, "acknowledged", 4, filed)
    conclude(script, filed)
    script.plant("T-CMP-01", "acknowledged_late", "filed", expected=False, until=filed + 4 * DAY)


def _on_day_three(script: Script) -> None:
    filed = file(script)
    take(script, "acknowledged", 3, filed)
    take(script, "followed_up", 4, filed, step="call")
    conclude(script, filed)
    script.spare("T-CMP-01", "on_day_three", "filed", "received")


def _settled_at_once(script: Script) -> None:
    """Settled on the second day: a later step stands for those before it."""
    filed = file(script)
    take(script, "settled", 2, filed, paid=True, payment_proof=True)
    script.spare("T-CMP-01", "settled_at_once", "filed", "settled")


def _by_employer(script: Script) -> None:
    file(script, role="employer")
    script.spare("T-CMP-01", "by_employer", "filed")


def _arrange_recent(setting: Setting) -> None:
    setting.depart_at(setting.as_of - 60 * DAY)


def _two_days_ago(script: Script) -> None:
    s = script.setting
    cut(script, s.as_of - 4 * DAY)
    filed = file(script, at=s.as_of - 3 * DAY + HOUR)
    script.steps["filed"].recorded = filed + HOUR
    script.spare("T-CMP-01", "still_in_time", "filed")


SCENES = (
    lawful("complaint"),
    Scene("handled", _handled, life=lambda c: life.COMPLAINT / 2, share=0.2),
    Scene("unanswered", _unanswered, life=lambda c: life.COMPLAINT / 2, share=0.4),
    Scene("unanswered_call", _unanswered_call, share=0.3),
    Scene("no_follow_up", _no_follow_up, share=0.3),
    Scene("acknowledged_late", _acknowledged_late, share=0.1),
    Scene("on_day_three", _on_day_three, share=0.3),
    Scene("settled_at_once", _settled_at_once, share=0.2),
    Scene("by_employer", _by_employer, share=0.2),
    Scene("two_days_ago", _two_days_ago, share=0.1, solo=True, arrange=_arrange_recent),
)  # fmt: skip
