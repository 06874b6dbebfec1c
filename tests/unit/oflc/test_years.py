"""The department's files of other years: what each calls its columns, and what each leaves out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.oflc.test_importing import facts, file, imported

# Columns by year, and one certified row of each.
YEARS: dict[str, tuple[str, str]] = {
    "H-2A 2008": (
        ("CASE_NO,APPLICATION_TYPE,DECISION_DATE,CASE_RECEIVED_DATE,CASE_STATUS,EMPLOYER_NAME,NBR_WORKERS_CERTIFIED,BASIC_RATE_OF_PAY,"
        "BASIC_UNIT_OF_PAY,ORGANIZATION_FLAG"), "C-08001-00001,H-2A,2008-02-01,2008-01-02,Certified - Full,Green Farm,4,9.5,HR,S"),
    "H-2A 2009": (
        ("CASE_NO,DECISION_DATE,CASE_RECEIVED_DATE,CASE_STATUS,REQUESTED_START_DATE_OF_NEED,EMPLOYER_NAME,NBR_WORKERS_CERTIFIED,"
        "BASIC_RATE_OF_PAY,BASIC_UNIT_OF_PAY,ORGANIZATION_FLAG"),
        "C-08301-00001,2008-12-01,2008-11-02,Certified - Full,2009-03-01,Green Farm,4,9.5,HR,S"),
    "H-2A 2014": (
        ("CASE_NO,DECISION_DATE,VISA_CLASS,CASE_RECEIVED_DATE,CASE_STATUS,EMPLOYER_NAME,SOC_CODE_ID,NBR_WORKERS_CERTIFIED,BASIC_RATE_OF_PAY,"
        "BASIC_UNIT_OF_PAY,ORGANIZATION_FLAG"),
        ("H-300-13301-000001,2013-12-01,H-2A,2013-11-02,DETERMINATION ISSUED - CERTIFICATION EXPIRED,Green Farm,45-2092,4,9.5,Hour,"
        "Individual Employer")),
    "H-2A 2016": (
        ("CASE_NUMBER,DECISION_DATE,VISA_CLASS,CASE_RECEIVED_DATE,CASE_STATUS,PRIMARY/SUB,EMPLOYER_NAME,EMPLOYER_ADDRESS1,"
        "NBR_WORKERS_CERTIFIED,BASIC_RATE_OF_PAY,BASIC_UNIT_OF_PAY,ORGANIZATION_FLAG"),
        "H-300-15301-000001,2015-12-01,H-2A,2015-11-02,DETERMINATION ISSUED - CERTIFICATION,PRI,Green Farm,1 Road,4,9.5,Hour,"),
    "H-2A 2020": (
        ("Case Number,Case Status,Received Date,Decision Date,Type of Employer Application,Employer Name,Employer Address 1,"
        "Total Workers Needed,Total Workers H2A Requested,Total Workers H2A Certified,Wage Offer,Per"),
        "H-300-19301-000001,Determination Issued - Certification,2019-11-02,2019-12-01,Individual,Green Farm,1 Road,9,5,4,9.5,Hour"),
    "H-2B 2008": (
        ("CASE_NO,DECISION_DATE,NPC_SUBMITTED_DATE,CASE_STATUS,EMPLOYER_NAME,NBR_WORKERS_CERTIFIED,PREVAILING_WAGE,BASIC_RATE_OF_PAY,"
        "BASIC_UNIT_OF_PAY"), "C-07301-00001,2007-12-01,2007-11-02,CERTIFIED,Green Works,4,8,9.5,HR"),
    "H-2B 2014": (
        ("CASE_NUMBER,RECENT_DECISION_DATE,NPC_SUBMITTED_DATE,CASE_STATUS,VISA_CLASS,EMPLOYER_NAME,NBR_WORKERS_CERTIFIED,BASIC_RATE_OF_PAY,"
        "BASIC_UNIT_OF_PAY"), "H-400-13301-000001,2013-12-01,2013-11-02,Certification,H-2B,Green Works,4,9.5,Hour"),
    "H-2B 2018": (
        ("CASE_NUMBER,DECISION_DATE,VISA_TYPE,SUBMITTED_DATE,CASE_STATUS,EMPLOYER_NAME,EMPLOYER_ADDRESS_1,NBR_WORKERS_REQUESTED,"
        "NBR_WORKERS_CERTIFIED,BASIC_RATE_OF_PAY,PAY_RANGE_UNIT"),
        "H-400-17301-000001,2017-12-01,H-2B,2017-11-02,Certification Expired,Green Works,1 Road,5,4,9.5,Hour"),
}  # fmt: skip


@pytest.mark.parametrize("year", YEARS)
def test_a_certified_application_of_a_year(tmp_path: Path, year: str) -> None:
    header, row = YEARS[year]
    (found,) = facts(file(tmp_path, header, row))
    body: dict[str, Any] = found["body"]
    assert (body["jobs_certified"], body["certified"], body["sub_application"]) == (4, True, False)
    assert body["wage"] == {"minor": 950, "currency": "USD"}
    assert body["wage_period"] == "hour"
    assert body["fiscal_year"] == int(year[-4:])
    assert body["visa_class"] == year[:4]
    assert body["decision_date"].endswith("12-01") or year == "H-2A 2008"
    assert found["evidence"] == "documented"  # the day of receipt is the file's own


def test_a_sub_application_by_its_rank_or_by_an_empty_flag(tmp_path: Path) -> None:
    ranked, row = YEARS["H-2A 2016"]
    flagged, other = YEARS["H-2A 2009"]
    (sub,) = facts(file(tmp_path, ranked, row.replace(",PRI,", ",SUB,")))
    (blank,) = facts(file(tmp_path, flagged, other.removesuffix("S")))
    assert (sub["body"]["sub_application"], blank["body"]["sub_application"]) == (True, True)


def test_more_workers_are_needed_than_asked_for_here(tmp_path: Path) -> None:
    (found,) = facts(file(tmp_path, *YEARS["H-2A 2020"]))
    assert found["body"]["jobs"] == 5


@pytest.mark.parametrize(("wrong", "field"), [("Select Pay Range", "wage_period"), ("#########", "wage")])
def test_what_nobody_chose_or_a_narrow_column_hid_is_unknown(tmp_path: Path, wrong: str, field: str) -> None:
    header, row = YEARS["H-2B 2018"]
    changed = row.replace(",Hour", f",{wrong}") if field == "wage_period" else row.replace(",9.5,", f",{wrong},")
    (found,) = facts(file(tmp_path, header, changed))
    assert field not in found["body"]


def test_a_day_outside_two_centuries_is_left_out_and_said(tmp_path: Path) -> None:
    header = "CASE_NUMBER,WORKSITE_CITY,WORKSITE_STATE,TOTAL_WORKERS,BEGIN_DATE,END_DATE"
    path = file(tmp_path, header, "H-400-20277-000001,Reno,NV,3,0209-04-01,2921-11-15")
    (found,) = facts(path)
    assert "until" not in found["body"]
    assert found["body"]["from"] == "2020-10-03"  # the filing date
    _, report = imported(path)
    assert {"begin: outside 1900 to 2199, left out", "end: outside 1900 to 2199, left out"} <= set(report.inferred)
