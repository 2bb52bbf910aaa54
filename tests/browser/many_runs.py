"""A page with a table of as many runs as one likes, without their records."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import msgspec

from staticrun import layout
from staticrun.pages.data import script
from staticrun.pages.data.types import (
    FORMAT,
    SHARD_RUNS,
    ExperimentLink,
    Index,
    Metric,
    Shard,
    ShardLink,
    Stats,
    Words,
)

if TYPE_CHECKING:
    from pathlib import Path

METRICS = 22
OPTIMIZERS = ("adam", "adamw", "lion", "sgd")
STATUSES = ("failed", "finished", "open", "stopped")
NAME = "many"
# All of them but the name, as the address spells them.
COLUMNS = ",".join(
    [
        "r:status",
        "r:duration",
        "t:team",
        *(f"p:{name}" for name in ("optimizer", "lr", "width", "seed")),
        "m:val/acc",
        *(f"m:m{place:02d}" for place in range(1, METRICS)),
    ]
)
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Many runs</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="app.css">
<script defer src="app.js"></script></head>
<body data-root="" data-entry="" data-project="bench"><div class="sheet"><main id="main">
<h1>Many runs</h1>
<section class="row"><div class="m"><h2>Runs</h2></div><div class="b"{app}><p>Runs.</p></div></section>
</main></div></body></html>
"""


def write(folder: Path, n: int) -> tuple[Path, Path]:
    """Write a page with n runs of 30 columns, and the same page without a table.

    Name, status and duration, a tag, four params, 22 metrics.

    Returns:
        The two pages.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(7)
    links = []
    for number, first in enumerate(range(0, n, SHARD_RUNS)):
        url = f"o/{number:04d}.js"
        shard = _shard(range(first, min(first + SHARD_RUNS, n)), chance)
        _put(folder / url, url, shard)
        _put(folder / f"o/{number:04d}.stats.js", f"o/{number:04d}.stats.js", Stats({}))
        links.append(ShardLink(shard.n, url, f"o/{number:04d}.stats.js"))
    metrics = {"val/acc": Metric("max", format=".4f", primary=True), "m01": Metric("min")}
    link = ExperimentLink(NAME, "index.html", "", tuple(links), metrics, (), ("seed",))
    _put(folder / "runs.js", "runs.js", Index(FORMAT, "bench", (link,), ()))
    bundle, theme = layout.bundle(), layout.bundled_themes() / "default"
    (folder / "app.js").write_bytes((bundle / "app.js").read_bytes())
    styles = [path.read_bytes() for path in sorted((theme / "styles").glob("*.css"))]
    (folder / "app.css").write_bytes(b"".join(styles))
    table, empty = folder / "index.html", folder / "empty.html"
    app = f' data-app="runs" data-experiment="{NAME}"'
    table.write_text(_PAGE.replace("{app}", app), encoding="utf-8")
    empty.write_text(_PAGE.replace("{app}", ""), encoding="utf-8")
    return table, empty


def _put(path: Path, url: str, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(script.spell(url, value))


def _shard(numbers: range, chance: random.Random) -> Shard:
    n = len(numbers)
    keys = [f"{NAME}/run-{number}" for number in numbers]
    none = Words([], [-1] * n)
    known: dict[str, Any] = {
        field.name: none for field in msgspec.structs.fields(Shard) if field.name != "sparks"
    }
    metrics = {f"m{place:02d}": _numbers(n, chance) for place in range(1, METRICS)}
    return Shard(
        **{
            **known,
            "n": n,
            "keys": keys,
            "urls": [f"runs/{key}/index.html" for key in keys],
            "data": [""] * n,
            "ids": [f"id{number:024d}" for number in numbers],
            "name": Words([f"run-{number}" for number in numbers], list(range(n))),
            "status": Words(list(STATUSES), [_likely(chance) for _ in keys]),
            "started": [1_790_000_000.0 + 60 * number for number in numbers],
            "ended": [None] * n,
            "last_record": [None] * n,
            "duration": [round(chance.uniform(1, 9000), 1) for _ in keys],
            "params": {
                "optimizer": Words(list(OPTIMIZERS), [chance.randrange(4) for _ in keys]),
                "lr": [chance.choice((0.1, 0.03, 0.01, 0.003)) for _ in keys],
                "width": [chance.choice((8, 16, 32, 64)) for _ in keys],
                "seed": [number % 5 for number in numbers],
            },
            "tags": {"team": Words(["risk", "vision"], [chance.randrange(2) for _ in keys])},
            "summary": {},
            "metrics": {"val/acc": _numbers(n, chance), **metrics},
        },
        sparks={},
    )


def _numbers(n: int, chance: random.Random) -> list[Any]:
    return [round(chance.random(), 6) if chance.random() > 0.02 else None for _ in range(n)]


def _likely(chance: random.Random) -> int:
    return 1 if chance.random() < 0.9 else chance.randrange(4)
