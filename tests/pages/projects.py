"""Projects as the views' tests need them: runs written as record lines, and a context to read."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from staticrun import config, layout
from staticrun.pages.context import Context, Site
from staticrun.pages.figures import Figures
from staticrun.pages.objects import Objects
from staticrun.pages.views.sentence import plain
from staticrun.plots import load_style
from staticrun.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

TIME = 1_770_000_000


def write_run(
    root: Path,
    key: str,
    metrics: Mapping[str, Iterable[float]] | None = None,
    params: Mapping[str, object] | None = None,
    *,
    status: str | None = "finished",
    summary: Mapping[str, object] | None = None,
    name: str | None = None,
    began: float = TIME,
    **start: object,
) -> None:
    """Write a run: `metrics` name → its values at steps 0, 1, …; status None leaves it open."""
    folder = root / layout.RUNS / key
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[dict[str, object]] = [
        {
            "type": "start",
            "format": 1,
            "time": began,
            "id": key.replace("/", "-"),
            "name": name or key.rpartition("/")[2],
            **start,
        }
    ]
    if params:
        lines.append({"type": "params", "values": params})
    for metric, values in (metrics or {}).items():
        lines += [
            {
                "type": "metrics",
                "step": step,
                "time": began + step,
                "values": {metric: value if math.isfinite(value) else str(value)},
            }
            for step, value in enumerate(values)
        ]
    if summary:
        lines.append({"type": "summary", "values": summary})
    if status:
        lines.append({"type": "end", "status": status, "time": began + 100})
    text = "\n".join(json.dumps(line) for line in lines)
    (folder / layout.record_file_name()).write_text(f"{text}\n", encoding="utf-8")


def write_config(root: Path, text: str) -> None:
    """Write staticrun.yaml."""
    (root / layout.CONFIG).write_text(text, encoding="utf-8")


def open_context(root: Path) -> Context:
    """Open a project as a view meets it; staticrun.yaml must be right."""
    settings, findings = config.load(root)
    assert findings == []
    objects = Objects(root / layout.SITE)
    style = load_style(layout.bundled_themes() / "default/plots.mplstyle")
    figures = Figures(root / layout.CACHE / "figures", style, objects)
    reports = sorted(
        path.relative_to(root / layout.REPORTS).as_posix()
        for path in (root / layout.REPORTS).rglob("*.md")
    )
    site = Site(settings.project.name or "Experiments", None, (), "app.css", "app.js")
    store = Store.open(settings, cache=False)
    return Context(settings, store, objects, figures, site, tuple(reports))


def text_of(words: object) -> str:
    """Give a sentence as its readers see it, with plain spaces."""
    return plain(words).replace("\u202f", " ")  # type: ignore[arg-type]
