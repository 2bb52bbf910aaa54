"""What a process prints goes where it went, and into a file of its run."""

from __future__ import annotations

import io
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import staticrun
from staticrun.log.transcript import Transcript
from tests.log.records import of_type, read

CODE = Path(staticrun.__file__).parents[1]
HEAD = (
    "import ctypes, os, signal, subprocess, sys, threading, time\n"
    "import staticrun\n"
    "def where(): return [os.fstat(n)[:2] + (os.get_inheritable(n), os.isatty(n)) for n in (1, 2)]\n"
    "before = where()\n"
)
START = "run = staticrun.start('digits', name='one')\n"
ENVIRONMENT = {"PYTHONPATH": str(CODE), "STATICRUN_CAPTURE": "console"}


def train(project, text, *, code=0, merged=False, **more):
    """Run a script: (what came to stdout, to stderr, the console's file)."""
    (project / "train.py").write_text(HEAD + text)
    done = subprocess.run(
        [sys.executable, "train.py"],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if merged else subprocess.PIPE,
        cwd=project,
        env={**os.environ, **ENVIRONMENT, **more},
        timeout=60,
    )
    assert done.returncode == code, done
    file = project / "runs/digits/one/artifacts/console.log"
    return (
        done.stdout.decode(),
        (done.stderr or b"").decode(),
        file.read_text(encoding="utf-8") if file.exists() else None,
    )


PRINT = (
    "print('from Python')\n"
    "print('to stderr', file=sys.stderr)\n"
    "subprocess.run(['sh', '-c', 'echo from a shell'])\n"
    "sys.stdout.flush(); libc = ctypes.CDLL(None); libc.puts(b'from C'); libc.fflush(None)\n"
)
PRINTED = ["from Python", "to stderr", "from a shell", "from C"]


def test_python_programs_and_c_are_recorded_and_passed_on(project):
    out, errors, found = train(project, START + PRINT + "run.finish()\nprint('after')\n")

    assert out == "from Python\nfrom a shell\nfrom C\nafter\n"
    assert errors == "to stderr\n"
    assert sorted(found.splitlines()) == sorted(PRINTED)


def test_where_both_go_to_one_place_their_order_stays(project):
    out, _, found = train(
        project, START + PRINT + "run.finish()\n", merged=True, PYTHONUNBUFFERED="1"
    )

    assert out == found == "".join(f"{line}\n" for line in PRINTED)


def test_the_record_names_the_file_with_its_digest(project):
    train(project, START + "print('one')\nrun.finish()\n")
    (run,) = staticrun.runs("digits", root=project)

    (artifact,) = run.artifacts
    assert (artifact.path, artifact.kind, artifact.bytes) == (
        "artifacts/console.log",
        "console",
        4,
    )
    assert artifact.sha256
    assert run.findings == ()


@pytest.mark.parametrize("text", ["pass", "sys.exit(3)", "1 / 0"])
def test_a_run_that_prints_nothing_has_no_file(project, text):
    code = {"pass": 0, "sys.exit(3)": 3, "1 / 0": 1}[text]
    _, errors, found = train(
        project, f"with staticrun.start('digits', name='one'):\n    {text}\n", code=code
    )

    assert found is None
    assert ("ZeroDivisionError" in errors) == (text == "1 / 0")
    assert of_type(project / "runs/digits/one", "artifact") == []


def test_descriptors_are_restored_exactly(project):
    text = (
        START + "during = where()\nrun.finish()\nassert where() == before != during\nprint('x')\n"
    )
    out, _, found = train(project, text)
    assert (out, found) == ("x\n", None)

    open_files = "sorted(os.listdir('/proc/self/fd'))"
    text = f"files = {open_files}\n{START}print(1)\nrun.finish()\nassert {open_files} == files\n"
    (project / "runs/digits/one").rename(project / "runs/digits/before")
    assert train(project, text)[0] == "1\n"


def test_what_is_printed_at_exit_without_a_finish_is_recorded_and_seen(project):
    out, errors, found = train(project, START + "print('last words')\n1 / 0\n", code=1)

    assert out == "last words\n"
    assert "ZeroDivisionError" in errors
    assert found.splitlines()[0] == "last words"
    assert found.splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_a_signal_ends_the_process_and_what_it_printed_is_there(project):
    text = (
        START
        + "print('started', flush=True)\nos.kill(os.getpid(), signal.SIGTERM)\ntime.sleep(9)\n"
    )
    out, errors, found = train(project, text, code=-signal.SIGTERM)

    assert (out, errors, found) == ("started\n", "", "started\n")


