"""A request that is read: what is no credential, no number and no text is an error of the front's."""

from __future__ import annotations

import base64

import pytest

from infra.embedded.clickhouse import call
from infra.embedded.clickhouse.errors import EngineError


@pytest.mark.parametrize("secret", ["\u00e9", "*", "", base64.b64encode(b"\xff:\xff").decode()])
def test_what_is_no_basic_is_nobody(secret: str) -> None:
    assert call.credentials({}, {"Authorization": f"Basic {secret}"}) == ("", "")


@pytest.mark.parametrize("seconds", ["\u00b2", "\u0663", "9" * 5_000, "-1", "3601", "1.5", ""])
def test_a_session_s_timeout_is_a_number_up_to_an_hour(seconds: str) -> None:
    with pytest.raises(EngineError, match="INVALID_SESSION_TIMEOUT"):
        call.read("POST", {"session_timeout": seconds}, {}, b"SELECT 1")
    assert call.read("POST", {"session_timeout": "3600"}, {}, b"SELECT 1").session_seconds == 3_600


def test_what_is_no_utf_8_is_refused_before_it_is_used() -> None:
    call.legible({"query": "SELECT '\u00e9'"}, {"X-ClickHouse-User": "default"})
    for given in ({"query": "\udcff"}, {"\udcff": "x"}):
        with pytest.raises(EngineError, match="not UTF-8"):
            call.legible({}, given)
