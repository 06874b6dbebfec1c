"""Every measurement, in the order in which they run."""

from __future__ import annotations

from tests.bench.measure import Measure
from tests.bench.measures import dossiers, growth, judging, latency, openings, profile, publishing, sinking, throughput, ticks

MEASURES: tuple[Measure, ...] = (
    *throughput.MEASURES, *profile.MEASURES, *latency.MEASURES, *openings.MEASURES, *ticks.MEASURES, *judging.MEASURES,
    *dossiers.MEASURES,
    *sinking.MEASURES, *publishing.MEASURES, *growth.MEASURES,
)  # fmt: skip