def test_what_was_printed_outlives_a_kill(project):
    text = START + (
        "print('one\\ntwo', flush=True)\n"
        "for _ in range(300):\n"
        "    if 'console' in open('runs/digits/one/run.jsonl').read(): break\n"
        "    time.sleep(0.1)\n"
        "print('at the very end', flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    out, _, _ = train(project, text, code=-signal.SIGKILL)
    (run,) = staticrun.runs("digits", root=project)

    assert out == "one\ntwo\nat the very end\n"
    file = run.folder / run.artifacts[0].path
    until = time.monotonic() + 10
    while "end" not in file.read_text() and time.monotonic() < until:
        time.sleep(0.05)
    assert file.read_text() == out
    assert (run.status, run.artifacts[0].kind, run.artifacts[0].sha256) == (
        "open",
        "console",
        None,
    )
    assert run.findings == ()


def test_a_c_function_that_holds_the_interpreter_and_prints_much_is_not_stuck(project):
    # More than a pipe holds, written while no other thread of this process can run.
    text = START + (
        "data = b'x' * 79 + b'\\n'\n"
        "write = ctypes.PyDLL(None).write\n"
        "n = 0\n"
        "while n < 4_000_000: n += write(1, data * 20_000, 1_600_000)\n"
        "run.finish()\n"
    )
    out, _, found = train(project, text)

    assert len(out) >= 4_000_000
    assert 400_000 < len(found) < 600_000
    assert " lines left out …\n" in found


def test_a_terminal_stays_a_terminal(project):
    (project / "train.py").write_text(
        HEAD + START + "print(os.isatty(1), os.get_terminal_size().columns)\nrun.finish()\n"
        "assert where() == before\nprint('after')\n"
    )
    command = f"stty columns 97; {shlex.quote(sys.executable)} train.py"
    done = subprocess.run(
        ["script", "-qec", command, "/dev/null"],
        check=True,
        cwd=project,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, **ENVIRONMENT},
        timeout=60,
    )

    assert done.stdout == b"True 97\r\nafter\r\n"
    assert (project / "runs/digits/one/artifacts/console.log").read_text() == "True 97\n"


def test_two_runs_at_once_have_what_was_printed_while_they_were_open(project):
    text = (
        "a = staticrun.start('digits', name='a')\nprint('a')\n"
        "b = staticrun.start('digits', name='b')\nprint('both')\n"
        "a.finish()\nprint('b')\nb.finish()\nprint('none')\nassert where() == before\n"
        "c = staticrun.start('digits', name='c')\nprint('c')\nc.finish()\nassert where() == before\n"
    )
    out, _, _ = train(project, text)

    assert out == "a\nboth\nb\nnone\nc\n"
    found = {
        name: (project / f"runs/digits/{name}/artifacts/console.log").read_text() for name in "abc"
    }
    assert found == {"a": "a\nboth\n", "b": "both\nb\n", "c": "c\n"}


def test_processes_made_by_fork_print_into_the_run_and_leave_it_open(project):
    text = START + (
        "if not os.fork():\n    print('child'); sys.exit(0)\n"
        "os.wait()\nprint('parent')\nrun.finish()\nassert where() == before\n"
    )
    out, _, found = train(project, text)

    assert out == found == "child\nparent\n"


@pytest.mark.slow
def test_a_program_that_goes_on_after_the_run_still_prints(project):
    text = START + (
        "import signal\n"
        "subprocess.Popen(['sh', '-c', 'sleep 5; echo later'])\nprint('now')\nrun.finish()\n"
    )
    out, _, found = train(project, text)

    assert (out, found) == ("now\nlater\n", "now\n")


def test_lines_of_many_threads_are_all_there(project):
    text = START + (
        "def work(k):\n    for n in range(500): sys.stdout.write(f'{k} {n}\\n')\n"
        "threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\nrun.finish()\n"
    )
    out, _, found = train(project, text)

    assert out == found
    assert sorted(found.splitlines()) == sorted(f"{k} {n}" for k in range(8) for n in range(500))


def test_a_training_outlives_the_process_that_passes_on(project):
    text = START + (
        "from staticrun.log import console\n"
        "print('before', flush=True)\ntime.sleep(1)\n"
        "os.kill(console._taps[0]._relay.pid, signal.SIGKILL)\n"
        "print('after', flush=True)\nrun.finish()\nassert where() == before\nprint('end')\n"
    )
    out, errors, _ = train(project, text)

    assert (out, errors) == ("before\nafter\nend\n", "")
    assert read(project / "runs/digits/one/run.jsonl")[-1]["status"] == "finished"


@pytest.mark.slow
def test_a_run_whose_folder_is_gone_prints_on(project):
    text = (
        "import shutil\n"
        + START
        + (
            "shutil.rmtree('runs/digits/one')\n"
            "for n in range(40): print(n, flush=True); time.sleep(0.05)\n"
            "run.finish()\nassert where() == before\nprint('end')\n"
        )
    )
    out, _, found = train(project, text, PYTHONWARNINGS="ignore")

    assert out.split() == [*map(str, range(40)), "end"]
    assert found is None


def test_the_process_in_between_is_none_of_the_training(project):
    text = (
        "from staticrun.log.machine import Sampler\nfrom pathlib import Path\n"
        + START
        + ("time.sleep(0.5)\nprint(Sampler(Path('.')).sample()['process.count'])\nrun.finish()\n")
    )

    assert train(project, text)[0] == "1\n"


