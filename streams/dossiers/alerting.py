"""Alerts are the difference between the findings now and those published before: raised, updated, withdrawn, superseded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import msgspec

from streams.domain.instants import Instant
from streams.domain.outcomes import Finding
from streams.domain.outputs import OPEN, Alert, Published, Revision
from streams.domain.places import kind
from streams.dossiers.audiences import addresses, as_read_by
from streams.rules.registry import Rule

Rules = Mapping[tuple[str, str], Rule]  # by id, and by the kind of dossier
_REPLACED = ("embassy", "satellite-office")


@lru_cache(maxsize=16_384)  # each judging of a dossier asks for those of all that it finds
def alert_id(rule: str, subject: str, issue: str) -> str:
    """Derived from rule, subject and what is at issue, so that a redelivery is the same alert. 32 hex characters."""
    return hashlib.sha256("\0".join((rule, subject, issue)).encode()).hexdigest()[:32]


def _roles(rule: Rule, found: Finding) -> tuple[str, ...]:
    """Who hears: the channel that the worker chose replaces the embassy (domain.md 4.6), and the offices that work with it."""
    return tuple(found.channel if role in _REPLACED and found.channel else role for role in found.roles or rule.audience)


def _finding(
    rule: Rule, found: Finding, subject: str, at: Instant, place: tuple[str, str], offices: tuple[str, ...],
    declared: Callable[[str], bool], vacant: Callable[[str], bool],
) -> Published:  # fmt: skip
    origin, destination = found.origin or place[0], found.destination or place[1]
    return Published(
        alert=alert_id(rule.id, subject, found.issue), rule=rule.ref, issue=found.issue, reason=found.reason,
        severity=found.severity or rule.severity, summary=found.summary, evidence=tuple(sorted(found.evidence)),
        policy_rows=found.policy_rows, raised_at=at, changed_at=at, status="raised", since=found.since,
        due_at=found.due_at, origin=origin, destination=destination, parties=found.parties, offices=offices,
        audiences=addresses(_roles(rule, found), origin, destination, found.authority, declared, rule.confidential, vacant),
        unnamed=found.unnamed,
    )  # fmt: skip


def _same(old: Published, new: Published) -> bool:
    """Equal in all but when and how it was published."""
    return msgspec.structs.replace(new, raised_at=old.raised_at, changed_at=old.changed_at, status=old.status) == old


def _heard_before(was: Published | None, new: Published) -> Published:
    """With the audiences that were told of it once: an erasure must reach all who were."""
    if was is None or (was.audiences == new.audiences and not was.former):
        return new
    return msgspec.structs.replace(new, former=tuple(sorted({*was.former, *was.audiences}.difference(new.audiences))))


def difference(
    before: Iterable[Published], findings: Iterable[tuple[Rule, Finding]], subject: str, as_of: Instant,
    place: tuple[str, str], offices_of: Callable[[tuple[str, ...]], tuple[str, ...]], declared: Callable[[str], bool],
    replaced_by: str | None = None, vacant: Callable[[str], bool] = lambda country: False,
) -> tuple[Published, ...]:  # fmt: skip
    """What is published now, sorted by alert id: new and changed findings, and old ones that ended, kept with their end.

    `place` is the view's (origin, destination); `offices_of` names the offices that published given evidence; a subject
    that is no longer produced passes no findings and `replaced_by`, which supersedes what it had open. `vacant` says of a country
    that it has no focal office.
    """
    old = {each.alert: each for each in before}
    now = {new.alert: new for rule, found in findings
           for new in [_finding(rule, found, subject, as_of, place, offices_of(found.evidence), declared, vacant)]}  # fmt: skip
    result = dict(old)
    for alert, found_now in now.items():
        was, new = old.get(alert), _heard_before(old.get(alert), found_now)
        if was is None or was.status not in OPEN:
            result[alert] = new
        elif not _same(was, new):
            result[alert] = msgspec.structs.replace(new, raised_at=was.raised_at, status="updated")
    for alert, was in old.items():
        if alert not in now and was.status in OPEN:
            end = "superseded" if replaced_by else "withdrawn"
            result[alert] = msgspec.structs.replace(was, status=end, changed_at=as_of, replaced_by=replaced_by)
    return tuple(result[alert] for alert in sorted(result))


def render(published: Published, rule: Rule, subject: str, home: str, revision: Revision, run: str | None) -> Alert:
    """The full alert, before any audience's view of it is taken."""
    return Alert(
        id=published.alert, revision=revision, rule=published.rule, harm=rule.harm, subject=subject,
        issue=published.issue, home=home, status=published.status, severity=published.severity,
        reason=published.reason, summary=published.summary, action=rule.action, next_step=rule.next_step,
        evidence=published.evidence, basis=rule.basis, indicators=rule.indicators, policy_rows=published.policy_rows,
        audience="", parties=published.parties, offices=published.offices, origin=published.origin,
        destination=published.destination, since=published.since, due_at=published.due_at,
        raised_at=published.raised_at, changed_at=published.changed_at, replaced_by=published.replaced_by, run=run,
    )  # fmt: skip


def of(rule: str, subject: str) -> tuple[str, str]:
    """Which rule a published 'T-CMP-01@1' is of: its id, and the kind of its dossier."""
    return rule.partition("@")[0], kind(subject)


def to_send(
    before: Iterable[Published], now: Iterable[Published], rules: Rules, subject: str, home: str,
    revision: Revision, run: str | None = None,
) -> list[Alert]:  # fmt: skip
    """The alerts of one change, one for each audience; one that is no longer addressed gets the withdrawal of what it was told."""
    old, alerts = {each.alert: each for each in before}, []
    for new in now:
        was = old.get(new.alert)
        if was == new:
            continue
        rule = rules[of(new.rule, subject)]
        full = render(new, rule, subject, home, revision, run)
        alerts += [as_read_by(audience, full, rule.confidential, new.unnamed) for audience in new.audiences]
        if was is not None and was.status in OPEN:
            told = msgspec.structs.replace(was, status="withdrawn", changed_at=new.changed_at)
            ended = render(told, rule, subject, home, revision, run)
            alerts += [as_read_by(audience, ended, rule.confidential, was.unnamed)
                       for audience in was.audiences if audience not in new.audiences]
    return alerts
