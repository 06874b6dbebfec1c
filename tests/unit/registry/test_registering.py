"""Contracts into a registry: each release once and in order, what either guard refuses is told, and what is there stays."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import httpx2
import pytest

from infra.registry.client import Away, Registry
from infra.registry.contracts import strictest, subject, subjects
from infra.registry.registering import NotReleased, Outcome, looked, register
from schemas.compatibility import HASHES, digest
from schemas.composition import RELEASES, contracts, present
from tests.support.registry import URL, FakeRegistry

VISA = "visa-value"


@pytest.fixture
def fake() -> FakeRegistry:
    return FakeRegistry()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The releases as they are, to add to."""
    return Path(shutil.copytree(RELEASES, tmp_path / "releases"))


def later(**added: Any) -> dict[str, Any]:
    """The schema of visa with one more field that may be left out."""
    found = copy.deepcopy(present("visa"))
    found["fields"].append({"name": "desk", "type": ["null", "string"], "doc": "New.", "pii": "none", "default": None, **added})
    return found


def breaking() -> dict[str, Any]:
    """The schema of visa with one more field that must be there."""
    found = later()
    del found["fields"][-1]["default"]
    return found


def noted(folder: Path, file: str) -> None:
    with (folder / HASHES).open("a") as out:
        out.write(f'"{file}" = "{digest(folder / file)}"\n')


def released(folder: Path, schema: dict[str, Any], number: int = 2) -> None:
    """Freezes another version of visa, as a build before this one had."""
    shutil.move(folder / "visa/1.avsc", folder / f"visa/{number}.avsc")
    (folder / "visa/1.avsc").write_text(json.dumps(schema), "utf-8")
    rows = [row for row in (folder / HASHES).read_text("utf-8").splitlines() if '"visa/' not in row]
    (folder / HASHES).write_text("\n".join([*rows, ""]), "utf-8")
    noted(folder, "visa/1.avsc")
    noted(folder, f"visa/{number}.avsc")


def earlier() -> dict[str, Any]:
    """The schema of visa as it was before `run` was added."""
    found = copy.deepcopy(present("visa"))
    found["fields"] = [field for field in found["fields"] if field["name"] != "run"]
    return found


def of(found: list[Outcome], name: str) -> Outcome:
    (one,) = [each for each in found if each.subject.name == name]
    return one


def test_every_contract_has_a_subject_of_its_own() -> None:
    assert [each.contract for each in subjects()] == list(contracts())
    assert len({each.name for each in subjects()}) == len(contracts())
    assert (subject("case.actions").name, subject("case.actions").level) == ("case.actions-value", "BACKWARD_TRANSITIVE")
    assert (subject("alert").name, subject("alert").level) == ("org.fairpassage.out.Alert", "FULL_TRANSITIVE")


def test_all_releases_are_registered_with_their_compatibility_and_once(fake: FakeRegistry) -> None:
    found = register(fake.client())
    assert {each.subject.name: each.added for each in found} == {each.name: (1,) for each in subjects()}
    assert fake.levels == {each.name: each.level for each in subjects()}
    assert fake.schemas(VISA) == [present("visa")]
    before, fake.asked[:] = dict(fake.subjects), []
    again = register(fake.client())
    assert all((each.added, each.there, each.problem) == ((), (1,), None) for each in again)
    assert fake.subjects == before
    assert {each.split()[0] for each in fake.asked} == {"GET"}


def test_a_dry_run_says_the_same_and_changes_nothing(fake: FakeRegistry) -> None:
    assert [each.added for each in register(fake.client(), dry_run=True)] == [(1,)] * len(contracts())
    assert (fake.subjects, fake.levels) == ({}, {})
    fake.put(VISA, present("visa"))
    fake.levels[VISA] = "NONE"
    one = of(register(fake.client(), dry_run=True), VISA)
    assert (one.there, one.added, one.was, one.level) == ((1,), (), "NONE", "BACKWARD_TRANSITIVE")
    assert fake.levels == {VISA: "NONE"}


