"""What typologies say of a party is what the findings that name it add up to, reckoned a second time from the findings alone."""

from __future__ import annotations

from collections import defaultdict

from schemas.topicfiles import declared
from streams.domain.names import subject_key
from streams.evaluate import Evaluated, evaluate_events
from streams.rules.policy import default
from streams.rules.registry import catalogue
from tests.support.simulated import simulated


def reckoned(result: Evaluated) -> set[tuple[str, str]]:
    """(typology, party) of each that the findings of other dossiers, and of the party's own, reach the threshold of."""
    dossiers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for subject, each in result.findings():
        rule = each.rule.partition("@")[0]
        for party in {subject_key(f"party:{party}") for party in each.parties} | ({subject} if subject.startswith("party:") else set()):
            dossiers[party, rule].add(subject)
    found = set()
    for typology in (rule for rule in catalogue() if rule.combines and rule.kind == "party"):
        (row,) = default().rows(typology.id)
        for party in {party for party, _ in dossiers}:
            counted = [each for each in row.records("weights") if len(dossiers[party, str(each["rule"])]) >= each.get("least", 1)]
            if len(counted) >= row.whole("rules") and sum(each["weight"] for each in counted) >= row.number("threshold"):
                found.add((typology.id, party))
    return found


def test_parties_are_named_by_what_the_findings_add_up_to() -> None:
    run = simulated(150, "5", 5)
    result = evaluate_events(run.sealed(), default(), run.as_of, declared)
    said = {(each.rule.partition("@")[0], subject) for subject, each in result.findings() if subject.startswith("party:")}
    typologies = {rule.id for rule in catalogue() if rule.combines}
    expected = reckoned(result)
    assert {each for each in said if each[0] in typologies} == expected
    assert {name for name, _ in expected} >= {"Y-OUT-01", "Y-PHX-01", "Y-NEG-01"}
