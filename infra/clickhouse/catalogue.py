"""The catalogue's rules as rows of ClickHouse's table `rules`, so that a view may ask what a rule is and names none."""

from __future__ import annotations

import json
from typing import Any

from infra.clickhouse.sql import Repeatable
from streams.rules.registry import Rule, catalogue

# The ids of domain.md 4 that say of a protecting step that it is missing, too late or too thin; those not built yet among them.
MISSING_STEPS = frozenset({
    "T-ATT-01", "T-ATT-02", "T-BLA-01", "T-BLA-02", "T-CHN-05", "T-CMP-01", "T-CMP-02", "T-CON-01", "T-CON-02", "T-CON-04", "T-EMB-02",
    "T-FPO-01", "T-INS-02", "T-INS-03", "T-INS-04", "T-INS-05", "T-INT-01", "T-INT-02", "T-LEG-01", "T-OFF-01", "T-PDO-01", "T-RET-01",
    "T-SPT-01", "T-TRI-01", "T-TRI-02", "T-TRI-03", "T-TRI-04",
})  # fmt: skip


def rules() -> Repeatable:
    """The table's rows, written anew when the catalogue has changed."""
    lines = "\n".join(json.dumps(_row(same), ensure_ascii=False, sort_keys=True) for same in catalogue().by_id.values())
    written = f"INSERT INTO rules FORMAT JSONEachRow\n{lines}"
    return Repeatable("rules", ("TRUNCATE TABLE rules", written), ("TRUNCATE TABLE IF EXISTS rules",))


def _row(same: tuple[Rule, ...]) -> dict[str, Any]:
    """One id, whatever kinds of dossier it is over."""
    first = same[0]
    return {
        "id": first.id, "version": first.version, "harm": first.harm, "kinds": [each.kind for each in same],
        "audience": list(first.audience), "confidential": first.confidential, "severity": first.severity, "action": first.action,
        "basis": first.basis, "recommendations": list(first.recommendations), "indicators": list(first.indicators),
        "missing_step": first.id in MISSING_STEPS,
    }  # fmt: skip
