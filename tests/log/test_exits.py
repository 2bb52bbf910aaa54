"""How a process ends, told by real ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import staticrun
from tests.log.records import of_type, read

CODE = Path(staticrun.__file__).parents[1]
HEAD = "import os, signal, sys, time\nimport staticrun\n"
START = "run = staticrun.start('digits', name='one', capture=False)\nrun.log({'loss': 1})\n"
BLOCK = (
    "with staticrun.start('digits', name='one', capture=False) as run:\n    run.log({'loss': 1})\n"
)


@pytest.fixture
def script(project):
    """Run a script to its end: (exit code, end record, stderr)."""

    def go(text, *, number=None):
        path = project / "train.py"
        path.write_text(HEAD + text)
        with subprocess.Popen(
            [sys.executable, path],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(CODE)},
        ) as process:
            if number is not None:
                assert process.stdout.readline() == "ready\n"
                process.send_signal(number)
            _, errors = process.communicate(timeout=30)
        folder = project / "runs" / "digits" / "one"
        assert of_type(folder, "metrics")[0] == {"values": {"loss": 1}, "step": 0}
        ends = of_type(folder, "end")
        assert len(ends) <= 1
        return process.returncode, ends[0] if ends else None, errors

    return go


# In short sleeps: a signal that comes just before a sleep begins is seen after it only.
WAIT = "print('ready', flush=True)\nfor _ in range(3000):\n    time.sleep(0.01)\n"
BLOCK_WAIT = (
    "    print('ready', flush=True)\n    for _ in range(3000):\n        time.sleep(0.01)\n"
)


@pytest.mark.parametrize(
    ("text", "code", "status", "error"),
    [
        (BLOCK, 0, "finished", None),
        (START, 0, "finished", None),
        (START + "run.finish()", 0, "finished", None),
        (START + "run.finish('failed')", 0, "failed", None),
        (BLOCK + "    sys.exit()", 0, "finished", None),
        (BLOCK + "    sys.exit(0)", 0, "finished", None),
        (BLOCK + "    sys.exit(3)", 3, "failed", ("SystemExit", "3")),
        (BLOCK + "    sys.exit('no data')", 1, "failed", ("SystemExit", "no data")),
        (START + "sys.exit(0)", 0, "finished", None),
        (START + "sys.exit(3)", 3, "failed", ("SystemExit", "3")),
        (START + "sys.exit('no data')", 1, "failed", ("SystemExit", "no data")),
        (BLOCK + "    1 / 0", 1, "failed", ("ZeroDivisionError", "division by zero")),
        (START + "1 / 0", 1, "failed", ("ZeroDivisionError", "division by zero")),
        (BLOCK + "    raise KeyboardInterrupt", -signal.SIGINT, "stopped", ("KeyboardInterrupt", "")),
        (START + "raise KeyboardInterrupt", -signal.SIGINT, "stopped", ("KeyboardInterrupt", "")),
        (BLOCK + "    import asyncio\n    raise asyncio.CancelledError", 1, "stopped", ("CancelledError", "")),
    ],
)  # fmt: skip
def test_the_way_out_is_the_status(script, text, code, status, error):
    found, end, _ = script(text)

    assert found == code
    assert end["status"] == status
    told = end.get("error")
    assert (told and (told["type"], told.get("message", ""))) == error


@pytest.mark.parametrize("text", [BLOCK + "    1 / 0", START + "1 / 0"])
def test_a_traceback_names_the_script_from_the_project(script, text):
    _, end, errors = script(text)

    lines = end["error"]["traceback"].splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1].startswith('  File "train.py", line ')
    assert lines[-1] == "ZeroDivisionError: division by zero"
    assert "ZeroDivisionError: division by zero" in errors
    assert "staticrun/log" not in errors


def test_a_handler_set_later_that_calls_the_one_before_still_ends_the_run(script):
    text = (
        START + "before = signal.getsignal(signal.SIGTERM)\n"
        "signal.signal(signal.SIGTERM, lambda number, frame: before(number, frame))\n" + WAIT
    )
    code, end, _ = script(text, number=signal.SIGTERM)

    assert code == -signal.SIGTERM
    assert end == {"status": "stopped", "error": {"type": "SIGTERM"}}


def test_an_exit_that_was_caught_is_no_failure(script):
    text = "try:\n    sys.exit(3)\nexcept SystemExit:\n    run.log({'loss': 2})\n"

    assert script(START + text)[:2] == (0, {"status": "finished"})


def test_an_exit_of_a_thread_is_no_failure(script):
    text = (
        "import threading\nt = threading.Thread(target=lambda: sys.exit(3))\nt.start(); t.join()\n"
    )

    assert script(START + text)[:2] == (0, {"status": "finished"})


def test_sys_exit_and_the_handlers_are_given_back_with_the_last_run(script):
    text = (
        "before = sys.exit, signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGHUP)\n"
        + START
        + "during = sys.exit, signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGHUP)\n"
        "run.finish()\n"
        "after = sys.exit, signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGHUP)\n"
        "assert before == after\n"
        "assert all(a != b for a, b in zip(before, during))\n"
    )

    assert script(text)[:2] == (0, {"status": "finished"})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("text", [BLOCK + BLOCK_WAIT, START + WAIT])
def test_a_process_dies_by_its_signal_and_its_run_is_stopped(script, text, number):
    code, end, errors = script(text, number=number)

    assert code == -number
    assert end == {"status": "stopped", "error": {"type": number.name}}
    assert errors == ""


@pytest.mark.parametrize("text", [BLOCK + BLOCK_WAIT, START + WAIT])
def test_ctrl_c_stops_the_run(script, text):
    code, end, errors = script(text, number=signal.SIGINT)

    assert code == -signal.SIGINT
    assert end["status"] == "stopped"
    assert end["error"]["type"] == "KeyboardInterrupt"
    assert errors.endswith("KeyboardInterrupt\n")


HANDLER = "def stop(number, frame):\n    {body}\nsignal.signal(signal.SIGTERM, stop)\n"


@pytest.mark.parametrize(
    ("body", "code"), [("sys.exit(5)", 5), ("raise SystemExit(0)", 0), ("sys.exit()", 0)]
)
@pytest.mark.parametrize("text", [BLOCK + BLOCK_WAIT, START + WAIT])
def test_a_handler_of_the_training_comes_first(script, text, body, code):
    found, end, _ = script(HANDLER.format(body=body) + text, number=signal.SIGTERM)

    assert found == code
    assert end == {"status": "stopped", "error": {"type": "SIGTERM"}}


def test_a_training_that_goes_on_after_its_handler_still_logs(script, project):
    text = (
        "stopping = []\n"
        + HANDLER.format(body="stopping.append(number)")
        + BLOCK
        + "    print('ready', flush=True)\n"
        "    while not stopping:\n"
        "        time.sleep(0.01)\n"
        "    run.log({'loss': 2})\n"
    )
    code, end, _ = script(text, number=signal.SIGTERM)

    assert code == 0
    assert end == {"status": "stopped", "error": {"type": "SIGTERM"}}
    assert len(of_type(project / "runs" / "digits" / "one", "metrics")) == 2


def test_an_ignored_signal_stays_ignored(script):
    text = (
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + START + "print('ready', flush=True)\n"
        "time.sleep(0.5)\n"
    )

    assert script(text, number=signal.SIGHUP)[:2] == (0, {"status": "finished"})


def test_a_run_that_a_thread_starts_needs_no_handler(script):
    text = (
        "import threading\n"
        "def work():\n"
        "    run = staticrun.start('digits', name='one', capture=False)\n"
        "    run.log({'loss': 1})\n"
        "t = threading.Thread(target=work); t.start(); t.join()\n"
        "assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL\n"
    )

    assert script(text)[:2] == (0, {"status": "finished"})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("os._exit(7)\n", 7),
        ("os.kill(os.getpid(), signal.SIGKILL)\n", -signal.SIGKILL),
        ("os.abort()\n", -signal.SIGABRT),
    ],
)
def test_every_call_that_returned_survives_a_sudden_death_and_the_run_stays_open(
    script, project, text, code
):
    loop = "for step in range(1, 1000):\n    run.log({'loss': step})\n"
    found, end, _ = script(START + loop + text)

    assert found == code
    assert end is None
    steps = [record["step"] for record in of_type(project / "runs" / "digits" / "one", "metrics")]
    assert steps == list(range(1000))


def test_a_process_killed_in_its_loop_leaves_every_line_it_told_of(project):
    text = (
        START
        + "for step in range(1, 10**9):\n    run.log({'loss': step}); print(step, flush=True)\n"
    )
    path = project / "train.py"
    path.write_text(HEAD + text)
    with subprocess.Popen(
        [sys.executable, path],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CODE)},
    ) as process:
        told = [int(process.stdout.readline()) for _ in range(500)]
        process.kill()
        told += [int(line) for line in process.communicate()[0].splitlines()]

    written = {r["step"] for r in of_type(project / "runs" / "digits" / "one", "metrics")}
    assert set(told) <= written


def test_one_signal_ends_every_open_run(project):
    text = (
        "runs = [staticrun.start('many', name=str(n), capture=False) for n in range(3)]\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
    )
    path = project / "train.py"
    path.write_text(HEAD + text)
    done = subprocess.run(
        [sys.executable, path], check=False, env={**os.environ, "PYTHONPATH": str(CODE)}
    )

    assert done.returncode == -signal.SIGTERM
    statuses = [
        read(project / "runs" / "many" / str(n) / "run.jsonl")[-1]["status"] for n in range(3)
    ]
    assert statuses == ["stopped"] * 3


def test_an_exception_passes_on_through_the_block(project):
    with pytest.raises(ZeroDivisionError), staticrun.start("digits", capture=False) as run:
        _ = 1 / 0

    assert of_type(run.folder, "end")[0]["status"] == "failed"


class UnspeakableError(Exception):
    def __str__(self):
        raise RuntimeError


def test_an_exception_that_cannot_tell_itself_still_ends_the_run(project):
    with pytest.raises(UnspeakableError), staticrun.start("digits", capture=False) as run:
        raise UnspeakableError

    assert of_type(run.folder, "end")[0]["error"]["type"] == "UnspeakableError"


class UnshowableError(SyntaxError):
    """An exception whose traceback cannot be formatted."""

    @property
    def msg(self):
        raise ZeroDivisionError


def test_an_exception_that_cannot_be_shown_is_the_one_that_passes_on(project):
    with (
        pytest.raises(UnshowableError),
        staticrun.start("digits", capture=False) as run,
    ):
        raise UnshowableError("x")

    assert of_type(run.folder, "end")[0]["error"]["type"] == "UnshowableError"


def test_a_deep_traceback_is_shortened(project):
    def deep(text):
        raise ValueError(text)

    with pytest.raises(ValueError, match=r"^x+$"), staticrun.start("digits", capture=False) as run:
        deep("x" * 100_000)

    error = of_type(run.folder, "end")[0]["error"]
    assert len(error["message"]) < 4_100
    assert "… 96,000 characters left out …" in error["message"]
    assert len(error["traceback"]) < 40_100
