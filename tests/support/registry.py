"""A schema registry in memory that answers as Confluent's does, over HTTP but without a connection."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import httpx2
from confluent_kafka.schema_registry import SchemaRegistryClient

from infra.registry.client import Registry
from schemas.compatibility import breaks

URL = "http://registry.invalid/apis"


@dataclass
class FakeRegistry:
    """Subjects by name, each a list of schemas as text; `answer` replaces every answer, and raises where nobody does.

    `refuses` says of a subject whether it takes nothing more when asked ("check") or only when told ("add").

    It holds a subject to what was set for it, BACKWARD and FULL alike to reading what was written before.
    """

    subjects: dict[str, list[str]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    answer: Callable[[httpx2.Request], httpx2.Response] | None = None

    def client(self) -> Registry:
        """A client that asks it, once a question."""
        made = SchemaRegistryClient({"url": URL, "max.retries": 0, "timeout": 1})
        made._rest_client.session = httpx2.Client(transport=httpx2.MockTransport(self.answered))
        return Registry(made, URL)

    def put(self, subject: str, schema: dict[str, Any]) -> None:
        """Registers past every check, as whoever may write it can."""
        self.subjects.setdefault(subject, []).append(json.dumps(schema))

    def schemas(self, subject: str) -> list[dict[str, Any]]:
        """What is there, oldest first."""
        return [json.loads(each) for each in self.subjects.get(subject, ())]

    def answered(self, request: httpx2.Request) -> httpx2.Response:
        """The answer to a request."""
        path = [unquote(each) for each in request.url.path.removeprefix("/apis/").split("/")]
        self.asked.append(f"{request.method} {'/'.join(path)}")
        if self.answer is not None:
            return self.answer(request)
        body = json.loads(request.content) if request.content else {}
        if path[0] == "config":
            return self._level(request.method, path[1], body)
        if path[0] == "compatibility":
            return _json(200, {"is_compatible": self.refuses.get(path[2]) != "check" and self._compatible(path[2], body["schema"])})
        return self._registered(path[1], body["schema"]) if request.method == "POST" else self._versions(path[1], path[3:])

    def _level(self, method: str, subject: str, body: dict[str, Any]) -> httpx2.Response:
        if method == "PUT":
            self.levels[subject] = body["compatibility"]
            return _json(200, body)
        if subject not in self.levels:
            return _json(404, {"error_code": 40408, "message": "no level of its own"})
        return _json(200, {"compatibilityLevel": self.levels[subject]})

    def _compatible(self, subject: str, schema: str) -> bool:
        if not self.levels.get(subject, "NONE").startswith(("BACKWARD", "FULL")):
            return True
        return not any(breaks(json.loads(schema), json.loads(each)) for each in self.subjects.get(subject, ()))

    def _registered(self, subject: str, schema: str) -> httpx2.Response:
        if self.refuses.get(subject) or not self._compatible(subject, schema):
            return _json(409, {"error_code": 409, "message": "READER_FIELD_MISSING_DEFAULT_VALUE"})
        there = self.subjects.setdefault(subject, [])
        if schema not in there:
            there.append(schema)
        return _json(200, {"id": self.id(subject, there.index(schema) + 1)})

    def _versions(self, subject: str, number: list[str]) -> httpx2.Response:
        there = self.subjects.get(subject)
        if there is None:
            return _json(404, {"error_code": 40401, "message": "no such subject"})
        if not number:
            return _json(200, list(range(1, len(there) + 1)))
        version = int(number[0])
        return _json(200, {"subject": subject, "id": self.id(subject, version), "version": version, "schema": there[version - 1]})

    def id(self, subject: str, version: int) -> int:
        """The id of a version."""
        return 100 * (1 + list(self.subjects).index(subject)) + version


def _json(status: int, content: Any) -> httpx2.Response:
    return httpx2.Response(status, json=content)
