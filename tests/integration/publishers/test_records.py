"""A slice of each layout through Kafka, the workers and ClickHouse gives the figures that counting the events gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.demo.records import reconcile
from infra.settings import load
from tests.support.oflc_figures import figures, raw_events
from tests.unit.oflc.test_importing import APPENDIX_C, DENIED, EMPTY, H2A, MASTER, SUB, file

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def slices(folder: Path) -> list[Path]:
    """Small files of every layout, with their traps: copies, sub-applications, empty counts, spelling variants."""
    two = [f"H-400-20277-{n:06},Doe,Jane,,{name},MEXICO" for n, name in enumerate(("", "One Co.", "One", "One"), 1)]
    more = ["H-400-20277-000002,Roe,J,,ONE CO,MEXICO", "H-400-20277-000003,Roe,J,,Two,", "H-400-20277-000003,Roe,J,,Two,"]
    more += [f"H-400-20277-000004,Roe,J,,{name}," for name in ("Two", "Three")]
    head = "CASE_NUMBER,WORKSITE_CITY,WORKSITE_STATE,WORKSITE_COUNTY,TOTAL_WORKERS,BEGIN_DATE,END_DATE"
    site = "H-400-20277-000001,Reno,NV,Washoe,3,,"
    other = [line.replace("H-2A", "H-2B").replace("C-11300", "C-11301") for line in (MASTER, EMPTY)]
    return [
        file(folder, H2A, MASTER, SUB, DENIED, EMPTY, *other, name="applications.csv.gz"),
        file(folder, APPENDIX_C, *two, *more, name="c.csv"),
        file(folder, head, site, site, name="a.csv"),
        file(folder, "CASE_NUMBER,EMPLOYER_CLIENT_LEGAL_BUSINESS_NAME", "H-400-20277-000001,Client Inc", name="d.csv"),
        file(folder, "Program,Entity Debarred,City,State,Start Date,End Date", "H-2A,Green Farm,Reno,NV,2011-01-10,", name="barred.csv"),
    ]  # fmt: skip


def test_clickhouse_says_what_the_files_say(tmp_path: Path) -> None:
    files = slices(tmp_path)
    counted = figures(raw_events(files))
    found = reconcile(load(home=tmp_path / "home"), files, lambda line: None)
    assert found is not None
    years = {each["visa_class"]: each for each in found["positions"]}
    for kind in ("H-2A", "H-2B"):
        assert years[kind]["rows"] == counted[f"{kind} applications"]
        assert years[kind]["certified_all_rows"] == counted[f"{kind} all rows"]
        assert years[kind]["certified"] == counted[f"{kind} without sub-applications"]
    recruiters = found["recruiters"]
    assert recruiters["declarations"] == counted["recruiters"] == 9
    assert recruiters["applications"] == counted["recruiters applications"] == 4
    for number, name in enumerate(("none", "one", "two", "three")):
        assert 100 * recruiters[f"naming_{name}"] / recruiters["applications"] == counted[f"organisations {number}"] == 25.0
    assert (found["work_sites"]["rows"], found["clients"]["declared"], found["debarments"]["debarments"]) == (2, 1, 1)
    inside = found["debarments"]["by_decision"]  # the master of either class; the debarment has no end
    assert (inside["certifications"], inside["names"], inside["same_programme"]) == (2, 1, 1)
    assert "Green" not in str(found)
