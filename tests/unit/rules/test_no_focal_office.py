"""T-FPO-01: fourteen days without a focal office; and its alerts go to oversight meanwhile."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.outputs import decode_alert
from streams.domain.standings import Standings
from streams.domain.sums import Key
from streams.dossiers.audiences import addresses
from streams.dossiers.context import Context, Outbox
from streams.dossiers.partition import Partition
from streams.rules.no_focal_office import tell_country
from streams.rules.policy import default
from streams.rules.registry import Catalogue, catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import at, fact
from tests.support.lately import lately
from tests.support.places import ORIGIN, outcome, place, said

OFFICES: tuple[tuple[str, Key, int], ...] = (("country.offices", ("2025-01-10",), 1),)
BEGAN = at("2025-01-09T18:15:00Z")


def designated(time: str = "2024-01-01", id: str = "named", **body: object) -> Fact:
    return said("oversight.focal_designated", time, ORIGIN, id=id, jurisdiction="NP", contact="NP-1", **body)


def vacated(time: str | Instant, **body: object) -> Fact:
    return said("oversight.focal_vacated", time, ORIGIN, id="vacated", jurisdiction="NP", **body)


def judged(as_of: str | Instant, *facts: Fact, heard: tuple[tuple[str, Key, int], ...] = ()) -> Outcome | None:
    return outcome("T-FPO-01", ORIGIN, as_of, *facts, heard=heard)


@pytest.mark.covers("T-FPO-01", "plain", "boundary")
def test_fourteen_days_after_the_last_contacts_last_day() -> None:
    contact = designated(until="2025-01-31")
    ends = at("2025-01-31T18:15:00Z")
    held = judged(ends - 1, contact)
    assert isinstance(held, Clear)
    assert held.next_at == ends
    before = judged(ends + 14 * DAY, contact)
    assert isinstance(before, Clear)
    assert before.next_at == ends + 14 * DAY + 1
    found = judged(ends + 14 * DAY + 1, contact)
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("no_focal_office", ("named",), ("T-FPO-01.default",))
    assert found.since == ends + 14 * DAY


def test_vacated_it_counts_from_its_day() -> None:
    left = at("2025-02-28T18:15:00Z")
    facts = designated(), vacated("2025-02-20", **{"from": "2025-03-01"})
    assert isinstance(judged(left - 1, *facts), Clear)
    assert isinstance(judged(left + 14 * DAY, *facts), Clear)
    assert isinstance(judged(left + 14 * DAY + 1, *facts), Finding)


@pytest.mark.covers("T-FPO-01", "look_alike")
def test_another_contact_ends_it_late_or_at_once() -> None:
    facts = designated(), vacated("2025-02-20")
    assert isinstance(judged("2025-06-01", *facts, designated("2025-05-01", "again")), Clear)
    other = designated("2024-06-01", "other", **{"from": "2025-02-01"})
    assert isinstance(judged("2025-06-01", designated(until="2025-01-31"), other), Clear)
    assert isinstance(judged("2025-06-01", *facts, other), Finding)  # vacated is vacated, whoever sat there


@pytest.mark.covers("T-FPO-01", "plain", "boundary", "missing")
def test_never_designated_the_country_is_known_by_its_offices() -> None:
    assert isinstance(judged(BEGAN + 14 * DAY, heard=OFFICES), Clear)
    found = judged(BEGAN + 14 * DAY + 1, heard=OFFICES)
    assert isinstance(found, Finding)
    assert found.evidence == ("ev-2025-01-10-0",)
    assert judged("2025-06-01") is None


@pytest.mark.covers("T-FPO-01", "missing")
def test_one_that_is_still_to_come_is_none_yet() -> None:
    coming = designated("2025-01-01", **{"from": "2025-06-01"})
    found = judged("2025-03-01", coming, heard=OFFICES)
    assert isinstance(found, Finding)
    assert found.next_at == at("2025-05-31T18:15:00Z")
    alone = judged("2025-03-01", coming)
    assert isinstance(alone, Insufficient)
    assert (alone.missing, alone.next_at) == ("since when its offices publish", at("2025-05-31T18:15:00Z"))


@pytest.mark.covers("T-FPO-01", "boundary", "missing")
def test_whoever_left_was_there_though_nobody_told_of_it() -> None:
    leaves = at("2025-02-28T18:15:00Z")
    told = vacated("2025-02-20", **{"from": "2025-03-01"})
    held = judged(leaves - 1, told, heard=OFFICES)
    assert isinstance(held, Clear)
    assert held.next_at == leaves
    assert isinstance(judged(leaves + 14 * DAY, told, heard=OFFICES), Clear)
    found = judged(leaves + 14 * DAY + 1, told, heard=OFFICES)
    assert isinstance(found, Finding)
    assert (found.evidence, found.since) == (("vacated",), leaves + 14 * DAY)


def test_an_office_tells_its_country_since_when_it_publishes() -> None:
    beats = [fact("oversight.office_heartbeat", f"2025-01-{day}T20:00:00Z", id=f"hb-{day}", subjects=("party:NP:office:kathmandu",))
             for day in (12, 10, 11)]  # fmt: skip
    assert list(tell_country(place("T-FPO-01", "party:NP:office:kathmandu", beats))) == [
        (ORIGIN, "country.offices", ("2025-01-11",), ("hb-10",))
    ]


@pytest.mark.parametrize(("confidential", "oversight"), [(False, "oversight"), (True, "oversight-restricted")])
def test_what_is_for_a_focal_office_that_is_vacant_goes_to_oversight_as_well(confidential: bool, oversight: str) -> None:
    def addressed(vacant: bool) -> tuple[str, ...]:
        return addresses(("focal-office", "embassy"), "NP", "QA", "", lambda name: True, confidential, lambda country: vacant)

    assert addressed(False) == ("embassy.NP-QA", "focal-office.NP")
    assert addressed(True) == ("embassy.NP-QA", "focal-office.NP", oversight)


def sent(outbox: Outbox) -> list[tuple[str, str]]:
    alerts = [decode_alert(value) for topic, _, value in outbox.announced() if topic.startswith("alerts.")]
    return sorted((alert.audience, alert.status) for alert in alerts)


def test_an_open_alert_finds_its_way_when_the_office_is_vacated_and_when_it_is_filled() -> None:
    """T-BLA-02 goes to the focal office and the committee; by the standing alone, and by its last day alone."""
    standings = Standings()
    keeper = Partition(MemoryStore(), Context(Catalogue(rule for rule in catalogue() if rule.id == "T-BLA-02"), default(), standings,
                                              lambda name: True))  # fmt: skip
    agreed = said("oversight.bla_signed", "2022-01-01", agreement="A", corridor="NP-QA", valid_until="2025-12-31")
    for each in (agreed, designated(until="2025-10-31")):
        standings.add(each)
    first = sent(keeper.accept([Frame("NP", (agreed,))], at("2025-10-01")))
    assert first == [("focal-office.NP", "raised"), ("tripartite-committee.QA", "raised")]
    ends = at("2025-10-31T18:15:00Z")
    assert sent(keeper.tick(ends - 1)) == []
    vacant = sent(keeper.tick(ends))
    assert ("oversight", "updated") in vacant
    assert ("focal-office.NP", "updated") in vacant
    standings.add(designated("2025-11-05", "again"))
    assert ("oversight", "withdrawn") in sent(keeper.sweep([ORIGIN], at("2025-11-05")))


@pytest.mark.covers("T-FPO-01", "late")
def test_a_designation_that_is_told_late_withdraws_the_alert() -> None:
    late = designated("2025-01-20", "again", **{"from": "2025-02-01", "recorded": "2025-05-01"})
    assert lately("T-FPO-01", [designated(until="2025-01-31")], [late], "2025-03-01", "2025-05-02") == ("raised", "withdrawn")
