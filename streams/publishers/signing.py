"""Who wrote it: an office signs what it publishes, and intake holds the event's source against who signed.

Kafka tells no consumer which user wrote a record, and an ACL knows topics, not what a record says of itself. So each office has a key of
its own, and a record carries `signature: USER:GENERATION:HMAC-SHA256(key, topic, value)`. The value holds source and id, the
topic is in it so that nothing signed for one can be put into another, and the same record again is the same fact, so that a copy does no
harm. Only who holds an office's key, and the workers, who could write facts anyway, can make one. A public-key signature would
need no secret at the workers, and costs 50 times as much to verify.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemas.offices import ACTIONS, Office
from streams.publishers.identity import KeyFileError, read_key

HEADER = "signature"
FORGED = "forged_source"  # the reason of such a dead letter
_FILE = re.compile(r"(?P<user>[A-Za-z0-9][A-Za-z0-9._-]*)\.(?P<generation>[1-9]\d{0,5})\.key")
_HEX = 2 * hashlib.sha256().digest_size


@dataclass(frozen=True)
class Signer:
    """An office's own key. `generation` is raised with each new one, so that what the old one signed is still known."""

    user: str
    generation: int
    key: bytes = field(repr=False)

    def header(self, topic: str, value: bytes) -> tuple[str, bytes]:
        """The header of a record that this office publishes."""
        return HEADER, f"{self.user}:{self.generation}:{_mac(_begun(self.key), topic, value)}".encode()


@dataclass(frozen=True)
class Signatures:
    """The offices and the keys that workers know, by user and generation; a key whose file is gone is worth nothing any more."""

    offices: Mapping[str, Office]
    keys: Mapping[tuple[str, str], hmac.HMAC] = field(repr=False)

    def refusal(self, topic: str, value: bytes, headers: Iterable[tuple[str, Any]], event: Mapping[str, Any]) -> str:
        """Why an event is not the one's who it says it is of, or ''."""
        found = [given for name, given in headers if name == HEADER]
        if len(found) != 1 or not isinstance(found[0], bytes):
            return "it has no signature" if not found else "it has several signatures"
        user, generation, mac = _parts(found[0])
        key, office = self.keys.get((user, generation)), self.offices.get(user)
        if key is None or office is None:
            return "it is signed with a key that is not known here"
        if not hmac.compare_digest(mac, _mac(key, topic, value)):
            return "its signature is of another record, or made with another key"
        return _beyond(office, topic, event)


def _parts(header: bytes) -> tuple[str, str, str]:
    user, _, rest = header.decode("ascii", errors="replace").partition(":")
    generation, _, mac = rest.partition(":")
    return user, generation, mac if mac.isascii() and len(mac) == _HEX else ""


def _beyond(office: Office, topic: str, event: Mapping[str, Any]) -> str:
    """What an office that signed may not say, or ''."""
    if not office.may_say(event["source"]):
        return "its source is not one of those of the office that signed it"
    if not office.may_write(topic):
        return "its topic is not one of those of the office that signed it"
    if topic == ACTIONS and event["body"].get("audience") not in office.audiences:
        return "it acts for an audience that the office which signed it is not"
    return ""


def _begun(key: bytes) -> hmac.HMAC:
    return hmac.new(key, digestmod=hashlib.sha256)


def _mac(begun: hmac.HMAC, topic: str, value: bytes) -> str:
    """Of a topic's name, which has no NUL, and the bytes."""
    mac = begun.copy()
    mac.update(topic.encode() + b"\0" + value)
    return mac.hexdigest()


def signer(path: Path | None, setting: str) -> Signer | None:
    """The signer that a key file, NP.dofe.1.key, is of; None without one. Raises KeyFileError."""
    if path is None:
        return None
    user, generation = _named(path, setting)
    return Signer(user, int(generation), read_key(path, setting))


def signatures(offices: Mapping[str, Office], folder: Path | None, setting: str) -> Signatures | None:
    """What workers verify with: every key file of a folder; None where none is named, and then nothing is verified.

    Raises KeyFileError: for a folder that can't be read or is empty, and a key of an office that the offices' file has not.
    """
    if folder is None:
        return None
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".key")
    except OSError as problem:
        raise KeyFileError(f"{setting}={folder}: {problem.strerror}; name a folder that can be read") from problem
    keys: dict[tuple[str, str], hmac.HMAC] = {}
    for path in files:
        name = _named(path, setting)
        if name[0] not in offices:
            raise KeyFileError(f"{setting}={folder}: {path.name} is of nobody in the offices' file; add the line, or take the key away")
        keys[name] = _begun(read_key(path, setting))
    if not keys:
        raise KeyFileError(f"{setting}={folder}: no key in it, so that nobody could publish; put each office's there: NP.dofe.1.key")
    return Signatures(offices, keys)


def _named(path: Path, setting: str) -> tuple[str, str]:
    found = _FILE.fullmatch(path.name)
    if found is None:
        raise KeyFileError(f"{setting}: {path.name}: name it USER.GENERATION.key: NP.dofe.1.key")
    return found["user"], found["generation"]
