"""`fairpassage evaluate --policy`: what another policy would find, side by side with today's, from one reading of the events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from infra.cli.main import main
from streams.comparing import compare, evaluate_both
from streams.evaluate import evaluate_events
from streams.rules.policy import Policy, default
from tests.support.policies import loaded, write
from tests.support.simulated import simulated
from tests.unit.infra.test_evaluate_command import AS_OF, cells, event, run


def clock(role: str, ack: int, follow_up: int) -> str:
    return "\n".join((f'id = "trial.{role}"', 'rule = "T-CMP-01"', f'role = "{role}"', 'source = "a trial"', f"ack_days = {ack}",
                      f"follow_up_days = {follow_up}"))  # fmt: skip


@pytest.fixture
def complaints(tmp_path: Path) -> Path:
    """A worker's complaint, and an employer's, that nobody answered; filed 18 days before the instant judged from."""
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join((event("w", "PA1234567", complainant_role="worker", country="QA"),
                               event("e", "PB7654321", complainant_role="employer", country="QA"))))  # fmt: skip
    return file


def compared(file: Path, *rows: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(file, "--json", "--policy", str(write(file.parent, *rows))))
    return found


def test_what_is_found_today_alone(complaints: Path) -> None:
    found = compared(complaints, clock("worker", 30, 30))
    assert [(each["rule"], each["reason"], each["policy_rows"]) for each in found["only_now"]] == [
        ("T-CMP-01", "not_acknowledged", ["T-CMP-01.QA"])]  # fmt: skip
    assert (found["only_then"], found["changed"]) == ([], [])
    (counts,) = [each for each in found["counts"] if each["rule"] == "T-CMP-01"]
    assert counts == {"rule": "T-CMP-01", "now": 1, "then": 0, "only_now": 1, "only_then": 0, "changed": 0}


def test_what_would_be_found_then_alone(complaints: Path) -> None:
    found = compared(complaints, clock("worker", 30, 30), clock("employer", 5, 5))
    assert [(each["evidence"], each["policy_rows"]) for each in found["only_then"]] == [(["e"], ["trial.employer"])]
    assert [each["evidence"] for each in found["only_now"]] == [["w"]]


def test_what_would_be_found_otherwise(complaints: Path) -> None:
    (change,) = compared(complaints, clock("worker", 30, 5))["changed"]
    assert (change["rule"], change["issue"]) == ("T-CMP-01", "event:w")
    assert (change["now"]["reason"], change["then"]["reason"]) == ("not_acknowledged", "not_followed_up")
    assert (change["now"]["policy_rows"], change["then"]["policy_rows"]) == (["T-CMP-01.QA"], ["trial.worker"])
    assert (change["now"]["since"], change["then"]["since"]) == ("2025-03-05T08:00:00Z", "2025-03-07T08:00:00Z")
    assert "severity" not in change["now"]


def test_the_same_policy_differs_in_nothing(complaints: Path) -> None:
    policies = Path("streams/rules/policies").resolve()
    found = json.loads(run(complaints, "--json", "--policy", str(policies)))
    assert (found["only_now"], found["only_then"], found["changed"]) == ([], [], [])
    assert "Nothing differs." in run(complaints, "--policy", str(policies))


@pytest.mark.parametrize("rows", [[clock("worker", 30, 30)], [clock("worker", 30, 5)], [clock("worker", 30, 30), clock("employer", 5, 5)]])
def test_the_tables_fit_80_columns_and_nothing_is_cut_short(complaints: Path, rows: list[str]) -> None:
    file = write(complaints.parent, *rows)
    text = run(complaints, "--policy", str(file))
    assert "…" not in text
    assert max(len(line) for line in text.splitlines()) <= 80
    found = json.loads(run(complaints, "--json", "--policy", str(file)))
    subjects = "".join(row[1] for row in cells(text))
    for each in (*found["only_now"], *found["only_then"], *found["changed"]):
        assert each["subject"] in subjects


def test_the_words_of_a_difference(complaints: Path) -> None:
    told = " ".join(row[-1] for row in cells(run(complaints, "--policy", str(write(complaints.parent, clock("worker", 30, 5))))))
    assert "Changed [event:w]: reason not_acknowledged -> not_followed_up;" in " ".join(told.split())


def test_one_policy_alone_is_shown_as_ever(complaints: Path) -> None:
    file = str(write(complaints.parent, clock("worker", 30, 5)))
    found = json.loads(run(complaints, "--json", "--alone", "--policy", file))
    assert [each["reason"] for each in found["findings"] if each["rule"] == "T-CMP-01"] == ["not_followed_up"]
    refused = CliRunner().invoke(main, ["evaluate", str(complaints), "--alone", "--as-of", AS_OF])
    assert (refused.exit_code, "name it with --policy" in refused.output) == (2, True)


def test_today_is_the_policy_of_the_settings(complaints: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_POLICY", str(write(complaints.parent, clock("worker", 30, 30), name="ours.toml")))
    assert "T-CMP-01" not in {each["rule"] for each in json.loads(run(complaints, "--json"))["findings"]}
    assert [each["policy_rows"] for each in compared(complaints, clock("worker", 5, 5))["only_then"]] == [["trial.worker"]]


def test_a_policy_that_cannot_be_used_tells_all_that_is_wrong(complaints: Path) -> None:
    file = write(complaints.parent, clock("worker", -1, 5), clock("boss", 5, 5))
    refused = CliRunner().invoke(main, ["evaluate", str(complaints), "--policy", str(file)])
    assert refused.exit_code == 2
    assert "trial.toml, row 1 (trial.worker): ack_days must be a whole number" in refused.output
    assert "trial.toml, row 2 (trial.boss): role must be one of" in refused.output


def test_each_side_is_what_it_is_alone(tmp_path: Path) -> None:
    """Simulated corridors, in batches: neither evaluation knows of the other, and events are read once."""
    made = simulated(8, "3", 1)
    other = loaded(tmp_path, clock("worker", 1, 2), 'id = "t"\nrule = "T-CON-02"\nsource = "a trial"\ndays = 1', base=default())
    handed: list[str] = []

    def reading() -> Any:
        for each in made.sealed():
            handed.append(each["id"])
            yield each

    both = evaluate_both(reading(), default(), other, made.as_of, lambda _: True, batch=150)
    assert len(handed) == len(made.raw)

    def alone(policy: Policy) -> Any:
        return evaluate_events(made.sealed(), policy, made.as_of, batch=150)

    assert both.now.findings() == alone(default()).findings()
    assert both.then.findings() == alone(other).findings()
    assert both == compare(both.now, both.then)
    assert both.only_then
