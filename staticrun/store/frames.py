"""Runs as a table of another library: one row a run, one column a fact.

A column has one kind: numbers, texts, or true and false. Where runs differ in kind, or hold lists
or objects, every value of the column is its JSON text.
"""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any

from staticrun.errors import UserError
from staticrun.store.params import spelled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from staticrun.record.types import Json
    from staticrun.store.run import Run

_ATTRIBUTES: dict[str, type] = {
    "key": str,
    "id": str,
    "experiment": str,
    "name": str,
    "status": str,
    "started": float,
    "ended": float,
    "duration": float,
    "last_record": float,
    "group": str,
    "parent": str,
    "user": str,
    "archived": bool,
}


def to_pandas(runs: Sequence[Run]) -> pd.DataFrame:
    """Make a pandas data frame.

    Raises:
        UserError: When pandas is not installed.
    """
    pandas = _library("pandas")
    dtypes = {str: object, float: "float64", int: "Int64", bool: "boolean"}
    columns = {
        name: pandas.Series(values, dtype=dtypes[kind])
        for name, (kind, values) in _columns(runs).items()
    }
    frame: pd.DataFrame = pandas.DataFrame(columns)
    return frame


def to_polars(runs: Sequence[Run]) -> pl.DataFrame:
    """Make a polars data frame.

    Raises:
        UserError: When polars is not installed.
    """
    polars = _library("polars")
    dtypes = {str: polars.String, float: polars.Float64, int: polars.Int64, bool: polars.Boolean}
    frame: pl.DataFrame = polars.DataFrame(
        [
            polars.Series(name, values, dtype=dtypes[kind])
            for name, (kind, values) in _columns(runs).items()
        ]
    )
    return frame


def to_arrow(runs: Sequence[Run]) -> pa.Table:
    """Make an Arrow table.

    Raises:
        UserError: When pyarrow is not installed.
    """
    arrow = _library("pyarrow")
    dtypes = {str: arrow.string(), float: arrow.float64(), int: arrow.int64(), bool: arrow.bool_()}
    table: pa.Table = arrow.table(
        {
            name: arrow.array(values, type=dtypes[kind])
            for name, (kind, values) in _columns(runs).items()
        }
    )
    return table


def _library(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UserError(name, "is not installed", try_=f"pip install {name}") from error


def _columns(runs: Sequence[Run]) -> dict[str, tuple[type, list[Any]]]:
    """Give the columns: name → kind, and a value or None for each run."""
    columns: dict[str, tuple[type, list[Any]]] = {
        name: (kind, [getattr(run, name) for run in runs]) for name, kind in _ATTRIBUTES.items()
    }
    spaces: dict[str, list[dict[str, Json]]] = {
        "params": [run.params for run in runs],
        "metrics": [{name: run.value(name) for name in run.metrics} for run in runs],
        "summary": [run.summary for run in runs],
        "tags": [run.tags for run in runs],
    }
    for space, rows in spaces.items():
        for name in dict.fromkeys(name for row in rows for name in row):
            columns[f"{space}.{name}"] = _column([row.get(name) for row in rows])
    return columns


def _column(values: list[Any]) -> tuple[type, list[Any]]:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float}:
        kind = float if float in kinds or not kinds else int
        return kind, [None if value is None else kind(value) for value in values]
    if len(kinds) == 1 and kinds <= {str, bool}:
        return kinds.pop(), values
    return str, [
        None if value is None else json.dumps(spelled(value), ensure_ascii=False)
        for value in values
    ]
