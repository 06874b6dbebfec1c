"""The files of watches: a header that says all, SQL that takes parameters by name and never reads what a watch said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from consumers.watches import headers, sql
from consumers.watches.headers import HeaderError, Watch, read, watches
from schemas.catalogue import known
from streams.domain.instants import DAY, HOUR
from streams.domain.places import zones
from streams.rules.policy import default, shapes
from streams.rules.registry import catalogue
from tests.support.builders import at

ALL = watches()
ALERTING = [each for each in ALL if each.publishes == "alerts"]
_TYPE = re.compile(r"\{\{(?:worker_)?events ([^{}]+)\}\}")


def by_file(watch: Watch) -> str:
    return watch.harm


@pytest.mark.parametrize("watch", ALERTING, ids=by_file)
def test_a_watch_that_alerts_has_the_rule_that_hears_of_it(watch: Watch) -> None:
    rules = [rule for rule in catalogue() if rule.id == watch.id]
    assert {(rule.by, rule.version, rule.harm) for rule in rules} == {("watch", watch.version, watch.harm)}
    assert {rule.kind for rule in rules} == set(watch.subject)


def test_every_watch_of_the_catalogue_has_its_sql_and_figures_are_of_streamed_rules() -> None:
    assert {rule.id for rule in catalogue() if rule.by == "watch"} == {watch.id for watch in ALERTING}
    assert {watch.publishes for watch in ALL} == {"alerts", "figures"}


@pytest.mark.parametrize("watch", ALERTING, ids=by_file)
def test_its_parameters_are_those_of_its_policy_rows_with_their_values(watch: Watch) -> None:
    (row,) = default().rows(watch.id)
    assert watch.parameters.keys() == (shapes()[watch.id].parameters or {}).keys() == row.values.keys()
    told = {name: each.default for name, each in watch.parameters.items() if each.default != "see the row"}
    assert told == {name: str(row.values[name]) for name in told}
    assert watch.length == "" or watch.length in watch.parameters


@pytest.mark.parametrize("watch", ALL, ids=by_file)
def test_it_says_what_it_reads_and_that_is_no_report_and_no_alert(watch: Watch) -> None:
    text = (sql.FOLDER / f"{watch.harm}.sql").read_text("utf-8")
    read_types = {each for listed in _TYPE.findall(text) for each in listed.split()}
    named = set(watch.reads)
    assert {each for each in named if "." in each} == read_types
    assert all(map(known, read_types))
    assert ("journeys" in named) == ("worker_events" in text)
    assert not re.search(r"watch_reported|alert|findings_open|\bfindings\b", watch.sql)


@pytest.mark.parametrize("watch", ALL, ids=by_file)
def test_no_value_of_a_policy_row_is_part_of_the_text(watch: Watch) -> None:
    assert "{{" not in watch.sql
    assert watch.sql.startswith("WITH")
    assert set(re.findall(r"\{(\w+):", watch.sql)) == {*watch.parameters, headers.UNTIL}


def test_a_window_ends_with_the_hour_or_the_day() -> None:
    hourly = next(each for each in ALL if each.every == "hour")
    daily = next(each for each in ALL if each.every == "day")
    for late in (0, 1, HOUR - 1):
        assert hourly.until(at("2025-03-01T10:00:00Z") + late) == at("2025-03-01T10:00:00Z")
    for late in (0, DAY - 1):
        assert daily.until(at("2025-03-01") + late) == at("2025-03-01")


HEADER = """-- id: T-X-01
-- version: 1
-- every: hour
-- subject: party
-- publishes: alerts
-- window: {days} days before its end
-- parameter days: UInt32 = 90 (a source)
-- denominator: none
-- control: what is
--   told on two lines
-- reads: visa.clearance_issued
"""
BODY = "SELECT {days:UInt32}, {until:Int64}\n"


def test_a_header_is_read_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "some_harm.sql").write_text(HEADER + BODY)
    (found,) = watches(tmp_path)
    assert (found.ref, found.harm, found.length, found.control) == ("T-X-01@1", "some_harm", "days", "what is told on two lines")
    assert (found.parameters["days"].default, found.sql) == ("90", BODY.strip())


@pytest.mark.parametrize(("text", "says"), [
    (HEADER.replace("-- version: 1\n", "") + BODY, "no 'version'"),
    (HEADER.replace("hour", "week") + BODY, "every is hour or day"),
    (HEADER.replace("UInt32 = 90", "90") + BODY, "parameter days: write `Type = default"),
    (HEADER + "SELECT 1\n", "declares ['days'] and uses []"),
    (HEADER + "SELECT {days:UInt32}, {more:UInt32}\n", "uses ['days', 'more']"),
    ("--what is this\n" + HEADER + BODY, "is no line of a header"),
])  # fmt: skip
def test_a_header_at_fault_is_named_with_what_to_write(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "some_harm.sql").write_text(text)
    with pytest.raises(HeaderError, match=r"some_harm\.sql") as problem:
        read(tmp_path / "some_harm.sql")
    assert says in str(problem.value)


def test_pieces_are_put_in_with_their_arguments(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "one.sql").write_text("($1 of $types)\n")
    (shared / "two.sql").write_text("[{{one $*}}]\n")
    assert sql.composed("-- a comment\nSELECT {{two a.b c.d}}\n", tmp_path) == "SELECT [(a.b of 'a.b', 'c.d')]"
    with pytest.raises(ValueError, match="no event types"):
        sql.composed("{{one x'; DROP}}", tmp_path)
    assert sql.composed("{{zones}}").count("('") == len(zones()) + 1
