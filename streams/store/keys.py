"""The layout of a partition's store: one letter a table, then parts ended by a zero byte, so that every prefix is exact."""

from __future__ import annotations

from streams.domain.sums import Key

_SIGN = 1 << 63


def part(text: str) -> bytes:
    """A text part; a zero byte within it would end it early, so it becomes 0x01."""
    return f"{text}\0".encode() if "\0" not in text else text.encode().replace(b"\0", b"\1") + b"\0"


def key(table: str, *parts: str) -> bytes:
    """A key, or with fewer parts a prefix of keys, of a table."""
    joined = "\0".join(parts)
    if joined.count("\0") >= len(parts):  # a part has one of its own
        return table.encode() + b"".join(map(part, parts))
    return f"{table}{joined}\0".encode() if parts else table.encode()


def parts(stored: bytes) -> list[str]:
    """The text parts of a key."""
    return [piece.decode() for piece in stored[1:-1].split(b"\0")]


def instant(at: int) -> bytes:
    """Eight bytes that sort as the signed number does."""
    return (at + _SIGN).to_bytes(8, "big")


def sums_key(values: Key) -> bytes:
    """A measure's key: texts as 's' + text + 0, numbers as 'i' + 8 bytes; sorts as the tuple does."""
    return b"".join([b"i" + instant(v) if isinstance(v, int) else b"s" + part(v) for v in values])


def sums_values(stored: bytes) -> Key:
    """The tuple that `sums_key` wrote."""
    values: list[str | int] = []
    while stored:
        if stored[:1] == b"i":
            values.append(int.from_bytes(stored[1:9], "big") - _SIGN)
            stored = stored[9:]
        else:
            text, _, stored = stored[1:].partition(b"\0")
            values.append(text.decode())
    return tuple(values)


LAYOUT = 6

# The tables. H is a home (ISO2).
GROUP = "g"  # H, source, event id -> its group, or the root that it is filed under
CLUSTER = "c"  # H, cluster -> what it owns beside facts, or the cluster that took it in
FACT = "f"  # H, cluster, fact id -> the fact
TOKEN = "i"  # H, strong token -> its cluster and neighbours
CARRIER = "w"  # H, weak token, person -> cluster
WEAK = "v"  # H, weak token, source, root event id -> "" : groups known by weak tokens only
WEAK_GROUP = "V"  # H, source, own key -> the cluster that it is admitted to
COUNT = "s"  # subject, measure, key -> how many contribute
CONTRIBUTION = "e"  # subject, measure, key, 0, event id, contributor -> ""
DIGEST = "h"  # subject -> sum of fact ids, and the types it ever had
ENTRY = "n"  # subject -> the dossier's entry as published
DUE = "d"  # instant, subject -> ""
LATER = "l"  # subject -> the instant at which its pause is over, as eight bytes
JOURNEY_CLUSTER = "J"  # journey id -> cluster
PARTY = "p"  # subject however spelled, H, source, root event id -> "" : what to look at again when a standing about it changes
ASKED = "a"  # subject, dossier -> "" : as PARTY, of dossiers that looked standings up of a subject that they do not name
OWN = "o"  # weak-only dossier -> H, source, own key (its case, else its root event id)
OWN_GROUP = "U"  # H, source, own key, root event id -> ""
STATEMENT = "S"  # about, teller -> the statement
TOLD = "T"  # teller -> what it told, by about
ERASED = "x"  # H, digest of an event or an order -> "" : erased, and known if it comes again
META = "m"  # name -> positions
