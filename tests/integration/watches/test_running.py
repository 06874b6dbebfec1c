"""What every watch has in common: policy rows by place, spellings of a party, a database that cannot answer, a party no event may hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.watches import sql
from consumers.watches.headers import watches
from consumers.watches.running import Runner
from streams.domain.names import party_key
from streams.rules.policy import default, load
from tests.support.builders import at
from tests.support.clickhouse import FrontProcess
from tests.support.watching import Population, told

pytestmark = [pytest.mark.integration, pytest.mark.together]
DAY0, NOW = "2025-03-01", "2025-03-05"
STRICTER = """
[[row]]
id = "T-DTH-01.default"
rule = "T-DTH-01"
source = "a trial"
days = 90
workers = 2
[[row]]
id = "T-DTH-01.QA"
rule = "T-DTH-01"
destination = "QA"
source = "a trial"
days = 90
workers = 3
"""
_number = st.text(st.sampled_from("aZÉß09 -./नि٣४"), min_size=1, max_size=12)


def died(who: str, firm: str, country: str) -> dict[str, object]:
    return told("deployment.death_notified", DAY0, {"employer": firm, "country": country}, who=who)


def test_the_most_special_policy_row_of_a_place_is_the_one_that_judges(population: Population, tmp_path: Path) -> None:
    (tmp_path / "stricter.toml").write_text(STRICTER)
    policy = load(tmp_path / "stricter.toml", base=default())
    population.publish(*(died(f"{firm}{number}", firm, firm[:2]) for firm in ("QA:cr:1", "KW:cr:1") for number in range(2)))
    assert population.judge("T-DTH-01", NOW, policy=policy).found == {"finding": 1, "clear": 1}
    assert population.reports()["KW:cr:1", "NP"]["policy_rows"] == ["T-DTH-01.default"]
    population.publish(died("third", "QA:cr:1", "QA"))
    population.judge("T-DTH-01", NOW, policy=policy)
    assert population.reports()["QA:cr:1", "NP"]["policy_rows"] == ["T-DTH-01.QA"]


def test_every_watch_runs_on_nothing(population: Population) -> None:
    for each in watches():
        assert population.judge(each.id, NOW, harm=each.harm).found == {}


def test_what_cannot_be_answered_is_insufficient_and_the_others_go_on(population: Population) -> None:
    population.publish(died("a", "QA:cr:1", "QA"), died("b", "QA:cr:1", "QA"))
    admin = population.connect()
    admin.command("RENAME TABLE journeys TO journeys_away")
    try:
        runner = Runner(population.connect, default(), lambda: "", None)
        ran = {each.watch.id: each.as_json() for each in runner.run([w for w in watches() if w.id in ("T-LIC-03", "T-DTH-01")], at(NOW))}
    finally:
        admin.command("RENAME TABLE journeys_away TO journeys")
    assert {name: each["outcome"] for name, each in ran.items()} == {"T-LIC-03": "judged", "T-DTH-01": "insufficient"}
    assert "QA:cr:1" not in str(ran)


def test_a_party_that_no_event_may_hold_is_left_out_and_the_rest_goes_on(population: Population) -> None:
    long = "QA:cr:" + "ﷺ" * 100  # a letter that is eighteen, when spelled out
    population.publish(*(died(f"{number}{len(firm)}", firm, "QA") for firm in (long, "QA:cr:1") for number in range(2)))
    ran = population.judge("T-DTH-01", NOW)
    assert (ran.new, ran.refused) == ({"finding": 2}, 1)
    assert population.reports().keys() == {("QA:cr:1", "NP")}


def test_the_key_of_a_party_is_that_of_the_rules(watched: FrontProcess) -> None:
    client = watched.client()
    query = f"SELECT {sql.composed('{{key p}}')} FROM (SELECT {{p:String}} AS p)"

    @settings(max_examples=150, deadline=None)
    @given(st.builds("{}:{}:{}".format, st.sampled_from(("QA", "NP")), st.sampled_from(("cr", "dofe")), _number))
    def same(party: str) -> None:
        found = client.query(query, {"p": party}).result_rows[0][0]
        assert found == party_key(party)

    same()
    person = "NP:person:p_" + "a" * 32
    assert client.query(query, {"p": person}).result_rows[0][0] == person
    client.close()
