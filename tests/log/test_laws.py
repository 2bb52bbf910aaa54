"""What was logged is what is read, whichever processes wrote it and however they stopped.

A life of a run is a list of attempts. In each one every rank goes on from a checkpoint, or from
where it stopped, logs, perhaps in processes made from it, and ends or is killed. What has to be
read is worked out here from what was done, with a dictionary for each writer.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import staticrun
from staticrun.log import inherit
from staticrun.log.exits import release
from tests.log.processes import begin, finish, torch

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("loss", "val/acc")


class Attempt(NamedTuple):
    """What one rank does in one attempt.

    Attributes:
        rewind: How many steps before the end of what it has it goes back; None for not at all.
        jump: How many steps the first log leaves out.
        values: One for each step, with the metric.
        part: Values that a further writer logs.
        killed: Whether it stops without a word.
    """

    rewind: int | None
    jump: int
    values: list[tuple[str, float]]
    part: list[float]
    killed: bool


numbers = st.floats(allow_nan=False, width=32)
attempts = st.builds(
    Attempt,
    rewind=st.none() | st.integers(0, 6),
    jump=st.integers(0, 2),
    values=st.lists(st.tuples(st.sampled_from(NAMES), numbers), max_size=8),
    part=st.lists(numbers, max_size=3),
    killed=st.booleans(),
)
lives = st.integers(1, 3).flatmap(
    lambda ranks: st.lists(
        st.lists(attempts, min_size=ranks, max_size=ranks), min_size=1, max_size=5
    )
)


def kill(run) -> None:
    """Leave a run as SIGKILL does: nothing more is written, and nobody knows."""
    run._writer.background.finish(by_signal=False)
    run._writer.out.sink.close()
    run._writer.ended = True
    release(run._writer)


class Writer:
    """What has to be read of one writer: every point, and those that hold."""

    def __init__(self) -> None:
        self.points: list[list] = []
        self.last = -1.0

    def go_back(self, step: float) -> None:
        for point in self.points:
            point[3] = point[3] or point[1] >= step
        self.last = min(self.last, step - 1) if self.points else step - 1

    def log(self, name: str, step: float, value: float) -> None:
        self.points.append([name, step, value, False])
        self.last = step


def live_a_life(root: Path, life: list[list[Attempt]], monkeypatch) -> dict[str, Writer]:
    known: dict[str, Writer] = {}
    parts = 0
    for attempts_of_ranks in life:
        for rank, attempt in enumerate(attempts_of_ranks):
            monkeypatch.setenv("RANK", str(rank))
            monkeypatch.setenv("WORLD_SIZE", "3")
            monkeypatch.setenv("STATICRUN_FSYNC", "0")
            name = f"rank{rank}" if rank else "main"
            is_again = name in known
            writer = known.setdefault(name, Writer())
            back = None if attempt.rewind is None else max(writer.last + 1 - attempt.rewind, 0)
            run = staticrun.start(
                "laws", name="one", resume="auto", rewind_to=back, root=root, capture=False
            )
            if is_again and back is not None:
                writer.go_back(back)
            for number, (metric, value) in enumerate(attempt.values):
                step = writer.last + 1
                if number or not attempt.jump:
                    run.log({metric: value})
                else:
                    step += attempt.jump
                    run.log({metric: value}, step=step)
                writer.log(metric, step, value)
            if attempt.part:
                parts += 1
                monkeypatch.delenv("RANK")
                part = known[f"part{parts}"] = Writer()
                with staticrun.start(run=run, root=root, capture=False) as more:
                    for value in attempt.part:
                        more.log({"loss": value})
                        part.log("loss", part.last + 1, value)
            if attempt.killed:
                kill(run)
            else:
                run.finish()
    return known


@given(lives)
@settings(max_examples=40)
def test_what_was_logged_is_what_is_read(tmp_path_factory, life):
    root = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as monkeypatch:
        known = live_a_life(root, life, monkeypatch)
    assert inherit.inherited() == ""

    [run] = staticrun.runs(root=root)
    assert set(run.writers) == set(known)
    assert run.findings == () or all("superseded" in f.what for f in run.findings)
    read = {(writer, name): run.series(name, writer) for writer in known for name in run.metrics}
    for writer, expected in known.items():
        for name in NAMES:
            points = [point for point in expected.points if point[0] == name]
            found = read.get((writer, name))
            if found is None:
                assert points == []
                continue
            assert found.step.tolist() == [point[1] for point in points]
            assert found.value.tolist() == [point[2] for point in points]
            assert found.superseded.tolist() == [point[3] for point in points]
    gone = sum(point[3] for writer in known.values() for point in writer.points)
    assert run.superseded == gone
    assert run.segments == len(life)
    last = life[-1][0]
    assert run.status == ("open" if last.killed else "finished")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork of POSIX")
@pytest.mark.parametrize("seed", range(3))
def test_what_killed_processes_told_of_is_read(project, seed):
    """Ranks and the processes that they fork, killed at any moment, three times over."""
    text = (
        "import signal\n"
        "begin = int(sys.stdin.readline())\n"
        "rank, attempt = int(os.environ['RANK']), int(os.environ['TORCHELASTIC_RESTART_COUNT'])\n"
        "run = staticrun.start('laws', rewind_to=begin, capture=False)\n"
        "fork = os.fork()\n"
        "for step in range(begin, 10**9):\n"
        "    if fork:\n"
        "        run.log({'loss': 1000 * attempt + rank}, step=step)\n"
        "        os.write(1, b'%d\\n' % step)\n"
        "    else:\n"
        "        run.log({'worker': step}, step=step)\n"
        "        if step > begin + 50:\n"
        "            os._exit(0)\n"
    ).replace("int(sys.stdin.readline())", "int(os.environ['BEGIN'])")
    steps = [0, 0]
    for attempt in range(3):
        processes = [
            begin(
                text,
                BEGIN=str(steps[rank]),
                **torch(rank, 2, TORCHELASTIC_RESTART_COUNT=str(attempt)),
            )
            for rank in range(2)
        ]
        for rank, process in enumerate(processes):
            lines = [process.stdout.readline() for _ in range(40 + 25 * seed + 10 * rank)]
            assert lines[-1], process.stderr.read()
            process.kill()
            told = [int(line) for line in [*lines, *process.stdout]]
            finish(process)
            assert told == list(range(steps[rank], told[-1] + 1))
            # The checkpoint is older than what was logged.
            steps[rank] = told[-1] - 5

    [run] = staticrun.runs(root=project)
    assert run.segments == 3
    for rank, writer in enumerate(("main", "rank1")):
        step, value = run.series("loss", writer).at_steps()
        assert step.tolist() == list(range(len(step)))
        assert len(step) > steps[rank] + 5
        assert value.tolist() == sorted(value.tolist())
        assert {number % 1000 for number in value} == {rank}
    workers = [writer for writer in run.writers if writer.startswith("fork")]
    assert len(workers) == 6
    for writer in workers:
        found = run.series("worker", writer)
        assert found.value.tolist() == found.step.tolist()
        assert len(found) == 52
