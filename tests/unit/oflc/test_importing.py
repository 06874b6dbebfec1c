"""Disclosure files to events: layouts by their headers, ids that survive renaming and sorting, counts that add up."""

from __future__ import annotations

import csv
import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from streams.publishers.identity import seal
from streams.publishers.oflc.importing import FileReport, events, whole
from streams.publishers.oflc.rows import FileError
from streams.publishers.reading import event as checked

KEY = b"k" * 32
H2A = (
    "CASE_NO,DECISION_DATE,VISA_CLASS,CASE_RECEIVED_DATE,CASE_STATUS,EMPLOYER_NAME,AGENT_ATTORNEY_NAME,"
    "NBR_WORKERS_REQUESTED,NBR_WORKERS_CERTIFIED,ORGANIZATION_FLAG"
)
LATER = (
    "\ufeffCase Number,Case Status,Received Date,Decision Date,Employer Name,"
    "Total Workers H-2A Requested,Total Workers H-2A Certified,Employment Begin Date,SOC Code"
)
MASTER = "C-11300-00001,2011-12-01,H-2A,2011-10-28,Certified - Full,Green Farm,Ann Agent,12,10,J"
SUB = "C-11300-00002,2011-12-01,H-2A,2011-10-28,Certified - Full,Brown Farm,Ann Agent,12,10,"
DENIED = "C-11300-00003,2011-12-01,H-2A,,Denied,Red Farm,,5,0,S"
EMPTY = "C-11300-00004,2011-12-01,H-2A,2011-10-28,Certified - Partial,Blue Farm,,5,,S"
APPENDIX_C = "CASE_NUMBER,RECRUITER_LAST_NAME,RECRUITER_FIRST_NAME,RECRUITER_MIDDLE_NAME,RECRUITER_EMPLOYER_NAME,RECRUITER_EMPLOYER_COUNTRY"


def file(folder: Path, *rows: str, name: str = "file.csv") -> Path:
    path = folder / name
    data = ("\n".join(rows) + "\n").encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def imported(path: Path, positions: bool = False) -> tuple[list[dict[str, Any]], FileReport]:
    report = FileReport(path.name)
    return list(events(path, report, positions)), report


def facts(path: Path, positions: bool = False) -> list[dict[str, Any]]:
    """The events as they would be published: every one passes the checks of `publish`."""
    found = [checked(each, KEY, 1_800_000_000_000, 1 << 20) for each in imported(path, positions)[0]]
    assert not [each for each in found if isinstance(each, list)]
    return [each[0] for each in found if isinstance(each, tuple)]


def test_an_application_is_a_demand_and_empty_is_not_zero(tmp_path: Path) -> None:
    master, sub, denied, empty = facts(file(tmp_path, H2A, MASTER, SUB, DENIED, EMPTY))
    assert master["refs"]["demand"] == "US:oflc:C-11300-00001"
    assert (master["body"]["jobs"], master["body"]["jobs_certified"], master["body"]["certified"]) == (12, 10, True)
    assert (master["body"]["fiscal_year"], master["run"], master["evidence"]) == (2012, "oflc-applications-2012", "documented")
    assert [each["body"]["sub_application"] for each in (master, sub, denied, empty)] == [False, True, False, False]
    assert (denied["body"]["jobs_certified"], denied["body"]["certified"]) == (0, False)
    assert "jobs_certified" not in empty["body"]
    assert denied["evidence"] == "inferred"  # no date of receipt: the filing date in the case number


def test_an_agent_may_be_a_person_and_leaves_as_a_pseudonym(tmp_path: Path) -> None:
    master = facts(file(tmp_path, H2A, MASTER))[0]
    assert master["body"]["agency"].startswith("US:person:p_")
    assert "Ann" not in json.dumps(master)


