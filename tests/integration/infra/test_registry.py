"""A real schema registry, Apicurio 2.6: contracts into it, old and new writers and readers together, and the same without it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from infra.checking import Deployment
from infra.cli.main import main
from infra.cli.wiring import writers_of
from infra.registry.checking import published
from infra.registry.client import Refused
from infra.registry.contracts import refusal, subjects
from infra.registry.registering import register
from infra.registry.writers import AWAY, Writers
from infra.settings import Settings, load
from schemas.codec import MARKER, decode, encode, fingerprint
from schemas.composition import contracts, topic_schema
from tests.support.apicurio import Apicurio
from tests.support.later import EVENT, TOPIC, avro, confluent, newer, record, through_intake

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
SUBJECT, UNKNOWN = f"{TOPIC}-value", 987_654
OURS, LATER = encode(EVENT), MARKER + fingerprint(newer()) + record(newer())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apicurio]:
    found = Apicurio(tmp_path_factory.mktemp("apicurio"), load().jars)
    yield found
    found.kill()


@pytest.fixture
def apicurio(server: Apicurio) -> Apicurio:
    """The registry, started anew with nothing in it where a test before had killed it."""
    if not server.running:
        server.start()
    return server


@pytest.fixture
def settings(server: Apicurio) -> Settings:
    return load(schema_registry_url=server.url)


def command(server: Apicurio, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["schema", "register", *arguments], env={"FAIRPASSAGE_SCHEMA_REGISTRY_URL": server.url})


def known_to(settings: Settings) -> Writers:
    found = writers_of(settings)
    assert found is not None
    found.begin([TOPIC])
    return found


def of_third_party(server: Apicurio, version: int, **said: Any) -> bytes:
    """What somebody's own producer writes with Confluent's serializer and a version of the registry's; it registers nothing."""
    client = SchemaRegistryClient({"url": server.url})
    serializer = AvroSerializer(client, client.get_version(SUBJECT, version).schema, conf={"auto.register.schemas": False})
    return bytes(serializer(avro(**said), SerializationContext(TOPIC, MessageField.VALUE)))


def read_by_third_party(server: Apicurio, data: bytes) -> dict[str, Any]:
    """The same read with Confluent's deserializer and the latest version."""
    client = SchemaRegistryClient({"url": server.url})
    deserializer = AvroDeserializer(client, client.get_latest_version(SUBJECT).schema)
    return dict(deserializer(data, SerializationContext(TOPIC, MessageField.VALUE)))


def required() -> dict[str, Any]:
    """A later version whose new field must be there: no reader of it takes what was written before."""
    found = copy.deepcopy(topic_schema(TOPIC))
    found["fields"].append({"name": "gate", "type": "string", "doc": "New.", "pii": "none"})
    return found


def test_contracts_are_registered_once_and_doctor_sees_them(apicurio: Apicurio, settings: Settings) -> None:
    dry, first, again = command(apicurio, "--dry-run"), command(apicurio), command(apicurio)
    assert [each.exit_code for each in (dry, first, again)] == [0, 0, 0], dry.output + first.output + again.output
    assert dry.output.endswith(f"{len(contracts())} missing, 0 were there, 0 refused.\n")
    assert first.output.endswith(f"{len(contracts())} registered, 0 were there, 0 refused.\n")
    assert again.output == f"0 registered, {len(contracts())} were there, 0 refused.\n"
    client = apicurio.client()
    assert {each.name: client.level(each.name) for each in subjects()} == {each.name: each.level for each in subjects()}
    assert [each.verdict for each in published(Deployment(settings, None))] == ["ok"]


def test_a_breaking_version_is_refused_by_our_guard_and_by_the_registry(apicurio: Apicurio, settings: Settings) -> None:
    client = apicurio.client()
    register(client)
    assert "gate" in refusal(TOPIC, required(), topic_schema(TOPIC))
    with pytest.raises(Refused):
        client.check(SUBJECT, required())
    with pytest.raises(Refused, match=r"(?i)incompatible|rule"):
        client.add(SUBJECT, required())
    assert [each.verdict for each in published(Deployment(settings, None))] == ["ok"]


async def test_old_and_new_writers_and_readers_get_on(apicurio: Apicurio, settings: Settings) -> None:
    """This build is the old reader; the field, and the type, that it does not know came with a later one."""
    client = apicurio.client()
    register(client)
    old = of_third_party(apicurio, 1)
    client.add(SUBJECT, newer())
    new, more = of_third_party(apicurio, 2), of_third_party(apicurio, 2, desk="north")
    assert old != new
    writers = known_to(settings)
    assert [decode(TOPIC, each, writers) for each in (OURS, old, new, LATER)] == [EVENT] * 4
    assert await through_intake(writers, OURS, more, new, LATER, old) == ([EVENT["id"]] * len(await _homes()) * 4, ["unknown_schema"])
    others = [read_by_third_party(apicurio, each) for each in (old, new, more)]
    assert [(each["id"], each["desk"]) for each in others] == [(EVENT["id"], None), (EVENT["id"], None), (EVENT["id"], "north")]
    assert [each.verdict for each in published(Deployment(settings, None))] == ["note", "ok"]
    assert command(apicurio).exit_code == 0


async def _homes() -> list[str]:
    """A copy of the event for each of its homes."""
    return (await through_intake(None, OURS))[0]


async def test_down_at_the_start_it_stops_nothing_and_is_found_when_it_is_up(server: Apicurio, settings: Settings) -> None:
    server.kill()
    clock = [0.0]
    given = writers_of(settings)
    assert given is not None
    writers = Writers(given._registry, lambda: clock[0])
    writers.begin([TOPIC])
    homes = await _homes()
    assert await through_intake(writers, OURS, LATER, OURS) == (homes * 2, ["registry_away"])
    (result,) = published(Deployment(settings, None))
    assert (result.verdict, "does not answer" in result.says) == ("wrong", True)
    assert "does not answer" in command(server).output
    server.start()
    register(server.client())
    server.client().add(SUBJECT, newer())
    clock[0] += AWAY
    assert await through_intake(writers, OURS, LATER, OURS) == (homes * 3, [])


async def test_killed_or_asleep_in_service_it_stops_nothing_and_what_was_known_is(apicurio: Apicurio, settings: Settings) -> None:
    client = apicurio.client()
    register(client)
    homes = await _homes()
    id_of = {each.number: each.id for each in client.versions(SUBJECT)}
    known = confluent(id_of[1], OURS[10:])
    writers, clock = known_to(settings), [1e9]
    writers._clock = lambda: clock[0]
    apicurio.sleep()
    assert await through_intake(writers, known, confluent(UNKNOWN, OURS[10:]), OURS) == (homes * 2, ["registry_away"])
    assert await through_intake(writers, known, confluent(UNKNOWN, OURS[10:]), OURS) == (homes * 2, ["registry_away"])
    apicurio.wake()
    clock[0] += AWAY
    assert await through_intake(writers, known, confluent(UNKNOWN, OURS[10:])) == (homes, ["unknown_schema"])
    apicurio.kill()
    clock[0] += AWAY
    assert await through_intake(writers, known, confluent(UNKNOWN, OURS[10:]), OURS) == (homes * 2, ["registry_away"])
