"""The topic files: every key, known and required; dead letters outlive the inbox; homes and audiences by their tables."""

from __future__ import annotations

import shutil
import tomllib
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from infra.kafka.topics import DAY_MS, settings
from schemas import homes, topicfiles
from schemas.catalogue import CONTEXTS
from schemas.catalogue import folder as bodies
from schemas.codes import countries
from schemas.roles import roles
from schemas.topicfiles import FOLDER, Topic, TopicFileError, audiences, declared, parse, topic, topics
from streams.dossiers.audiences import address, addresses
from streams.rules.registry import catalogue

FILES = sorted(path for path in FOLDER.glob("*.toml") if path.stem not in ("audiences", "homes", "roles"))
KEYS = [field.name for field in fields(Topic)]
NP_QA = ("NP", "QA", "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_says_all_that_a_topic_is(path: Path) -> None:
    found = parse(path.read_text("utf-8"), path.name)
    assert found.name == path.name.removesuffix(".toml")
    assert "_" not in found.name
    assert min(len(found.owner), len(found.key), len(found.value), len(found.pii)) > 0
    assert 1 <= found.embedded_partitions <= found.partitions
    assert found.retention_days > 0 or found.retention_days == -1
    assert (found.cleanup == "compact") == (found.retention_days == -1), "compacted topics keep, the others forget"
    assert found.max_record_bytes >= 1 << 20
    assert found.producers
    assert found.consumers
    assert {*found.producers, *found.consumers} <= roles().keys(), "roles.toml says who they are"
    assert path.read_text("utf-8").startswith("# "), "it begins with what the topic is for"


@pytest.mark.parametrize("key", KEYS)
def test_a_file_without_a_key_or_with_a_misspelt_one_is_an_error(key: str) -> None:
    text = (FOLDER / "visa.toml").read_text("utf-8")
    with pytest.raises(TopicFileError, match=f"^visa.toml: {key} is missing; every topic file says all of name, owner"):
        parse("\n".join(line for line in text.splitlines() if not line.startswith(f"{key} =")), "visa.toml")
    with pytest.raises(TopicFileError, match=f"^visa.toml: unknown key '{key}s'; known are name, owner"):
        parse(f"{text}\n{key}s = 1\n", "visa.toml")


def test_what_a_broker_would_refuse_is_an_error_here() -> None:
    text = (FOLDER / "visa.toml").read_text("utf-8")
    for line, wrong in (("cleanup", '"shrink"'), ("partitions", "0"), ("partitions", '"6"'), ("retention_days", "0"),
                        ("max_record_bytes", "-1"), ("producers", '"office"'), ("consumers", "[1]"), ("owner", "7"),
                        ("partitions", "true")):  # fmt: skip
        with pytest.raises(TopicFileError, match=rf"^visa\.toml: {line} is "):
            parse("\n".join(f"{line} = {wrong}" if each.startswith(f"{line} =") else each for each in text.splitlines()), "visa.toml")
    with pytest.raises(TopicFileError, match=r"^visa\.toml: it is no TOML: "):
        parse("name = ", "visa.toml")


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_public_topic_is_an_inbox_of_30_days_for_intake_and_audit_alone(context: str) -> None:
    found = topic(context)
    written_by = {"case.actions": ["audience"], "oversight": ["office", "watch"]}.get(context, ["office"])
    assert (found.retention_days, found.cleanup) == (30, "delete")
    assert (found.consumers, found.producers) == (["intake", "audit"], [*written_by, "dlq"])
    assert found.value == f"schemas/avro/{bodies(context).name}, Avro single-object encoding"


@pytest.mark.parametrize("each", [each for each in topics() if each.dead_letters], ids=lambda each: each.name)
def test_dead_letters_outlive_the_inbox_and_hold_what_it_held(each: Topic) -> None:
    letters = {found.name: found for found in topics()}[each.dead_letters]
    assert letters.cleanup == "delete"
    assert letters.retention_days == each.dead_letter_days == 35
    assert letters.retention_days > each.retention_days
    assert letters.max_record_bytes > each.max_record_bytes
    assert letters.dead_letters == ""
    assert letters.producers == (["sink"] if each.dead_letters == "sink.dlq" else ["worker", "audit"])


def test_everything_there_is_to_create() -> None:
    names = [each.name for each in topics()]
    assert names == sorted(set(names))
    own = {"feed", "facts", "findings", "erasures", "keys", "standings", "journeys", "sink.dlq"}
    assert set(names) == own | set(CONTEXTS) | {f"{name}.dlq" for name in CONTEXTS} | {f"alerts.{name}" for name in audiences()}


@pytest.mark.parametrize("each", topics(), ids=lambda each: each.name)
def test_a_topic_is_told_to_the_broker_as_its_file_says(each: Topic) -> None:
    here, service = settings(each, copies=1), settings(each, copies=3)
    assert here == {name: value for name, value in service.items() if name != "min.insync.replicas"}
    assert service["min.insync.replicas"] == "2"
    assert service["cleanup.policy"] == each.cleanup
    assert service.get("message.timestamp.type") == ("LogAppendTime" if each.name in CONTEXTS else None)
    assert service["max.message.bytes"] == str(each.max_record_bytes)
    if each.cleanup == "delete":
        assert int(service["retention.ms"]) == each.retention_days * DAY_MS
    else:
        assert "retention.ms" not in service
        assert int(service["max.compaction.lag.ms"]) == DAY_MS, "an erased fact's body does not wait for half of its segment to be stale"
    assert int(service["segment.ms"]) == DAY_MS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The topic files as they are, to change."""
    copied = Path(shutil.copytree(FOLDER, tmp_path / "topics"))
    monkeypatch.setattr(topicfiles, "FOLDER", copied)
    _forget()
    yield copied
    _forget()


def _forget() -> None:
    topicfiles.audiences.cache_clear()
    topicfiles._files.cache_clear()


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def test_a_new_audience_is_one_line(folder: Path) -> None:
    before = {each.name for each in topics()}
    assert not declared("embassy.NP-BH")
    assert addresses(("embassy",), *NP_QA[:1], "BH", "", declared) == ("oversight",)
    _replace(folder / "audiences.toml", "corridors = [\n", 'corridors = [\n  "NP-BH",\n')
    _forget()
    assert declared("embassy.NP-BH")
    assert {each.name for each in topics()} - before == {"alerts.embassy.NP-BH", "alerts.satellite-office.NP-BH"}
    assert addresses(("embassy",), *NP_QA[:1], "BH", "", declared) == ("embassy.NP-BH",)


def test_a_new_role_everywhere_is_one_word(folder: Path) -> None:
    _replace(folder / "audiences.toml", '"regional-network"]', '"regional-network", "parliament"]')
    _forget()
    assert declared("parliament")
    assert "alerts.parliament" in {each.name for each in topics()}


def test_a_file_at_fault_stops_everything_that_reads_topics(folder: Path) -> None:
    _replace(folder / "visa.toml", "retention_days", "retention_day")
    _forget()
    with pytest.raises(TopicFileError, match="unknown key 'retention_day'"):
        topics()


def test_a_new_topic_is_one_file_and_brings_its_dead_letters(folder: Path) -> None:
    text = (folder / "visa.toml").read_text("utf-8").replace("visa.dlq", "border.dlq").replace('"visa"', '"border"')
    (folder / "border.toml").write_text(text, "utf-8")
    _forget()
    assert {"border", "border.dlq"} <= {each.name for each in topics()}


def test_every_role_that_a_rule_addresses_is_declared_somewhere() -> None:
    for spec in catalogue():
        for role in spec.audience:
            where = address(role, *NP_QA)
            assert declared(where), f"{spec.id} addresses {where}"


def test_audiences_are_roles_in_places_that_exist() -> None:
    raw = tomllib.loads((FOLDER / "audiences.toml").read_text("utf-8"))
    for key in ("corridors", "origins", "destinations"):
        assert len(raw[key]) == len(set(raw[key])), key
    places = {place for key in ("origins", "destinations") for place in raw[key]}
    assert places <= countries()
    for corridor in raw["corridors"]:
        origin, _, destination = corridor.partition("-")
        assert origin in raw["origins"], corridor
        assert destination in raw["destinations"], corridor
    assert {"oversight", "oversight-restricted"} <= set(raw["everywhere"])


def test_a_known_home_is_dealt_by_weight_and_the_same_on_every_machine() -> None:
    assert [homes.partition(home, 8) for home in ("PH", "BD", "PK", "NP", "SA", "AE", "IN", "US")] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert {homes.partition(home, 1) for home in homes.weights()} == {0}


@pytest.mark.parametrize("partitions", [topic("feed").embedded_partitions, topic("feed").partitions])
def test_no_two_of_the_largest_homes_share_a_partition(partitions: int) -> None:
    largest = sorted(homes.weights(), key=lambda home: -homes.weights()[home])[:8]
    assert len({homes.partition(home, partitions) for home in largest}) == 8
    loads: Counter[int] = Counter()
    for home, weight in homes.weights().items():
        loads[homes.partition(home, partitions)] += round(weight)
    heaviest = max(homes.weights().values())
    assert max(loads.values()) <= max(heaviest, 2 * sum(homes.weights().values()) / partitions)


def test_another_home_is_hashed_and_every_number_is_a_partition() -> None:
    for home in sorted(countries() - homes.weights().keys()):
        assert homes.partition(home, 64) == zlib.crc32(home.encode()) % 64
    for number in (1, 2, 7, 64):
        assert {homes.partition(home, number) for home in countries()} <= set(range(number))


def test_the_table_lists_countries_and_what_rules_partition_by_has_one_number() -> None:
    assert homes.weights().keys() <= countries()
    assert min(homes.weights().values()) > 0
    for count in ("partitions", "embedded_partitions"):
        assert len({getattr(topic(name), count) for name in ("feed", "facts", "findings", "erasures", "keys")}) == 1
