"""Made-up record files: the lines that a run file may hold, good and bad, and where to put them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
from hypothesis import strategies as st

from staticrun.config import Config
from staticrun.store.bulk import Bulk
from staticrun.store.columns import find
from staticrun.store.fold import Fold
from staticrun.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path


def line(tag: str, /, **fields: object) -> str:
    """Spell a record."""
    return json.dumps({"type": tag, **fields}, ensure_ascii=False)


def metrics(step: object = None, time: object = None, **values: object) -> str:
    """Spell a record of metrics; step and time are left out when None."""
    given = {} if step is None else {"step": step}
    given |= {} if time is None else {"time": time}
    return line("metrics", **given, values=values)


def write(root: Path, key: str, *lines: str | bytes, name: str = "run.jsonl") -> Path:
    """Write a record file into the folder of a run, and give the file."""
    path = root / "runs" / key / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(_bytes(each) + b"\n" for each in lines))
    return path


def append(path: Path, *lines: str | bytes) -> None:
    """Add lines to a record file."""
    with path.open("ab") as stream:
        stream.write(b"".join(_bytes(each) + b"\n" for each in lines))


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def store(root: Path, **options: object) -> Store:
    """Open a project without a cache, unless told otherwise."""
    return Store.open(Config(root=root), **{"cache": False, **options})


def said(run: object) -> str:
    """Say all that is known of a run, every point included, so that two can be compared."""
    series = [run.series(name) for name in run.metrics]
    series += [run.series(name, writer) for name in run.metrics for writer in run.writers]
    series += [run.system(name) for name in run.system_names]
    points = [
        (each.name, each.writer, *(a.tobytes() if a is not None else b"" for a in _arrays(each)))
        for each in series
    ]
    kept = {name: value for name, value in vars(run).items() if not name.startswith("_")}
    return repr((kept, run.to_dict(), points, run.logs, run.histograms))


def _arrays(series: object) -> tuple:
    return (
        series.step, series.time, series.value, series.superseded, series.low, series.high,
        series.count,
    )  # fmt: skip


def folded(lines: bytes, *, pieces: list[bytes] | None = None) -> tuple[bytes, object]:
    """Fold lines one by one, or pieces of whole lines at once.

    Returns:
        The state and the points, so that two foldings can be compared.
    """
    fold = Fold("runs/a/b/run.jsonl")
    if pieces is None:
        for each in lines.split(b"\n")[:-1]:
            fold.line(each)
    else:
        bulk = Bulk(fold)
        for piece in pieces:
            bulk.feed(piece)
    part = fold.part()
    columns = {
        (kind, name): tuple(
            getattr(find(blocks, name), field).tobytes()
            for field in ("line", "step", "time", "value")
        )
        for kind, blocks, names in (
            ("metric", part.metrics, fold.state.metrics),
            ("system", part.system, fold.state.system),
        )
        for name in names
    }
    return msgspec.msgpack.encode(fold.state), (columns, part.logs, part.histograms)


NAMES = ["loss", "val/acc", "a:b", 'q"uote', "ü", "x.y", ""]
# How numbers are spelled in the field, and what is none.
NUMBERS = [
    "1", "-0", "0.5", "-0.0", "1e-320", "1E5", "1e400", "-1e400", "9007199254740993",
    "18446744073709551616", "-9223372036854775809", "1" + "0" * 310, "null", "NaN", "-Infinity",
    "Infinity", '"NaN"', '"nan"', '"Infinity"', '"inf"', '"-Infinity"', '"-inf"',
]  # fmt: skip
WRONG = ["true", '"0.5"', '""', "[1]", "{}", '{"a": 1}']

spelled_numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(2**60), 2**60).map(str),
    st.sampled_from(NUMBERS),
)
spelled_values = st.one_of(spelled_numbers, spelled_numbers, st.sampled_from(WRONG))


@st.composite
def spelled_metrics(draw: st.DrawFn, numbers: st.SearchStrategy[str] = spelled_values) -> str:
    """Spell metrics with any step, time, order and spacing, and now and then a key twice."""
    colon = draw(st.sampled_from([":", ": ", " : "]))
    pairs = draw(st.lists(st.tuples(st.sampled_from(NAMES), numbers), max_size=4))
    values = ", ".join(f"{json.dumps(name)}{colon}{number}" for name, number in pairs)
    fields = [f'"type"{colon}"metrics"', f'"values"{colon}{{{values}}}']
    given = [name for name in ("step", "time") if draw(st.booleans())]
    given += [] if draw(st.integers(0, 9)) else ["colour"]
    fields += [f'"{name}"{colon}{draw(numbers)}' for name in given]
    return "{" + ",".join(draw(st.permutations(fields))) + "}"


plain_metrics = st.builds(
    metrics,
    step=st.one_of(st.none(), st.integers(0, 50)),
    time=st.one_of(st.none(), st.floats(1e9, 2e9)),
    loss=st.floats(-10, 10),
)
other_lines = st.sampled_from(
    [
        line("start", format=1, id="a" * 26, time=1.5e9, segment=1, rewind_to=3),
        line("start", time=1.6e9),
        line("start", rewind_to="NaN", seed=2**70, rank=2**70),
        line("params", values={"lr": 0.1, "m": {"w": 1, "deep": {"er": [1, {}]}}}),
        line("params", values={"m": {"w": 2, "deep": 3}, "big": 10**30, "none": None}),
        line("summary", values={"best": 1.5, "gone": None}),
        line("tags", values={"team": "risk"}),
        line("note", text="**good**", time=1.55e9),
        line("log", text='it says "hello": fine', time=1.56e9, level="warning"),
        line("log", text="plain", level="loud"),
        '{"type":"log","text":"a","text":"b"}',
        '{"type":"log","text":"\\u0022","colour":1}',
        line("alert", text="look", time=1.57e9),
        line("beat", time=1.58e9),
        line("system", values={"cpu.percent": 3, "memory.bytes": 10**19}, time=1.59e9),
        line("histogram", name="w", edges=[0, 1, 2], counts=[3, 4], step=2),
        line("histogram", name="w", edges=[0, 1], counts=[3, 4]),
        line("artifact", path="artifacts/a.png", bytes=3, kind="image"),
        line("artifact", path="artifacts/a.png", bytes=10**30),
        line("dataset", name="digits", rows=10),
        line("model", name="m", tree="0" * 64),
        line("use", run="b" * 26, role="init"),
        line("verdict", of="b" * 26, result="same"),
        line("edit", time=1.6e9, name="x"),
        line("end", status="finished", time=1.7e9),
        line("end", status="failed"),
        line("end", status="melted"),
        line("span", name="?"),
        '{"loss": 0.5, "epoch": 3, "lr": [1, 2], "nested": {"a": 1}, "nested/a": 2}',
        '{"loss": NaN, "text": "x", "time": 1.65e9}',
        "",
        "  ",
        "\r",
        "\x0c",
        "oops",
        "[1]",
        "null",
        '{"type": "metrics", "values": 3}',
        '{"type": "metrics"}{"type": "beat", "time": 1}',
        '{"type": "metrics",',
        '"step": 3, "values": {"loss": 1}}',
        '{"type": "metrics", "values": {"loss": 1}} {"type": "metrics", "values": {"loss": 2}}',
        '{"type": "metrics", "values": {"\\ud800": 1}}',
        '{"type": "params", "values": {"x": "\\ud800"}}',
        '{"type": "params", "values": {"x": ' + "[" * 70 + "]" * 70 + "}}",
        '{"type": "metrics", "values": {"loss": ' + "[" * 3000 + "]" * 3000 + "}}",
        '{"type": 3}',
        '{"type": "metrics", "type": "beat", "time": 1.6e9}',
    ]
)
broken_bytes = st.sampled_from(
    [b"\xff", b"\xef\xbb\xbf{}", b'{"type":"log","text":"\xc3"}', b"\0"]
)
any_line = st.one_of(
    plain_metrics.map(str.encode),
    spelled_metrics().map(lambda text: text.encode()),
    other_lines.map(lambda text: text.encode()),
    broken_bytes,
)
# Now and then the same line many times: only long runs of like lines take the fast way.
some_lines = st.tuples(any_line, st.sampled_from([1, 1, 1, 2, 20, 80])).map(
    lambda made: (made[0] + b"\n") * made[1]
)
record_files = st.lists(some_lines, max_size=12).map(b"".join)
