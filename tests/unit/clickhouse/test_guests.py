"""The front's guests: one form of statement, their own views, their own values; nothing else reaches the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.embedded.clickhouse import call, guests
from infra.embedded.clickhouse.call import Call
from infra.embedded.clickhouse.errors import EngineError
from infra.embedded.clickhouse.guests import MOST_QUERIES, Guest, Guests, UsersFileError

EMBASSY = Guest("embassy.NP-QA", "p", ("audience_alerts",), {"audience": "embassy.NP-QA"})
OVERSIGHT = Guest("oversight", "q", ("report_*",), {})
VIEW = "SELECT * FROM audience_alerts(audience = {audience:String})"
REPORT = "SELECT corridor, n FROM report_rci(corridor = {corridor:String}, since = {since:Date32}, until = {until:Date32})"


def asked(sql: str, **url: str) -> Call:
    return call.read("POST", url, {}, sql.encode())


def refused(guest: Guest, sql: str, **url: str) -> str:
    with pytest.raises(EngineError) as caught:
        guest.permitted(asked(sql, **url))
    assert caught.value.code == 497
    return caught.value.text


@pytest.mark.parametrize(
    "sql",
    [VIEW, f"{VIEW} ORDER BY raised_at DESC, id LIMIT 10", f"{VIEW}\nFORMAT JSONEachRow", f"{VIEW};",
     VIEW.lower().replace("string", "String"), "SELECT id, rule FROM audience_alerts(audience={audience:String})"],
)  # fmt: skip
def test_a_view_of_its_own_is_read_with_its_own_value(sql: str) -> None:
    found = EMBASSY.permitted(asked(sql, param_audience="embassy.BD-SA", param_other="x"))
    assert found.params == {"audience": "embassy.NP-QA"}
    assert found.settings["readonly"] == "1"
    assert found.session == ""


def test_a_value_that_is_not_fixed_is_the_guest_s() -> None:
    found = OVERSIGHT.permitted(asked(REPORT, param_corridor="NP-QA", param_since="2025-01-01", param_until="2025-12-31"))
    assert found.params == {"corridor": "NP-QA", "since": "2025-01-01", "until": "2025-12-31"}


@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM alerts", "SELECT * FROM merge('fairpassage', '.*')", "SELECT 1", f"{VIEW} UNION ALL {VIEW}", f"({VIEW})",
     f"{VIEW} WHERE 1", "SELECT count() FROM audience_alerts(audience = {audience:String})", f"WITH 1 AS x {VIEW}", f"{VIEW} /* x */",
     f"{VIEW} -- x", "SELECT * FROM audience_alerts(audience = 'embassy.BD-SA')", "SELECT * FROM audience_alerts()",
     "SELECT * FROM audience_alerts(audience = {mine:String})", "SELECT * FROM audience_alerts(audience = {audience:Identifier})",
     "SELECT * FROM audience_alerts(audience = {audience:String}, audience = {audience:String})",
     "SELECT * FROM x.audience_alerts(a = {a:String})",
     "SELECT `id` FROM audience_alerts(audience = {audience:String})", "INSERT INTO alerts SELECT 1", "SET readonly = 0", "SYSTEM SHUTDOWN",
     f"{VIEW} SETTINGS readonly = 0", f"{VIEW} LIMIT 1 OFFSET 1", f"EXPLAIN {VIEW}",
     "SELECT * FROM report_rci(corridor = {corridor:String})"],
)  # fmt: skip
def test_another_statement_is_refused(sql: str) -> None:
    refused(EMBASSY, sql, param_audience="embassy.NP-QA")


def test_formats_settings_and_databases_that_reach_further_are_refused() -> None:
    assert "the format Template" in refused(EMBASSY, f"{VIEW} FORMAT Template")
    assert "the format CapnProto" in refused(EMBASSY, VIEW, default_format="CapnProto")
    assert "the setting format_schema" in refused(EMBASSY, VIEW, format_schema="../../x")
    assert "another database" in refused(EMBASSY, VIEW, database="system")


def test_its_own_limits_stand_whatever_it_says() -> None:
    found = EMBASSY.permitted(asked(VIEW, param_audience="x", max_memory_usage="0", readonly="0", session_id="s"))
    assert (found.settings["max_memory_usage"], found.settings["readonly"], found.session) == (str(2 << 30), "1", "")


def test_a_client_s_first_words_are_understood() -> None:
    for sql in ("SELECT version(), timezone()", "SELECT name, value, readonly FROM system.settings LIMIT 10000\n FORMAT Native",
                "SELECT 1 AS check FORMAT Native"):  # fmt: skip
        assert EMBASSY.permitted(asked(sql)).settings["readonly"] == "1"


def test_who_does_not_know_the_password_is_nobody() -> None:
    known = Guests({each.name: each for each in (EMBASSY, OVERSIGHT)})
    assert known.named("oversight", "q") is OVERSIGHT
    for each in (("oversight", "p"), ("oversight", ""), ("nobody", "q"), ("nobody", "\0"), ("", "")):
        assert known.named(*each) is None, each
    assert "'q'" not in repr(OVERSIGHT)


def test_beyond_its_quota_a_guest_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("infra.embedded.clickhouse.guests.time.monotonic", lambda: now[0])
    known = Guests({OVERSIGHT.name: OVERSIGHT})
    for _ in range(MOST_QUERIES):
        known.count(OVERSIGHT)
    with pytest.raises(EngineError) as caught:
        known.count(OVERSIGHT)
    assert caught.value.code == 201
    known.count(EMBASSY)
    now[0] = 60.1
    known.count(OVERSIGHT)


GOOD = '[oversight]\npassword_file = "{folder}/p"\nviews = ["report_*"]\n'


def test_the_users_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("secret\n")
    (tmp_path / "users.toml").write_text(GOOD.format(folder=tmp_path))
    found = guests.read(tmp_path / "users.toml", "default").named("oversight", "secret")
    assert found is not None
    assert (found.views, found.values) == (("report_*",), {})
    assert guests.read(None, "default").named("oversight", "secret") is None


@pytest.mark.parametrize(
    ("old", "new"),
    [("[oversight]", "[default]"), ("views", "tables"), ('["report_*"]', "[]"), ('["report_*"]', '["*"]'),
     ('["report_*"]', '["system.tables"]'), ("/p", "/none"), ("/p", "/empty"), ("[oversight]", "x")],
)  # fmt: skip
def test_a_users_file_that_could_not_be_meant_is_an_error(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "p").write_text("secret")
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "users.toml").write_text(GOOD.format(folder=tmp_path).replace(old, new))
    with pytest.raises(UsersFileError, match=r"users\.toml"):
        guests.read(tmp_path / "users.toml", "default")
