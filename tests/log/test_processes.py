"""Several processes in one run: each has a file of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import staticrun
from tests.log.records import of_type, read

CODE = Path(staticrun.__file__).parents[1]

# Python 3.12 warns of what these tests are about.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def files(run):
    return sorted(path.name for path in run.folder.iterdir())


def in_child(work):
    """Do something in a process made by fork; give its exit code."""
    child = os.fork()
    if not child:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_forked_process_writes_a_file_of_its_own(project):
    with staticrun.start("digits", capture=False) as run:
        run.log({"loss": 1})
        assert in_child(lambda: [run.log({"worker": n}) for n in range(2)]) == 0
        assert in_child(lambda: run.log({"worker": 3})) == 0
        run.log({"loss": 2})

    assert files(run) == ["run.fork1.jsonl", "run.fork2.jsonl", "run.jsonl"]
    assert [record["step"] for record in of_type(run.folder, "metrics")] == [0, 1]
    assert of_type(run.folder, "start", "run.fork1.jsonl") == [
        {"format": 1, "id": run.id, "writer": "fork1"}
    ]
    assert [r["values"] for r in of_type(run.folder, "metrics", "run.fork1.jsonl")] == [
        {"worker": 0},
        {"worker": 1},
    ]
    assert of_type(run.folder, "end") == [{"status": "finished"}]


def test_a_forked_process_that_logs_nothing_leaves_nothing(project):
    with staticrun.start("digits", capture=False) as run:
        assert in_child(run.finish) == 0
        run.log({"loss": 1})

    assert files(run) == ["run.jsonl"]
    assert of_type(run.folder, "end") == [{"status": "finished"}]


@pytest.mark.slow
def test_a_fork_while_a_thread_logs_is_not_stuck(project):
    import threading

    with staticrun.start("digits", capture=False) as run:
        stop = threading.Event()

        def work():
            while not stop.is_set():
                run.log({"loss": 1})

        thread = threading.Thread(target=work)
        thread.start()
        codes = [in_child(lambda: run.log({"worker": 1})) for _ in range(20)]
        stop.set()
        thread.join()

    assert codes == [0] * 20
    assert len(files(run)) == 21
    for name in files(run):
        read(run.folder / name)


def test_a_forked_process_that_ends_by_itself_ends_its_own_file(project):
    code = (
        "import os, sys, staticrun\n"
        "run = staticrun.start('digits', name='one', capture=False)\n"
        "if not os.fork():\n"
        "    run.log({'worker': 1})\n"
        "    sys.exit(3)\n"
        "os.wait()\n"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": str(CODE)}
    )
    folder = project / "runs" / "digits" / "one"

    assert of_type(folder, "end") == [{"status": "finished"}]
    assert of_type(folder, "end", "run.fork1.jsonl")[0]["status"] == "failed"


def test_a_forked_process_dies_by_its_signal_without_a_word_in_the_run(project):
    with staticrun.start("digits", capture=False) as run:
        code = in_child(lambda: os.kill(os.getpid(), signal.SIGTERM))
        run.log({"loss": 1})

    assert code == -signal.SIGTERM
    assert files(run) == ["run.jsonl"]
    assert of_type(run.folder, "end") == [{"status": "finished"}]


def work(run, number):
    run.log({"worker": number}, step=number)


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_a_run_can_be_sent_to_other_processes(project, method):
    context = multiprocessing.get_context(method)
    with staticrun.start("digits", capture=False) as run:
        processes = [context.Process(target=work, args=(run, number)) for number in range(3)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        run.log({"loss": 1})

    assert [process.exitcode for process in processes] == [0, 0, 0]
    stem = {"spawn": "part", "fork": "fork"}[method]
    names = [f"run.{stem}{number}.jsonl" for number in (1, 2, 3)]
    assert files(run) == sorted([*names, "run.jsonl"])
    steps = [of_type(run.folder, "metrics", name)[0]["step"] for name in names]
    assert sorted(steps) == [0, 1, 2]
    assert {record["id"] for name in names for record in of_type(run.folder, "start", name)} == {
        run.id
    }


def test_a_packed_file_keeps_its_name(project):
    with staticrun.start("digits", capture=False) as run:
        (run.folder / "run.fork1.jsonl.gz").write_bytes(b"")
        assert in_child(lambda: run.log({"worker": 1})) == 0

    assert "run.fork2.jsonl" in files(run)
    assert "run.fork1.jsonl" not in files(run)


def fail(run, number):
    run.log({"worker": number})
    if number:
        raise ValueError(number)


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_a_worker_process_ends_its_own_file_by_the_way_it_ends(project, method, capfd):
    context = multiprocessing.get_context(method)
    with staticrun.start("digits", capture=False) as run:
        codes = []
        for number in range(2):
            process = context.Process(target=fail, args=(run, number))
            process.start()
            process.join()
            codes.append(process.exitcode)

    assert codes == [0, 1]
    # A server of forks has the standard error of the test that it was started for.
    if method != "forkserver":
        assert "ValueError: 1" in capfd.readouterr().err
    stem = "fork" if method == "fork" else "part"
    assert of_type(run.folder, "end", f"run.{stem}1.jsonl") == [{"status": "finished"}]
    [end] = of_type(run.folder, "end", f"run.{stem}2.jsonl")
    assert (end["status"], end["error"]["type"]) == ("failed", "ValueError")
    assert staticrun.runs(root=project)[0].status == "finished"


def train(number):
    staticrun.start("digits", name=str(number), capture=False).log({"loss": number})
    if number == 1:
        raise ValueError
    if number == 2:
        sys.exit(3)


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_a_run_that_a_worker_process_started_ends_with_it(project, method, capfd):
    context = multiprocessing.get_context(method)
    for number in range(3):
        process = context.Process(target=train, args=(number,))
        process.start()
        process.join()

    statuses = {run.name: run.status for run in staticrun.runs(root=project)}
    assert statuses == {"0": "finished", "1": "failed", "2": "failed"}
    assert "ValueError" in capfd.readouterr().err


def log_and_give(run, number):
    run.log({f"task {number}": os.getpid()})
    return run


def test_a_worker_of_a_pool_writes_one_file_however_often_the_run_is_sent(project):
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("spawn")
    with staticrun.start("digits", capture=False) as run:
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            given = list(pool.map(log_and_give, [run] * 12, range(12)))
        assert all(one is run for one in given)

    [found] = staticrun.runs(root=project)
    pids = {found.value(name) for name in found.metrics}
    assert len(found.metrics) == 12
    assert len(found.writers) == 1 + len(pids) <= 3
    for writer in found.writers[1:]:
        assert of_type(run.folder, "end", f"run.{writer}.jsonl") == [{"status": "finished"}]