def test_a_run_that_was_cut_short_is_run_again(fake: FakeRegistry, folder: Path) -> None:
    released(folder, earlier())
    fake.put(VISA, earlier())
    one = of(register(fake.client(), folder=folder), VISA)
    assert (one.there, one.added) == ((1,), (2,))
    assert fake.schemas(VISA) == [earlier(), present("visa")]
    assert fake.levels[VISA] == "BACKWARD_TRANSITIVE"


def test_releases_are_registered_in_their_order(fake: FakeRegistry, folder: Path) -> None:
    released(folder, earlier())
    assert of(register(fake.client(), folder=folder), VISA).added == (1, 2)
    assert fake.schemas(VISA) == [earlier(), present("visa")]


def test_what_our_guard_refuses_never_reaches_the_registry(fake: FakeRegistry, folder: Path) -> None:
    released(folder, breaking())
    with pytest.raises(NotReleased) as problem:
        register(fake.client(), folder=folder)
    assert any("visa version 2 breaks visa version 1" in each for each in problem.value.found)
    assert fake.asked == []


def test_a_release_file_that_was_edited_is_not_registered(fake: FakeRegistry, folder: Path) -> None:
    path = folder / "visa/1.avsc"
    path.write_text(path.read_text("utf-8").replace("When it happened.", "When."), "utf-8")
    with pytest.raises(NotReleased, match=r"visa/1\.avsc has changed"):
        register(fake.client(), folder=folder)
    assert fake.asked == []


@pytest.mark.parametrize(("when", "says"), [
    ("check", "it is not compatible with what is there"), ("add", "READER_FIELD_MISSING_DEFAULT_VALUE"),
])  # fmt: skip
def test_what_the_registry_refuses_is_told_and_the_others_go_on(fake: FakeRegistry, folder: Path, when: str, says: str) -> None:
    released(folder, earlier())
    fake.put(VISA, earlier())
    fake.refuses[VISA] = when
    found = register(fake.client(), folder=folder)
    one = of(found, VISA)
    assert one.problem is not None
    assert (one.there, one.added, one.problem.version) == ((1,), (), 0)
    assert one.problem.reason == f"the registry, which holds it to BACKWARD_TRANSITIVE, refuses release 2: {says}"
    assert "another version" in one.problem.remedy
    assert all(each.added == (1,) for each in found if each.subject.name != VISA)
    assert fake.schemas(VISA) == [earlier()]


def test_a_dry_run_asks_what_the_registry_would_refuse(fake: FakeRegistry, folder: Path) -> None:
    released(folder, earlier())
    fake.put(VISA, earlier())
    fake.refuses[VISA] = "check"
    one = of(register(fake.client(), dry_run=True, folder=folder), VISA)
    assert one.problem is not None
    assert one.problem.reason.startswith("the registry, which holds it to its default, refuses release 2")


def test_a_version_that_is_no_release_is_told_and_nothing_is_put_after_it(fake: FakeRegistry) -> None:
    for schema in (later(), breaking(), {"type": "record", "name": "Other", "fields": []}):
        fake.subjects[VISA] = [json.dumps(schema)]
        one = of(register(fake.client()), VISA)
        assert one.problem is not None
        assert (one.added, one.problem.version, one.problem.reason) == ((), 1, "is not release 1 of visa")
        assert "delete that version" in one.problem.remedy
        assert fake.schemas(VISA) == [schema]


def test_later_versions_are_a_newer_builds_where_our_guard_takes_them(fake: FakeRegistry) -> None:
    register(fake.client())
    fake.put(VISA, later())
    one = of(register(fake.client()), VISA)
    assert (one.there, one.added, one.later, one.problem) == ((1,), (), 1, None)


def weaker() -> dict[str, Any]:
    """The schema of visa, said to hold nothing personal beside its body."""
    found = copy.deepcopy(present("visa"))
    for field in found["fields"]:
        field["pii"] = "none"
    return found


@pytest.mark.parametrize("schema", [breaking(), {**later(), "fields": later()["fields"][1:]}, weaker(), {}, {"type": "string"}],
                         ids=["required field", "field gone", "weaker class", "nothing", "text"])  # fmt: skip
