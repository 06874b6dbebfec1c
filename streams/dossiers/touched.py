"""What a batch changed and must be evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from streams.domain.erasures import Husk
from streams.dossiers.passing import Passed
from streams.dossiers.weak import Apart


@dataclass
class Touched:
    """Clusters, own dossiers, and subjects kept as sums. `runs` are ids of facts that an import run brought, and the sums they are in.

    `beyond` are those changed by more than facts of their own, an identifier that is ignored now or a statement: no receipt
    tells whether they were evaluated since. `erased` are dossiers that an erasure ended, `husks` what it left on `facts`.
    """

    clusters: set[tuple[str, str]] = field(default_factory=set)
    apart: set[Apart] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)
    passed: list[Passed] = field(default_factory=list)
    runs: set[str] = field(default_factory=set)
    beyond_clusters: set[tuple[str, str]] = field(default_factory=set)
    beyond_subjects: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    husks: list[Husk] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.clusters or self.apart or self.subjects or self.erased)

    def slices(self, size: int) -> Iterator[Touched]:
        """The same in parts of at most `size` dossiers or clusters each, in a fixed order; one empty part where nothing is."""
        clusters, apart, subjects = sorted(self.clusters), sorted(self.apart), sorted(self.subjects)
        for start in range(0, max(len(clusters), len(apart), len(subjects), 1), size):
            part = slice(start, start + size)
            yield Touched(set(clusters[part]), set(apart[part]), set(subjects[part]), [], self.runs,
                          erased=self.erased if start == 0 else set())  # fmt: skip
