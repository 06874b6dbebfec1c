"""How the Faust app is set up: no web server, no tables, and what a rule or policy row changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from faust.types.enums import ProcessingGuarantee

from streams.agents.config import WorkerConfig
from streams.agents.delivery import or_die
from streams.agents.worker import PassageApp, Worker, _slices, version_of
from streams.domain import frames
from streams.domain.frames import Frame
from streams.rules.policy import Policy, default
from tests.support.builders import fact
from tests.support.faust_events import event


def config(directory: Path, policy: Policy) -> WorkerConfig:
    return WorkerConfig("127.0.0.1:1", directory, b"k" * 32, ("visa",), policy, lambda audience: True, lambda home, many: 0)


@pytest.fixture
def app(tmp_path: Path) -> PassageApp:
    return Worker(config(tmp_path, default())).app


def test_there_is_no_web_server_and_there_are_no_tables(app: PassageApp) -> None:
    assert app.conf.web_enabled is False
    assert not app.tables.data
    assert not app.conf.topic_allow_declare
    assert str(app.conf.processing_guarantee) == str(ProcessingGuarantee.AT_LEAST_ONCE)


def test_a_batch_is_judged_in_slices_of_about_a_thousand_facts_in_their_order() -> None:
    facts = tuple(fact("deployment.departed", "2025-03-01") for _ in range(400))
    batch = [event("feed", frames.encode(Frame("NP", facts)), offset=offset) for offset in range(7)]
    sliced = [([each.message.offset for each in some], sum(len(frame.facts) for frame in found)) for some, found in _slices(batch)]
    assert sliced == [([0, 1, 2], 1_200), ([3, 4, 5], 1_200), ([6], 400)]


def test_two_agents(app: PassageApp) -> None:
    assert set(app.agents) == {"intake", "dossiers"}


def test_another_policy_is_another_version(tmp_path: Path) -> None:
    rows = default().all()
    other = Policy([replace(rows[0], values={**rows[0].values, "grace_days": 99}), *rows[1:]])
    assert version_of(config(tmp_path, default())) == version_of(config(tmp_path, Policy(rows)))
    assert version_of(config(tmp_path, default())) != version_of(config(tmp_path, other))


async def test_what_raises_in_an_agent_ends_the_process_uncommitted(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []

    def end(status: int) -> None:
        ended.append(status)
        raise SystemExit(status)

    monkeypatch.setattr("streams.agents.delivery.os._exit", end)

    async def fails() -> None:
        raise ValueError("a bug")

    with pytest.raises(SystemExit):
        await or_die(fails(), "a batch")
    assert ended == [1]
