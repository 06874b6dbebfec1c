"""`fairpassage act` on a real broker: an audience acts on its own alerts, and on nobody else's."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from infra.cli.act import ACTIONS, act
from infra.kafka.reading import consumer, messages
from schemas.codec import decode
from streams.domain.outputs import Alert, encode
from tests.support.sinking import alert, produce

pytestmark = [pytest.mark.integration, pytest.mark.timeout(90)]
EMBASSY, INSPECTORS = "embassy.LK-QA", "labour-inspectorate.QA"
OFFICE = "LK/embassy-doha"


def made(number: int, audience: str = EMBASSY, **changes: object) -> Alert:
    return msgspec.structs.replace(alert(number, audience), **{"id": f"{number:02x}" * 16, "home": "LK", "rule": "T-CON-02@1", **changes})


@pytest.fixture(scope="module")
def broker(kafka: str) -> str:
    """Two alerts of the embassy, one of them about a complaint; one of the inspectorate's."""
    for audience, alerts in ((EMBASSY, [made(1), made(2, rule="T-CMP-01@1")]), (INSPECTORS, [made(3, INSPECTORS)])):
        produce(kafka, f"alerts.{audience}", [(each.id, encode(each)) for each in alerts])
    return kafka


@pytest.fixture(autouse=True)
def _settings(broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "key"
    key.write_text("a linking key of tests, thirty-two bytes and more")
    key.chmod(0o600)
    monkeypatch.setenv("FAIRPASSAGE_BOOTSTRAP", broker)
    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path))
    monkeypatch.setenv("FAIRPASSAGE_LINKING_KEY_FILE", str(key))
    monkeypatch.setenv("FAIRPASSAGE_OFFICE", OFFICE)
    monkeypatch.setenv("COLUMNS", "80")


def acting(number: int, action: str, *options: str, audience: str = EMBASSY) -> Result:
    return CliRunner().invoke(act, [f"{number:02x}" * 6, action, "--audience", audience, *options])


def published(broker: str) -> list[dict[str, object]]:
    reader = consumer(broker, {})
    try:
        found = [message.value() for message in messages(reader, ["case.actions"])]
    finally:
        reader.close()
    return [decode("case.actions", value) for value in found if value is not None]


def test_what_was_done_is_published_and_names_nobody(broker: str) -> None:
    done = acting(1, "acknowledge", "--officer", "K. Sharma")
    assert (done.exit_code, done.output) == (0, f"acknowledge: T-CON-02@1 {'01' * 16}, as {EMBASSY}.\n")
    (event,) = published(broker)
    assert (event["type"], event["source"]) == ("case.acknowledged", f"/office/{OFFICE}")
    body = event["body"]
    assert isinstance(body, dict)
    assert (body["alert"], body["audience"]) == (f"LK:{'01' * 16}", EMBASSY)
    assert "Sharma" not in str(event)
    assert body["officer"].startswith("p_")


def test_each_action_is_an_event_that_intake_takes() -> None:
    for action in ACTIONS.keys() - {"inspect", "review-licence"}:
        done = acting(1, action, "--dry-run")
        assert done.exit_code == 0, done.output
        assert json.loads(done.output)["type"].startswith("case.")


@pytest.mark.parametrize("action", ["inspect", "review-licence"])
def test_a_measure_of_others_is_refused_and_says_whose_it_is(action: str) -> None:
    done = acting(1, action)
    assert done.exit_code == 2
    assert "is no measure of embassy" in done.output
    assert "labour-" in done.output


def test_the_alert_of_another_audience_is_not_there() -> None:
    done = acting(3, "acknowledge")
    assert done.exit_code == 2
    assert f"{EMBASSY} has no alert" in done.output
    assert acting(3, "inspect", "--dry-run", audience=INSPECTORS).exit_code == 0


def test_an_id_too_short_and_an_option_that_says_nothing_here_are_refused() -> None:
    short = CliRunner().invoke(act, ["0101", "acknowledge", "--audience", EMBASSY])
    assert (short.exit_code, "give at least 8 characters" in short.output) == (2, True)
    surplus = acting(1, "acknowledge", "--to", "desk")
    assert (surplus.exit_code, "--to says nothing here" in surplus.output) == (2, True)


def test_closing_a_complaint_says_that_the_worker_is_asked_and_an_impossibility_needs_its_paper(tmp_path: Path) -> None:
    closed = acting(2, "close", "--reason", "resolved")
    assert "until the worker confirms it" in closed.output
    bare = acting(2, "close", "--impossible", "worker_unreachable")
    assert (bare.exit_code, "undocumented" in bare.output) == (1, True)
    paper = tmp_path / "letter.pdf"
    paper.write_bytes(b"returned to sender")
    assert acting(2, "close", "--impossible", "worker_unreachable", "--document", str(paper)).exit_code == 0
