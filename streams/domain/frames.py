"""What travels on `feed`: one framed record per home and batch, because Faust's cost is per record (engines.md F)."""

from __future__ import annotations

import msgspec

from streams.domain.erasures import Order
from streams.domain.facts import Fact
from streams.domain.outputs import Statement


class Frame(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Facts and statements for one home, and orders to erase there."""

    home: str
    facts: tuple[Fact, ...] = ()
    statements: tuple[Statement, ...] = ()
    orders: tuple[Order, ...] = ()


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Frame).decode
