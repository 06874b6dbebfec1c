"""`python -m schemas.release`: freezes each contract that has changed as its next version, and notes its hash.

Refuses a version that breaks readers: what was published must stay readable.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from schemas.compatibility import HASHES, conflicts, digest, hashes, same
from schemas.composition import RELEASES, contracts, present, releases


class BreakingChangeError(ValueError):
    """A new version that would not read what an earlier one wrote."""


def release(folder: Path = RELEASES) -> list[str]:
    """Writes the next version of every contract that changed; returns their names. Raises BreakingChangeError."""
    made: dict[str, str] = {}
    for name in contracts():
        known = releases(name, folder)
        if known and same(known[-1][1], present(name)):
            continue
        for number, writer in known:
            if found := conflicts(name, present(name), writer):
                raise BreakingChangeError(f"{name} breaks its version {number}: {found[0]}")
        made[f"{name}/{known[-1][0] + 1 if known else 1}.avsc"] = name
    for file, name in made.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(present(name), indent=1, ensure_ascii=False) + "\n", "utf-8")
    _note(folder, {file: digest(folder / file) for file in made})
    return sorted(made)


def _note(folder: Path, made: dict[str, str]) -> None:
    rows = "".join(f'"{name}" = "{value}"\n' for name, value in sorted((hashes(folder) | made).items()))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HASHES).write_text(f"# SHA-256 of every released schema, written by `python -m schemas.release`.\n[sha256]\n{rows}", "utf-8")


def main() -> int:
    """Prints what was released; 1 where a change breaks readers."""
    try:
        made = release()
    except BreakingChangeError as problem:
        print(f"not released: {problem}", file=sys.stderr)
        return 1
    print("\n".join(made) if made else "nothing has changed since the last release")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
