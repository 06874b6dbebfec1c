"""`python -m tests.bench.firstset COMMAND...`: `fairpassage COMMAND` with the rules that there were when its speed was first kept.

A worker so started judges by sixteen rules, and not by all: what the rest costs shows in one run, on one machine.
"""

from __future__ import annotations

import sys
from functools import cache

from infra.cli.main import main
from streams.agents import worker
from streams.rules.registry import Catalogue, catalogue

FIRST = frozenset({"T-CHN-01", "T-CHN-02", "T-CHN-04", "T-CHN-06", "T-OUT-01", "T-OUT-02", "T-OUT-03", "T-OUT-04", "T-CON-01", "T-CON-02",
                   "T-CON-04", "T-PDO-01", "T-ATT-01", "T-CMP-01", "T-OFF-01", "T-DQ-01"})  # fmt: skip


@cache
def first_set() -> Catalogue:
    """The rules of the first set, as they are now."""
    return Catalogue(rule for rule in catalogue() if rule.id in FIRST)


if __name__ == "__main__":
    worker.catalogue = first_set  # type: ignore[attr-defined]  # the name under which the worker knows it
    main(sys.argv[1:])
