"""Runs as tables of pandas, polars and Arrow, in an environment that has all three.

What is written by the writer is read back, column by column: numbers, truth values, lists,
params that runs lack, and params that are a number in one run and a text in another.
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa

import staticrun

PARAMS: tuple[dict[str, Any], ...] = (
    {"lr": 1, "mixed": 1},
    {"lr": 0.5, "mixed": "x"},
    {},
)


def write(project: Path) -> None:
    """Write a run for each entry of PARAMS."""
    for number, values in enumerate(PARAMS):
        params = values | {"n": number, "flag": number > 0, "list": [number]}
        with staticrun.start("e", name=str(number), params=params, root=project) as run:
            run.log({"x": number / 2})


def main() -> None:
    """Compare every column that differs in kind with what was logged."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        runs = staticrun.runs(root=folder)

        frame = runs.to_pandas()
        assert isinstance(frame, pd.DataFrame)
        assert frame["key"].tolist() == ["e/0", "e/1", "e/2"]
        assert frame["metrics.x"].tolist() == [0, 0.5, 1]
        assert frame["params.n"].tolist() == [0, 1, 2]
        assert frame["params.flag"].tolist() == [False, True, True]
        assert frame["params.list"].tolist() == ["[0]", "[1]", "[2]"]
        assert frame["params.lr"].tolist()[:2] == [1, 0.5]
        assert math.isnan(frame["params.lr"][2])
        assert frame["params.mixed"].tolist() == ["1", '"x"', None]

        polars = runs.to_polars()
        assert isinstance(polars, pl.DataFrame)
        assert polars["params.lr"].to_list() == [1, 0.5, None]
        assert polars["params.mixed"].to_list() == ["1", '"x"', None]
        assert polars["params.n"].dtype == pl.Int64

        arrow = runs.to_arrow()
        assert isinstance(arrow, pa.Table)
        assert arrow["params.lr"].to_pylist() == [1, 0.5, None]
        assert arrow["params.flag"].to_pylist() == [False, True, True]
    print("pandas, polars, Arrow: done.")


if __name__ == "__main__":
    main()
