"""A schema registry that speaks Confluent's API, in the few words of it that are used here.

It answers, refuses (Refused), or is of no use (Away): there is no registry at the address, none that knows this user, or its answer is
no registry's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click

from infra.clickhouse.connection import trusted
from infra.settings import Settings, secret

if TYPE_CHECKING:
    from confluent_kafka.schema_registry import Schema, SchemaRegistryClient

URL, USER = "FAIRPASSAGE_SCHEMA_REGISTRY_URL", "FAIRPASSAGE_SCHEMA_REGISTRY_USER"
_NOT_THERE = frozenset({40401, 40402, 40403, 40408})  # subject, version, schema, a subject's own compatibility
_REFUSED = frozenset({409, 422})
_USER = frozenset({401, 403})
Answer = TypeVar("Answer")


class Away(click.ClickException):
    """The registry does not answer, or not as a registry does: what was asked has neither been done nor refused."""


class Refused(Exception):
    """The registry answers no, with its reason."""


class _NotThere(Exception):
    """No such subject or version."""


@dataclass(frozen=True)
class Version:
    """One version of a subject: its number there, and the registry's id, which Confluent's wire format carries."""

    number: int
    id: int
    schema: Mapping[str, Any]


class Registry:
    """What is asked of a registry. Every method raises Away."""

    def __init__(self, client: SchemaRegistryClient, url: str) -> None:
        self._client, self.url = client, url

    def versions(self, subject: str) -> list[Version]:
        """A subject's versions, oldest first; none where there is no such subject."""
        try:
            numbers = self._ask(lambda: sorted(self._client.get_versions(subject)))
            return [self._version(subject, number) for number in numbers]
        except _NotThere:
            return []

    def _version(self, subject: str, number: int) -> Version:
        found = self._ask(lambda: self._client.get_version(subject, number))
        try:
            schema = json.loads(found.schema.schema_str or "null")
        except ValueError:
            schema = None
        return Version(number, found.schema_id or 0, schema if isinstance(schema, dict) else {})  # a plain type's name is a schema too

    def level(self, subject: str) -> str:
        """The compatibility that was set for a subject itself; '' where none was."""
        try:
            return str(self._ask(lambda: self._client.get_compatibility(subject)))
        except _NotThere:
            return ""

    def set_level(self, subject: str, level: str) -> None:
        """Sets a subject's compatibility. Raises Refused."""
        self._ask(lambda: self._client.set_compatibility(subject, level))

    def check(self, subject: str, schema: Mapping[str, Any]) -> None:
        """Asks whether a schema may follow what a known subject has. Raises Refused."""
        if not self._ask(lambda: self._client.test_compatibility_all_versions(subject, _avro(schema))):
            raise Refused("it is not compatible with what is there")

    def add(self, subject: str, schema: Mapping[str, Any]) -> int:
        """Registers a subject's next version, the same once more being none; its id. Raises Refused."""
        return int(self._ask(lambda: self._client.register_schema(subject, _avro(schema))))

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        from confluent_kafka.schema_registry.error import SchemaRegistryError

        try:
            return call()
        except SchemaRegistryError as problem:
            raise self._said(problem.http_status_code, problem.error_code, str(problem.error_message)) from problem
        except Exception as problem:  # its client raises its HTTP library's errors, and many others for what is no answer
            raise Away(f"the schema registry at {self.url} does not answer: {_reason(problem)}") from problem

    def _said(self, status: int, code: int, says: str) -> Exception:
        if status == 404 and code in _NOT_THERE:
            return _NotThere()
        if status in _REFUSED:
            return Refused(says)
        if status in _USER:
            return Away(f"the schema registry at {self.url} refuses this user ({status}): see\n{USER}, its PASSWORD_FILE, and what it "
                        "may do there")  # fmt: skip
        if status == 404:
            return Away(f"{self.url} is no schema registry (404): {URL} is the address of its Confluent API,\n"
                        "of an Apicurio Registry http://host:port/apis/ccompat/v7")  # fmt: skip
        return Away(f"the schema registry at {self.url} answers {status}: {says[:200]}")


def _avro(schema: Mapping[str, Any]) -> Schema:
    from confluent_kafka.schema_registry import Schema

    return Schema(json.dumps(schema, ensure_ascii=False), "AVRO")


def _reason(problem: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(problem):
        return "its certificate is signed by none that is\ntrusted; FAIRPASSAGE_SCHEMA_REGISTRY_CA_FILE names who did"
    return f"{type(problem).__name__}: {str(problem)[:200]}" if str(problem) else type(problem).__name__


def connect(settings: Settings, timeout: int = 10, retries: int = 2) -> Registry:
    """The registry of the settings; nothing is asked of it yet. `timeout` is seconds a question, `retries` of one without an answer.

    Raises click.UsageError where none is set, or what is set cannot be one.
    """
    from confluent_kafka.schema_registry import SchemaRegistryClient

    asked: dict[str, Any] = {"url": _address(settings), "timeout": timeout, "max.retries": retries, "retries.wait.ms": 200}
    if ca := trusted(settings.schema_registry_ca_file):
        asked["ssl.ca.location"] = ca
    if user := settings.schema_registry_user:
        if ":" in user:
            raise click.UsageError(f"{USER}: a user's name has no colon")
        asked["basic.auth.user.info"] = f"{user}:{secret(settings.schema_registry_password_file).get_secret_value()}"
    return Registry(SchemaRegistryClient(asked), asked["url"])


def _address(settings: Settings) -> str:
    url = settings.schema_registry_url
    if not url:
        raise click.UsageError(f"no schema registry: set {URL}.")
    try:
        parts = urlsplit(url)
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        named = False
    if not named or "," in url or parts.query or parts.fragment:
        raise click.UsageError(f"{URL}: write http://host:port, or https, with the path of its Confluent API")
    if parts.username is not None:
        raise click.UsageError(f"{URL}: its user goes in {USER}, and the password in a file of its own")
    return url.rstrip("/")
