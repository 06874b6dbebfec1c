"""Which typologies follow from what was planted on one journey or party: reckoned from the truth, and not by any rule's code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from streams.publishers.simulator.truth import Planted

# domain.md 4.4: which rules each combines, with which weights, and the sum that two of them at least must reach (design values).
TYPOLOGIES: dict[str, tuple[dict[str, int], int, str]] = {
    "Y-DEB-01": ({"T-FEE-05": 2, "T-WAG-01": 1, "T-DOC-01": 1}, 3, "journey"),
    "Y-OUT-01": ({"T-CHN-01": 1, "T-CHN-02": 1, "T-OUT-01": 2, "T-OUT-02": 2, "T-OUT-03": 2}, 4, "journey"),
    "Y-DEC-01": ({"T-CON-03": 2, "T-VIS-04": 2, "T-FEE-04": 1}, 3, "journey"),
    "Y-PHX-01": ({"T-LIC-01": 1, "T-LIC-02": 2, "T-LIC-03": 2, "T-CHN-04": 1}, 3, "party"),
    "Y-NEG-01": ({"T-ATT-02": 1, "T-INT-02": 2}, 3, "party"),
}


def combined(planted: Iterable[Planted]) -> Iterator[Planted]:
    """A line for each typology of which one rule was planted at least; a look-alike where the rest is missing."""
    found: dict[tuple[str, str], dict[str, Planted]] = defaultdict(dict)
    for line in planted:
        if line.expected:
            found[line.subject, str(line.opening)].setdefault(line.rule, line)
    for (subject, _), by_rule in sorted(found.items()):
        for name, (weights, threshold, kind) in TYPOLOGIES.items():
            counted = sorted(weights.keys() & by_rule.keys())
            if counted and subject.partition(":")[0] == kind:
                whole = len(counted) > 1 and sum(weights[rule] for rule in counted) >= threshold
                yield replace(
                    by_rule[counted[0]], rule=name, variant="+".join(counted), expected=whole, look_alike=not whole, issue="",
                    evidence=(), since=None, until=None,
                )  # fmt: skip
