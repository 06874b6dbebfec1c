"""Every input that was kept, tried again: what was found once stays mended, and each ending is still the same one."""

from __future__ import annotations

import pytest

from tests.fuzz import records
from tests.fuzz.running import CORPUS, Finding, Watch, slug
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("target", TARGETS, ids=lambda each: each.name)
def test_what_was_kept_ends_as_it_did(target: Target) -> None:
    files = sorted((CORPUS / target.name).glob("*.bin"))
    assert files, "a target without a corpus"
    watch, wrong = Watch(), []
    with watch.installed():
        for path in files:
            found, said = watch.tried(target, path.read_bytes()), path.stem.rpartition("-")[0]
            lasting = target is not records.TARGET and not said.startswith("found-")  # a record is of the schema of its day
            if isinstance(found, Finding) or (lasting and slug(found) != said):
                wrong.append((path.name, found))
    assert not wrong


def test_the_corpora_are_small() -> None:
    assert sum(path.stat().st_size for path in CORPUS.rglob("*")) < 400_000
