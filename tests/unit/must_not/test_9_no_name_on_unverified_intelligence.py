"""Must-not 9: beyond the authorities that deal with it, no agency is named on intelligence without grade, hearing and validity."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
import pytest

from streams.domain.instants import Instant, text
from streams.domain.outputs import Alert
from streams.dossiers import alerting, audiences
from streams.publishers.identity import seal
from streams.rules.registry import catalogue
from tests.support.builders import at
from tests.support.published import Watching
from tests.support.simulated import KEY

AGENCY, NAME = "NP:dofe:LT-77", "Everest Overseas"
HIDDEN = ("LT-77", "LT77", NAME, "shared-1", "listed-1")  # the party however spelled, and what leads to it
PUBLIC = frozenset({"regional-network", "tripartite-committee"})  # said here once more and not read from the code
RULES = {rule.id for rule in catalogue() if "licensing.intelligence_shared" in rule.standings}
WEAK: dict[str, dict[str, Any]] = {"no grade": {"heard": True}, "a low grade": {"grade": "D", "heard": True}, "not heard": {"grade": "A"},
                                   "lapsed": {"grade": "A", "heard": True, "expires": "2025-03-31"}}  # fmt: skip
FIRM = {"grade": "B", "heard": True, "expires": "2027-01-01"}


def event(id: str, type: str, moment: str | Instant, body: dict[str, Any], office: str = "QA/mol") -> dict[str, Any]:
    said = {"id": id, "source": f"/office/{office}", "type": f"licensing.{type}", "time": text(at(moment)), "recordedat": text(at(moment)),
            "evidence": "documented", "body": body}  # fmt: skip
    sealed = seal(said, KEY)
    return {**sealed, "time": at(moment), "recordedat": at(moment)}


def told(about: dict[str, Any]) -> list[dict[str, Any]]:
    """Intelligence shared with Qatar and acknowledged there, once answered by nobody, and a blacklisting in Qatar that rests on it."""
    sent = {"intelligence": "INT-1", "about": AGENCY, "with_jurisdiction": "QA", **about}
    other = {**sent, "intelligence": "INT-2", "with_jurisdiction": "SA"}
    listed = {"holder": AGENCY, "jurisdiction": "QA", "name": NAME, "from": "2025-02-01", "intelligence": "INT-2"}
    paper = {"holder": AGENCY, "jurisdiction": "NP", "name": NAME, "valid_from": "2020-01-01"}
    return [
        event("paper-1", "agency_registered", "2020-01-01", paper, "NP/dofe"),
        event("shared-1", "intelligence_shared", "2025-01-10", sent, "BD/bmet"),
        event("got-1", "intelligence_acknowledged", "2025-01-12", sent),
        event("shared-2", "intelligence_shared", "2025-01-10", other, "BD/bmet"),
        event("listed-1", "agency_blacklisted", "2025-02-01", listed),
    ]


def published(about: dict[str, Any]) -> list[Alert]:
    watching = Watching(at("2025-06-01"), rules=catalogue())
    watching.in_pieces(told(about), 2)
    return [alert for alert in watching.published.alerts if alert.rule.partition("@")[0] in RULES]


kept: Callable[[str], list[Alert]] = cache(lambda how: published(WEAK.get(how, FIRM)))


def public(alerts: list[Alert]) -> list[Alert]:
    return [alert for alert in alerts if alert.audience.partition(".")[0] in PUBLIC]


def names(alerts: list[Alert], of: tuple[str, ...] = HIDDEN) -> list[str]:
    said = "\n".join(msgspec.json.encode(alert).decode() for alert in alerts)
    return [each for each in of if each in said]


@pytest.mark.parametrize("how", sorted(WEAK))
def test_the_regional_network_hears_of_it_and_not_who_it_is(how: str) -> None:
    heard = public(kept(how))
    open_at_the_end = {alert.id: alert for alert in heard}
    assert {alert.rule.partition("@")[0] for alert in open_at_the_end.values()} == {"T-LIC-02", "T-INT-01", "T-INT-02"}
    assert names(list(open_at_the_end.values())) == []
    assert {(alert.subject, alert.parties, alert.evidence, alert.issue) for alert in open_at_the_end.values()} == {("place:NP", (), (), "")}


@pytest.mark.parametrize("how", sorted(set(WEAK) - {"lapsed"}))
def test_nor_at_any_time_before(how: str) -> None:
    assert names(public(kept(how))) == []


def test_on_firm_intelligence_it_is_named() -> None:
    """So that what is looked for would be seen."""
    assert names(public(kept("firm")), ("LT77",)) == ["LT77"]


@pytest.mark.parametrize("how", ["firm", *sorted(WEAK)])
def test_the_authority_that_must_act_always_reads_who_it_is(how: str) -> None:
    heard = [alert for alert in kept(how) if alert.audience.startswith("licensing-authority.")]
    assert {alert.rule.partition("@")[0] for alert in heard} == {"T-LIC-02", "T-INT-01", "T-INT-02"}
    assert all("LT77" in msgspec.json.encode(alert).decode() for alert in heard)


def test_a_leak_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were alerts read at regional level as elsewhere, the first test would fail."""
    def as_elsewhere(audience: str, alert: Alert, confidential: bool = False, unnamed: bool = False) -> Alert:
        return audiences.as_read_by(audience, alert, confidential)

    monkeypatch.setattr(alerting, "as_read_by", as_elsewhere)
    assert names(public(published(WEAK["no grade"])), ("LT77",)) == ["LT77"]


def test_every_rule_that_reads_intelligence_is_watched_here() -> None:
    assert {rule.id for rule in catalogue() if rule.id in RULES and PUBLIC & set(rule.audience)} <= {"T-LIC-02", "T-INT-01", "T-INT-02"}
