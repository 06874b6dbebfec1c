"""`fairpassage schema register`, the registry's settings, and what doctor says of it: no registry is needed for any."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import httpx2
import pytest
from click.testing import CliRunner, Result

from infra import protections
from infra.checking import Deployment
from infra.cli import registering
from infra.cli.main import main
from infra.registry import checking, client
from infra.registry.contracts import subjects
from infra.registry.registering import NotReleased, register
from infra.settings import Settings, load
from schemas.composition import contracts, present
from tests.support.registry import FakeRegistry

URL = "http://127.0.0.1:8081/apis/ccompat/v7"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeRegistry:
    """The registry of the settings is one in memory."""
    found = FakeRegistry()
    for module in (registering, checking):
        monkeypatch.setattr(module, "connect", lambda settings, **given: found.client())
    return found


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["schema", *arguments])


def test_it_says_what_it_did_and_again_that_there_was_nothing_to_do(fake: FakeRegistry) -> None:
    first, again = run("register"), run("register")
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "registered case.actions-value: case.actions 1\n" in first.output
    assert first.output.endswith(f"{len(contracts())} registered, 0 were there, 0 refused.\n")
    assert again.output == f"0 registered, {len(contracts())} were there, 0 refused.\n"


def test_a_dry_run_says_what_would_be(fake: FakeRegistry) -> None:
    fake.put("visa-value", present("visa"))
    fake.levels["visa-value"] = "BACKWARD"
    found = run("register", "--dry-run")
    assert "would register recruitment-value: recruitment 1\n" in found.output
    assert "would hold visa-value to BACKWARD_TRANSITIVE, not BACKWARD\n" in found.output
    assert list(fake.subjects) == ["visa-value"]


def test_a_refusal_names_subject_version_reason_and_remedy(fake: FakeRegistry) -> None:
    fake.put("visa-value", present("complaint"))
    found = run("register")
    assert found.exit_code == 1
    assert "refused visa-value, version 1 there: is not release 1 of visa\n" in found.output
    assert "\n    contracts are registered by this command alone: delete that version there" in found.output
    assert found.output.endswith(f"{len(contracts()) - 1} registered, 0 were there, 1 refused.\n")


def test_as_json_it_is_one_object(fake: FakeRegistry) -> None:
    fake.put("visa-value", present("complaint"))
    found = run("register", "--json")
    told = json.loads(found.output)
    assert found.exit_code == 1
    assert (told["dry_run"], [each["subject"] for each in told["subjects"]]) == (False, [each.name for each in subjects()])
    (visa,) = [each for each in told["subjects"] if each["subject"] == "visa-value"]
    assert visa["problem"]["version"] == 1
    (alert,) = [each for each in told["subjects"] if each["contract"] == "alert"]
    assert alert == {"subject": "org.fairpassage.out.Alert", "contract": "alert", "added": [1], "there": [], "later": 0,
                     "compatibility": {"was": None, "is": "FULL_TRANSITIVE"}, "problem": None}  # fmt: skip


def test_releases_out_of_order_are_told(fake: FakeRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise NotReleased(["visa version 2 breaks visa version 1: x"])

    monkeypatch.setattr(registering, "register", refuse)
    found = run("register")
    assert found.exit_code == 1
    assert "visa version 2 breaks visa version 1: x" in found.output


def test_a_compatibility_that_the_registry_will_not_set_is_an_error(fake: FakeRegistry) -> None:
    fake.put("visa-value", present("visa"))

    def refuse(request: httpx2.Request) -> httpx2.Response:
        if request.method == "PUT":
            return httpx2.Response(422, json={"error_code": 42203, "message": "Invalid compatibility level"})
        fake.answer = None
        try:
            return fake.answered(request)
        finally:
            fake.answer = refuse

    fake.answer = refuse
    found = run("register")
    assert found.exit_code == 1
    assert "refuses: Invalid compatibility level" in found.output


def test_without_a_registry_it_says_which_setting() -> None:
    found = run("register")
    assert found.exit_code == 2
    assert "FAIRPASSAGE_SCHEMA_REGISTRY_URL" in found.output


def test_dry_run_goes_with_register_alone() -> None:
    assert run("visa.issued", "--dry-run").exit_code == 2


@pytest.mark.parametrize("url", ["registry:8081", "ftp://registry", "http://", "http://r:port/", "http://a,http://b", "http://r/?x=1",
                                 "http://user:secret@registry:8081"])  # fmt: skip
def test_an_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(click.UsageError, match="FAIRPASSAGE_SCHEMA_REGISTRY_URL") as problem:
        client.connect(load(schema_registry_url=url))
    assert "secret" not in problem.value.message


def test_credentials_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("open:sesame\n")
    given = load(schema_registry_url=f"{URL}/", schema_registry_user="office", schema_registry_password_file=tmp_path / "password")
    made = client.connect(given)
    assert made.url == URL
    assert made._client._rest_client.auth == ("office", "open:sesame")
    with pytest.raises(click.UsageError, match="no colon"):
        client.connect(load(schema_registry_url=URL, schema_registry_user="a:b"))
    with pytest.raises(click.UsageError, match="absent"):
        client.connect(load(schema_registry_url=URL, schema_registry_user="a", schema_registry_password_file=tmp_path / "absent"))


def test_a_file_without_certificates_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(click.UsageError, match=r"ca\.pem.*certificates"):
        client.connect(load(schema_registry_url="https://registry", schema_registry_ca_file=tmp_path / "ca.pem"))


def _settings(tmp_path: Path, **given: object) -> Settings:
    return load(home=tmp_path, schema_registry_url=URL, **given)


def _said(tmp_path: Path) -> list[tuple[str, str, str]]:
    return [(each.verdict, each.says, each.mend) for each in checking.published(Deployment(_settings(tmp_path), None))]


def test_doctor_says_nothing_of_a_registry_that_is_not_set(tmp_path: Path) -> None:
    assert not list(checking.published(Deployment(load(home=tmp_path), None)))


def test_doctor_says_whether_it_is_as_released(tmp_path: Path, fake: FakeRegistry) -> None:
    ((verdict, says, mend),) = _said(tmp_path)
    assert (verdict, mend) == ("wrong", "`fairpassage schema register`")
    assert says == f"{len(contracts())} subjects, first recruitment-value, are not registered as released"
    register(fake.client())
    assert _said(tmp_path) == [("ok", f"{len(contracts())} contracts at http://registry.invalid/apis as released", "")]


def test_doctor_sees_what_differs(tmp_path: Path, fake: FakeRegistry) -> None:
    register(fake.client())
    fake.levels["visa-value"] = "NONE"
    fake.subjects["complaint-value"] = fake.subjects["visa-value"]
    fake.subjects["oversight-value"] = []
    found = _said(tmp_path)
    assert [(verdict, says) for verdict, says, _ in found] == [
        ("wrong", "complaint-value: version 1 there is not release 1 of complaint"),
        ("wrong", "oversight-value is not registered as released"),
        ("wrong", "visa-value is not held to the compatibility that our guard holds to"),
    ]
    assert all(mend for *_, mend in found)


def test_doctor_notes_a_newer_build(tmp_path: Path, fake: FakeRegistry) -> None:
    register(fake.client())
    newer = present("visa") | {"fields": [*present("visa")["fields"], {
        "name": "desk", "type": ["null", "string"], "doc": "New.", "pii": "none", "default": None}]}  # fmt: skip
    fake.put("visa-value", newer)
    noted, fine = _said(tmp_path)
    assert (noted[:2], fine[0]) == (("note", "visa-value is of a newer build"), "ok")


def test_doctor_says_that_it_does_not_answer(tmp_path: Path, fake: FakeRegistry) -> None:
    def gone(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    fake.answer = gone
    ((verdict, says, mend),) = _said(tmp_path)
    assert verdict == "wrong"
    assert "does not answer" in says
    assert "dead letter" in mend


def test_a_registry_that_is_asked_in_clear_over_a_network_is_wrong(tmp_path: Path) -> None:
    settings = load(home=tmp_path, schema_registry_url="http://registry:8081")
    (found,) = protections.warehouse(Deployment(settings, None))
    assert (found.check, found.verdict) == ("registry TLS", "wrong")
    assert not list(protections.warehouse(Deployment(_settings(tmp_path), None)))


def test_its_password_is_its_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("k" * 40)
    (tmp_path / "password").chmod(0o644)
    given = _settings(tmp_path, schema_registry_user="office", schema_registry_password_file=tmp_path / "password")
    (found,) = protections.passwords(Deployment(given, None))
    assert (found.check, found.verdict) == ("registry password", "wrong")
