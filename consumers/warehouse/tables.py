"""The columns that the sink fills, by table: what infra/clickhouse/migrations declare, `stored_at` and versions apart.

A row has a value for each, in this order; its place in Kafka comes last.
"""

from __future__ import annotations

from collections.abc import Mapping

from consumers.warehouse.native import (
    BLOB,
    BYTE,
    CODE,
    CODES,
    FLAG,
    LONG,
    MAYBE_LONG,
    MAYBE_MOMENT,
    MAYBE_SHORT,
    MOMENT,
    MOMENTS,
    SHORT,
    TEXT,
    TEXTS,
    WIDE,
    Kind,
)  # fmt: skip

PLACE = {"src_topic": CODE, "src_log": CODE, "src_partition": SHORT, "src_offset": LONG}

COLUMNS: Mapping[str, Mapping[str, Kind]] = {
    "facts": {
        "home": CODE, "id": TEXT, "event_id": TEXT, "source": CODE, "context": CODE, "type": CODE, "office": CODE, "jurisdiction": CODE,
        "time": MOMENT, "recorded": MOMENT, "evidence": CODE, "origin": CODE, "identifier_kinds": CODES, "contract": CODE, "visa": CODE,
        "demand": CODE, "case_id": CODE, "subjects": CODES, "body": BLOB, "corrects": CODE, "retracted": FLAG, "run": CODE,
        "erased": BYTE, **PLACE,
    },
    "journeys": {
        "id": TEXT, "revision": WIDE, "home": CODE, "destination": CODE, "status": CODE, "opened_at": MOMENT, "step_type": CODES,
        "step_time": MOMENTS, "step_event": TEXTS, "missing": CODES, "unknown": CODES, "identities": SHORT, "offices": CODES,
        "demand": TEXT, "person": TEXT, "replaced_by": TEXT, "run": CODE, **PLACE,
    },
    "alerts": {
        "audience": CODE, "id": TEXT, "revision": WIDE, "rule": CODE, "harm": CODE, "subject": TEXT, "issue": TEXT, "home": CODE,
        "status": CODE, "severity": CODE, "reason": CODE, "summary": TEXT, "action": CODE, "next_step": TEXT, "evidence": TEXTS,
        "basis": TEXT, "indicators": CODES, "policy_rows": TEXTS, "parties": TEXTS, "offices": CODES, "origin": CODE,
        "destination": CODE, "since": MAYBE_MOMENT, "due_at": MAYBE_MOMENT, "raised_at": MOMENT, "changed_at": MOMENT,
        "replaced_by": TEXT, "run": CODE, **PLACE,
    },
    "erasures": {
        "home": CODE, "id": TEXT, "subject": TEXT, "basis": TEXT, "officer": CODE, "at": MOMENT, "subjects": TEXTS, "facts": TEXTS,
        "events": TEXTS, **PLACE,
    },
    "dead_letters": {
        "topic": CODE, "reason": CODE, "detail": TEXT, "origin_topic": CODE, "origin_partition": MAYBE_SHORT,
        "origin_offset": MAYBE_LONG, "at": MOMENT, "bytes": LONG, **PLACE,
    },
}  # fmt: skip
