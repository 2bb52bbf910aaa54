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


def test_a_write_that_comes_up_short_costs_its_own_line_alone(project, recwarn):
    with staticrun.start("digits", capture=False) as run:
        run.log({"loss": 1}, step=0)
        file = run.folder / "run.jsonl"
        size = file.stat().st_size
        with file_limit(size + 20):
            run.log({"loss": 2}, step=1)
            run.log({"loss": 3}, step=2)
        run.log({"loss": 4}, step=3)

    assert [str(warning.message) for warning in recwarn] == [
        f"{run.key}: a record could not be written: file too large{AFTER}"
    ]
    assert run.dropped == 2
    lines = file.read_bytes().split(b"\n")
    broken = [line for line in lines if line and decode_loose(line).record is None]
    assert broken == [b'{"type":"metrics","v']
    sound = [json.loads(line) for line in lines if line and line not in broken]
    assert [record["step"] for record in sound if record["type"] == "metrics"] == [0, 3]
    assert [record["type"] for record in sound][-2:] == ["log", "end"]


def test_the_next_step_counts_what_was_lost(project):
    with staticrun.start("digits", capture=False) as run:
        run.log({"loss": 1})
        size = (run.folder / "run.jsonl").stat().st_size
        with file_limit(size), pytest.warns(staticrun.LogWarning):
            run.log({"loss": 2})
        run.log({"loss": 3})

    assert [record["step"] for record in of_type(run.folder, "metrics")] == [0, 2]


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


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_disk_that_is_full_and_then_is_not(tmp_path, recwarn):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], check=False
    ).returncode:
        pytest.skip("this machine allows no mount")
    try:
        run = staticrun.start("digits", root=disk, capture=False)
        for step in range(2000):
            run.log({"loss": step}, step=step)
        assert run.dropped > 0
        assert [str(warning.message) for warning in recwarn] == [
            f"{run.key}: a record could not be written: no space left on device{AFTER}"
        ]
        lost = run.dropped
        last = 2000 - lost
        shutil.copy(run.folder / "run.jsonl", tmp_path / "before")
        subprocess.run(["mount", "-o", "remount,size=1m", disk], check=True)
        run.log({"loss": 1}, step=5000)
        run.finish()
        assert run.dropped == lost
        lines = (run.folder / "run.jsonl").read_bytes().split(b"\n")
        steps = [
            record.step
            for record in (decode_loose(line).record for line in lines if line)
            if hasattr(record, "step")
        ]
        assert steps == [*range(last), 5000]
        assert (
            (run.folder / "run.jsonl").read_bytes().startswith((tmp_path / "before").read_bytes())
        )
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def as_nobody(code, cwd):
    """Run Python as a user to whom permissions apply."""
    root = Path(staticrun.__file__).parents[1]
    text = f"import os\nif os.geteuid() == 0:\n    os.setuid(65534)\n{code}"
    preload = "import staticrun, staticrun.config, staticrun.log.artifact, staticrun.log.media\n"
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