def test_names_and_secrets_are_not_recorded(project):
    text = START.replace("'one'", "'one', capture={'user': False, 'console': True}") + (
        "print('ada at /data/ada with password=hunter2')\nrun.finish()\n"
    )
    out, _, found = train(project, text, LOGNAME="ada")

    assert out == "ada at /data/ada with password=hunter2\n"
    assert found == "<user> at /data/<user> with password=<secret>\n"


class Elsewhere(io.StringIO):
    """A stream that is no file, as a notebook's."""


def test_where_stdout_is_replaced_it_is_seen_there_and_given_back(project, monkeypatch):
    out, errors = Elsewhere(), Elsewhere()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", errors)
    with staticrun.start("digits", capture={"git": False}) as run:
        print("\r10%\r100%")
        print("to stderr", file=sys.stderr)
        assert isinstance(sys.stdout.getvalue(), str)
        kept = sys.stdout
    assert (sys.stdout, sys.stderr) == (out, errors)
    kept.write("after\n")

    assert out.getvalue() == "\r10%\r100%\nafter\n"
    assert errors.getvalue() == "to stderr\n"
    assert (run.folder / "artifacts/console.log").read_text() == "100%\nto stderr\n"
    assert of_type(run.folder, "artifact")[-1]["kind"] == "console"


def test_what_somebody_put_over_stdout_stays(project, monkeypatch):
    out, over = Elsewhere(), Elsewhere()
    monkeypatch.setattr(sys, "stdout", out)
    with staticrun.start("digits", capture={"git": False}):
        sys.stdout = over
    assert sys.stdout is over


def test_a_switch_turns_it_off(project):
    text = START.replace("'one'", "'one', capture={'console': False}")
    _, _, found = train(project, f"{text}assert where() == before\nprint('x')\nrun.finish()\n")

    assert found is None


def plain(line):
    return line


def written(path, *pieces, hide=plain):
    transcript = Transcript(path / "console.log", hide)
    for piece in pieces:
        transcript.feed(piece)
    transcript.close()
    return (path / "console.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ((b"a\nb\n",), "a\nb\n"),
        ((b"a", b"b\n"), "ab\n"),
        ((b"no end",), "no end"),
        ((b"10%\r50%\r100%\n",), "100%\n"),
        ((b"10%\r", b"50%\r", b"100%\r\n"), "100%\n"),
        ((b"\r10%", b"\r50%"), "50%"),
        ((b"dos\r\nlines\r\n",), "dos\nlines\n"),
        ((b"done\r   \n",), "done\n"),
        ((b"\x1b[32mgreen\x1b[0m\n",), "\x1b[32mgreen\x1b[0m\n"),
        ((b"\xc3", b"\xa4\n"), "ä\n"),
        ((b"\xff\n",), "\N{REPLACEMENT CHARACTER}\n"),
        ((b"\n\n",), "\n\n"),
    ],
)
def test_lines_are_kept_as_a_terminal_leaves_them(tmp_path, pieces, expected):
    assert written(tmp_path, *pieces) == expected


def test_a_bar_that_is_written_over_for_ever_needs_no_room(tmp_path):
    transcript = Transcript(tmp_path / "console.log", plain)
    for n in range(20_000):
        transcript.feed(b"\r%d of 20000 " % n + b"#" * 80)
    transcript.flush()

    assert (tmp_path / "console.log").read_text() == "19999 of 20000 " + "#" * 80


def test_the_first_and_the_last_lines_are_kept(tmp_path):
    lines = [f"line {n:06}" for n in range(100_000)]
    found = written(tmp_path, *(f"{line}\n".encode() for line in lines)).splitlines()

    mark = next(place for place, line in enumerate(found) if line.startswith("…"))
    left_out = int(found[mark].split()[1].replace(",", ""))
    assert found[:mark] == lines[:mark]
    assert found[mark + 1 :] == lines[mark + left_out :]
    assert 400_000 < sum(map(len, found)) < 500_100


def test_the_file_is_whole_after_every_flush(tmp_path):
    transcript = Transcript(tmp_path / "console.log", plain)
    assert not transcript.is_made
    text = ""
    for n in range(50):
        transcript.feed(f"{n} begins".encode())
        transcript.flush()
        assert (tmp_path / "console.log").read_text() == f"{text}{n} begins"
        transcript.feed(b" and ends\n")
        transcript.flush()
        text += f"{n} begins and ends\n"
        assert (tmp_path / "console.log").read_text() == text


def test_a_name_that_is_taken_gets_a_number(tmp_path):
    (tmp_path / "console.log").write_text("before")
    transcript = Transcript(tmp_path / "console.log", plain)
    transcript.feed(b"x\n")
    transcript.close()

    assert transcript.path.name == "console-2.log"
    assert (tmp_path / "console.log").read_text() == "before"
