"""Bodies in the encodings that ClickHouse clients use: lz4 frames, zstd, gzip, deflate."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from typing import Any

import lz4.frame
import zstandard

from infra.embedded.clickhouse.errors import INCORRECT_DATA, UNKNOWN_COMPRESSION_METHOD, EngineError

_PIECE = 1 << 10  # bytes of zstd at once, which unpack to 32 MB at most


def _read(stream: Any, most: int) -> bytes:
    found: bytes = stream.read(most)
    return found


def _unpacked(data: bytes, most: int) -> bytes:
    """zstd in pieces: a piece gives a bounded number of bytes, and only this way says whether the last frame was whole."""
    found, stream = bytearray(), zstandard.ZstdDecompressor().decompressobj()
    for start in range(0, len(data), _PIECE):
        found += stream.decompress(data[start : start + _PIECE])
        if len(found) >= most:
            return bytes(found[:most])
        while (rest := stream.unused_data) and stream.eof:
            stream = zstandard.ZstdDecompressor().decompressobj()
            found += stream.decompress(rest)
    if not stream.eof:
        raise EOFError("it is cut short")
    return bytes(found)


def _inflated(data: bytes, most: int) -> bytes:
    stream = zlib.decompressobj()
    found = stream.decompress(data, most)
    if not stream.eof and len(found) < most:
        raise EOFError("it is cut short")
    return found


# Each gives no more than so many bytes, however many would follow: a few bytes may unpack to any number of them.
_DECODE: dict[str, Callable[[bytes, int], bytes]] = {
    "lz4": lambda data, most: _read(lz4.frame.LZ4FrameFile(io.BytesIO(data)), most),
    "zstd": _unpacked,
    "gzip": lambda data, most: _read(gzip.GzipFile(fileobj=io.BytesIO(data)), most),
    "deflate": _inflated,
}
# clickhouse-connect decodes block by block, so lz4 blocks must not refer to earlier ones.
_ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "lz4": lambda data: lz4.frame.compress(data, block_linked=False),
    "zstd": lambda data: zstandard.ZstdCompressor(level=1).compress(data),
    "gzip": lambda data: gzip.compress(data, compresslevel=1),
    "deflate": lambda data: zlib.compress(data, level=1),
}


def decode(data: bytes, encoding: str, most: int) -> bytes | None:
    """A request's body in clear; None where it is more than `most` bytes. Raises EngineError for an unknown encoding or damaged data."""
    if not data or encoding in ("", "identity"):
        return data
    if encoding not in _DECODE:
        raise EngineError(
            UNKNOWN_COMPRESSION_METHOD,
            "UNKNOWN_COMPRESSION_METHOD",
            f"Content-Encoding {encoding!r} is none of {', '.join(_DECODE)}",
        )
    try:
        found = _DECODE[encoding](data, most + 1)
    except (RuntimeError, zstandard.ZstdError, OSError, EOFError, zlib.error) as error:
        raise EngineError(INCORRECT_DATA, "INCORRECT_DATA", f"The body is no valid {encoding}: {error}") from None
    return found if len(found) <= most else None


def chosen(accept: str) -> str | None:
    """The first encoding of an Accept-Encoding header that is known, or None."""
    offers = (part.split(";")[0].strip().lower() for part in accept.split(","))
    return next((offer for offer in offers if offer in _ENCODE), None)


def encode(data: bytes, encoding: str) -> bytes:
    """A response's body in an encoding that `chosen` gave."""
    return _ENCODE[encoding](data)
