"""The published figures of disclosure files, counted from events: what ClickHouse's views must say too."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from streams.publishers.oflc.cells import name_key
from streams.publishers.oflc.importing import FileReport, events


def raw_events(paths: Iterable[Path]) -> Iterable[dict[str, Any]]:
    """The events of these files, as an office has them."""
    for path in paths:
        yield from events(path, FileReport(path.name), with_positions=False)


def figures(found: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Measure -> value; shares in percent of the applications that declare recruiters, to two places."""
    counts: Counter[str] = Counter()
    organisations: dict[str, set[str]] = defaultdict(set)
    for event in found:
        body = event["body"]
        layout = body["layout"]
        counts[layout] += 1
        if layout == "applications":
            _application(counts, body)
        if layout == "recruiters":
            organisations[body["case_number"]] |= {name_key(body.get("organisation_name") or "")} - {""}
    counts["recruiters applications"] = len(organisations)
    spread = Counter(min(len(names), 3) for names in organisations.values())
    shares = {f"organisations {n}": round(100 * spread[n] / len(organisations), 2) for n in sorted(spread)}
    return {**counts, **shares}


def _application(counts: Counter[str], body: Mapping[str, Any]) -> None:
    kind, certified = body["visa_class"], body.get("jobs_certified") or 0
    counts[f"{kind} applications"] += 1
    counts[f"{kind} all rows"] += certified
    counts[f"{kind} certified rows"] += certified * body["certified"]
    counts[f"{kind} without sub-applications"] += certified * (body["certified"] and not body["sub_application"])
    counts[f"{kind} unknown"] += body.get("jobs_certified") is None
