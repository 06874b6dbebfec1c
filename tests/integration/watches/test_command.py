"""`fairpassage watch` on the real engines: from an office's file to an embassy's alert, and once."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from infra.embedded.supervisor import Deployment
from infra.settings import load

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]
PATIENCE = 120.0
AS_OF = "2025-03-05T10:20:00Z"


def notices(folder: Path) -> Path:
    """Two deaths at one employer, as an office has them."""
    def notice(number: int) -> dict[str, Any]:
        worker = {"origin": "NP", "identifiers": [{"kind": "passport", "country": "NP", "value": f"PA000000{number}"}]}
        return {
            "id": f"death-{number}", "source": "/office/QA/mol", "type": "deployment.death_notified", "worker": worker,
            "time": f"2025-03-0{number}T08:00:00Z", "recordedat": f"2025-03-0{number}T09:00:00Z",
            "body": {"employer": "QA:cr:55-1023", "country": "QA"},
        }  # fmt: skip

    path = folder / "deaths.jsonl"
    path.write_text("".join(json.dumps(notice(number)) + "\n" for number in (1, 2)))
    return path


def test_from_an_offices_file_to_an_embassys_alert_and_once(tmp_path: Path) -> None:
    with Deployment(load(home=tmp_path / "home"), workers=1, as_of=AS_OF) as running:
        running.run("publish", str(notices(tmp_path)))

        def ran(*more: str) -> dict[str, Any]:
            (found,) = json.loads(running.run("watch", "--once", "--only", "T-DTH-01", "--json", *more))["watches"]
            assert (found["outcome"], found["until"]) == ("judged", "2025-03-05T10:00:00Z")
            return dict(found)

        assert ran("--dry-run")["new"] == {"finding": 1}  # and it is not published
        assert ran()["new"] == {"finding": 1}
        assert ran()["new"] == {}  # it waited until its own report was back
        alerts: list[dict[str, Any]] = []
        until = time.monotonic() + PATIENCE
        while not alerts and time.monotonic() < until:
            listed = running.run("alerts", "--audience", "embassy.NP-QA", "--json").splitlines()
            alerts = [each for each in map(json.loads, listed) if each["rule"] == "T-DTH-01@1"]
        (alert,) = alerts
        assert (alert["subject"], alert["severity"], alert["evidence"]) == ("party:QA:cr:55-1023", "P1", ["death-1", "death-2"])
