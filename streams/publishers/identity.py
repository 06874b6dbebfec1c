"""Identity stays at home: raw numbers, names of natural persons and narratives become keyed digests before they leave.

`seal` is what an office does, with the key that offices share; `rekey` is what intake does, with a second key that only
workers hold, so that no office can unmask what another published. While either key is changed, both give each identifier of a worker
under the new key and the old one, so that who was quiet meanwhile is known again. Parties in bodies have one digest, of a key that
stays: under another one a person whom a register knows would be in none, and be found to act without a licence.
"""

from __future__ import annotations

import dataclasses
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
from streams.domain.facts import keyed
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


@dataclasses.dataclass(frozen=True)
class Keys:
    """A key, its generation (1, 2, ...), the one of the generation before while that is changed, and that of parties if another."""

    key: bytes = dataclasses.field(repr=False)
    generation: int = 1
    old: bytes | None = dataclasses.field(default=None, repr=False)
    parties: bytes | None = dataclasses.field(default=None, repr=False)

    @property
    def of_parties(self) -> bytes:
        """What seals persons, numbers and narratives in bodies."""
        return self.key if self.parties is None else self.parties


Key = bytes | Keys  # a bare key is of the first generation


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


def read_keys(path: Path | None, setting: str, generation: int, old: Path | None) -> Keys:
    """The key in a file and, where one is named, the key before it. Raises KeyFileError.

    `setting` names the file's, FAIRPASSAGE_LINKING_KEY_FILE; the others are called after it.
    """
    key, before = read_key(path, setting), setting.replace("_KEY_FILE", "_OLD_KEY_FILE")
    if old is None:
        return Keys(key, generation)
    if generation < 2:
        raise KeyFileError(f"{before} is set, and {setting.removesuffix('_FILE')}_GENERATION is 1: give the new key the next generation")
    found = read_key(old, before)
    if found == key:
        raise KeyFileError(f"{before}={old}: the same key as {setting}={path}; name the key that was in use before")
    return Keys(key, generation, found)


def offices_keys(path: Path | None, generation: int, old: Path | None, parties: Path | None) -> Keys:
    """The linking key with what goes with it. Raises KeyFileError, also where a later generation leaves open which key parties have."""
    keys = read_keys(path, "FAIRPASSAGE_LINKING_KEY_FILE", generation, old)
    if parties is not None:
        return dataclasses.replace(keys, parties=read_key(parties, "FAIRPASSAGE_PARTY_KEY_FILE"))
    if generation > 1:
        raise KeyFileError("FAIRPASSAGE_PARTY_KEY_FILE is not set, and FAIRPASSAGE_LINKING_KEY_GENERATION is above 1: "
                           "name the first linking key, so that persons whom a register knows stay who they are")  # fmt: skip
    return keys


def workers_keys(path: Path | None, generation: int, old: Path | None) -> Keys:
    """The second key, and the one before it while it is changed. Raises KeyFileError."""
    return read_keys(path, "FAIRPASSAGE_INTAKE_KEY_FILE", generation, old)


def _of(key: Key) -> Keys:
    return key if isinstance(key, Keys) else Keys(key)


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


def _identifier(raw: Mapping[str, Any], keys: Keys) -> dict[str, Any]:
    """A number with the generation of the key that seals it; a digest that was made elsewhere as it is."""
    kind, country, value = raw["kind"], raw["country"], raw.get("value")
    if value is None:
        made = {"digest": raw.get("digest"), "generation": raw.get("generation", 1), "before": raw.get("before")}
    else:
        number = normalise(kind, value, country)
        before = digest(keys.old, kind, country, number) if keys.old is not None else None
        made = {"digest": digest(keys.key, kind, country, number), "generation": keys.generation, "before": before}
    return {"kind": kind, "country": country, **made}


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


def seal(event: Mapping[str, Any], key: Key) -> dict[str, Any]:
    """An event as it may leave the office: no raw identifier, no person's name, no narrative. Sealing twice is once."""
    keys = _of(key)
    sealed = {**event, "body": _sealed_body(event_type(event["type"]), event.get("body") or {}, keys.of_parties)}
    if worker := event.get("worker"):
        listed = [_identifier(each, keys) for each in worker.get("identifiers") or ()]
        sealed["worker"] = {**worker, "identifiers": listed, "languages": worker.get("languages", [])}
    if was := event.get("was"):
        sealed["was"] = {**was, "subjects": [_sealed_subject(each, keys.of_parties) for each in was.get("subjects") or ()]}
    return sealed


def rekey(event: Mapping[str, Any], key: Key) -> dict[str, Any]:
    """The copy for the worker's home, its digests keyed again. Parties stay: standings must find them in every home.

    Of a number that has several digests now, `same` of the worker pairs the newest with each other one.
    """
    worker = event.get("worker")
    if not worker:
        return dict(event)
    keys, listed, same = _of(key), [], []
    for each in worker["identifiers"]:
        kind, country = each["kind"], each["country"]
        newest, *older = _digests(each, keys)
        listed.append({"kind": kind, "country": country, "digest": newest})
        if not older:
            continue
        listed += [{"kind": kind, "country": country, "digest": found} for found in older]
        same += [(f"{kind}:{country}:{newest}", f"{kind}:{country}:{found}") for found in older]
    return {**event, "worker": {**worker, "identifiers": listed, "same": same}}


def _digests(public: Mapping[str, Any], keys: Keys) -> list[str]:
    """One public identifier under each key of the workers, and that of the generation before: the newest first."""
    kind, country, number, before = public["kind"], public["country"], public.get("generation", 1), public.get("before")
    if before is None and keys.old is None:
        return [keyed(digest(keys.key, kind, country, public["digest"]), number, keys.generation)]
    told = [(public["digest"], number)] + ([(before, number - 1)] if before is not None else [])
    used = [(keys.key, keys.generation)] + ([(keys.old, keys.generation - 1)] if keys.old is not None else [])
    return [keyed(digest(key, kind, country, each), office, intake) for key, intake in used for each, office in told]
