"""The figures of disclosure files, on made-up rows with look-alikes that must not count."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from consumers.warehouse import disclosures
from consumers.warehouse.store import Warehouse
from tests.support.clickhouse import PASSWORD, FrontProcess
from tests.support.filling import store_events
from tests.support.oflc_files import application, debarment, employer_keys, imported, written
from tests.support.oflc_spellings import APART, ONE, WRONGLY_JOINED
from tests.support.sinking import warehouse

pytestmark = [pytest.mark.integration, pytest.mark.together]
Stored = Callable[..., None]


@pytest.fixture
def place(front: FrontProcess, database: str, migrated: Client) -> Warehouse:
    return warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, database)


@pytest.fixture
def stored(place: Warehouse, tmp_path: Path) -> Stored:
    """Stores rows of one layout, as dicts or as the text of a file."""

    def store(*rows: dict[str, str] | str) -> None:
        listed = [each for each in rows if isinstance(each, dict)]
        assert imported(place, tmp_path, written(listed) if listed else "\n".join(map(str, rows)))

    return store


def figures(client: Client, names: bool = False) -> dict[str, Any]:
    found = disclosures.report(client, 10, names)
    assert found is not None
    return found


def test_nothing_imported_is_no_report(migrated: Client) -> None:
    assert disclosures.report(migrated, 10, names=False) is None


def test_what_was_not_imported_is_unknown(stored: Stored, migrated: Client) -> None:
    stored(debarment())
    found = figures(migrated)
    assert [found[part] for part in ("positions", "employers", "agents", "recruiters", "work_sites", "clients")] == [None] * 6
    assert (found["debarments"]["debarments"], found["debarments"]["by_decision"]) == (1, None)


def made_names() -> list[str]:
    """Every example, and names put together of what the method looks at."""
    chance = random.Random(7)
    parts = [
        "Green",
        "Farm",
        "Inc.",
        "L.L.C.",
        "LLC",
        "Co",
        "&",
        "and",
        "The",
        "dba",
        "D/B/A",
        "Peña",
        "O'Neil",
        "2",
        "of",
        "LP",
        "A",
        "K",
        "Company",
    ]
    joins = [" ", ", ", "-", "  ", ". ", "/", ""]
    some = ["".join(chance.choice(parts) + chance.choice(joins) for _ in range(chance.randint(1, 6))) for _ in range(400)]
    return sorted({name for group in (*ONE, *APART, *WRONGLY_JOINED, some) for name in group if name.strip(" ,-./&")})


def test_spelling_variants_are_one_as_told_word_by_word(stored: Stored, migrated: Client) -> None:
    names = made_names()
    stored(*(application(case=f"C-11300-{number:05}", employer=name) for number, name in enumerate(names)))
    found = {str(name): str(key) for name, key in migrated.query("SELECT name, employer_key FROM oflc_named").result_rows}
    expected = employer_keys(name.strip() for name in names)
    assert found == expected
    assert len(set(expected.values())) < 0.7 * len(expected)  # there is something to join


def test_positions_are_counted_once(stored: Stored, migrated: Client) -> None:
    one = application(case="C-11300-00001", employer="Green Farm", requested="12", certified="10")
    stored(
        one, one,  # the same row twice in one file
        one | {"EMPLOYER_NAME": "Brown Farm", "NBR_WORKERS_CERTIFIED": "6", "PRIMARY/SUB": "SUB"},
        one | {"EMPLOYER_NAME": "Red Farm", "NBR_WORKERS_CERTIFIED": "4", "PRIMARY/SUB": "SUB"},
        one | {"EMPLOYER_NAME": "Blue Farm", "NBR_WORKERS_CERTIFIED": "3", "DECISION_DATE": "2011-12-24"},  # listed with it, no rank
        application(case="C-11300-00002", employer="Lone Farm", certified="7", rank="SUB"),  # its master is in no file
        application(case="C-11300-00003", status="Denied", certified="2"),
        application(case="C-11300-00004", certified=""), application(case="C-11300-00005", requested="", certified="0"),
        application(case="C-11300-00006", requested="20", certified="20"),
        application(case="C-11300-00001", visa="H-2B", requested="5", certified="5"),  # another class's case of that number
    )  # fmt: skip
    # The year's later file: other columns, a later decision with fewer positions; one case came to be withdrawn.
    later = application(case="C-11300-00006", employer="GREEN FARM, INC.", decided="2012-03-01", requested="20", certified="15")
    gone = application(case="C-11300-00005", decided="2012-03-01", status="Withdrawn", requested="9", certified="")
    stored(*({name: value for name, value in row.items() if name != "EMPLOYER_ADDRESS1"} for row in (later, gone)))
    found = figures(migrated)
    assert found["positions"] == [
        {"visa_class": "H-2A", "fiscal_year": 2012, "rows": 12, "applications": 6, "certified_applications": 3, "requested_all_rows": 139,
         "requested": 61, "requested_unknown": 0, "certified_all_rows": 77, "certified": 25, "certified_unknown": 1},
        {"visa_class": "H-2B", "fiscal_year": 2012, "rows": 1, "applications": 1, "certified_applications": 1, "requested_all_rows": 5,
         "requested": 5, "requested_unknown": 0, "certified_all_rows": 5, "certified": 5, "certified_unknown": 0},
    ]  # fmt: skip
    bridge = {
        each["reading"]: (each["rows"], each["certified"], each["unknown"]) for each in found["bridge"] if each["visa_class"] == "H-2A"
    }
    assert bridge == {
        "counted": (3, 25, 1), "exact copy": (1, 10, 0), "sub-application": (2, 10, 0), "sub-application alone": (1, 7, 0),
        "other employer": (1, 3, 0), "not certified": (2, 2, 1), "superseded": (2, 20, 0),
    }  # fmt: skip
    assert tuple(map(sum, zip(*bridge.values(), strict=True))) == (12, 77, 2)


def test_a_correction_and_a_retraction_count_as_they_stand(place: Warehouse, migrated: Client, stored: Stored) -> None:
    stored(application(case="C-11300-00001", certified="8"), application(case="C-11300-00002", certified="4"))
    events = migrated.query("SELECT event_id, body FROM events ORDER BY JSONExtractString(body, 'case_number')").result_rows
    assert len(events) == 2
    (first, _), (second, _) = events
    base = {"source": "/office/US/oflc", "type": "recruitment.demand_submitted", "time": 1_320_000_000_000, "recordedat": 1_700_000_000_000,
            "evidence": "documented", "worker": None, "refs": {"demand": "US:oflc:C-11300-00001"}}  # fmt: skip
    body = {
        "layout": "applications", "visa_class": "H-2A", "fiscal_year": 2012, "case_number": "C-11300-00001", "certified": True,
        "country": "US", "sub_application": False, "jobs": 10, "jobs_certified": 5, "employer": "US:oflc:aa", "employer_name": "Green Farm",
    }  # fmt: skip
    store_events(place, [
        {**base, "id": "mend", "corrects": first, "body": body},
        {**base, "id": "never", "corrects": second, "retracted": True, "body": body},
    ])  # fmt: skip
    (year,) = figures(migrated)["positions"]
    assert (year["rows"], year["applications"], year["certified"]) == (1, 1, 5)


def test_employers_are_ranked_with_their_spellings_joined(stored: Stored, migrated: Client) -> None:
    def at(number: int, employer: str, certified: str, **more: str) -> dict[str, str]:
        return application(case=f"C-11300-{number:05}", employer=employer, certified=certified, **more)

    stored(
        at(1, "Green Farm, Inc.", "8", address="1 Road"), at(2, "GREEN FARM", "7", address="1 ROAD."),
        at(3, "Green Farm LLC", "1", address="9 Lane"), at(4, "Brown Inn", "9", address="3 Way"),
        at(5, "Brown Inn Co", "3", state="CA", city="Napa", address="4 Way"),
        at(6, "Greene Farm", "2", address="1 Road"),  # one letter more, in the same town, at the same address
        at(7, "Green Farm", "50", status="Denied"), at(8, "Far Greenfarms", "0"),
        at(9, "Green Farm", "6", rank="SUB"), at(9, "Growers", "11", address="5 Way"),  # filed by others for it
    )  # fmt: skip
    found = figures(migrated, names=True)["employers"]
    shown = [
        (each["rank"], each["certified"], each["applications"], each["spellings"], each["names"], each["states"]) for each in found["top"]
    ]
    assert shown == [(1, 16, 4, 4, 3, 1), (2, 12, 2, 2, 2, 2), (3, 11, 1, 1, 1, 1), (4, 2, 1, 1, 1, 1)]
    assert [each["as_participant"] for each in found["top"]] == [1, 0, 0, 0]
    assert [each["name"] for each in found["top"]][2:] == ["Growers", "Greene Farm"]
    checks = {name: value for name, value in found.items() if name != "top"}
    assert checks == {
        "spellings": 9, "names": 8, "employers": 5, "joined": 2, "joined_names": 5, "joined_at_one_address": 1, "joined_across_states": 1,
        "addresses_with_several": 1, "near_pairs": 1,
    }  # fmt: skip
    assert all("name" not in each for each in figures(migrated)["employers"]["top"])


BARRED = {"since": "2011-01-10", "until": "2012-01-10"}
BEFORE = {"begin": "2010-02-01", "end": "2011-01-09"}  # periods that no such debarment meets
AFTER = {"begin": "2012-01-11", "end": "2012-10-31"}
# What a certification of a barred name says; whether it is decided inside, overlaps, and whether its period is unknown.
CASES: dict[str, tuple[dict[str, str], bool, bool, bool]] = {
    "decided the day it starts": ({"decided": "2011-01-10", **AFTER}, True, False, False),
    "decided the day it ends": ({"decided": "2012-01-10", **AFTER}, True, False, False),
    "decided the day before": ({"decided": "2011-01-09", **AFTER}, False, False, False),
    "decided the day after": ({"decided": "2012-01-11", **AFTER}, False, False, False),
    "begins the day it ends": ({"decided": "2012-01-11", **AFTER, "begin": "2012-01-10"}, False, True, False),
    "ends the day it starts": ({"decided": "2011-01-09", **BEFORE, "end": "2011-01-10"}, False, True, False),
    "ends the day before": ({"decided": "2011-01-09", **BEFORE}, False, False, False),
    "around it": ({"decided": "2011-01-09", "begin": "2010-02-01", "end": "2013-01-09"}, False, True, False),
    "only its first day is told, and inside": ({"decided": "2012-01-11", "begin": "2012-01-10", "end": ""}, False, True, False),
    "only its first day is told, and before": ({"decided": "2011-01-09", "begin": "2010-02-01", "end": ""}, False, False, True),
    "only its last day is told, and inside": ({"decided": "2011-01-09", "begin": "", "end": "2011-01-10"}, False, True, False),
}  # fmt: skip


def test_a_certification_against_a_debarment_to_the_day(stored: Stored, migrated: Client) -> None:
    cells = [
        application(case=f"C-11300-{number:05}", employer=f"Farm {number}", **told) for number, (told, *_) in enumerate(CASES.values())
    ]
    stored(*(debarment(entity=f"Farm {number}", **BARRED) for number in range(len(CASES))), debarment(entity="Open Farm", until=""))
    stored(
        *cells, application(case="C-11300-00101", employer="Farm 1", decided="2011-02-01", status="Denied"),
        application(case="C-11300-00102", employer="Farm 100", decided="2011-02-01"),  # another name
        application(case="C-11300-00103", employer="Open Farm", decided="2021-12-01", begin="2022-02-01", end="2022-10-31"),
        application(case="C-11300-00104", employer="Open Farm", decided="2011-01-09", **BEFORE),
    )  # fmt: skip
    sql = "SELECT case_number, decision_inside, period_inside, period_unknown FROM oflc_debarred_certifications"
    found = {case: tuple(map(bool, told)) for case, *told in migrated.query(sql).result_rows}
    expected = {f"C-11300-{number:05}": tuple(told) for number, (_, *told) in enumerate(CASES.values())}
    assert found == expected | {"C-11300-00103": (True, True, False), "C-11300-00104": (False, False, False)}


def test_state_and_programme_bear_a_match_out_and_do_not_make_it(stored: Stored, migrated: Client) -> None:
    stored(debarment(**BARRED))
    stored(application(case="C-11300-00001", state="CA"), application(case="C-11300-00002", visa="H-2B"))
    found = figures(migrated)["debarments"]["by_decision"]
    assert (found["certifications"], found["same_state"], found["same_programme"]) == (2, 1, 1)


def test_a_certification_counts_once_however_many_rows_and_debarments(stored: Stored, migrated: Client) -> None:
    stored(debarment(**BARRED), debarment(since="2011-06-01", until=""), debarment(entity="Brown Farm", **BARRED))
    one = application(case="C-11300-00001", decided="2011-12-01", certified="8")
    stored(
        one, one,
        one | {"NBR_WORKERS_CERTIFIED": "3", "PRIMARY/SUB": "SUB"},  # the same employer again
        one | {"EMPLOYER_NAME": "Brown Farm", "NBR_WORKERS_CERTIFIED": "2", "PRIMARY/SUB": "SUB"},  # a barred one takes part
        application(case="C-11300-00002", decided="2011-12-01", employer="GREEN FARM."),
        application(case="C-11300-00003", decided="2011-12-01"),
        application(case="C-11300-00003", decided="2012-01-05", status="Withdrawn", certified=""),  # it stands no longer
    )  # fmt: skip
    found = figures(migrated)["debarments"]
    inside = {"certifications": 3, "names": 2, "positions": 18, "same_state": 3, "same_programme": 3, "as_participant": 1, "by_variant": 0,
              "by_variant_names": 0}  # fmt: skip
    assert found["by_decision"] == inside
    assert found["by_period"] == inside | {"certifications": 2, "names": 1, "positions": 16, "same_state": 2, "same_programme": 2,
                                           "as_participant": 0}  # fmt: skip
    assert found["without_end"] == 1
    assert "listed" not in found


def test_a_spelling_variant_of_a_barred_name_is_counted_apart(stored: Stored, migrated: Client) -> None:
    stored(debarment(**BARRED, programme="H-2A/H-2B"), debarment(entity="Green Farm LLC", since="2015-01-01", until="2016-01-01"))
    stored(application(employer="Green Farm, Inc.", decided="2011-12-01", visa="H-2B"))
    found = figures(migrated, names=True)["debarments"]
    decided = found["by_decision"]
    assert (decided["certifications"], decided["by_variant"], decided["by_variant_names"]) == (0, 1, 1)
    assert (found["by_period"]["by_variant"], found["matches"]["certifications"]) == (0, 0)
    (listed,) = found["listed"]
    assert (listed["name"], listed["letter_for_letter"], listed["barred_until"]) == ("Green Farm, Inc.", False, "2012-01-10")


def test_agents_recruiters_work_sites_and_clients(stored: Stored, migrated: Client) -> None:
    stored(
        application(case="C-11300-00001", agent="Ann Agent"), application(case="C-11300-00002", agent="ann  agent", employer="Brown Farm"),
        application(case="C-11300-00003", agent="Bo Agent", certified="20"), application(case="C-11300-00004"),
        application(case="C-11300-00001", employer="Red Farm", agent="Cy Agent", rank="SUB"),
    )  # fmt: skip
    head = "CASE_NUMBER,RECRUITER_LAST_NAME,RECRUITER_EMPLOYER_NAME,RECRUITER_EMPLOYER_COUNTRY"
    told = ("1,Doe,One Co.,", "1,Doe,One Co.,", "1,Roe,ONE CO,", "2,Doe,Two,", "3,,,", "4,Roe,A,", "4,Roe,B,", "4,Roe,C,", "5,Poe,A,")
    stored(head, *(f"H-400-20277-00000{row}" for row in told))
    sites = "CASE_NUMBER,WORKSITE_CITY,WORKSITE_STATE,WORKSITE_COUNTY,TOTAL_WORKERS,BEGIN_DATE,END_DATE"
    stored(sites, "H-400-20277-000001,Reno,NV,Washoe,3,,", "H-400-20277-000001,Reno,NV,Washoe,3,,", "H-400-20277-000001,Napa,CA,Napa,,,",
           "H-400-20277-000002,Reno,NV,Washoe,5,,")  # fmt: skip
    stored("CASE_NUMBER,EMPLOYER_CLIENT_LEGAL_BUSINESS_NAME", "H-400-20277-000001,Client", "H-400-20277-000002,CLIENT.")
    found = figures(migrated)
    assert found["agents"] == {"applications": 4, "none": 1, "one": 2, "more": 1, "agents": 2, "of_several_employers": 1,
                               "most_applications": 2, "most_certified": 20}  # fmt: skip
    assert found["recruiters"] == {
        "applications": 5, "declarations": 9, "median": 1, "mean": 1.0, "p90": 2, "most": 2, "naming_none": 1, "naming_one": 3,
        "naming_two": 0, "naming_three": 1, "persons": 3, "under_several_organisations": 2, "organisations": 5, "most_applications": 2,
    }  # fmt: skip
    assert found["work_sites"] == {"rows": 4, "applications": 2, "median": 3, "mean": 2.0, "p90": 3, "most": 3, "in_several_places": 1,
                                   "in_several_states": 1, "workers_unknown": 1}  # fmt: skip
    assert found["clients"] == {"declared": 2, "applications": 2, "clients": 1}
    assert {each["layout"]: each["alike"] for each in found["imported"]} == {
        "applications": 0, "clients": 0, "recruiters": 1, "worksites": 1}  # fmt: skip
