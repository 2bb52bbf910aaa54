"""Disks fill up, folders vanish: the training goes on, what was written is sound."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

import staticrun
from staticrun.errors import UserError
from staticrun.record.codec import decode_loose
from tests.log.records import of_type, read

AFTER = ". The training goes on; more of this is only counted."


@contextmanager
def file_limit(size_bytes):
    """Let no file of this process grow beyond a size, as a full disk does: writes come up short."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def waits(run, why):
    return (
        f"{run.key}: a record could not be written ({why}); from here on a thread writes, and up"
        " to 16 MB may wait for it. The training goes on."
    )


def sound_records(file):
    """Give the records that can be read, and the lines that cannot."""
    lines = [line for line in file.read_bytes().split(b"\n") if line]
    broken = [line for line in lines if decode_loose(line).record is None]
    return [json.loads(line) for line in lines if line not in broken], broken


def test_what_does_not_fit_is_written_when_it_does(project, recwarn):
    with staticrun.start("digits", capture=False) as run:
        run.log({"loss": 1}, step=0)
        file = run.folder / "run.jsonl"
        size = file.stat().st_size
        with file_limit(size + 20):
            for step in range(1, 51):
                run.log({"loss": step}, step=step)
        run.log({"loss": 4}, step=51)

    length = str(recwarn[0].message).partition("20 of ")[2][:2]
    assert [str(warning.message) for warning in recwarn] == [
        waits(run, f"20 of {length} bytes were written")
    ]
    assert run.dropped == 0
    sound, broken = sound_records(file)
    assert set(broken) == {b'{"type":"metrics","v'}
    assert [record["step"] for record in sound if record["type"] == "metrics"] == [*range(52)]
    assert [record["level"] for record in sound if record["type"] == "log"] == ["warning"]
    assert sound[-1]["type"] == "end"


def test_what_never_fits_is_counted_at_the_end(project, recwarn):
    run = staticrun.start("digits", capture=False)
    size = (run.folder / "run.jsonl").stat().st_size
    with file_limit(size):
        run.log({"loss": 1})
        run.log({"loss": 2})
        run.finish()

    # Two points, the sentence that they wait, and the end.
    assert run.dropped == 4
    assert [str(warning.message) for warning in recwarn] == [
        waits(run, "file too large"),
        f"{run.key}: 4 records that waited for the disk are lost{AFTER}",
    ]
    assert (run.folder / "run.jsonl").stat().st_size == size


def test_more_than_may_wait_is_counted(project, recwarn):
    run = staticrun.start("digits", capture=False)
    size = (run.folder / "run.jsonl").stat().st_size
    with file_limit(size):
        for step in range(20):
            run.note(str(step) * (1 << 20))
    run.finish()

    kept = [
        record["text"] for record in read(run.folder / "run.jsonl") if record["type"] == "note"
    ]
    assert run.dropped == 20 - len(kept)
    assert kept == [str(step) * (1 << 20) for step in range(len(kept))]
    assert 8 <= len(kept) < 16
    assert str(recwarn[1].message) == (
        f"{run.key}: a record could not be written: 16 mb wait for the disk{AFTER}"
    )


def test_an_artifact_that_does_not_fit_leaves_nothing_half(project, recwarn):
    (project / "big").write_bytes(b"x" * 100_000)
    (project / "d").mkdir()
    (project / "d" / "big").write_bytes(b"x" * 100_000)
    with staticrun.start("digits", capture=False) as run:
        with file_limit(50_000):
            assert run.artifact("big") is None
            assert run.artifact("d") is None
            assert run.table("t", [["x" * 100_000]]) is None
        left = [path for path in run.folder.rglob("*") if path.is_file()]

    assert [str(warning.message) for warning in recwarn] == [
        f"{run.key}: artifact 'big' is not stored: file too large{AFTER}"
    ]
    assert left == [run.folder / "run.jsonl"]
    assert run.dropped == 3
    assert of_type(run.folder, "artifact") == []


FULL = """
import shutil, sys, time, warnings
from pathlib import Path
import staticrun

warnings.simplefilter("ignore")
root, kept, fill, free = sys.argv[1], *map(Path, sys.argv[2:])
run = staticrun.start("digits", name="one", root=root, capture=False)
run.log({"loss": 0}, step=0)
shutil.copy(run.folder / "run.jsonl", kept)
with fill.open("wb", buffering=0) as filling:
    try:
        while filling.write(b"x" * 4096):
            pass
    except OSError:
        pass
for step in range(1, 2001):
    run.log({"loss": step}, step=step)
fill.unlink()
time.sleep(1.5)
run.log({"loss": 1}, step=5000)
run.finish()
shutil.copytree(run.folder, free)
print(run.dropped)
"""


