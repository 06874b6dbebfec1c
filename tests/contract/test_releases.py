"""The guard of the contracts: it holds now, and it fails the build for every way in which a contract can be broken."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas import compatibility, release
from schemas.catalogue import CONTEXTS
from schemas.codec import fingerprint
from schemas.compatibility import HASHES, breaks, conflicts, problems
from schemas.composition import RELEASES, contracts, present, releases

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The releases as they are, to break."""
    return Path(shutil.copytree(RELEASES, tmp_path / "releases"))


def test_what_is_released_holds() -> None:
    assert problems() == []


@pytest.mark.parametrize("name", contracts())
def test_every_contract_has_versions_from_one_on(name: str) -> None:
    numbers = [number for number, _ in releases(name)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


def test_no_two_topics_are_taken_for_one_another() -> None:
    prints = [fingerprint(schema) for name in CONTEXTS for schema in {json.dumps(s): s for _, s in releases(name)}.values()]
    assert len(prints) == len(set(prints))


def test_a_released_file_that_changes_fails_the_build(folder: Path) -> None:
    path = folder / "visa/1.avsc"
    path.write_text(path.read_text("utf-8").replace("When it happened.", "When it was recorded."), "utf-8")  # words alone
    assert problems(folder) == ["releases/visa/1.avsc has changed since its release; restore it, and release another version"]


def test_a_released_file_that_is_gone_fails_the_build(folder: Path) -> None:
    (folder / "visa/1.avsc").unlink()
    assert "releases/visa/1.avsc is gone; a released schema stays: restore it" in problems(folder)


def test_a_file_that_no_release_made_fails_the_build(folder: Path) -> None:
    shutil.copy(folder / "visa/1.avsc", folder / "visa/99.avsc")
    assert problems(folder) == [f"releases/visa/99.avsc is not in {HASHES}; `python -m schemas.release` writes both"]


def test_the_list_of_hashes_cannot_be_left_out(folder: Path) -> None:
    (folder / HASHES).unlink()
    assert len(problems(folder)) == len(list(folder.glob("*/*.avsc")))


def test_a_contract_that_is_not_released_fails_the_build(tmp_path: Path) -> None:
    found = problems(tmp_path)
    assert found == [f"{name}: its present schema is not released; run `python -m schemas.release`" for name in contracts()]


def _field(schema: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(field for field in schema["fields"] if field["name"] == name)
    return found


def _body(schema: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(body for body in _field(schema, "body")["type"] if body["name"] == name)
    return found


def _without(name: str) -> Change:
    def change(schema: dict[str, Any]) -> None:
        schema["fields"] = [field for field in schema["fields"] if field["name"] != name]

    return change


def _with(**field: Any) -> Change:
    return lambda schema: schema["fields"].append({"doc": "New.", "pii": "none", **field})


def _no_enum_code(schema: dict[str, Any]) -> None:
    _field(schema, "evidence")["type"]["symbols"].remove("inferred")


def _no_code(schema: dict[str, Any]) -> None:
    _field(_body(schema, "FeeDeclared"), "code")["symbols"].remove("bribe")


def _no_type(schema: dict[str, Any]) -> None:
    _field(schema, "body")["type"].remove(_body(schema, "FeeDeclared"))


def _weaker(schema: dict[str, Any]) -> None:
    _field(_body(schema, "FeeDeclared"), "payee")["pii"] = "none"


def _person_now(schema: dict[str, Any]) -> None:
    _field(_body(schema, "FeeDeclared"), "payee")["semantic"] = "person"


def _microseconds(schema: dict[str, Any]) -> None:
    _field(schema, "time")["type"]["logicalType"] = "timestamp-micros"


def _text_now(schema: dict[str, Any]) -> None:
    _field(schema, "time")["type"] = "string"


def _required_now(schema: dict[str, Any]) -> None:
    field = _field(_body(schema, "FeeDeclared"), "receipt")
    field["type"] = "boolean"
    del field["default"]


def _renamed(schema: dict[str, Any]) -> None:
    _body(schema, "FeeDeclared")["name"] = "FeeCharged"


BROKEN: dict[str, tuple[Change, str]] = {
    "a type that is no longer there": (_no_type, "reader union lacking writer type"),
    "a type under another name": (_renamed, "reader union lacking writer type"),
    "a required field that was not written then": (_with(name="new", type="string"), "new"),
    "a field that may no longer be null": (_required_now, "reader union lacking writer type: RECORD"),
    "another type": (_text_now, "reader type: string not compatible with writer type: long"),
    "another unit": (_microseconds, "RecruitmentEvent.time meant timestamp-millis anything and now means timestamp-micros anything"),
    "a field that is gone": (_without("run"), "RecruitmentEvent.run is gone"),
    "an enum's code that is gone": (_no_enum_code, "RecruitmentEvent.evidence no longer has the code inferred"),
    "a text's code that is gone": (_no_code, "FeeDeclared.code no longer has the code bribe"),
    "a weaker PII class": (_weaker, "FeeDeclared.payee was organisation and is now none"),
    "another kind of value": (_person_now, "FeeDeclared.payee meant plain party and now means plain person"),
}
SOUND: dict[str, Change] = {
    "a field that may be left out": _with(name="new", type=["null", "string"], default=None),
    "a new code": lambda schema: _field(_body(schema, "FeeDeclared"), "code")["symbols"].append("visa_sale"),
    "a new type": lambda schema: _field(schema, "body")["type"].append(
        {"type": "record", "name": "FeeWaived", "namespace": "org.fairpassage.recruitment", "fields": []}
    ),
    "a stronger PII class": lambda schema: _field(_body(schema, "FeeDeclared"), "payee").update(pii="sensitive"),
    "other words": lambda schema: schema.update(doc="Other words."),
}


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Change], None]:
    """Makes a contract's present schema another one, as an edit of its files would."""

    def change(name: str, how: Change) -> None:
        schema = copy.deepcopy(present(name))
        how(schema)
        for module in (compatibility, release):
            monkeypatch.setattr(module, "present", lambda asked: schema if asked == name else present(asked))

    return change


@pytest.mark.parametrize("what", BROKEN)
def test_a_present_schema_that_breaks_a_release_fails_the_build(
    what: str, folder: Path, changed: Callable[[str, Change], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    change, expected = BROKEN[what]
    changed("recruitment", change)
    found = problems(folder)
    assert "recruitment: its present schema is not released; run `python -m schemas.release`" in found
    assert any(each.startswith("recruitment as it stands breaks recruitment version 1: ") and expected in each for each in found)
    before = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    with pytest.raises(release.BreakingChangeError, match="recruitment breaks its version 1"):
        release.release(folder)
    monkeypatch.setattr(release.release, "__defaults__", (folder,))
    assert release.main() == 1
    assert capsys.readouterr().err.startswith("not released: recruitment breaks its version 1: ")
    assert {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()} == before


@pytest.mark.parametrize("what", SOUND)
def test_a_sound_change_is_released_as_the_next_version(what: str, folder: Path, changed: Callable[[str, Change], None]) -> None:
    changed("recruitment", SOUND[what])
    latest = releases("recruitment", folder)[-1][0]
    made = release.release(folder)
    assert made == ([] if what == "other words" else [f"recruitment/{latest + 1}.avsc"])
    assert release.release(folder) == []
    assert problems(folder) == []


def test_a_breaking_version_that_was_written_by_hand_fails_the_build(folder: Path) -> None:
    schema = copy.deepcopy(releases("recruitment", folder)[-1][1])
    _no_type(schema)
    path = folder / "recruitment/98.avsc"
    path.write_text(json.dumps(schema), "utf-8")
    release._note(folder, {"recruitment/98.avsc": compatibility.digest(path)})
    assert any(each.startswith("recruitment version 98 breaks recruitment version 1: ") for each in problems(folder))


def test_every_later_version_is_compared_with_every_earlier_one_not_with_the_last_alone(folder: Path) -> None:
    """A field that comes, goes and comes again as another type is sound step by step and breaks the first."""
    again = {"name": "run", "type": ["null", "long"], "doc": "Now a number.", "pii": "none", "default": None}
    for number, field in ((97, None), (98, again)):
        schema = copy.deepcopy(releases("visa", folder)[0][1])
        _without("run")(schema)
        schema["fields"] += [field] if field else []
        path = folder / f"visa/{number}.avsc"
        path.write_text(json.dumps(schema), "utf-8")
        release._note(folder, {f"visa/{number}.avsc": compatibility.digest(path)})
    assert any(each.startswith("visa version 98 breaks visa version 1: ") for each in problems(folder))


def test_who_reads_what_goes_out_keeps_their_version() -> None:
    old = present("alert")
    for change, expected in (
        (_with(name="new", type="string"), "new"),
        (lambda schema: _field(schema, "status")["type"]["symbols"].append("muted"), "cannot read it"),
        (lambda schema: schema["fields"].insert(0, {"name": "new", "type": "string", "doc": "N.", "pii": "none"}), "in their order"),
    ):
        later = copy.deepcopy(old)
        change(later)
        assert any(expected in each for each in conflicts("alert", later, old))
    later = copy.deepcopy(old)
    _with(name="new", type=["null", "string"], default=None)(later)
    assert conflicts("alert", later, old) == []
    assert breaks(old, old) == []


def test_the_command_says_what_it_released(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release.release, "__defaults__", (tmp_path / "new",))
    assert release.main() == 0
    assert capsys.readouterr().out.split() == sorted(f"{name}/1.avsc" for name in contracts())
    assert release.main() == 0
    assert capsys.readouterr().out == "nothing has changed since the last release\n"
    assert problems(tmp_path / "new") == []
