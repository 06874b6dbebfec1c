"""Logs: one JSON object a line. What is logged is named field by field, so that no event's content can slip in."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

# The only extra fields that a record may carry; anything else is dropped. None can hold an identifier.
FIELDS = ("worker", "partition", "epoch", "topic", "offset", "reason", "why", "count", "seconds", "audience", "table", "batch", "version",
          "watch")  # fmt: skip


class JsonFormatter(logging.Formatter):
    """A record as JSON: time, level, logger, message and the known extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage(),
        }  # fmt: skip
        found |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            # The type and where: an exception's own text may quote an event.
            trace = record.exc_info[2]
            frames = []
            while trace is not None:
                frames.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
                trace = trace.tb_next
            found |= {"error": record.exc_info[0].__name__, "at": frames[-6:]}
        return json.dumps(found, default=str)


def to_json(level: str) -> None:
    """Sends everything to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
