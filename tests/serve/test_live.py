"""The short way reads one run, and leaves the site on disk alone."""

from __future__ import annotations

import shutil

from staticrun import config
from staticrun.pages.data import series
from staticrun.pages.objects import Objects
from staticrun.serve.live import Live
from staticrun.serve.overlay import BYTES_MAX, Overlay
from staticrun.store.store import Store
from tests.serve.site import append, point, write_runs


def test_a_run_is_read_on_alone(project):
    write_runs(project, 3)
    settings, _ = config.load(project)
    live = Live(settings, project / "site")
    live.look()
    for name in ("run-0000", "run-0001"):
        append(project / f"runs/exp0/{name}/run.jsonl", point(100, 0.5))

    grown = live.grow("exp0/run-0000")

    assert grown is not None
    assert live.overlay.get(grown.series) is not None
    assert grown.last_record == live.last_record("runs/exp0/run-0000/index.html")
    again = Store.open(settings, cache=False)
    assert live.store.run("exp0/run-0000").to_dict() == again.run("exp0/run-0000").to_dict()
    assert live.store.run("exp0/run-0001").metrics["loss"].n == 20
    assert live.grow("exp0/run-0000") is None
    assert live.grow("exp0/none") is None


def test_the_series_are_those_that_a_build_writes_and_the_disk_stays(project):
    write_runs(project, 2)
    settings, _ = config.load(project)
    site = project / "site"
    live = Live(settings, site)
    live.look()
    append(project / "runs/exp0/run-0001/run.jsonl", *(point(100 + n, 0.5) for n in range(2000)))

    grown = live.grow("exp0/run-0001")

    assert not site.exists()
    assert grown is not None
    objects = Objects(site)
    assert series.put(live.store.run("exp0/run-0001"), objects) == grown.series
    assert len(objects.used) > 2
    assert {url: (site / url).read_bytes() for url in objects.used} == {
        url: live.overlay.get(url) for url in objects.used
    }


def test_a_run_that_was_deleted_has_not_grown(project):
    write_runs(project, 2)
    settings, _ = config.load(project)
    live = Live(settings, project / "site")
    live.look()
    shutil.rmtree(project / "runs/exp0/run-0001")

    assert live.grow("exp0/run-0001") is None
    live.look()
    assert live.store.keys() == ["exp0/run-0000"]


def test_a_bad_line_is_no_reason_to_stop(project):
    write_runs(project, 1)
    settings, _ = config.load(project)
    live = Live(settings, project / "site")
    live.look()
    with (project / "runs/exp0/run-0000/run.jsonl").open("ab") as stream:
        stream.write(
            b'{"type": "metrics", \xff\n{"type":"metrics","step":50,"values":{"loss":1}}\n{"ha'
        )

    grown = live.grow("exp0/run-0000")

    assert grown is not None
    assert live.store.run("exp0/run-0000").metrics["loss"].n == 21


def test_the_oldest_objects_go_first():
    overlay = Overlay()
    half = bytes(BYTES_MAX // 2)
    for name in ("a", "b", "c"):
        overlay.put(name, half)

    assert overlay.get("a") is None
    assert overlay.get("b") is half
    assert overlay.get("c") is half