def test_positions_are_journeys_once(tmp_path: Path) -> None:
    made, report = imported(file(tmp_path, H2A, MASTER, SUB, DENIED, EMPTY), positions=True)
    workers = [each for each in made if each["type"] == "recruitment.worker_registered"]
    assert (len(workers), report.positions, report.imported, report.rows) == (10, 10, 4, 4)
    assert {each["worker"]["identifiers"][0]["value"] for each in workers} == {f"C-11300-00001+{n}" for n in range(1, 11)}
    assert all(each["worker"]["origin"] is None for each in workers)
    assert len({each["id"] for each in made}) == len(made)
    assert len(facts(file(tmp_path, H2A, MASTER), positions=True)) == 11


def test_a_renamed_resorted_copy_is_the_same_facts(tmp_path: Path) -> None:
    rows = [MASTER, SUB, DENIED, EMPTY, MASTER, MASTER]
    once = facts(file(tmp_path, H2A, *rows))
    random.Random(7).shuffle(rows)
    columns = list(range(10))
    random.Random(8).shuffle(columns)
    other = [",".join(line.split(",")[n] for n in columns) for line in (H2A, *rows)]
    again = facts(file(tmp_path, *other, name="renamed.csv.gz"))
    ids = [each["id"] for each in once]
    assert len(set(ids)) == 6
    assert {json.dumps(each, sort_keys=True) for each in once} == {json.dumps(each, sort_keys=True) for each in again}


def test_recruiters_stand_side_by_side_on_the_demand(tmp_path: Path) -> None:
    path = file(tmp_path, APPENDIX_C, "H-400-20277-000001,Doe,Jane,Q,Best Co.,MEXICO", "H-400-20277-000001,DOE,jane,q,BEST CO,MEXICO")
    first, second = facts(path)
    assert first["type"] == "recruitment.recruiter_declared"
    assert not {"from_party", "to_party"} & first["body"].keys()
    assert first["body"]["organisation"] == second["body"]["organisation"]
    assert first["body"]["person"] == second["body"]["person"]
    assert not [name for name in ("Doe", "DOE", "Jane", "jane") if name in json.dumps([first, second])]
    assert (first["evidence"], first["body"]["person_country"]) == ("inferred", "MX")
    assert first["time"] == 1_601_726_400_000  # noon of day 277 of 2020


def test_one_who_recruits_under_their_own_name_is_a_person(tmp_path: Path) -> None:
    (found,) = facts(file(tmp_path, APPENDIX_C, "H-400-20277-000001,Doe,Jane,,JANE DOE,MEXICO"))
    assert found["body"]["organisation"] == found["body"]["person"]
    assert "DOE" not in json.dumps(found)


def test_work_sites_clients_and_debarments(tmp_path: Path) -> None:
    sites = file(
        tmp_path, "CASE_NUMBER,WORKSITE_CITY,WORKSITE_STATE,WORKSITE_COUNTY,TOTAL_WORKERS,BEGIN_DATE,END_DATE,BASIC_WAGE_RATE_FROM,PER",
        "H-400-20277-000001,Reno,NV,Washoe,,,2021-11-15,12.50,Hour", "H-400-20277-000001,Reno,NV,Washoe,0,2021-04-01,2031-11-15,,",
    )  # fmt: skip
    unknown, known = facts(sites)
    assert (unknown["body"].get("workers"), known["body"]["workers"]) == (None, 0)
    assert (unknown["body"]["from"], known["body"]["from"]) == ("2020-10-03", "2021-04-01")
    assert unknown["body"]["site"] == known["body"]["site"]
    clients = file(tmp_path, "CASE_NUMBER,EMPLOYER_CLIENT_LEGAL_BUSINESS_NAME", "H-400-20277-000001,Client Inc")
    assert facts(clients)[0]["body"]["declared_client"] is True
    barred = file(tmp_path, "Program,Entity Debarred,City,State,Start Date,End Date", "H-2A,Green Farm,Reno,NV,2011-01-10,", "H-2B,Red,,,,")
    made, report = imported(barred)
    assert (made[0]["type"], made[0]["body"].get("until")) == ("licensing.employer_blacklisted", None)
    assert "GREEN" not in made[0]["id"].upper()
    assert [(each["row"], each["field"]) for each in report.rejected] == [(3, "begin")]
    master = facts(file(tmp_path, H2A, MASTER))[0]
    assert seal(made[0], KEY)["body"]["employer"] == master["body"]["employer"]


