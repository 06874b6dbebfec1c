"""Which key each generation was on this host: another key under an old number would part every worker from their journey, silently."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

from infra.embedded.state import replace
from infra.settings import Settings
from streams.publishers.identity import KeyFileError, Keys

FILE = "generations.json"  # beside what `up` made, and gone with it (`fairpassage reset --keys`)


def held(settings: Settings, name: str, keys: Keys) -> Keys:
    """The keys ('linking' or 'intake'), if each generation is the key that it was here. Raises KeyFileError.

    Kept of a key is a digest under itself, by which it is told from another; it opens nothing. Brokers are told apart.
    """
    path, broker = settings.root / "secrets" / FILE, settings.bootstrap or "up"
    known = _known(path)
    used = {keys.generation: keys.key} | ({keys.generation - 1: keys.old} if keys.old is not None else {})
    marks = {f"{broker} {name} {generation}": _mark(key) for generation, key in used.items()}
    for generation in sorted(used):
        if known.get(where := f"{broker} {name} {generation}", marks[where]) != marks[where]:
            raise KeyFileError(_remedy(name, generation, generation != keys.generation, path))
    if not marks.items() <= known.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace(path, json.dumps(known | marks, indent=1))
        except OSError:
            pass  # a home that cannot be written to keeps no watch; what needs it says so itself
    return keys


def _remedy(name: str, generation: int, old: bool, path: Path) -> str:
    setting, number = f"FAIRPASSAGE_{name.upper()}_{'OLD_' if old else ''}KEY_FILE", f"FAIRPASSAGE_{name.upper()}_KEY_GENERATION"
    mend = "name the key that was in use before" if old else f"name that one, or give a new key the next generation ({number})"
    return f"{setting} is not the key that generation {generation} was here; {mend}. {path} keeps which was which: remove it if it is wrong"


def _known(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _mark(key: bytes) -> str:
    return hmac.new(key, b"which key this is", hashlib.sha256).hexdigest()[:16]
