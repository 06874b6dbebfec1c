"""Copies of corrections that dossiers pass on are asked for where they go, and nowhere else."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from consumers.audit.expecting import asked, passed
from tests.unit.dossiers.test_passing import FIRST, ROOT, SECOND

ASKED = {event["id"]: asked(event) for event in (ROOT, FIRST, SECOND)}


@pytest.mark.parametrize("order", list(permutations((ROOT, FIRST, SECOND))), ids=lambda order: "".join(e["id"][-1] for e in order))
def test_each_home_that_a_correction_named_is_given_the_other_correction(order: tuple[dict[str, Any], ...]) -> None:
    found = set(passed(ASKED[event["id"]].known for event in order))
    assert found == {("BD", ASKED["e-3"].id), ("IN", ASKED["e-2"].id)}


def test_nothing_is_asked_for_where_the_root_has_left_the_inbox() -> None:
    assert not list(passed(ASKED[name].known for name in ("e-2", "e-3")))
