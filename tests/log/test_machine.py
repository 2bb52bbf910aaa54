"""Samples of the machine, and signs of life."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

import staticrun
from staticrun.log import background
from staticrun.log.machine import Sampler
from tests.log.records import of_type, read

MACHINE = {
    "cpu.percent", "memory.bytes", "memory.percent", "disk.free_bytes", "network.receive",
    "network.send", "process.cpu.percent", "process.memory.bytes", "process.count",
}  # fmt: skip


def wait_for(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def systems(run):
    return [record["values"] for record in of_type(run.folder, "system")]


@pytest.mark.slow
def test_the_use_of_the_machine_is_sampled_at_the_interval(project):
    with staticrun.start("digits", capture={"git": False, "system": 0.1}) as run:
        wait_for(lambda: len(systems(run)) >= 3)
    found = systems(run)
    time.sleep(0.3)

    assert systems(run) == found
    assert MACHINE <= set(found[-1])
    assert all(0 <= sample["memory.percent"] <= 100 for sample in found)
    (read_back,) = staticrun.runs("digits", root=project)
    assert read_back.system("memory.bytes").value.tolist() == [s["memory.bytes"] for s in found]


def test_the_first_sample_does_not_wait_for_the_interval(project):
    with staticrun.start("digits", capture={"git": False}) as run:
        wait_for(lambda: systems(run), background.FIRST_S + 10)


@pytest.mark.parametrize("capture", [False, {"system": False}])
def test_switched_off_nothing_is_sampled(project, monkeypatch, capture):
    monkeypatch.setattr(background, "FIRST_S", 0.01)
    with staticrun.start("digits", capture=capture) as run:
        time.sleep(0.3)

    assert systems(run) == []


def test_without_psutil_a_run_goes_on_without_samples(project, monkeypatch):
    monkeypatch.setattr(background, "FIRST_S", 0.01)
    monkeypatch.setitem(sys.modules, "psutil", None)
    monkeypatch.delitem(sys.modules, "staticrun.log.machine", raising=False)
    with staticrun.start("digits", capture={"git": False}) as run:
        time.sleep(0.3)

    assert systems(run) == []
    assert run.dropped == 0


def test_what_children_take_counts(tmp_path):
    burn = "import time\nwhile time.process_time() < 0.5: pass\nprint(1, flush=True)\ninput()\n"
    sampler = Sampler(tmp_path)
    alone = sampler.sample()["process.count"]
    begin = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-c", burn], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        found = sampler.sample()
        passed = time.monotonic() - begin
        child.stdin.write(b"\n")

    assert found["process.count"] == alone + 1
    assert found["process.cpu.percent"] / 100 * passed > 0.45


def test_a_beat_is_written_when_nothing_else_was(project, monkeypatch):
    monkeypatch.setattr(background, "TICK_S", 0.02)
    monkeypatch.setattr(background, "BEAT_S", 0.2)
    with staticrun.start("digits", capture=False) as run:
        for _ in range(20):
            run.log({"loss": 1})
            time.sleep(0.02)
        busy = len(of_type(run.folder, "beat"))
        wait_for(lambda: len(of_type(run.folder, "beat")) >= 2)

    assert busy == 0
    assert run.dropped == 0


def test_the_thread_ends_with_the_run_and_is_not_in_a_child(project):
    before = threading.active_count()
    with staticrun.start("digits", capture={"git": False, "system": 0.05}) as run:
        child = os.fork()
        if not child:
            time.sleep(0.3)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
    wait_for(lambda: threading.active_count() == before)

    assert {path.name for path in run.folder.iterdir()} - {"artifacts"} == {"run.jsonl"}
    assert read(run.folder / "run.jsonl")[-1]["type"] == "end"


@pytest.mark.parametrize("system", [False, 30])
def test_between_its_times_the_thread_sleeps(project, monkeypatch, system):
    monkeypatch.setattr(background, "FIRST_S", 0.01)
    monkeypatch.setattr(background, "TICK_S", 0.05)
    with staticrun.start("digits", capture={"system": system, "console": False}) as run:
        thread = run._writer.background
        while "staticrun" in {one.name for one in threading.enumerate()} and thread._missing:
            time.sleep(0.01)
        ticks = []
        monkeypatch.setattr(thread, "_announce", lambda: ticks.append(1))
        time.sleep(0.5)

    # One at the first time, one a tick; a thread that never sleeps has tens of thousands.
    assert 1 <= len(ticks) <= 15