def test_later_versions_that_our_guard_would_not_release_are_told(fake: FakeRegistry, schema: dict[str, Any]) -> None:
    fake.put(VISA, present("visa"))
    fake.put(VISA, schema)
    one = of(looked(fake.client()), VISA)
    assert one.problem is not None
    assert one.problem.version == 2
    assert one.problem.reason.startswith("is no release of this build, and cannot follow release 1: ")


def test_the_same_contract_written_otherwise_is_the_same(fake: FakeRegistry) -> None:
    shuffled = json.loads(json.dumps(present("visa"), sort_keys=True))
    shuffled["doc"] = "Other words."
    fake.put(VISA, shuffled)
    assert of(looked(fake.client()), VISA).there == (1,)


def test_one_whose_classes_differ_is_not(fake: FakeRegistry) -> None:
    fake.put(VISA, weaker())
    assert of(looked(fake.client()), VISA).problem is not None


@pytest.mark.parametrize(("was", "ours", "together"), [
    ("", "BACKWARD_TRANSITIVE", "BACKWARD_TRANSITIVE"), ("NONE", "FULL_TRANSITIVE", "FULL_TRANSITIVE"),
    ("BACKWARD", "BACKWARD_TRANSITIVE", "BACKWARD_TRANSITIVE"), ("FULL", "BACKWARD_TRANSITIVE", "FULL_TRANSITIVE"),
    ("FORWARD", "BACKWARD_TRANSITIVE", "FULL_TRANSITIVE"), ("FULL_TRANSITIVE", "BACKWARD_TRANSITIVE", "FULL_TRANSITIVE"),
    ("FORWARD", "", "FORWARD"), ("", "", "NONE"), ("MAGIC", "BACKWARD_TRANSITIVE", "BACKWARD_TRANSITIVE"),
])  # fmt: skip
def test_a_stricter_compatibility_is_kept(was: str, ours: str, together: str) -> None:
    assert strictest(was, ours) == together


def test_a_stricter_one_is_left_as_it_is_set(fake: FakeRegistry) -> None:
    fake.put(VISA, present("visa"))
    fake.levels[VISA] = "FULL_TRANSITIVE"
    assert of(register(fake.client()), VISA).problem is None
    assert fake.levels[VISA] == "FULL_TRANSITIVE"
    assert f"PUT config/{VISA}" not in fake.asked


def _gone(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("Connection refused")


def _untrusted(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")


@pytest.mark.parametrize(("answer", "says"), [
    (_gone, "does not answer: ConnectError: Connection refused"),
    (_untrusted, "FAIRPASSAGE_SCHEMA_REGISTRY_CA_FILE"),
    (lambda _: httpx2.Response(401, json={"error_code": 401, "message": "no"}), "refuses this user"),
    (lambda _: httpx2.Response(403, text="no"), "refuses this user"),
    (lambda _: httpx2.Response(404, text="<html>"), "is no schema registry"),
    (lambda _: httpx2.Response(404, json={"detail": "no"}), "is no schema registry"),
    (lambda _: httpx2.Response(500, text="x"), "answers 500"),
    (lambda _: httpx2.Response(200, text="<html>hello"), "does not answer"),
    (lambda _: httpx2.Response(200, json={"a": 1}), "does not answer"),
    (lambda _: httpx2.Response(204), "does not answer"),
], ids=lambda each: each if isinstance(each, str) else "")  # fmt: skip
def test_a_registry_that_is_of_no_use_says_why(fake: FakeRegistry, answer: Any, says: str) -> None:
    fake.answer = answer
    with pytest.raises(Away) as problem:
        register(fake.client())
    assert says in problem.value.message
    assert URL in problem.value.message


def test_what_was_registered_before_it_went_away_stays(fake: FakeRegistry) -> None:
    client: Registry = fake.client()
    client.add(VISA, present("visa"))
    fake.answer = _gone
    with pytest.raises(Away):
        register(client)
    fake.answer = None
    assert of(register(fake.client()), VISA).there == (1,)
