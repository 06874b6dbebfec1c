"""chDB behind one small class: everything that knows the engine's Python interface is in this file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.embedded.clickhouse.errors import EngineError, parse


@dataclass(frozen=True)
class Answer:
    """What a statement gave: its bytes in the format asked for, and how much was read and written."""

    data: bytes = b""
    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    elapsed_ns: int = 0


def quoted(value: str) -> str:
    """A SQL string literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def named(value: str) -> str:
    """A quoted SQL identifier."""
    return "`" + value.replace("\\", "\\\\").replace("`", "\\`") + "`"


class Handle:
    """One connection: its settings, database and temporary tables are its own. Use it from one thread at a time."""

    def __init__(self, connection: Any, failures: tuple[type[Exception], ...]) -> None:
        self._connection, self._failures = connection, failures

    def query(self, sql: str, fmt: str = "TabSeparated", params: dict[str, str] | None = None) -> Answer:
        """Run one statement; `params` are values of `{name:Type}` placeholders. Raises EngineError."""
        try:
            result = self._connection.query(sql, fmt, params=params or {})
        except self._failures as error:
            raise parse(str(error)) from None
        return Answer(
            data=result.bytes(),
            read_rows=result.storage_rows_read() or result.rows_read(),
            read_bytes=result.storage_bytes_read() or result.bytes_read(),
            written_rows=result.rows_written(),
            written_bytes=result.bytes_written(),
            elapsed_ns=int(result.elapsed() * 1e9),
        )

    def insert(self, statement: str, fmt: str, data: bytes) -> Answer:
        """Insert `data` (encoded as `fmt`); `statement` is the INSERT without FORMAT and data. Raises EngineError."""
        try:
            with self._connection.send_insert(statement, fmt) as stream:
                if data:
                    stream.append(data)
                done = stream.finish()
        except self._failures as error:
            raise parse(str(error)) from None
        return Answer(written_rows=done.rows_written, written_bytes=done.bytes_written, elapsed_ns=int(done.elapsed * 1e9))

    def set(self, name: str, value: str) -> None:
        """Set a setting on this handle. Raises EngineError for an unknown one."""
        self.query(f"SET {named(name)} = {quoted(value)}")

    def use(self, database: str) -> None:
        """Make a database this handle's default. Raises EngineError when it does not exist."""
        self.query(f"USE {named(database)}")

    def close(self) -> None:
        """Close the connection; its temporary tables go with it."""
        self._connection.close()


class Engine:
    """The engine on one data directory. One a process, and one process a directory (the engine locks it)."""

    def __init__(self, path: Path) -> None:
        """Open or create the data directory. Raises EngineError (code 76 when another process has it)."""
        import chdb  # loads 500 MB of engine: only in a process that runs it

        self._path, self._connect = str(path), chdb.connect
        self._failures = (RuntimeError, chdb.ChdbError)  # both carry ClickHouse's text
        self._keeper = self.handle()  # the engine shuts down with its last connection
        self.version = self._keeper.query("SELECT version()").data.decode().strip()
        self.timezone = self._keeper.query("SELECT timezone()").data.decode().strip()

    def handle(self) -> Handle:
        """A fresh connection with default settings; about 1 ms."""
        try:
            return Handle(self._connect(self._path), self._failures)
        except self._failures as error:
            raise parse(str(error)) from None

    def close(self) -> None:
        """Close the last connection; parts are on disk and the directory's lock is free afterwards."""
        self._keeper.close()


__all__ = ["Answer", "Engine", "EngineError", "Handle", "named", "quoted"]
