"""The demo's report, 80 columns wide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.demo.running import Outcome

WIDTH = 80
MOST_AUDIENCES = 10


def as_json(out: Outcome) -> dict[str, Any]:
    """The one object of `--json`."""
    assert out.stored is not None
    return {
        "published": out.published.accepted, "stored": out.stored.facts,
        "lost": out.published.accepted - out.stored.facts - out.dead, "dead_lettered": out.dead,
        "journeys": out.stored.journeys, "identities": out.stored.identities, "alerts": out.stored.alerts,
        "rules": {rule: {"planted": s.planted, "found": s.found, "wrong": s.wrong} for rule, s in sorted(out.scores.items())},
        "seconds": round(sum(out.seconds.values()), 1),
    }  # fmt: skip


def lines(out: Outcome) -> Iterator[str]:
    """The report as text."""
    assert out.stored is not None
    yield from _events(out)
    yield from _journeys(out)
    yield from _alerts(out)
    yield from _scores(out)
    yield from _timeline(out)
    yield from _answers(out)
    yield _title("Time")
    yield "  " + " · ".join(f"{name} {seconds:.0f} s" for name, seconds in out.seconds.items())
    yield f"  {sum(out.seconds.values()):.0f} s in all. Everything has stopped. Try `fairpassage up` next."


def _title(text: str) -> str:
    return f"\n{text}\n{'─' * WIDTH}"


def _events(out: Outcome) -> Iterator[str]:
    assert out.stored is not None
    yield _title("Events")
    for name, many in sorted(out.by_topic.items()):
        yield f"  {name:<14}{many:>9,}"
    lost = out.published.accepted - out.stored.facts - out.dead
    yield f"  {'published':<14}{out.published.accepted:>9,}   ({out.published.duplicates:,} came twice and were published once)"
    yield f"  {'stored':<14}{out.stored.facts:>9,}   lost {lost:,}, dead letters {out.dead:,}"


def _journeys(out: Outcome) -> Iterator[str]:
    assert out.stored is not None
    yield _title("Journeys")
    yield f"  {out.stored.journeys:,} journeys linked, joining {out.stored.identities:,} identities;"
    yield f"  {out.written.journeys:,} were lived."


def _alerts(out: Outcome) -> Iterator[str]:
    assert out.stored is not None
    yield _title(f"Open alerts by audience, as of {out.as_of[:10]}")
    ranked = sorted(out.stored.audiences.items(), key=lambda each: (-each[1], each[0]))
    for name, many in ranked[:MOST_AUDIENCES]:
        yield f"  {name:<34}{many:>9,}"
    if rest := ranked[MOST_AUDIENCES:]:
        yield f"  {f'{len(rest)} more':<34}{sum(many for _, many in rest):>9,}"


def _scores(out: Outcome) -> Iterator[str]:
    assert out.stored is not None
    yield _title("Found against planted")
    yield f"  {'rule':<10}{'planted':>9}{'found':>9}{'wrong':>9}{'look-alikes':>13}{'recall':>9}{'precision':>11}"
    for rule, s in sorted(out.scores.items()):
        yield f"  {rule:<10}{s.planted:>9,}{s.found:>9,}{s.wrong:>9,}{s.look_alikes:>13,}{s.recall:>9.3f}{s.precision:>11.3f}"


def _timeline(out: Outcome) -> Iterator[str]:
    journey, steps, missing = out.timeline
    yield _title(f"One journey: {journey}")
    for day, kind in steps:
        yield f"  {day}  {kind.partition('.')[2].replace('_', ' ')}"
    yield f"  open: {', '.join(missing) or 'nothing'}"


def _answers(out: Outcome) -> Iterator[str]:
    for question, columns, rows in out.answers:
        yield _title(question)
        widths = [max([len(name), *(len(str(row[i])) for row in rows)]) + 2 for i, name in enumerate(columns)]
        yield "  " + "".join(name.ljust(width) for name, width in zip(columns, widths, strict=True)).rstrip()
        for row in rows:
            yield "  " + "".join(str(value).ljust(width) for value, width in zip(row, widths, strict=True)).rstrip()
