"""A disk that stalls: the record says that a thread writes, nothing is lost, then all is as before.

The run's descriptor is made the end of a pipe that nobody reads for a while: a real stalled write.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
import warnings

import pytest

import staticrun
from staticrun.log import delivery


class Pipe:
    """Stands behind a run's descriptor, full from the beginning; reads when it is told to."""

    def __init__(self, run):
        self._read, write = os.pipe()
        # A pipe with room for a hundred lines would look like a disk that is well again.
        os.set_blocking(write, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(write, b"\n" * 4096)
        os.set_blocking(write, True)
        os.dup2(write, run._writer.out.sink.descriptor)
        os.close(write)
        self._found = []
        self._thread = threading.Thread(target=self._drain)

    def open(self):
        self._thread.start()

    def _drain(self):
        while block := os.read(self._read, 1 << 20):
            self._found.append(block)

    def records(self):
        self._thread.join()
        os.close(self._read)
        return [json.loads(line) for line in b"".join(self._found).split(b"\n") if line]


def test_a_stalled_write_is_announced_and_loses_nothing(project, recwarn):
    with staticrun.start("digits", capture=False) as run:
        pipe = Pipe(run)
        opened = threading.Timer(0.6, pipe.open)
        opened.start()
        for step in range(3000):
            run.log({"loss": step}, step=step)
        opened.join()
        time.sleep(delivery.CALM_SECONDS / 50)
        slow = run._writer.out._behind
        assert slow is not None
        while slow.waiting():
            time.sleep(0.01)
        for step in range(3000, 3200):
            run.log({"loss": step}, step=step)
            while slow.waiting():
                time.sleep(0.001)
        assert run._writer.out._behind is None
    found = pipe.records()

    assert run.dropped == 0
    assert [r["step"] for r in found if r["type"] == "metrics"] == [*range(3200)]
    said = [r["text"] for r in found if r["type"] == "log"]
    assert said[0].startswith("a write took 0.")
    assert said[0].endswith(
        " s; from here on a thread writes, and up to 16 MB may wait for it: they are lost if the"
        " process is killed"
    )
    assert said[1].startswith("writing is fast again: a thread wrote ")
    assert len(said) == 2
    assert found[-1]["type"] == "end"
    assert len(recwarn) == 1
    assert "a write took 0." in str(recwarn[0].message)


def test_while_a_thread_writes_the_training_does_not_wait(project, recwarn):
    run = staticrun.start("digits", capture=False)
    pipe = Pipe(run)
    run._writer.out._fall_behind("a write took 9.00 s")
    begin = time.monotonic()
    for step in range(20_000):
        run.log({"loss": step}, step=step)
    took = time.monotonic() - begin
    assert run._writer.out._behind.waiting() > 10_000
    pipe.open()
    run.finish()

    # Blocked, it would take for ever: nobody read.
    assert took < 30
    assert [r["step"] for r in pipe.records() if r["type"] == "metrics"] == [*range(20_000)]


def test_a_disk_that_hangs_for_good_does_not_hold_the_end(project, recwarn, monkeypatch):
    monkeypatch.setattr(delivery, "DRAIN_SECONDS", 0.2)
    run = staticrun.start("digits", capture=False)
    pipe = Pipe(run)
    run._writer.out._fall_behind("a write took 9.00 s")
    for step in range(5000):
        run.log({"loss": step}, step=step)
    run.finish()

    assert run.ended
    assert str(recwarn[1].message).startswith(f"{run.key}: ")
    assert run.dropped > 1000
    # Until the thread has ended nobody may close the file: the next one would have its number.
    pipe.open()
    run._writer.out._behind._thread.join()
    os.close(run._writer.out.sink.descriptor)
    pipe.records()


@pytest.mark.parametrize(("given", "seconds"), [(None, 30), ("0", 0), ("2.5", 2.5), ("often", 30)])
def test_the_timer_of_fsync_is_set_by_a_variable(given, seconds, monkeypatch):
    from staticrun.log import sync

    if given is None:
        monkeypatch.delenv(sync.VARIABLE, raising=False)
    else:
        monkeypatch.setenv(sync.VARIABLE, given)

    assert sync.interval() == seconds


@pytest.mark.parametrize(("seconds", "least", "most"), [("0.1", 3, 12), ("30", 1, 1), ("0", 0, 0)])
def test_what_was_written_is_synced_on_a_timer_and_at_the_end(
    project, seconds, least, most, monkeypatch
):
    synced = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (synced.append(1), fsync(descriptor)))
    monkeypatch.setenv("STATICRUN_FSYNC", seconds)
    with staticrun.start("digits", capture=False) as run:
        for step in range(8):
            run.log({"loss": step})
            time.sleep(0.1)

    assert least <= len(synced) <= most


def test_a_record_that_is_deleted_is_told_while_the_run_goes_on(project, monkeypatch):
    monkeypatch.setenv("STATICRUN_FSYNC", "0.05")
    run = staticrun.start("digits", name="one", capture=False)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        (run.folder / "run.jsonl").unlink()
        until = time.monotonic() + 20
        while not caught and time.monotonic() < until:
            run.log({"loss": 1})
            time.sleep(0.01)
        run.finish()

    (told,) = caught
    assert str(told.message) == (
        "digits/one: its record was deleted while it was written, and is lost. The training goes"
        " on; more of this is only counted."
    )
