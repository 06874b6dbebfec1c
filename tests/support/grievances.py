"""Events about complaints as they leave the offices, of as many workers as a test needs, and what is delivered of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schemas.examples import example
from streams.domain.instants import DAY, Instant, parse
from streams.domain.outputs import OPEN, Alert
from streams.publishers.identity import seal
from tests.support.published import Published, Watching
from tests.support.simulated import KEY

FIRM = "QA:cr:77-1"
DAY_0 = parse("2025-07-20T07:00:00Z")
NOW = DAY_0 + 70 * DAY

_serial = iter(range(1, 1_000_000))


def event(kind: str, worker: int | None, day: float, case: str | None = None, /, **body: Any) -> dict[str, Any]:
    """An event of a type, by its example, about a worker of Nepal (a number) or none; a body field that is None is left out."""
    made = example(kind)
    moment = DAY_0 + round(day * DAY)
    made["body"] = {name: value for name, value in (made["body"] | body).items() if value is not None}
    made["id"] = f"gr-{next(_serial)}"
    if worker is not None:
        shown = [{"kind": "passport", "country": "NP", "value": f"PA {worker:07d}"}]
        made["worker"] = {"origin": "NP", "identifiers": shown, "languages": ["ne"]}
    else:
        made.pop("worker", None)
    made["refs"] = {"case": case} if case else {}
    made["source"] = "/office/QA/mol"
    return {**seal(made, KEY), "time": moment, "recordedat": moment}


def complaint(worker: int, day: float = 0, **body: Any) -> dict[str, Any]:
    """A worker's complaint against one firm, which nobody follows up."""
    said = {"against": FIRM, "employer": FIRM, "agency": None, "loss": None, "channel": "hotline"} | body
    return event("complaint.complaint_filed", worker, day, f"K-{worker}", **said)


def dismissal(worker: int, day: float = 10) -> dict[str, Any]:
    """What the firm did."""
    return event("deployment.worker_dismissed", worker, day, employer=FIRM)


def agreed(worker: int, day: float = 1, scope: str = "inspectorate", until: str | None = None) -> dict[str, Any]:
    """The worker agrees that someone hears of it."""
    return event("complaint.consent_given", worker, day, f"K-{worker}", scope=scope, until=until)


def withdrew(worker: int, day: float = 40, scope: str = "inspectorate") -> dict[str, Any]:
    """And agrees no more."""
    return event("complaint.consent_withdrawn", worker, day, f"K-{worker}", scope=scope)


def delivered(*events: dict[str, Any], now: Instant = NOW) -> Published:
    """All that is delivered when these come in one after the other, each as it is recorded, and what comes due until now."""
    watching = Watching(now)
    watching.in_pieces(sorted(events, key=lambda each: each["recordedat"]), 1)
    return watching.published


def to(audience: str, alerts: Iterable[Alert]) -> list[Alert]:
    """Those for one role, in order of delivery."""
    return [alert for alert in alerts if alert.audience.partition(".")[0] == audience]


def standing(alerts: Iterable[Alert]) -> set[str]:
    """Ids of those that are open as last delivered to their audience."""
    last = {(alert.audience, alert.id): alert for alert in alerts}
    return {alert.id for alert in last.values() if alert.status in OPEN}
