from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from staticrun import layout

ROOT = Path(layout.__file__).parents[1]
CODE = """
import hashlib, math
from staticrun import layout
from staticrun.plots import Curves, Intervals, Line, Row, digest, draw, load_style, standalone
from staticrun.plots import picture
style = load_style(layout.bundled_themes() / "default" / "plots.mplstyle")
step = tuple(k / 1 for k in range(400))
value = tuple(math.exp(-k / 90) + 0.1 * math.sin(k) for k in range(400))
spec = Curves("a", "b", "c", (
    Line("one", step, value, value, tuple(v + 1 for v in value), slot=1, ended="failed"),
    Line("two", step, tuple(v * 2 for v in value), kind="context"),
    Line("base", step, tuple(v * 3 for v in value), kind="baseline", ended="open"),
))
rows = Intervals("a", "b", (Row("x", 0.5, 0.4, 0.6, (0.45, 0.55)),), reference=0.0)
for one in (spec, rows):
    svg = draw(one, style)
    print(digest(one, style), hashlib.sha256(svg.encode() + standalone(svg)).hexdigest())
print(picture.digest(rows, style), hashlib.sha256(picture.draw(rows, style)).hexdigest())
"""


def drawn(folder, **surroundings):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CODE],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **surroundings},
        cwd=folder,
    )
    return done.stdout


def test_the_bytes_depend_on_no_process_locale_time_zone_or_matplotlibrc(tmp_path):
    odd = tmp_path / "matplotlibrc"
    odd.write_text(
        "svg.fonttype: path\nlines.linewidth: 9\npath.simplify: False\nlines.color: red\n"
        "patch.edgecolor: green\nfigure.facecolor: black\nlines.dash_capstyle: round\n"
        "path.sketch: 2, 100, 2\npatch.linewidth: 7\nsvg.hashsalt: x\n"
    )
    first = drawn(ROOT, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    second = drawn(
        tmp_path,
        PYTHONHASHSEED="2",
        TZ="Asia/Tokyo",
        LC_ALL="de_DE.UTF-8",
        PYTHONUTF8="1",
        MATPLOTLIBRC=str(odd),
    )
    assert first == second
    assert len(first.split()) == 6
