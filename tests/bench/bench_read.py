"""What reading costs, against msgspec's decoding of the same bytes, and how it grows.

    python tests/bench/bench_read.py [RUNS ...]

The floor of a file is `decode_lines` of its bytes into the record types and nothing else: no
columns, no digest, no report of what is wrong. The two take turns in one process, the best of
some rounds counts, and it is CPU seconds that are compared. Growth is that of a whole project:
read for the first time, with nothing changed, and with one record more in one run.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from staticrun.config import Config
from staticrun.record import codec
from staticrun.record.types import End, Log, Metrics, Params, Start
from staticrun.store.known import Source
from staticrun.store.points import RunPoints  # noqa: F401  (numpy is loaded before the clock runs)
from staticrun.store.read import read
from staticrun.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from staticrun.record.types import Record

ROUNDS = 7
RUNS = (100, 500, 2000)
RECORDS_A_RUN = 200


def records(n: int, width: int, *, validate: int = 0, log: int = 0) -> Iterator[Record]:
    """Give the records of a run: n of metrics, now and then others between them."""
    chance = random.Random(20_240_229)
    yield Start(format=1, id="0" * 26, time=1.7e9, name="bench")
    yield Params(values={"lr": 0.1, "model": {"width": width}})
    for step in range(n):
        time_unix_s = 1.7e9 + step * 0.37
        values = {f"train/m{i}": chance.random() for i in range(width)}
        yield Metrics(values=values, step=step, time=time_unix_s)
        if validate and step % validate == 0:
            yield Metrics(values={"val/acc": chance.random()}, step=step, time=time_unix_s)
        if log and step % log == 0:
            yield Log(text=f'step {step} of {n}: "fine"', time=time_unix_s)
    yield End(status="finished", time=1.7e9 + n)


def spell(made: Iterator[Record]) -> bytes:
    return b"".join(codec.encode(record) + b"\n" for record in made)


def cpu(call: Callable[[], object]) -> float:
    begin = time.process_time()
    call()
    return time.process_time() - begin


def files(folder: Path) -> None:
    """Measure single files."""
    cases = {
        "2 metrics a record": records(100_000, 2),
        "20 metrics a record": records(20_000, 20),
        "2 metrics, every 10th step another": records(100_000, 2, validate=10),
        "2 metrics, every 10th step a log line": records(100_000, 2, log=10),
    }
    print(f"{'one file':40}{'MB':>6}{'floor MB/s':>12}{'read MB/s':>12}{'ratio':>8}")
    for name, made in cases.items():
        path = folder / "run.jsonl"
        path.write_bytes(spell(made))
        source = Source(path, "run.jsonl", edit=False, rules=None)
        floor, cost = map(
            min,
            zip(
                *(
                    (
                        cpu(lambda path=path: codec.decode_typed_lines(path.read_bytes())),
                        cpu(lambda source=source: read(source)),
                    )
                    for _ in range(ROUNDS)
                ),
                strict=True,
            ),
        )
        size = path.stat().st_size / 1e6
        print(f"{name:40}{size:6.1f}{size / floor:12.0f}{size / cost:12.0f}{floor / cost:8.2f}")


def project(root: Path, runs: int) -> dict[str, float]:
    """Measure a project: CPU seconds for each way of reading it."""
    text = spell(records(RECORDS_A_RUN, 2, validate=10)).replace(b"0" * 26, b"%026d")
    for number in range(runs):
        path = root / f"runs/experiment-{number % 10}/run-{number}/run.jsonl"
        path.parent.mkdir(parents=True)
        path.write_bytes(text % number)
    first = cpu(lambda: Store.open(Config(root=root)).refresh())
    again = cpu(lambda: Store.open(Config(root=root)).refresh())
    listed = cpu(lambda: Store.open(Config(root=root)).runs())
    with path.open("ab") as stream:
        stream.write(b'{"type":"metrics","values":{"train/m0":1}}\n')
    added = cpu(lambda: Store.open(Config(root=root)).refresh())
    return {"first": first, "unchanged": again, "all facts": listed, "one more": added}


def main() -> None:
    """Measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        files(Path(folder))
    sizes = tuple(map(int, sys.argv[1:])) or RUNS
    print(f"\n{'a project, CPU ms a run':40}", *(f"{runs:>10,}" for runs in sizes), "    growth")
    found = {}
    for runs in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found[runs] = project(Path(folder), runs)
    for what in found[sizes[0]]:
        each = [found[runs][what] / runs * 1e3 for runs in sizes]
        print(f"{what:40}", *(f"{ms:10.3f}" for ms in each), f"{each[-1] / each[0]:10.2f}")


if __name__ == "__main__":
    main()
