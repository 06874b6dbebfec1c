"""Policy files for tests: rows as TOML, loaded over nothing or over the policy that ships."""

from __future__ import annotations

from pathlib import Path

from streams.rules.policy import Policy, PolicyError, load


def write(folder: Path, *rows: str, name: str = "trial.toml") -> Path:
    """A file of [[row]] tables, each given as its lines."""
    file = folder / name
    file.write_text("".join(f"[[row]]\n{row.strip()}\n\n" for row in rows), "utf-8")
    return file


def loaded(folder: Path, *rows: str, base: Policy | None = None) -> Policy:
    """What a file of these rows says."""
    return load(write(folder, *rows), base=base)


def problems(folder: Path, *rows: str) -> list[str]:
    """Every problem of a file of these rows; none where it loads."""
    try:
        loaded(folder, *rows)
    except PolicyError as found:
        return list(found.problems)
    return []
