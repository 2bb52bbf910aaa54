"""Records in, data files out: read as a browser does, one call, one text of JSON, exact numbers."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
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


def read(site: Path, url: str) -> Any:
    """Read a data file; it says the URL that it is known by."""
    match = CALL.fullmatch((site / url).read_text(encoding="utf-8"))
    assert match, url
    assert json.loads(match[1]) == url
    return json.loads(json.loads(match[2]))


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
