"""Loopback ports: a free one picked once and kept, or the one asked for with a clear word when it is taken."""

from __future__ import annotations

import socket
import time

import click

LOOPBACK = "127.0.0.1"


def free() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def taken(port: int) -> bool:
    """Whether something listens on, or holds, a loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def require(port: int, what: str, remedy: str, patience: float = 2.0) -> int:
    """The port, when it is free or becomes so soon (what a killed process held is let go a moment after it ends).

    Raises click.ClickException that names what would have used it and the remedy.
    """
    deadline = time.monotonic() + patience
    while taken(port):
        if time.monotonic() > deadline:
            raise click.ClickException(f"port {port} for {what} is in use; end what uses it, or {remedy}.")
        time.sleep(0.05)
    return port
