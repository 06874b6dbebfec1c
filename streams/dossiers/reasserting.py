"""What an owner that is no more announced late, told again as it stands now (design.md, "Epochs").

A process that slept through the loss of its partition may still write an entry with what it announces. Readers keep the
greatest revision of each record, so the present owner says each of them once more, under its own epoch.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from streams.domain.instants import Instant
from streams.domain.outputs import OPEN, Alert, Entry, Published, Revision, decode_alert, encode
from streams.dossiers.alerting import Rules, of, render
from streams.dossiers.audiences import as_read_by
from streams.dossiers.erasing import alert_erased
from streams.dossiers.publishing import Announcement


def entry_again(before: Entry | None, stale: Entry, as_of: Instant, revision: Revision) -> Entry:
    """The dossier's entry under a new revision; one that this owner does not know ends what the stale one says is open."""
    if before is not None:
        return msgspec.structs.replace(before, revision=revision, announces=())
    ended = tuple(msgspec.structs.replace(p, status="withdrawn", changed_at=as_of) if p.status in OPEN else p for p in stale.published)
    return msgspec.structs.replace(stale, revision=revision, announces=(), digest="", next_due=None, published=ended, unknown=(),
                                 asked=())  # fmt: skip


def alerts_again(stale: Entry, now: Entry, rules: Rules, as_of: Instant) -> Iterator[Announcement]:
    """Each alert that the stale entry announced, as it stands now; withdrawn where its audience is no longer addressed, empty
    where the dossier is erased."""
    standing = {each.alert: each for each in now.published}
    for topic, key, value in stale.announces:
        if topic.startswith("alerts."):
            said = decode_alert(value)
            again = _again(said, standing.get(said.id), now, rules, as_of)
            yield topic, key, encode(alert_erased(again, now.revision, as_of) if now.erased else again)


def _again(said: Alert, now: Published | None, entry: Entry, rules: Rules, as_of: Instant) -> Alert:
    rule = rules.get(of(said.rule, entry.subject))
    if now is None or rule is None or said.audience not in now.audiences:
        return msgspec.structs.replace(said, revision=entry.revision, status="withdrawn", changed_at=as_of)
    full = render(now, rule, entry.subject, entry.home, entry.revision, said.run)
    return as_read_by(said.audience, full, rule.confidential, now.unnamed)
