"""Bodies in the encodings that ClickHouse clients use: lz4 frames, zstd, gzip, deflate."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import lz4.frame
import zstandard

from infra.embedded.clickhouse.errors import INCORRECT_DATA, UNKNOWN_COMPRESSION_METHOD, EngineError

_DECODE: dict[str, Callable[[bytes], bytes]] = {
    "lz4": lz4.frame.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
}
# clickhouse-connect decodes block by block, so lz4 blocks must not refer to earlier ones.
_ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "lz4": lambda data: lz4.frame.compress(data, block_linked=False),
    "zstd": lambda data: zstandard.ZstdCompressor(level=1).compress(data),
    "gzip": lambda data: gzip.compress(data, compresslevel=1),
    "deflate": lambda data: zlib.compress(data, level=1),
}


def decode(data: bytes, encoding: str) -> bytes:
    """A request's body in clear. Raises EngineError for an unknown encoding or damaged data."""
    if not data or encoding in ("", "identity"):
        return data
    if encoding not in _DECODE:
        raise EngineError(
            UNKNOWN_COMPRESSION_METHOD,
            "UNKNOWN_COMPRESSION_METHOD",
            f"Content-Encoding {encoding!r} is none of {', '.join(_DECODE)}",
        )
    try:
        return _DECODE[encoding](data)
    except (RuntimeError, zstandard.ZstdError, OSError, EOFError, zlib.error) as error:
        raise EngineError(INCORRECT_DATA, "INCORRECT_DATA", f"The body is no valid {encoding}: {error}") from None


def chosen(accept: str) -> str | None:
    """The first encoding of an Accept-Encoding header that is known, or None."""
    offers = (part.split(";")[0].strip().lower() for part in accept.split(","))
    return next((offer for offer in offers if offer in _ENCODE), None)


def encode(data: bytes, encoding: str) -> bytes:
    """A response's body in an encoding that `chosen` gave."""
    return _ENCODE[encoding](data)
