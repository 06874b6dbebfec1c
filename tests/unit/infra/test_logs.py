"""Logs are JSON, and carry only fields that are known to hold nothing personal."""

from __future__ import annotations

import json
import logging
import sys

from infra.logs import JsonFormatter


def _line(**extra: object) -> dict[str, object]:
    record = logging.LogRecord("streams", logging.INFO, __file__, 1, "dead-lettered", (), None)
    record.__dict__ |= extra
    found: dict[str, object] = json.loads(JsonFormatter().format(record))
    return found


def test_a_record_is_one_json_object_with_its_known_fields() -> None:
    found = _line(topic="visa", offset=7)
    assert found["level"] == "info"
    assert found["message"] == "dead-lettered"
    assert (found["topic"], found["offset"]) == ("visa", 7)


def test_an_unknown_field_is_dropped() -> None:
    assert "passport" not in _line(passport="AB1234")


def test_an_exception_tells_type_and_place_but_not_its_text() -> None:
    try:
        int("passport AB1234")
    except ValueError:
        record = logging.LogRecord("streams", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    text = JsonFormatter().format(record)
    found = json.loads(text)
    assert found["error"] == "ValueError"
    assert found["at"][-1].startswith("test_logs.py:")
    assert "AB1234" not in text
