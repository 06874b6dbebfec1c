"""Identity stays at home: raw numbers, names of natural persons and narratives become keyed digests before they leave.

`seal` is what an office does, with the key that offices share; `rekey` is what intake does, with a second key that only
workers hold, so that no office can unmask what another published.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from schemas.catalogue import EventType, Field, event_type
from streams.publishers.phones import international

log = logging.getLogger(__name__)
LEAST_KEY_BYTES = 32
_PERSON = re.compile(r"[A-Z]{2}:person:(?!p_[0-9a-f]{32}$)(.+)")
_PSEUDONYM = re.compile(r"([A-Z]{2}:person:)?p_[0-9a-f]{32}")
_NARRATIVE = re.compile(r"n_[0-9a-f]{32}")
_NOT_IN_NUMBERS = re.compile(r"[^A-Z0-9]")
_SEALED_TEXT = ("party", "person")  # meanings of fields that may hold a person's name
_SEALED_NUMBER = {"phone": "phone", "account": "bank_account"}  # meanings of fields that hold a party's own number -> how it is normalised
_NUMBER = re.compile(r"d_[0-9a-f]{32}")


class KeyFileError(ValueError):
    """A key file that cannot be used, and the remedy."""


def read_key(path: Path | None, setting: str) -> bytes:
    """The key in a file, at least 32 bytes. Raises KeyFileError: nothing is published without one."""
    if path is None:
        raise KeyFileError(f"{setting} is not set: name a file that holds at least {LEAST_KEY_BYTES} random bytes")
    try:
        key, mode = path.read_bytes().strip(), path.stat().st_mode
    except OSError as problem:
        raise KeyFileError(f"{setting}={path}: {problem.strerror or problem}; name a file that can be read") from problem
    if len(key) < LEAST_KEY_BYTES:
        raise KeyFileError(f"{setting}={path}: {len(key)} bytes; a key has at least {LEAST_KEY_BYTES} random bytes")
    if mode & 0o077:
        log.warning("%s=%s can be read by other users of this machine: chmod 600 it", setting, path)
    return key


def _folded(text: str) -> str:
    """Without accents, case or repeated space."""
    plain = text if text.isascii() else "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def normalise(kind: str, value: str, country: str = "") -> str:
    """One spelling of an identifier: `ab 123-4` and `AB1234` are one passport. `country` (ISO2) completes a national phone
    number. Raises ValueError when nothing is left."""
    if kind == "phone":
        found = international(value, country)
    elif kind == "name_birthdate":
        found = re.sub(r"[^\w|]+", " ", _folded(value.replace(",", " "))).strip()
    elif kind == "position":
        found = value.strip().upper()  # its separators tell one position from another
    else:
        found = _NOT_IN_NUMBERS.sub("", unicodedata.normalize("NFKC", value).upper())
    if not found:
        raise ValueError(f"a {kind} without a letter or digit")
    return found


def digest(key: bytes, *parts: str) -> str:
    """HMAC-SHA256 over the parts, 32 hex characters."""
    keyed = _keyed(key).copy()
    keyed.update("|".join(parts).encode())
    return keyed.hexdigest()[:32]


@lru_cache(maxsize=8)
def _keyed(key: bytes) -> hmac.HMAC:
    """With the key already in it: a copy takes half the time of a new one for short texts."""
    return hmac.new(key, digestmod=hashlib.sha256)


def _identifier(raw: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    kind, country, value = raw["kind"], raw["country"], raw.get("value")
    found = raw.get("digest") if value is None else digest(key, kind, country, normalise(kind, value, country))
    return {"kind": kind, "country": country, "digest": found, "generation": raw.get("generation", 1)}


def person_id(country: str, name: str, key: bytes) -> str:
    """A natural person as a pseudonymous party."""
    return f"{country}:person:p_{digest(key, 'person', country, _folded(name))}"


def _sealed_text(field_pii: str, semantic: str, value: str, key: bytes, country: str = "") -> str:
    if field_pii == "narrative":
        return value if _NARRATIVE.fullmatch(value) else f"n_{digest(key, 'narrative', value)}"
    if semantic in _SEALED_TEXT and (found := _PERSON.fullmatch(value)):
        return person_id(value[:2], found[1], key)
    if semantic == "person" and not _PSEUDONYM.fullmatch(value):
        return f"p_{digest(key, 'person', _folded(value))}"
    if (kind := _SEALED_NUMBER.get(semantic)) is not None and not _NUMBER.fullmatch(value):
        return f"d_{digest(key, kind, normalise(kind, value, country))}"
    return value


def _sealed_value(field: Field, value: Any, key: bytes, country: str) -> Any:
    if isinstance(value, list):
        return [_sealed_value(field, each, key, country) for each in value]
    return _sealed_text(field.pii, field.semantic, value, key, country) if isinstance(value, str) else value


def _sealed_body(kind: EventType, body: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    sealed, country = dict(body), body.get("jurisdiction")
    for field in _telling(kind.name):
        if (value := sealed.get(field.name)) is not None:
            sealed[field.name] = _sealed_value(field, value, key, country if isinstance(country, str) else "")
    return sealed


@cache
def _telling(name: str) -> tuple[Field, ...]:
    """Fields of a body that may hold a narrative, a person's name or a party's own number."""
    meanings = {*_SEALED_TEXT, *_SEALED_NUMBER}
    return tuple(field for field in event_type(name).fields if field.pii == "narrative" or field.semantic in meanings)


def _sealed_subject(subject: str, key: bytes) -> str:
    kind, _, name = subject.partition(":")
    return f"{kind}:{_sealed_text('organisation', 'party', name, key)}" if kind == "party" else subject


def seal(event: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """An event as it may leave the office: no raw identifier, no person's name, no narrative. Sealing twice is once."""
    sealed = {**event, "body": _sealed_body(event_type(event["type"]), event.get("body") or {}, key)}
    if worker := event.get("worker"):
        listed = [_identifier(each, key) for each in worker.get("identifiers") or ()]
        sealed["worker"] = {**worker, "identifiers": listed, "languages": worker.get("languages", [])}
    if was := event.get("was"):
        sealed["was"] = {**was, "subjects": [_sealed_subject(each, key) for each in was.get("subjects") or ()]}
    return sealed


def rekey(event: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """The copy for the worker's home, its digests keyed again. Parties stay: standings must find them in every home."""
    worker = event.get("worker")
    if not worker:
        return dict(event)
    listed = [{**each, "digest": digest(key, each["kind"], each["country"], each["digest"])} for each in worker["identifiers"]]
    return {**event, "worker": {**worker, "identifiers": listed}}
