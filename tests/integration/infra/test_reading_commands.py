"""`fairpassage alerts` and `fairpassage journey` on a real broker: an embassy reads its own, as it stands and as it comes."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from infra.cli.alerts import alerts
from infra.cli.journey import journey
from streams.domain.outputs import Alert, Journey, encode
from tests.support.sinking import alert, produce
from tests.support.up import FAIRPASSAGE, environment

pytestmark = [pytest.mark.integration, pytest.mark.timeout(90)]
EMBASSY, TOPIC = "embassy.LK-KW", "alerts.embassy.LK-KW"


def made(number: int, **changes: object) -> Alert:
    return msgspec.structs.replace(alert(number, EMBASSY), **{"severity": "P2", **changes})


OUTLINE = Journey(
    id="journey:LK:00000000000000aa", revision=(1, 1), home="LK", destination="KW", status="open", opened_at=1_700_000_000_000,
    steps=(("deployment.departed", 1_700_000_000_000, "left"),), missing=("T-CON-01",), unknown=("T-PDO-01",), identities=2,
    offices=("KW:office:mol",), demand=None, person="00",
)  # fmt: skip
BEFORE = msgspec.structs.replace(OUTLINE, id="journey:LK:00000000000000bb", status="replaced", replaced_by=OUTLINE.id)


@pytest.fixture(scope="module")
def broker(kafka: str) -> str:
    """What an embassy may read: one alert open, one withdrawn since, one that comes twice, in another order."""
    raised, gone = made(1), made(2)
    withdrawn = msgspec.structs.replace(gone, revision=(1, 2), status="withdrawn")
    graver = made(3, severity="P1", revision=(2, 1), status="updated", summary="said last")
    produce(kafka, TOPIC, [(each.id, encode(each)) for each in (raised, withdrawn, gone, graver, made(3, summary="said first"))])
    produce(kafka, "journeys", [(each.id, encode(each)) for each in (OUTLINE, BEFORE)])
    return kafka


@pytest.fixture(autouse=True)
def _settings(broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_BOOTSTRAP", broker)
    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")


def lines(*options: str) -> list[dict[str, object]]:
    done = CliRunner().invoke(alerts, ["--audience", EMBASSY, "--json", *options], catch_exceptions=False)
    assert done.exit_code == 0
    return [json.loads(line) for line in done.output.splitlines()]


def test_what_is_open_the_gravest_first_each_at_its_greatest_revision() -> None:
    assert [(each["id"], each["status"], each["summary"]) for each in lines()] == [
        ("alert-3", "updated", "said last"), ("alert-1", "raised", "number 1"),
    ]  # fmt: skip


def test_with_what_has_ended() -> None:
    assert {each["id"]: each["status"] for each in lines("--all")} == {"alert-1": "raised", "alert-2": "withdrawn", "alert-3": "updated"}


def test_the_table_fits_a_terminal_and_says_the_next_step() -> None:
    shown = CliRunner().invoke(alerts, ["--audience", EMBASSY]).output
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "2 alerts" in shown
    assert "→ ask" in shown


def test_an_audience_that_nobody_declared_is_told_with_others_that_are() -> None:
    done = CliRunner().invoke(alerts, ["--audience", "embassy.XX-YY"])
    assert done.exit_code == 2
    assert "embassy.BD-AE" in done.output


def test_followed_it_shows_each_change_as_it_comes_until_ctrl_c(broker: str, tmp_path: Path) -> None:
    command = [*FAIRPASSAGE, "alerts", "--audience", EMBASSY, "--follow"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(tmp_path, bootstrap=broker)) as process:
        assert process.stdout is not None
        seen = [process.stdout.readline() for _ in range(5)]
        produce(broker, TOPIC, [("alert-4", encode(made(4, summary="just now")))])
        assert "just now" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert sum("withdrawn" in line for line in seen) == 1


def test_a_journey_with_what_is_missing_and_what_cannot_be_judged() -> None:
    shown = CliRunner().invoke(journey, ["LK:00000000000000a"], catch_exceptions=False).output
    assert "open: T-CON-01 contract not registered" in shown
    assert "facts are missing to judge: T-PDO-01" in shown
    assert "KW:office:mol" in shown


def test_a_journey_that_was_replaced_leads_to_its_successor() -> None:
    done = CliRunner().invoke(journey, [BEFORE.id, "--json"], catch_exceptions=False)
    assert json.loads(done.stdout.splitlines()[-1])["id"] == OUTLINE.id


@pytest.mark.parametrize(("name", "said"), [("journey:LK:ff", "no journey is called"), ("journey:LK:00", "2 journeys begin so")])
def test_a_name_that_fits_none_or_several(name: str, said: str) -> None:
    done = CliRunner().invoke(journey, [name])
    assert done.exit_code == 1
    assert said in done.output