def test_headers_of_other_years_are_known(tmp_path: Path) -> None:
    found = facts(
        file(
            tmp_path,
            LATER,
            'H-300-20001-000001,Determination Issued - Certification,1/2/2020,2/3/2020,"Farm, Green","1,200",7,43922,45-2092',
        )
    )
    body = found[0]["body"]
    assert (body["jobs"], body["jobs_certified"], body["visa_class"], body["certified"]) == (1200, 7, "H-2A", True)
    assert (body["start"], body["sub_application"], body["occupation_code"]) == ("2020-04-01", False, "45-2092")


def test_rows_add_up_whatever_is_wrong_with_them(tmp_path: Path) -> None:
    rows = (MASTER, "too,few", "", DENIED.replace(",5,0,", ",many,0,"), MASTER.replace("H-2A", "H-1B"), MASTER.replace("Green Farm", "--"))
    _, report = imported(file(tmp_path, H2A, *rows))
    assert report.rows == 5  # the blank line is none
    assert report.imported + sum(report.skipped.values()) + report.rejected_rows == report.rows
    assert report.skipped == {"another visa class": 1}
    assert [(each["row"], each["field"]) for each in report.rejected] == [(3, ""), (5, "requested"), (7, "employer")]
    assert all(each["remedy"] for each in report.rejected)


@pytest.mark.parametrize(("header", "says"), [
    ("CASE_NO,CASE_STATUS,EMPLOYER_NAME", "taken for applications, it lacks certified"),
    ("CASE_NUMBER,RECRUITER_LAST_NAME", "taken for recruiters, it lacks organisation"),
    ("Entity Debarred,Start Date", r"taken for debarments, it lacks programme \(PROGRAM\)"),
    (H2A + ",case no", "the column CASE_NO is there twice"),
])  # fmt: skip
def test_an_unknown_layout_says_what_it_lacks(tmp_path: Path, header: str, says: str) -> None:
    with pytest.raises(FileError, match=says):
        imported(file(tmp_path, header, ""))


def test_files_that_cannot_be_read_are_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="empty"):
        imported(_written(tmp_path / "none.csv", b""))
    packed = gzip.compress("\n".join([H2A] + [f"{n}{MASTER}" for n in range(5_000)]).encode())
    with pytest.raises(FileError, match="cut short"):
        whole(_written(tmp_path / "cut.csv.gz", packed[: len(packed) // 2]))
    with pytest.raises(FileError, match="not UTF-8"):
        whole(_written(tmp_path / "latin.csv", (H2A + "\nC,ñ").encode("latin-1")))
    with pytest.raises(FileError, match=r"neither \.csv"):
        whole(_written(tmp_path / "sheet.xls", b"PK"))
    with pytest.raises(FileError, match="not a csv"):
        whole(_written(tmp_path / "quote.csv", (H2A + '\n"open').encode()))


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_the_file_says_how_many_rows_it_has(tmp_path: Path) -> None:
    path = file(tmp_path, H2A, MASTER, SUB)
    with path.open() as lines:
        assert imported(path)[1].rows == sum(1 for _ in csv.DictReader(lines)) == whole(path) - 1


@pytest.mark.parametrize("name", ["file.csv", "file.csv.gz"])
def test_a_line_or_a_row_without_end_is_refused_and_not_held(tmp_path: Path, name: str) -> None:
    for endless in ("x," * (3 << 20), '"' + "\n".join(["x"] * (3 << 20))):
        with pytest.raises(FileError, match="not a csv"):
            whole(file(tmp_path, H2A, endless, name=name))


def test_more_positions_than_any_application_has_are_a_slip(tmp_path: Path) -> None:
    made, report = imported(file(tmp_path, H2A, MASTER.replace(",10,J", ",50001,J"), SUB), positions=True)
    assert [each["type"] for each in made] == ["recruitment.demand_submitted"]
    assert (report.rejected[0]["field"], report.rejected_rows) == ("certified", 1)
