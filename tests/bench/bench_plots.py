"""How long a figure takes, against a plain matplotlib figure of one line in the same run.

    python tests/bench/bench_plots.py

Goal: no figure is slower than the plain one, whatever it holds. Processor time, median of 15.
"""

from __future__ import annotations

import io
import math
import statistics
import time
from typing import TYPE_CHECKING

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from staticrun import layout
from staticrun.plots import Curves, Intervals, Line, Row, draw, load_style

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 15


def wave(points: int, number: int) -> tuple[float, ...]:
    return tuple(
        math.exp(-4 * k / points) + 0.1 * math.sin(k * (number + 1)) for k in range(points)
    )


def line(points: int, number: int, kind: str, *, band: bool = False) -> Line:
    value = wave(points, number)
    low = tuple(v - 0.05 for v in value) if band else None
    high = tuple(v + 0.05 for v in value) if band else None
    step = tuple(map(float, range(points)))
    return Line(f"run {number}", step, value, low, high, slot=number % 10 + 1, kind=kind)


def plain() -> None:
    figure = Figure()
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    axes.plot(range(1000), wave(1000, 1))
    figure.canvas.print_svg(io.StringIO())


def milliseconds(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(TIMES):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return 1000 * statistics.median(taken)


def main() -> None:
    style = load_style(layout.bundled_themes() / "default" / "plots.mplstyle")
    groups = [line(30, k, "context") for k in range(19)]
    groups += [line(30, k, "mean", band=True) for k in range(5)]
    specs = {
        "1 line of 1,000 points": Curves("loss", "", "step", (line(1000, 1, "mean"),)),
        "5 groups before 19 others, 30 points": Curves("loss", "", "epoch", tuple(groups)),
        "40 lines of 1,000 points": Curves(
            "loss", "", "step", tuple(line(1000, k, "mean") for k in range(40))
        ),
        "1 line of 100,000 points": Curves("loss", "", "step", (line(100_000, 1, "mean"),)),
        "24 intervals": Intervals(
            "acc", "", tuple(Row(f"group {k}", 0.9, 0.8, 0.97, (0.85, 0.95)) for k in range(24))
        ),
    }
    naive = milliseconds(plain)
    print(f"{naive:7.1f} ms          plain matplotlib figure, 1 line of 1,000 points")
    for name, spec in specs.items():
        taken = milliseconds(lambda spec=spec: draw(spec, style))
        print(f"{taken:7.1f} ms {taken / naive:6.2f} x  {name}, {len(draw(spec, style)):,} bytes")


if __name__ == "__main__":
    main()
