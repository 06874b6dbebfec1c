"""Facts about workers are sealed on `facts`, each event under a key of its own that can be destroyed alone (domain.md 5, must-not 11).

A journey is not known when its fact is written, and linking may move a fact to another one: so the key belongs to the event. A
key for each would be as many records as facts. Instead a home has a *root*, 32 random bytes, from which the key of an event is
derived along its digest, a hash a hex digit. To destroy keys the root is replaced by the nodes beside their paths: every other
key is still derived, those never again, not from the master key either. Roots lie on `keys`, wrapped by the master key.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from streams.domain.erasures import Husk, event_digest, kept
from streams.domain.facts import Fact, decode, encode

DEPTH = 12  # hex digits of an event's digest that lead to its key: of a home's 100 million events, one in three million shares another's
NEAR = 3  # digits whose nodes are kept once derived: 4,096 at most
HEAD = 2  # digits by which the nodes of a root are dealt to records, so that none grows without end
_DIGITS = "0123456789abcdef"
_STEPS = {digit: digit.encode() for digit in _DIGITS}
_SEALED = b"\1"  # no msgpack array begins so, nor a husk
_NONCE, _ID, _DIGEST = 12, 8, 16  # bytes

_nodes = msgspec.msgpack.Decoder(dict[str, bytes]).decode


class WrongMaster(Exception):
    """A root that the master key does not open: it is another deployment's, or it was rotated without the roots."""


class Unknown(Exception):
    """A fact is sealed under a root that this process has not read: `keys` is to be read on."""


@dataclass
class Root:
    """What is left of a root: the nodes, by path, from which the keys that are not destroyed are derived."""

    nodes: dict[str, bytes] = field(default_factory=dict)
    near: dict[str, bytes] = field(default_factory=dict)

    def key(self, digest: str) -> bytes | None:
        """The key of an event, by its digest; None when it is destroyed."""
        if (seed := self.near.get(digest[:NEAR])) is None:
            seed = self._derived(digest[:NEAR])
            if seed is None:
                return self._derived(digest[:DEPTH])
            self.near[digest[:NEAR]] = seed
        for digit in digest[NEAR:DEPTH]:
            seed = hashlib.blake2s(seed + _STEPS[digit]).digest()
        return seed

    def _derived(self, path: str) -> bytes | None:
        """The node of a path, from one above it."""
        cut = next((cut for cut in range(len(path) + 1) if path[:cut] in self.nodes), None)
        if cut is None:
            return None
        seed = self.nodes[path[:cut]]
        for digit in path[cut:]:
            seed = hashlib.blake2s(seed + _STEPS[digit]).digest()
        return seed

    def replace(self, digits: str, nodes: Mapping[str, bytes]) -> None:
        """The nodes of one record, as it was read."""
        self.nodes = {path: seed for path, seed in self.nodes.items() if head(path) != digits} | dict(nodes)
        self.near.clear()

    def destroy(self, digest: str) -> set[str]:
        """Destroys one key; the paths of nodes that came or went, none when it was destroyed already."""
        self.near.clear()
        cut = next((cut for cut in range(DEPTH + 1) if digest[:cut] in self.nodes), None)
        if cut is None:
            return set()
        seed, changed = self.nodes.pop(digest[:cut]), {digest[:cut]}
        for depth in range(cut, DEPTH):
            beside = {digest[:depth] + digit: hashlib.blake2s(seed + _STEPS[digit]).digest() for digit in _DIGITS}
            seed = beside.pop(digest[: depth + 1])
            self.nodes |= beside
            changed |= beside.keys()
        return changed


def head(path: str) -> str:
    """The record in which a node lies: '' the first, else one for each two digits."""
    return path[:HEAD] if len(path) > HEAD else ""