def test_a_disk_that_is_full_and_then_is_not(tmp_path):
    """A file system of 1 MB of its own, in a namespace where an ordinary user may mount it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    (tmp_path / "full.py").write_text(FULL)
    places = [disk, tmp_path / "kept", disk / "fill", tmp_path / "saved"]
    command = [sys.executable, tmp_path / "full.py", *places]
    script = 'mount -t tmpfs -o size=1m none "$1" && exec "${@:2}"'
    done = subprocess.run(
        ["unshare", "-Urm", "bash", "-c", script, "-", disk, *command],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(staticrun.__file__).parents[1])},
    )

    assert (done.stderr, done.stdout) == ("", "0\n")
    file = tmp_path / "saved" / "run.jsonl"
    assert file.read_bytes().startswith((tmp_path / "kept").read_bytes())
    steps = [record["step"] for record in sound_records(file)[0] if record["type"] == "metrics"]
    assert steps == [*range(2001), 5000]


def as_nobody(code, cwd):
    """Run Python as a user to whom permissions apply."""
    root = Path(staticrun.__file__).parents[1]
    text = f"import os\nif os.geteuid() == 0:\n    os.setuid(65534)\n{code}"
    # What is loaded later may lie where only root can read.
    preload = (
        "import importlib, pkgutil, sys, staticrun, staticrun.config\n"
        "for one in pkgutil.iter_modules(sys.modules['staticrun.log'].__path__):\n"
        "    importlib.import_module(f'staticrun.log.{one.name}')\n"
    )
    return subprocess.run(
        [sys.executable, "-c", preload + text],
        cwd=cwd,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )


def test_a_folder_that_cannot_be_written_is_refused_at_the_start(tmp_path):
    (tmp_path / "runs").mkdir(mode=0o555)
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.owner() == "root" and "pytest" in str(folder):
            folder.chmod(0o755)
    code = (
        "try:\n"
        f"    staticrun.start('digits', root={str(tmp_path)!r}, capture=False)\n"
        "except staticrun.UserError as error:\n"
        "    print(error)\n"
    )
    done = as_nobody(code, "/")

    assert done.stdout == (
        f"{tmp_path}/runs/digits: the run cannot be written there (permission denied), expected a"
        " folder that can be written to.\n  Try: give start(root=…) or set STATICRUN_ROOT\n"
    )
    assert done.stderr == ""


def test_a_folder_that_is_deleted_is_told_at_the_end(project, recwarn):
    run = staticrun.start("digits", name="one", capture=False)
    shutil.rmtree(run.folder)
    (project / "a").write_text("a")
    run.log({"loss": 1})
    assert run.artifact("a") is None
    run.finish()

    assert [str(warning.message) for warning in recwarn] == [
        f"digits/one: artifact 'a' is not stored: the run's folder was deleted{AFTER}",
        f"digits/one: its record was deleted while it was written, and is lost{AFTER}",
    ]
    assert not run.folder.exists()


def test_a_record_of_one_write_is_one_write(project):
    """Counted by the kernel: as many writes as records."""

    def writes():
        text = Path("/proc/self/io").read_text()
        return int(next(line.split()[1] for line in text.splitlines() if line.startswith("syscw")))

    with staticrun.start("digits", capture=False) as run:
        run.log({"loss": 1})
        before = writes()
        for step in range(100):
            run.log({"loss": step, "acc": 0.5}, step=step)
        run.note("n")
        assert writes() - before == 101


def test_a_record_too_long_to_be_read_is_not_written(project, recwarn):
    with staticrun.start("digits", capture=False) as run:
        run.note("x" * (64 << 20))
        run.text("short")

    size = (64 << 20) + len(b'{"type":"note","text":""}\n') + len(',"time":1234567890.')
    message = str(recwarn[0].message)
    assert message.startswith(f"{run.key}: a record could not be written: the record has 67,108,")
    assert message.endswith(f" bytes{AFTER}")
    assert int(message.split("has ")[1].split(maxsplit=1)[0].replace(",", "")) >= size
    assert of_type(run.folder, "log")[0] == {"text": "short"}


def test_a_run_folder_is_never_left_without_a_record(project):
    with file_limit(0), pytest.raises(UserError, match="the run cannot be written there"):
        staticrun.start("digits", name="one", capture=False)

    assert list((project / "runs" / "digits").iterdir()) == []
    with staticrun.start("digits", name="one", capture=False) as run:
        pass
    assert [record["type"] for record in read(run.folder / "run.jsonl")] == ["start", "end"]
