"""Figures of disclosure files, on made-up rows: persons under several organisations, the top one's share, certified while debarred.

On the files of 2011 to 2021 the same say 786 persons, 190 and as spelled 245, 11.78 % of 4,185 and two certifications of one name.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.oflc_files import application, debarment, imported, written
from tests.support.watching import Population

pytestmark = [pytest.mark.integration, pytest.mark.together]
HEAD = "CASE_NUMBER,RECRUITER_LAST_NAME,RECRUITER_EMPLOYER_NAME,RECRUITER_EMPLOYER_COUNTRY"
NOW = "2021-12-01"


def told(population: Population, watch: str, harm: str = "", days: int | None = None) -> dict[str, str]:
    ran = population.judge(watch, NOW, dry=True, harm=harm, overrides={"days": days} if days else None)
    said = json.dumps(ran.as_json())
    assert "Doe" not in said
    assert "Green" not in said
    return next((dict(each.partition("=")[::2] for each in place.figures) for place in ran.places), {})


def test_persons_under_more_than_one_organisation(population: Population, tmp_path: Path) -> None:
    rows = ["1,Doe,One Co.,", "2,Doe,ONE CO,", "3,Roe,One Co,", "4,Roe,Two,", "5,Poe,,", "6,Moe,A,", "7,Moe,B,", "8,Moe,C,", "9,,One,"]
    imported(population.place, tmp_path, "\n".join([HEAD, *(f"H-400-20277-00000{row}" for row in rows)]))
    assert told(population, "T-CHN-04") == {
        "persons": "4", "under_several_organisations": "2", "under_several_as_spelled": "3", "under_three_or_more": "1"}  # fmt: skip


def test_the_top_organisation_s_share_of_applications_whatever_it_is_called(population: Population, tmp_path: Path) -> None:
    rows = [f"H-400-20277-0000{number:02},Doe{number},{'Green Co.' if number % 2 else 'GREEN CO'}," for number in range(3)]
    rows += [f"H-400-20277-0000{number:02},Doe{number},Firm {number}," for number in range(3, 12)]
    imported(population.place, tmp_path, "\n".join([HEAD, *rows, rows[0]]))
    found = told(population, "T-CHN-07", days=3_650)
    assert (found["share_percent"], found["counted"], found["agencies"]) == ("25", "12", "10")
    assert told(population, "T-CHN-07")["counted"] == "0"  # none of them within ninety days


def test_certified_inside_a_debarment_by_decision_and_only_what_was_decided_by_then(population: Population, tmp_path: Path) -> None:
    rows = [application(case=f"C-11300-0000{number}", decided=day) for number, day in enumerate(("2011-01-09", "2011-01-10", "2012-01-10"))]
    imported(population.place, tmp_path, written([*rows, application(case="C-11300-00009", employer="Green Farm, Inc.")]))
    assert told(population, "T-LIC-01") == {}
    imported(population.place, tmp_path, written([debarment()]))
    found = told(population, "T-LIC-01")
    assert (found["by_decision"], found["by_decision_names"], found["variants_by_decision"]) == ("2", "1", "1")


def test_nothing_was_imported_and_nothing_is_said(population: Population) -> None:
    for watch in ("T-CHN-04", "T-LIC-01", "T-CHN-07"):
        assert told(population, watch) == {}