class Roots:
    """The roots of some homes, as `keys` has them. `master` is the secret that wraps them."""

    def __init__(self, master: bytes) -> None:
        self._wrap = AESGCM(hashlib.sha256(b"fairpassage keys|" + master).digest())
        self._roots: dict[tuple[str, str], Root] = {}
        self._of: dict[str, list[str]] = {}  # ids by home, the greatest first

    # As records.

    def take(self, key: bytes, value: bytes | None) -> None:
        """A record of `keys`, keyed home|root|digits; the last one of a key holds. Raises WrongMaster."""
        home, root, digits = key.decode().split("|")
        try:
            nodes = _nodes(self._wrap.decrypt(value[:_NONCE], value[_NONCE:], key)) if value else {}
        except InvalidTag as problem:
            raise WrongMaster(f"the master key does not open a root of {home}") from problem
        self._root(home, root).replace(digits, nodes)

    def _root(self, home: str, root: str) -> Root:
        if (home, root) not in self._roots:
            self._roots[home, root] = Root()
            self._of[home] = sorted([*self._of.get(home, ()), root], reverse=True)
        return self._roots[home, root]

    def _record(self, home: str, root: str, digits: str) -> tuple[bytes, bytes]:
        key, nonce = f"{home}|{root}|{digits}".encode(), secrets.token_bytes(_NONCE)
        nodes = {path: seed for path, seed in self._roots[home, root].nodes.items() if head(path) == digits}
        return key, nonce + self._wrap.encrypt(nonce, msgspec.msgpack.encode(nodes), key)

    def made(self, facts: Iterable[tuple[str, Fact]]) -> Iterator[tuple[bytes, bytes]]:
        """Records of the roots that these facts need and that are not there yet: to be confirmed before any of them is sealed."""
        for home, fact in facts:
            if fact.about_worker and self._for(home, event_digest(fact.source, fact.event_id)) is None:
                root = secrets.token_hex(_ID)
                self._root(home, root).nodes[""] = secrets.token_bytes(32)
                yield self._record(home, root, "")

    def destroyed(self, home: str, events: Iterable[str]) -> Iterator[tuple[bytes, bytes]]:
        """Records of the roots of a home without the keys of these events: nodes that came before the one that went."""
        named = sorted(set(events))
        for root in self._of.get(home, ()):
            changed = {head(path) for digest in named for path in self._roots[home, root].destroy(digest)}
            yield from (self._record(home, root, digits) for digits in sorted(changed, reverse=True))

    # As keys.

    def _for(self, home: str, digest: str) -> tuple[str, bytes] | None:
        """The root under which an event is sealed, and its key: the greatest that still has one, so that all writers agree."""
        for root in self._of.get(home, ()):
            if (key := self._roots[home, root].key(digest)) is not None:
                return root, key
        return None

    def seal(self, home: str, fact: Fact) -> bytes:
        """The value of a fact on `facts`: the same bytes whoever writes it. What is about no worker stays as it is."""
        if not fact.about_worker:
            return encode(fact)
        digest, plain = event_digest(fact.source, fact.event_id), encode(fact)
        found = self._for(home, digest)
        assert found is not None, "its root was to be made first"
        root, key = found
        nonce = hashlib.sha256(key + plain).digest()[:_NONCE]  # another content, another nonce; no content, no nonce twice
        sealed = AESGCM(key).encrypt(nonce, plain, f"{home}|{fact.id}".encode())
        return b"".join((_SEALED, bytes.fromhex(root), bytes.fromhex(digest), nonce, sealed))

    def open(self, home: str, identity: str, value: bytes) -> Fact | Husk:
        """What a value of `facts` is; a fact whose key is destroyed is what is left of one.

        Raises Unknown, msgspec.DecodeError for what was damaged or is no fact, UnicodeDecodeError.
        """
        if not value.startswith(_SEALED):
            return kept(home, identity, value)
        ids, start = value[1 : 1 + _ID + _DIGEST], 1 + _ID + _DIGEST
        root, digest = ids[:_ID].hex(), ids[_ID:].hex()
        if (home, root) not in self._roots:
            raise Unknown(f"a fact of {home} is sealed under a root that is not known")
        key = self._roots[home, root].key(digest)
        if key is None:
            return Husk(home, identity, digest)
        try:
            return decode(AESGCM(key).decrypt(value[start : start + _NONCE], value[start + _NONCE :], f"{home}|{identity}".encode()))
        except InvalidTag as problem:
            raise msgspec.DecodeError("a sealed fact was damaged") from problem

