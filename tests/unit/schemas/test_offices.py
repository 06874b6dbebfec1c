"""The offices' file: who publishes under which sources, on which topics; what could not be meant is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.offices import Office, OfficesError, read

GOOD = """
["NP.embassy-doha"]
sources = ["/office/NP/embassy-doha", "/office/QA/kathmandu"]
contexts = ["complaint"]
audiences = ["embassy.NP-QA"]

["embassy.BD-SA"]
sources = ["/office/BD/embassy-riyadh"]

[watch]
sources = ["/office/*/watches"]
contexts = ["oversight"]
"""


def _read(tmp_path: Path, text: str) -> dict[str, Office]:
    (tmp_path / "offices.toml").write_text(text, "utf-8")
    return read(tmp_path / "offices.toml")


def test_each_line_is_a_user(tmp_path: Path) -> None:
    found = _read(tmp_path, GOOD)
    assert found["NP.embassy-doha"].audiences == ("embassy.NP-QA",)
    assert found["embassy.BD-SA"] == Office("embassy.BD-SA", ("/office/BD/embassy-riyadh",), (), ("embassy.BD-SA",))
    assert read(None) == {}


@pytest.mark.parametrize(
    ("source", "own"),
    [("/office/NP/embassy-doha", True), ("/office/QA/kathmandu", True), ("/office/NP/embassy-doha2", False), ("/office/NP", False),
     ("/office/NP/embassy-doha/x", False), ("/OFFICE/NP/embassy-doha", False), ("", False)],
)  # fmt: skip
def test_a_source_is_an_office_s_own_or_not(tmp_path: Path, source: str, own: bool) -> None:
    assert _read(tmp_path, GOOD)["NP.embassy-doha"].may_say(source) is own


@pytest.mark.parametrize(
    ("source", "own"),
    [("/office/QA/watches", True), ("/office/NP/watches", True), ("/office//watches", False), ("/office/QA/NP/watches", False),
     ("/office/QA/other", False), ("x/office/QA/watches", False)],
)  # fmt: skip
def test_a_star_is_one_part_of_the_path(tmp_path: Path, source: str, own: bool) -> None:
    assert _read(tmp_path, GOOD)["watch"].may_say(source) is own


def test_who_reads_alerts_may_say_what_it_did_about_them(tmp_path: Path) -> None:
    found = _read(tmp_path, GOOD)
    assert [found[user].may_write("case.actions") for user in sorted(found)] == [True, True, False]
    assert (found["watch"].may_write("oversight"), found["watch"].may_write("visa")) == (True, False)


@pytest.mark.parametrize(
    "text",
    ['["../worker"]\nsources = ["/office/NP/x"]', '["a/b"]\nsources = ["/office/NP/x"]', 'worker = {sources = ["/office/NP/x"]}',
     'a = 1', 'a = {}', 'a = {sources = "x"}', 'a = {sources = ["NP"]}', 'a = {sources = ["/office/*"]}',
     'a = {sources = ["/office/NP/x"], contexts = ["facts"]}', 'a = {sources = ["/office/NP/x"], contexts = ["case.actions"]}',
     'a = {sources = ["/office/NP/x"], audiences = ["embassy.XX-YY"]}', 'a = {sources = ["/office/NP/x"], topics = []}', "a ="],
)  # fmt: skip
def test_what_could_not_be_meant_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(OfficesError, match=r"offices\.toml: .{5}"):
        _read(tmp_path, text)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OfficesError, match="name a file that can be read"):
        read(tmp_path / "none.toml")
