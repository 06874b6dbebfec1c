"""The documented views: what an analyst reads is what the facts, journeys and alerts say."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from clickhouse_connect.driver.client import Client

import consumers.warehouse
from consumers.warehouse.store import Warehouse
from streams.domain.facts import Fact, Refs
from streams.domain.facts import encode as encode_fact
from streams.domain.outputs import Journey, encode
from streams.publishers.oflc.importing import FileReport, events
from streams.publishers.reading import event
from tests.support.builders import fact
from tests.support.clickhouse import PASSWORD, FrontProcess
from tests.support.filling import KEY, store, store_events
from tests.support.sinking import alert, warehouse

pytestmark = [pytest.mark.integration, pytest.mark.together]


@pytest.fixture
def place(front: FrontProcess, database: str, migrated: Client) -> Warehouse:
    return warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, database)


def store_facts(place: Warehouse, facts: Iterable[Fact], homes: tuple[str, ...] = ("NP",)) -> None:
    store(place, "facts", [(f"{home}|{each.id}", encode_fact(each)) for each in facts for home in homes])


def rows(client: Client, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in client.query(sql).result_rows]


def declared(demand: str, source: str | None, target: str, **more: Any) -> Fact:
    body = {"from_party": source, "to_party": target, "demand": demand, **more}
    given = {name: value for name, value in body.items() if value is not None}
    return fact("recruitment.recruiter_declared", "2025-01-01", body=given, refs=Refs(demand=demand))


def test_events_leave_out_what_was_corrected_retracted_or_erased(place: Warehouse, migrated: Client) -> None:
    kind, day = "recruitment.fee_declared", "2025-01-01"
    plain = fact(kind, day, id="plain")
    wrong = fact(kind, day, id="wrong")
    first = fact(kind, day, id="first", corrects="wrong", recorded="2025-02-01")
    second = fact(kind, day, id="second", corrects="first", recorded="2025-03-01")  # a correction of a correction
    never = fact(kind, day, id="never")
    taken_back = fact(kind, day, id="taken-back", corrects="never", retracted=True, recorded="2025-02-01")
    erased = fact(kind, day, id="erased")
    elsewhere = fact(kind, day, id="wrong", source="/office/QA/doha")  # another office's event of that name
    store_facts(place, [plain, wrong, first, second, never, taken_back, erased, elsewhere], homes=("NP", "QA"))
    store(place, "facts", [(f"{home}|{erased.id}", None) for home in ("NP", "QA")])
    assert rows(migrated, "SELECT event_id, source FROM events ORDER BY event_id") == [
        ("plain", plain.source),
        ("second", plain.source),
        ("wrong", "/office/QA/doha"),
    ]


def test_the_copy_at_the_worker_s_home_is_the_event(place: Warehouse, migrated: Client) -> None:
    full = fact("visa.clearance_issued", "2025-01-01", worker=["passport:NP:ab"])
    store_facts(place, [full], homes=("NP",))
    store_facts(place, [msgspec.structs.replace(full, worker=None)], homes=("AA",))
    assert rows(migrated, "SELECT origin, identifier_kinds FROM events") == [("NP", ["passport"])]


def test_a_journey_s_timeline_ends_with_what_is_missing(place: Warehouse, migrated: Client) -> None:
    one = fact("recruitment.worker_registered", "2025-01-01", id="ev-a", body={"country": "QA"})
    two = fact("visa.clearance_issued", "2025-02-01", id="ev-b")
    store_facts(place, [one, two])
    journey = Journey(
        id="journey:NP:aa", revision=(1, 2), home="NP", destination="QA", status="open", opened_at=one.time,
        steps=((one.type, one.time, "ev-a"), (two.type, two.time, "ev-b")), missing=("T-CON-01",), unknown=("T-PDO-01",),
        identities=1, offices=(), demand=None, person="p",
    )  # fmt: skip
    stale = msgspec.structs.replace(journey, revision=(1, 1), missing=(), steps=())
    store(place, "journeys", [(journey.id, encode(journey)), (journey.id, encode(stale))])
    found = rows(migrated, "SELECT kind, what, office, event_id FROM journey_timeline WHERE journey = 'journey:NP:aa' ORDER BY place")
    assert found == [
        ("step", "recruitment.worker_registered", "NP:office:kathmandu", "ev-a"),
        ("step", "visa.clearance_issued", "NP:office:kathmandu", "ev-b"),
        ("missing", "T-CON-01", "", ""),
        ("unknown", "T-PDO-01", "", ""),
    ]


def test_alerts_open_by_audience_and_missing_steps_by_office(place: Warehouse, migrated: Client) -> None:
    for audience in ("embassy.NP-QA", "oversight", "oversight-restricted"):
        given = [alert(1, audience), alert(2, audience), msgspec.structs.replace(alert(2, audience), revision=(1, 2), status="withdrawn")]
        given += [alert(3, audience, revision=(2, 1)), msgspec.structs.replace(alert(3, audience), status="withdrawn")]
        store(place, f"alerts.{audience}", [(each.id, encode(each)) for each in given])
    assert rows(migrated, "SELECT audience, count() FROM open_alerts GROUP BY audience ORDER BY audience") == [
        ("embassy.NP-QA", 2),
        ("oversight", 2),
    ]
    assert rows(migrated, "SELECT count() FROM open_alerts_restricted") == [(2,)]
    assert rows(migrated, "SELECT office, corridor, rule, missing, overdue FROM missing_steps") == [
        ("NP:office:kathmandu", "NP-QA", "T-CON-01", 2, 2)
    ]


def test_what_an_alert_said_before_is_kept(place: Warehouse, migrated: Client) -> None:
    raised = alert(1, "embassy.NP-QA")
    updated = msgspec.structs.replace(raised, revision=(1, 2), status="updated", evidence=("ev-1", "ev-2"))
    withdrawn = msgspec.structs.replace(updated, revision=(2, 1), status="withdrawn")
    for given in (raised, updated, withdrawn, raised):  # the first came again
        store(place, "alerts.embassy.NP-QA", [(given.id, encode(given))])
    store(place, "alerts.oversight-restricted", [("alert-2", encode(alert(2, "oversight-restricted")))])
    assert rows(migrated, "SELECT id, status, evidence FROM alert_changes ORDER BY audience, id, revision") == [
        ("alert-1", "raised", ["ev-1"]), ("alert-1", "updated", ["ev-1", "ev-2"]), ("alert-1", "withdrawn", ["ev-1", "ev-2"]),
    ]  # fmt: skip
    assert rows(migrated, "SELECT status FROM alerts FINAL WHERE id = 'alert-1'") == [("withdrawn",)]


def test_chains_have_breadth_depth_and_recruiters(place: Warehouse, migrated: Client) -> None:
    line = [declared("NP:dofe:1", None, "NP:dofe:a"), declared("NP:dofe:1", "NP:dofe:a", "NP:dofe:b"),
            declared("NP:dofe:1", "NP:dofe:b", "NP:dofe:c", licensed=False), declared("NP:dofe:1", "NP:dofe:b", "NP:dofe:c")]  # fmt: skip
    side = [declared("NP:dofe:2", None, "", person=f"NP:person:p_{n}", organisation_name=name)
            for n, name in enumerate(["Best Co.", "BEST CO", "Other"])]  # fmt: skip
    loop = [declared("NP:dofe:3", "NP:dofe:x", "NP:dofe:y"), declared("NP:dofe:3", "NP:dofe:y", "NP:dofe:x")]
    store_facts(place, [*line, *side, *loop])
    sql = "SELECT demand, declarations, breadth, depth, persons, organisations, declared_unlicensed FROM chain_by_demand ORDER BY demand"
    assert rows(migrated, sql) == [
        ("NP:dofe:1", 4, 3, 3, 0, 0, 1),
        ("NP:dofe:2", 3, 3, 1, 3, 2, 0),
        ("NP:dofe:3", 2, 2, 0, 0, 0, 0),
    ]


def test_outsourcing_by_employer_knows_permits(place: Warehouse, migrated: Client) -> None:
    def at_work(number: int, user: str, **more: str) -> Fact:
        refs = Refs(contract=f"c-{number}")
        return fact("deployment.worksite_assigned", "2025-03-01", body={"employer": user, "site": "QA:site:1", **more}, refs=refs)

    def contract(number: int) -> Fact:
        return fact("recruitment.contract_offered", "2025-01-01", body={"employer": "QA:cr:1"}, refs=Refs(contract=f"c-{number}"))

    permit = fact("deployment.secondment_approved", "2025-02-01", body={"from_employer": "QA:cr:1", "to_employer": "QA:cr:2"})
    works = [at_work(1, "QA:cr:1"), at_work(2, "QA:cr:2"), at_work(3, "QA:cr:3"), at_work(9, "QA:cr:3", contractor="QA:cr:7")]
    store_facts(place, [*(contract(n) for n in (1, 2, 3)), permit, *works])
    sql = "SELECT employer, assignments, outsourced, with_permit, without_permit, user_enterprises FROM outsourcing_by_employer"
    assert rows(migrated, f"{sql} ORDER BY employer") == [("QA:cr:1", 3, 2, 1, 1, 2), ("QA:cr:7", 1, 1, 0, 1, 1)]


def test_office_activity(place: Warehouse, migrated: Client) -> None:
    late = fact("visa.clearance_issued", "2025-01-01T00:00:00Z", recorded="2025-01-01T10:00:00Z")
    store_facts(place, [late], homes=("NP", "QA"))
    assert rows(migrated, "SELECT office, context, events, median_delay_hours FROM office_activity") == [
        ("NP:office:kathmandu", "visa", 1, 10.0)
    ]


FILES = {
    "h2a.csv": (
        "CASE_NO,CASE_STATUS,VISA_CLASS,CASE_RECEIVED_DATE,DECISION_DATE,EMPLOYER_NAME,NBR_WORKERS_REQUESTED,NBR_WORKERS_CERTIFIED,ORGANIZATION_FLAG\n"
        "C-11300-00001,DETERMINATION ISSUED - CERTIFICATION,H-2A,2011-11-01,2011-12-01,Farm One,10,8,J\n"
        "C-11300-00001,DETERMINATION ISSUED - CERTIFICATION,H-2A,2011-11-01,2011-12-01,Farm Two,10,8,\n"
        "C-11300-00002,DETERMINATION ISSUED - DENIED,H-2A,2011-11-01,2011-12-01,Farm Three,5,3,S\n"
        "C-11300-00003,DETERMINATION ISSUED - CERTIFICATION,H-2A,2011-11-01,2011-12-01,Farm Four,,,S\n"
    ),
    "c.csv": (
        "CASE_NUMBER,RECRUITER_LAST_NAME,RECRUITER_EMPLOYER_NAME,RECRUITER_EMPLOYER_COUNTRY\n"
        "H-400-20277-000001,person-1,Best Co.,MEXICO\n"
        "H-400-20277-000001,person-2,BEST CO,MEXICO\n"
        "H-400-20277-000001,person-2,BEST CO,MEXICO\n"
        "H-400-20277-000002,person-3,,MEXICO\n"
        "H-400-20277-000003,person-4,One,MEXICO\n"
        "H-400-20277-000003,person-4,Two,MEXICO\n"
        "H-400-20277-000004,person-4,A,MEXICO\n"
        "H-400-20277-000004,person-4,B,MEXICO\n"
        "H-400-20277-000004,person-4,C,MEXICO\n"
        "H-400-20277-000004,person-4,D,MEXICO\n"
    ),
}


def test_the_disclosure_files_are_reconciled(place: Warehouse, migrated: Client, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
        made = [event(each, KEY, 1_800_000_000_000, 1 << 20) for each in events(tmp_path / name, FileReport(name), with_positions=False)]
        assert not [each for each in made if isinstance(each, list)]
        store_events(place, [each[0] for each in made if isinstance(each, tuple)])
    columns = "applications, sub_applications, requested, certified_all_rows, certified_on_certified_rows"
    sql = f"SELECT {columns}, certified_without_sub_applications, count_unknown FROM oflc_applications"
    assert rows(migrated, sql) == [(4, 1, 25, 19, 16, 8, 1)]
    assert rows(migrated, "SELECT * FROM oflc_recruiter_organisations") == [
        ("none", 1, 25.0),
        ("one", 1, 25.0),
        ("two", 1, 25.0),
        ("three or more", 1, 25.0),
    ]
    listed = dict(rows(migrated, "SELECT * FROM oflc_reconciliation"))
    assert (listed["recruiter declarations"], listed["applications that declare recruiters"]) == (10, 4)


def test_every_view_is_in_the_readme(migrated: Client, database: str) -> None:
    sql = f"SELECT name FROM system.tables WHERE database = '{database}' AND engine = 'View'"
    text = "".join((Path(consumers.warehouse.__path__[0]) / name).read_text("utf-8") for name in ("README.md", "reports.md"))
    assert [name for (name,) in rows(migrated, sql) if f"`{name}`" not in text] == []
