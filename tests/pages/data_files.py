"""Records in, data files out: read as a browser does, one call, one text of JSON, exact numbers."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CALL = re.compile(r"staticrun_data\((\".*?\"),JSON\.parse\((\".*\")\)\);\n", re.DOTALL)


def write(root: Path, key: str, *records: dict[str, Any], file: str = "run.jsonl") -> None:
    """Write records into a file of a run, or append them."""
    folder = root / "runs" / key
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / file).open("a", encoding="utf-8") as stream:
        stream.writelines(json.dumps(record) + "\n" for record in records)


def metrics(step: float, **values: Any) -> dict[str, Any]:
    """Make a record of metrics; its time is its step."""
    return {"type": "metrics", "step": step, "time": 1.7e9 + step, "values": values}


def read(site: Path, url: str, at: str | None = None) -> Any:
    """Read a data file; it says the URL that it is known by, where it stands or not."""
    match = CALL.fullmatch((site / (at or url)).read_text(encoding="utf-8"))
    assert match, url
    assert json.loads(match[1]) == url
    return json.loads(json.loads(match[2]))


def named(site: Path, index: dict[str, Any]) -> Iterator[str]:
    """List every URL that is named by `runs.js`, and by what it leads to."""
    yield from (page["url"] for page in index["pages"])
    for experiment in index["experiments"]:
        yield experiment["url"]
        for link in experiment.get("shards", []):
            yield from (link["facts"], link["stats"])
            yield from read(site, link["stats"]).get("best", {}).values()
            facts = read(site, link["facts"])
            yield from facts["urls"]
            for url in facts["data"]:
                yield url
                yield from named_by_run(site, read(site, url))


def named_by_run(site: Path, data: dict[str, Any]) -> Iterator[str]:
    """List every URL that is named by the data of a run."""
    files = [one.get("url") for one in data.get("artifacts", [])]
    yield from filter(None, [data["url"], data.get("diff"), data.get("series"), *files])
    if data.get("series"):
        series = read(site, data["series"])
        for curve in [*series["metrics"].values(), *series["system"].values()]:
            for level in curve.get("levels", []):
                yield from level["urls"]


def unpack(text: str) -> np.ndarray:
    """Read float64 from base64."""
    return np.frombuffer(base64.b64decode(text), "<f8")


def steps(one: dict[str, Any]) -> np.ndarray:
    """Give the steps of points."""
    if one.get("by"):
        return one.get("start", 0.0) + one["by"] * np.arange(one["n"])
    return unpack(one.get("step", ""))


def points(series: dict[str, Any], curve: dict[str, Any], site: Path) -> tuple[Any, Any]:
    """Give all points of a curve: those in the file, or those of its finest level."""
    whole = curve.get("points")
    if whole is not None:
        return steps(series["steps"][whole["steps"]]), unpack(whole["value"])
    finest = curve["levels"][-1]
    assert finest["width"] is None
    chunks = [read(site, url) for url in finest["urls"]]
    assert [chunk["steps"]["n"] for chunk in chunks] == finest["rows"]
    return (
        np.concatenate([steps(chunk["steps"]) for chunk in chunks]),
        np.concatenate([unpack(chunk["points"]["value"]) for chunk in chunks]),
    )
