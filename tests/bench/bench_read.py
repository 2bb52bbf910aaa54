"""What reading costs, against msgspec's decoding of the same bytes, and how it grows.

    python tests/bench/bench_read.py [RUNS ...]

The floor of a file is `decode_lines` of its bytes into the record types and nothing else: no
columns, no digest, no report of what is wrong. Its records are held until the last one is read,
which gives the garbage collector work; the second floor lets go of them piece by piece, in pieces
as large as the reader's. All take turns in one process, the best of some rounds counts, and it is
CPU seconds that are compared. Growth is that of a whole project: read for the first time, with
nothing changed, and with one record more in one run.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from staticrun.config import Config
from staticrun.record import codec
from staticrun.record.types import (
    Artifact,
    Beat,
    End,
    Histogram,
    Log,
    Metrics,
    Params,
    Start,
    System,
)
from staticrun.store.known import Source
from staticrun.store.points import RunPoints  # noqa: F401  (numpy is loaded before the clock runs)
from staticrun.store.read import read
from staticrun.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from staticrun.record.types import Number, Record

    Shape = Callable[[int], dict[str, Number]]
    Between = Callable[[int, float], Iterable[Record]]

ROUNDS = 7
PIECE_BYTES = 1 << 18
RUNS = (100, 500, 2000)
RECORDS_A_RUN = 200
BEGAN_UNIX_S = 1.7e9


def records(
    n: int, shape: Shape, *, between: Between = lambda _step, _time: ()
) -> Iterator[Record]:
    """Give the records of a run: n of metrics, now and then others between them.

    Args:
        n: Number of steps.
        shape: Gives the metrics of a step.
        between: Gives what stands after a step's metrics, from the step and its time.
    """
    yield Start(format=1, id="0" * 26, time=BEGAN_UNIX_S, name="bench")
    yield Params(values={"lr": 0.1, "model": {"width": 2}})
    for step in range(n):
        time_unix_s = BEGAN_UNIX_S + step * 0.37
        yield Metrics(values=shape(step), step=step, time=time_unix_s)
        yield from between(step, time_unix_s)
    yield End(status="finished", time=BEGAN_UNIX_S + n)


def train(width: int) -> Shape:
    """Give so many metrics at each step."""
    chance = random.Random(20_240_229)
    return lambda _step: {f"train/m{i}": chance.random() for i in range(width)}


def every(period: int, make: Callable[[int, float], Record]) -> Between:
    """Put a record after each so-manyth step."""
    return lambda step, time: () if step % period else (make(step, time),)


def cases() -> dict[str, Iterable[Record]]:
    """Give what logs are like in the field, by name."""
    chance = random.Random(1)
    two = train(2)

    def validated(step: int, time: float) -> Record:
        return Metrics(values={"val/acc": chance.random()}, step=step, time=time)

    def said(step: int, time: float) -> Record:
        return Log(text=f'step {step}: "fine"', time=time)

    def used(_step: int, time: float) -> Record:
        values = {"cpu.percent": 100 * chance.random(), "memory.bytes": chance.getrandbits(34)}
        gpus = {f"gpu.{i}.utilization": 100 * chance.random() for i in range(4)}
        return System(values=values | gpus, time=time)

    def spread(step: int, time: float) -> Record:
        edges, counts = [i / 32 for i in range(33)], [chance.getrandbits(8) for _ in range(32)]
        return Histogram(name="weights", edges=edges, counts=counts, step=step, time=time)

    def drawn(step: int, time: float) -> Record:
        path = f"artifacts/samples-{step}.png"
        return Artifact(path=path, sha256="0" * 64, bytes=step, kind="image", step=step, time=time)

    def beaten(_step: int, time: float) -> Record:
        return Beat(time=time)

    def alternating(step: int) -> dict[str, Number]:
        part = "val" if step % 2 else "train"
        return {f"{part}/loss": chance.random(), f"{part}/acc": chance.random()}

    def alone(step: int) -> dict[str, Number]:
        return {f"layer{step % 40}/norm": chance.random()}

    def diverging(step: int) -> dict[str, Number]:
        return {"loss": chance.random() if step % 10 else "NaN", "norm": chance.random()}

    def counted(step: int) -> dict[str, Number]:
        return {"seen": step * 32, "right": chance.getrandbits(5)}

    return {
        "2 metrics a record": records(100_000, two),
        "20 metrics a record": records(20_000, train(20)),
        "another shape every 10th step": records(100_000, two, between=every(10, validated)),
        "train and val in turn": records(100_000, alternating),
        "40 metrics, each in a record of its own": records(100_000, alone),
        "NaN every 10th step": records(100_000, diverging),
        "integers": records(100_000, counted),
        "no steps": without_step(records(100_000, two), 1),
        "every 10th step left out": without_step(records(100_000, two), 10),
        "a log line every 10th step": records(100_000, two, between=every(10, said)),
        "a system record every 10th step": records(100_000, two, between=every(10, used)),
        "a beat every 100th step": records(100_000, two, between=every(100, beaten)),
        "a histogram every 10th step": records(50_000, two, between=every(10, spread)),
        "an image every 10th step": records(100_000, two, between=every(10, drawn)),
    }


def without_step(made: Iterable[Record], period: int) -> Iterator[Record]:
    """Leave out the step of each so-manyth record of metrics."""
    for number, record in enumerate(made):
        if isinstance(record, Metrics) and number % period == 0:
            yield Metrics(values=record.values, time=record.time)
        else:
            yield record


def spell(made: Iterable[Record]) -> bytes:
    return b"".join(codec.encode(record) + b"\n" for record in made)


def cpu(call: Callable[[], object]) -> float:
    begin = time.process_time()
    call()
    return time.process_time() - begin


def files(folder: Path) -> None:
    """Measure single files."""
    print(f"{'one file':40}{'MB':>6}{'MB/s':>8}{'ratio to the floor':>20}{'in pieces':>12}")
    path = folder / "run.jsonl"
    source = Source(path, path.name, edit=False, rules=None)
    for name, made in cases().items():
        path.write_bytes(spell(made))
        ways = (partial(at_once, path), partial(in_pieces, path), partial(read, source))
        rounds = [[cpu(way) for way in ways] for _ in range(ROUNDS)]
        whole, pieces, cost = map(min, zip(*rounds, strict=True))
        size = path.stat().st_size / 1e6
        print(f"{name:40}{size:6.1f}{size / cost:8.0f}{whole / cost:20.2f}{pieces / cost:12.2f}")


def at_once(path: Path) -> None:
    codec.decode_typed_lines(path.read_bytes())


def in_pieces(path: Path) -> None:
    data, first = path.read_bytes(), 0
    while first < len(data):
        after = data.find(b"\n", first + PIECE_BYTES) + 1 or len(data)
        codec.decode_typed_lines(data[first:after])
        first = after


def a_run() -> Iterator[Record]:
    """Give a short run with two shapes."""
    chance = random.Random(2)

    def validated(step: int, time: float) -> Record:
        return Metrics(values={"val/acc": chance.random()}, step=step, time=time)

    return records(RECORDS_A_RUN, train(2), between=every(10, validated))


def project(root: Path, runs: int) -> dict[str, float]:
    """Measure a project: CPU seconds for each way of reading it."""
    text = spell(a_run()).replace(b"0" * 26, b"%026d")
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
