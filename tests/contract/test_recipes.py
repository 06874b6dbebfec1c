"""The recipes do what they say: the files that they name, and no other, are enough. Each is followed in a copy of the tree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemas.catalogue import known
from schemas.codec import encode
from schemas.examples import example
from schemas.topicfiles import declared
from streams.publishers.identity import seal
from streams.rules.registry import catalogue
from tests.support.recipes import ROOT, Copy, files, lines, section
from tests.support.through_intake import KEY

RULES, SCHEMAS = "streams/rules/README.md", "schemas/README.md"


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "copy")


def test_a_new_rule_touches_its_own_file_its_policy_row_and_its_test(copy: Copy) -> None:
    touched = copy.follow(RULES, "a new rule")
    assert touched == ["streams/rules/residence_not_issued.py", "streams/rules/policies/example.toml",
                       "tests/unit/rules/test_residence_not_issued.py"]  # fmt: skip
    assert "4 passed" in copy.python("-m", "pytest", "-q", "-p", "no:cacheprovider", touched[-1])
    copy.python("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/contract/test_rules_covered.py")  # it has a test of each kind
    (rule,) = json.loads(copy.fairpassage("rules", "T-EXA-01", "--json"))["rules"]
    assert (rule["harm"], rule["policy"][0]["parameters"]) == ("residence_not_issued", {"days": 30})
    event = "schemas/examples/deployment.arrived.json"
    found = copy.fairpassage("evaluate", event, "--json", "--as-of", "2026-01-01T00:00:00Z")
    (finding,) = [each for each in json.loads(found)["findings"] if each["rule"] == "T-EXA-01"]
    assert (finding["status"], finding["audiences"]) == ("raised", ["embassy.NP-QA"])


def test_a_new_event_type_touches_its_schema_its_example_and_the_release(copy: Copy) -> None:
    copy.python("-m", "schemas.release")  # nothing to do where all is released
    earlier = encode(seal(example("oversight.visit_done"), KEY))
    touched = copy.follow(SCHEMAS, "a new event type")
    assert touched == ["schemas/avro/oversight/hotline_tested.avsc", "schemas/examples/oversight.hotline_tested.json"]
    (released,) = copy.python("-m", "schemas.release").split()
    assert released.startswith("oversight/")
    assert copy.python("-c", "from schemas.compatibility import problems; print(problems())").strip() == "[]"
    described = json.loads(copy.fairpassage("schema", "oversight.hotline_tested", "--json"))
    assert [field["name"] for field in described["body"]] == ["corridor", "answered", "language"]
    published = json.loads(copy.fairpassage("publish", "--dry-run", "--json", touched[-1]).splitlines()[-1])
    assert (published["accepted"], published["rejected"]) == (1, 0)
    went = copy.python("-m", "tests.support.through_intake", "oversight", "oversight.hotline_tested", earlier.hex())
    assert json.loads(went) == [["feed", "oversight.hotline_tested"], ["feed", "oversight.visit_done"]]


def test_a_new_audience_touches_one_line(copy: Copy) -> None:
    assert copy.follow(SCHEMAS, "a new audience") == ["schemas/topics/audiences.toml"]
    before = (ROOT / "schemas/topics/audiences.toml").read_text("utf-8").splitlines()
    after = (copy.folder / "schemas/topics/audiences.toml").read_text("utf-8").splitlines()
    assert [line for line in after if line not in before] == ['  "KH-MY",']
    assert len(after) == len(before) + 1
    code = """
from schemas.topicfiles import declared, topics
from streams.dossiers.audiences import addresses
print(addresses(("embassy", "satellite-office"), "KH", "MY", "", declared), "alerts.embassy.KH-MY" in {each.name for each in topics()})
"""
    assert copy.python("-c", code).strip() == "('embassy.KH-MY', 'satellite-office.KH-MY') True"
    assert "no broker" in copy.fairpassage("alerts", "--audience", "embassy.KH-MY", status=2)  # and knows the audience


def test_nothing_of_the_recipes_is_here() -> None:
    assert "T-EXA-01" not in {rule.id for rule in catalogue()}
    assert not known("oversight.hotline_tested")
    assert not declared("embassy.KH-MY")


@pytest.mark.parametrize(("readme", "title"), [(RULES, "a new rule"), (SCHEMAS, "a new event type"), (SCHEMAS, "a new audience")])
def test_each_recipe_says_what_to_write(readme: str, title: str) -> None:
    text = section(ROOT / readme, title)
    assert list(files(text)) + list(lines(text))
