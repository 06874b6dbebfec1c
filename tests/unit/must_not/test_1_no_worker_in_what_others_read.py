"""Must-not 1: who has no right to a journey reads no worker, no complaint and no union; nobody reads what an office sealed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import msgspec
import pytest

from streams.domain.outputs import Alert
from streams.dossiers import alerting, audiences
from streams.rules.registry import Role, catalogue
from tests.support.published import CASE, CATEGORY, NOTE, UNION, WITHOUT_RIGHT, Watched, Watching, sensitive, watched

JOURNEY = re.compile(r"journey:[A-Z]{2}:[0-9a-f]+")


def secrets(found: Watched) -> set[str]:
    """Digests of identifiers and narratives, ids of workers' events, case numbers and contracts: what leads to a worker."""
    sealed = {each["digest"] for event in found.events if event.get("worker") for each in event["worker"]["identifiers"]}
    keyed = {each.digest for _, fact in found.published.facts if fact.worker for each in fact.worker.identifiers}
    ids = {event["id"] for event in found.events if event.get("worker")}
    papers = {value for event in found.events for name, value in (event.get("refs") or {}).items() if value and name != "demand"}
    notes = {event["body"]["note"] for event in found.events if (event.get("body") or {}).get("note")}
    people = {journey.person for journey in found.published.journeys if journey.person}
    return sealed | keyed | ids | papers | notes | people | {UNION, NOTE, CASE, CATEGORY}


def text(records: Iterable[Any]) -> str:
    return "\n".join(msgspec.json.encode(each).decode() for each in records)


def leaks(alerts: Iterable[Alert], hidden: set[str]) -> list[str]:
    """Whatever of these an alert says, and every journey that it names."""
    said = text(alerts)
    return [*sorted(each for each in hidden if each in said), *JOURNEY.findall(said)]


def test_others_read_of_firms_and_places_and_never_of_a_worker() -> None:
    found = watched()
    alerts = found.published.without_right()
    assert {alert.audience.partition(".")[0] for alert in alerts} >= {"labour-inspectorate", "licensing-authority", "focal-office"}
    assert leaks(alerts, secrets(found)) == []
    assert all(alert.subject.partition(":")[0] in ("demand", "party", "place", "case") and alert.evidence == () for alert in alerts)


def test_a_committee_and_the_network_would_read_no_more() -> None:
    """No rule addresses them yet: every alert of the run as they would read it."""
    found = watched()
    for audience in ("tripartite-committee.QA", "regional-network"):
        assert leaks([audiences.as_read_by(audience, alert, True) for alert in found.published.alerts], secrets(found)) == []


def test_every_role_is_one_or_the_other() -> None:
    assert set(get_args(Role)) == WITHOUT_RIGHT | audiences.READS_JOURNEYS


def test_with_the_right_they_read_what_leads_to_the_worker() -> None:
    """What is looked for is there to be found: the embassy's alerts are full of it."""
    found = watched()
    embassy = [alert for alert in found.published.alerts if alert.audience.startswith("embassy.")]
    assert len(leaks(embassy, secrets(found))) > 50


@pytest.mark.parametrize("leaking", ["as_it_is", "evidence_of_a_demand"])
def test_a_leak_is_seen(leaking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def as_it_is(audience: str, alert: Alert, confidential: bool = False, unnamed: bool = False) -> Alert:
        return msgspec.structs.replace(alert, audience=audience)

    def evidence_of_a_demand(audience: str, alert: Alert, confidential: bool = False, unnamed: bool = False) -> Alert:
        read = audiences.as_read_by(audience, alert, confidential, unnamed)
        return read if alert.subject.startswith("journey:") else as_it_is(audience, alert)

    found = watched()
    monkeypatch.setattr(alerting, "as_read_by", locals()[leaking])
    watching = Watching(found.run.as_of, rules=tuple(rule for rule in catalogue() if rule.id in ("T-CHN-04", "T-CHN-06", "T-OUT-01")))
    watching.add(found.busy)
    watching.finish()
    assert leaks(watching.published.without_right(), secrets(found))


def raw(found: Watched) -> Iterator[str]:
    """What was in clear in the office: numbers, names of natural persons, narratives."""
    for _, line in found.run.raw:
        event = msgspec.json.decode(line)
        for each in (event.get("worker") or {}).get("identifiers", ()):
            yield each["value"]
        for value in event["body"].values():
            if isinstance(value, str) and ":person:" in value:
                yield value.partition(":person:")[2]
        yield event["body"].get("note") or ""
    yield NOTE
    yield from ("PA 123 4567", "PA1234567", "290 5240 1187", "29052401187")


def test_no_record_of_any_topic_holds_what_was_in_clear() -> None:
    found = watched()
    clear = {value for value in raw(found) if len(value) > 4}
    assert len(clear) > 100
    assert {"facts", "findings", "feed", "journeys"} < set(found.published.records)
    for topic, records in found.published.records.items():
        everything = b"\0".join(records).decode("utf-8", "replace")
        assert [value for value in clear if value in everything] == [], topic


def test_journeys_and_alerts_hold_no_digest_of_an_identifier_narrative_or_union() -> None:
    found = watched()
    digests = {each.digest for _, fact in found.published.facts if fact.worker for each in fact.worker.identifiers}
    assert len(digests) > 100
    said = text([*found.published.journeys, *found.published.alerts])
    assert [each for each in (*digests, UNION) if each in said] == []
    assert re.findall(r"n_[0-9a-f]{32}", said) == []


def test_what_is_sensitive_stays_in_the_workers_home() -> None:
    """Another home's copy of a complaint and of a talk about a union: neither content nor worker nor case."""
    watching = Watching(watched().run.as_of)
    watching.add(sensitive())
    away = [fact for home, fact in watching.published.facts if home != "NP"]
    assert {fact.type for fact in away} == {"complaint.complaint_filed", "deployment.worker_informed_of_union"}
    assert all(fact.worker is None and fact.refs.case is None for fact in away)
    said = text(away)
    assert [each for each in (UNION, CATEGORY, CASE, "n_") if each in said] == []
    at_home = text(fact for home, fact in watching.published.facts if home == "NP")
    assert all(each in at_home for each in (UNION, CATEGORY, CASE, "n_"))
