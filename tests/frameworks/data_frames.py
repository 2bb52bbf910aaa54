"""Tables of pandas, polars and Arrow, in an environment that has all three.

What is written by the writer is read back, column by column: numbers, truth values, lists,
params that runs lack, and params that are a number in one run and a text in another. And tables
that a training hands over are stored, and digested alike whoever holds them, however.
"""

from __future__ import annotations

import math
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa

import staticrun
from staticrun.log.datasets import describe

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


def check_runs() -> None:
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


def rows(count: int, seed: int) -> list[dict[str, Any]]:
    """Make rows of every type that has one spelling in all libraries, some values missing."""
    chance = random.Random(seed)

    def some(value: object) -> object:
        return None if chance.random() < 0.2 else value

    start = datetime(2026, 1, 1)  # noqa: DTZ001 - a time without a zone is meant
    return [
        {
            "whole": chance.randrange(-(2**63), 2**63),
            "gaps": some(chance.randrange(100)),
            "float": some(chance.choice([0.5, -0.0, 1e300, math.nan, math.inf])),
            "text": some(chance.choice(["", "a", "ä", "\u00e9", "e\u0301", "x" * 50])),
            "flag": some(chance.random() < 0.5),
            "time": some(start + timedelta(microseconds=chance.randrange(10**12))),
            "zoned": some(start.replace(tzinfo=UTC) + timedelta(seconds=chance.randrange(10**6))),
        }
        for _ in range(count)
    ]


SCHEMA = {
    "whole": "int64",
    "gaps": "int64",
    "float": "float64",
    "text": "string",
    "flag": "bool",
    "time": "timestamp[us]",
    "zoned": "timestamp[us, UTC]",
}


def every_way(given: list[dict[str, Any]]) -> dict[str, object]:
    """Hold one table in every library, and in several layouts of memory in each."""
    schema = pa.schema(
        [
            ("whole", pa.int64()),
            ("gaps", pa.int64()),
            ("float", pa.float64()),
            ("text", pa.string()),
            ("flag", pa.bool_()),
            ("time", pa.timestamp("us")),
            ("zoned", pa.timestamp("us", tz="UTC")),
        ]
    )
    arrow = pa.Table.from_pylist(given, schema=schema)
    frame = arrow.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    frame["flag"] = frame["flag"].astype("boolean")
    half = len(given) // 2
    polars = pl.DataFrame(arrow)
    return {
        "Arrow": arrow,
        "Arrow in chunks": pa.concat_tables([arrow[:half], arrow[half:]]),
        "Arrow, part of more": pa.concat_tables([arrow, arrow])[len(given) :],
        "Arrow, texts in a dictionary": arrow.set_column(
            3, "text", arrow["text"].dictionary_encode()
        ),
        "Arrow, large texts": arrow.set_column(3, "text", arrow["text"].cast(pa.large_string())),
        "pandas": frame,
        "pandas, another index": frame.set_index(
            pd.Index(range(7, 7 + len(given)), dtype="int32")
        ),
        "pandas in blocks": pd.concat([frame[:half], frame[half:]]),
        "pandas column by column": pd.DataFrame({name: frame[name] for name in frame}),
        "pandas, part of more": pd.concat([frame, frame])[len(given) :],
        "pandas, categories": frame.astype({"text": "category"}),
        "pandas, objects": frame.astype({"text": object}),
        "pandas on Arrow": arrow.to_pandas(types_mapper=pd.ArrowDtype),
        "polars": polars,
        "polars in chunks": pl.concat([polars[:half], polars[half:]], rechunk=False),
        "polars, categories": polars.with_columns(pl.col("text").cast(pl.Categorical)),
    }


def check_digests() -> None:
    """Compare the digests of one table in every library and layout."""
    for count, seed in ((0, 0), (1, 1), (2, 2), (200, 3), (70_000, 4)):
        given = rows(count, seed)
        tables = every_way(given)
        expected = describe(tables["Arrow"])
        assert (expected.rows, expected.schema, expected.sampled) == (count, SCHEMA, None)
        for name, table in tables.items():
            assert describe(table) == expected, f"{name}, {count} rows"
        if count:
            other = [*given[:-1], {**given[-1], "whole": given[-1]["whole"] ^ 1}]
            for name, table in every_way(other).items():
                assert describe(table).digest != expected.digest, name
    plain = [{"n": 1, "x": 0.5, "s": "a"}, {"n": 2, "x": None, "s": None}]
    whole = [{name: value for name, value in row.items() if value is not None} for row in plain]
    digests = {
        describe(table).digest
        for table in (plain, whole, pd.DataFrame(plain), pl.DataFrame(plain))
    }
    assert len(digests) == 1


def check_sampling() -> None:
    """See that a large table is sampled in every library at the same rows, and quickly."""
    large = pa.table(
        {"n": range(3_000_000), **{f"c{i}": pa.nulls(3_000_000, pa.int32()) for i in range(4)}}
    )
    start = process_time()
    found = [describe(table) for table in (large, pl.DataFrame(large))]
    seconds = process_time() - start
    assert found[0] == found[1]
    assert found[0].sampled is not None
    assert found[0].sampled < 3_000_000
    print(f"two million of three million rows, twice: {seconds:.1f} s of CPU")
    assert seconds < 10


def check_media() -> None:
    """Store tables, columns and scalars of the libraries as a training would."""
    plain = [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
    tables = (pd.DataFrame(plain), pl.DataFrame(plain), pa.Table.from_pylist(plain), plain)
    labels = ([0, 1, 1], pd.Series([0, 1, 1]), pl.Series([0, 1, 1]), pa.array([0, 1, 1]))
    with (
        tempfile.TemporaryDirectory() as folder,
        staticrun.start("e", name="media", root=folder, capture=False) as run,
    ):
        paths = {run.table("t", table, step=step) for step, table in enumerate(tables)}
        assert len(paths) == 1  # the same bytes, stored once
        [path] = paths
        assert path is not None
        assert path.read_text() == "a,b\n1,x\n2,y\n"
        assert {run.roc_curve("r", one, one) for one in labels} != {None}
        assert len({run.confusion_matrix("c", one, one) for one in labels}) == 1
        for table in tables:
            run.dataset("d", table)
        run.log({"mean": pd.Series([1.0, 2.0]).mean(), "max": pl.Series([1, 2]).max()})
        run.log({"scalar": pa.scalar(3).as_py()})
        run.histogram("h", pl.Series([1.0, 2.0]))
        run.histogram("h", pd.Series([1.0, 2.0]))
        assert run.dropped == 0


def main() -> None:
    """Check one thing after the other."""
    for check in (check_runs, check_digests, check_sampling, check_media):
        check()
    print("pandas, polars, Arrow: done.")


if __name__ == "__main__":
    main()
