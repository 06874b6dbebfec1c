"""The curves of a run as SVG, one file a plot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.bench.measure import Curve


def draw(curves: Iterable[Curve], folder: Path) -> list[Path]:
    """Writes them; those of one plot in one picture. The same curves give the same bytes."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "fairpassage"
    plots: dict[str, list[Curve]] = defaultdict(list)
    for curve in curves:
        if curve.points:
            plots[curve.plot].append(curve)
    folder.mkdir(parents=True, exist_ok=True)
    return [_plot(found, folder / f"{name}.svg") for name, found in plots.items()]


def _plot(curves: list[Curve], path: Path) -> Path:
    from matplotlib import pyplot as plt
    from matplotlib.ticker import NullFormatter

    figure, axes = plt.subplots(figsize=(7, 4))
    for curve in curves:
        axes.plot(*zip(*curve.points, strict=True), marker="o", label=curve.label)
    first = curves[0]
    axes.set(title=first.title, xlabel=first.x, ylabel=first.y)
    if "x" in first.log:
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(NullFormatter())  # between two decades they would lie on each other
    axes.set_ylim(bottom=0) if "y" not in first.log else axes.set_yscale("log")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    return path
