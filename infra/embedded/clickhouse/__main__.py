"""Run the front: `python -m infra.embedded.clickhouse --home DIR --port N --password-file F`.

Each way in which it cannot start is one line on stderr that says what to do, and exit status 1.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import json
import logging
import os
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from typing import IO

import click
from aiohttp import web

from infra.embedded.clickhouse.errors import EngineError
from infra.embedded.clickhouse.guests import UsersFileError
from infra.embedded.clickhouse.guests import read as read_guests

HOST = "127.0.0.1"
LEAST_FREE = 64 << 20  # bytes; the engine needs room to write its parts and merge them
STOP_SECONDS = 10.0


class CannotStart(Exception):
    """Why the front cannot start, with the remedy, as one line."""


def bound(port: int) -> socket.socket:
    """A listening socket on loopback; port 0 takes a free one. Raises CannotStart when the port is in use."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((HOST, port))
        found.listen(128)
    except OSError as error:
        found.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(f"port {port} is in use: stop what listens there, or choose another port") from None
        raise CannotStart(f"port {port}: {error.strerror}") from None
    return found


def locked(home: Path) -> IO[str]:
    """The home directory's lock, held until the process ends however it ends. Raises CannotStart."""
    lock: IO[str] | None = None
    try:
        home.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(home).free < LEAST_FREE:
            raise CannotStart(f"the disk of {home} is full: free at least {LEAST_FREE >> 20} MB there")
        lock = (home / "front.lock").open("a+")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        assert lock is not None
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        raise CannotStart(f"{home} is in use by another process (pid {holder}): stop it, or choose another home") from None
    except OSError as error:
        raise CannotStart(f"{home} cannot be written: {error.strerror}") from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def password_of(path: Path) -> str:
    """The password in a file, without surrounding blanks. Raises CannotStart when there is none."""
    try:
        found = path.read_text().strip()
    except OSError as error:
        raise CannotStart(f"password file {path}: {error.strerror}") from None
    if not found:
        raise CannotStart(f"password file {path} is empty: write a password into it")
    return found


async def serve(app: web.Application, listener: socket.socket, home: Path) -> None:
    """Serve until SIGTERM or SIGINT; requests in flight are answered first. Announces its address when ready."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    runner = web.AppRunner(app, auto_decompress=False, access_log=None, shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    announce(home, listener.getsockname()[1])
    await stopped.wait()
    await runner.cleanup()


def announce(home: Path, port: int) -> None:
    """Write the address to HOME/front.json (complete or not at all) and to stdout, one JSON object each."""
    text = json.dumps({"url": f"http://{HOST}:{port}", "host": HOST, "port": port, "pid": os.getpid()})
    partial = home / "front.json.new"
    partial.write_text(text + "\n")
    partial.replace(home / "front.json")
    print(text, flush=True)


def run(home: Path, port: int, password_file: Path, user: str, users_file: Path | None = None) -> None:
    """Start, serve, close. Raises CannotStart."""
    password = password_of(password_file)
    try:
        guests = read_guests(users_file, user)
    except UsersFileError as error:
        raise CannotStart(str(error)) from None
    lock = locked(home)
    listener = bound(port)
    os.environ["TZ"] = "UTC"  # the engine takes its time zone from the process
    time.tzset()
    from infra.embedded.clickhouse.server import Front

    try:
        front = Front(home / "data", password, user, guests)
    except EngineError as error:
        if "Cannot lock file" in error.text or error.code == 76:
            raise CannotStart(f"{home / 'data'} is locked by another process: stop it, or choose another home") from None
        raise CannotStart(f"the engine cannot open {home / 'data'}: {error}") from None
    try:
        asyncio.run(serve(front.app(), listener, home))
    finally:
        (home / "front.json").unlink(missing_ok=True)
        front.close()
        lock.close()


@click.command()
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where the data live.")
@click.option("--port", type=click.IntRange(0, 65535), default=8123, show_default=True, help="0 takes a free one.")
@click.option("--password-file", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--user", default="default", show_default=True)
@click.option("--users-file", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Guests, and the views that each reads.")
def main(home: Path, port: int, password_file: Path, user: str, users_file: Path | None) -> None:
    """ClickHouse's HTTP interface on loopback over the engine in this process."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        run(home, port, password_file, user, users_file)
    except CannotStart as error:
        print(f"clickhouse front: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
