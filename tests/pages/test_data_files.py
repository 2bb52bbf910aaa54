"""What the browser is given is what the records say, to the last bit."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import staticrun
from staticrun import receipts
from staticrun.pages.build import build
from tests.pages.data_files import metrics, named, points, read, unpack, write
from tests.story.site_bytes import contents, differences

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = '</script><script>x</script>\u2028"\\\u0001ü\U0001f9e8'


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("data") / "project"
    chance = np.random.default_rng(20_240_229)
    long = [metrics(7 * i, loss=float(v)) for i, v in enumerate(chance.normal(size=40_000))]
    short = [metrics(i, loss=1 / (i + 1), acc="NaN" if i == 3 else i / 10) for i in range(8)]
    write(root, "e/long", {"type": "params", "values": {"lr": 0.1, "seed": 1}}, *long)
    write(root, "e/short", {"type": "params", "values": {"lr": HOSTILE, "n": [1]}}, *short,
          {"type": "tags", "values": {HOSTILE: HOSTILE}}, {"type": "end", "status": "failed"})  # fmt: skip
    write(
        root, "e/again", {"type": "start", "id": "a" * 26, "time": 1.7e9, "name": "again"},
        *short, {"type": "start", "segment": 1, "rewind_to": 4}, *short[4:],
    )  # fmt: skip
    write(root, "other/one", {"type": "metrics", "values": {"x": "Infinity"}})
    build(root, jobs=1)
    return root


def shard(root: Path, experiment: str) -> dict[str, Any]:
    index = read(root / "site", "runs.js")
    link = next(one for one in index["experiments"] if one["name"] == experiment)
    return read(root / "site", link["shards"][0]["facts"])


def series(root: Path, key: str) -> dict[str, Any]:
    facts = shard(root, key.partition("/")[0])
    data = read(root / "site", facts["data"][facts["keys"].index(key)])
    return read(root / "site", data["series"])


@pytest.mark.parametrize(
    ("key", "name"),
    [("e/long", "loss"), ("e/short", "loss"), ("e/short", "acc"), ("e/again", "acc")],
)
def test_every_point_of_a_run_is_there(project, key, name):
    [run] = [run for run in staticrun.runs(root=project) if run.key == key]
    of = series(project, key)
    step, value = points(of, of["metrics"][name], project / "site")
    expected = run.series(name).at_steps()

    assert np.array_equal(step, expected[0])
    assert np.array_equal(value, expected[1], equal_nan=True)


def test_superseded_points_are_ghosts(project):
    of = series(project, "e/again")
    ghosts = of["metrics"]["loss"]["ghosts"]

    assert unpack(ghosts["value"]).tolist() == [1 / 5, 1 / 6, 1 / 7, 1 / 8]


def test_metrics_logged_together_share_their_steps(project):
    of = series(project, "e/short")

    assert len(of["steps"]) == 1
    assert of["steps"][0]["by"] == 1


def test_columns_hold_what_runs_say(project):
    facts = shard(project, "e")

    assert facts["keys"] == ["e/again", "e/long", "e/short"]
    assert facts["status"] == {"words": ["failed", "open"], "codes": [1, 1, 0]}
    assert facts["params"]["seed"] == [None, 1, None]
    assert facts["params"]["lr"] == {"words": [0.1, HOSTILE], "codes": [-1, 0, 1]}
    assert facts["params"]["n"] == {"words": [[1]], "codes": [-1, -1, 0]}
    assert facts["tags"] == {HOSTILE: {"words": [HOSTILE], "codes": [-1, -1, 0]}}
    assert facts["metrics"]["acc"] == [0.7, None, 0.7]
    assert shard(project, "other")["metrics"]["x"] == ["Infinity"]


def test_statistics_are_those_of_the_command_line(project):
    index = read(project / "site", "runs.js")
    link = next(one for one in index["experiments"] if one["name"] == "e")
    stats = read(project / "site", link["shards"][0]["stats"])["metrics"]["acc"]
    [run] = [run for run in staticrun.runs(root=project) if run.key == "e/short"]

    for field in stats:
        assert stats[field][2] == getattr(run.metrics["acc"], field)


def test_a_small_curve_is_in_the_shard(project):
    sparks = shard(project, "e")["sparks"]["loss"]

    assert [len(text) for text in sparks] == [8, 24, 8]
    assert sparks[0][0] == "z"
    assert sparks[0][-1] == "0"


def test_no_text_ends_a_script(project):
    for path in (project / "site").rglob("*.js"):
        if path.name.startswith("app."):
            continue
        text = path.read_text(encoding="utf-8")
        assert "<" not in text
        assert "\u2028" not in text
        assert text.count("\n") == 1


def test_every_url_that_a_data_file_names_is_in_the_site(project):
    site = project / "site"
    urls = list(named(site, read(site, "runs.js")))

    # Four runs of two experiments: pages, shards, and the files of a long series.
    assert len(urls) > 20
    assert [url for url in urls if not (site / url).is_file()] == []


def test_a_version_keeps_its_own_way_to_all_its_data(tmp_path):
    write(tmp_path, "e/one", *(metrics(i, loss=i) for i in range(1500)))
    build(tmp_path, jobs=1, version="first")
    shutil.rmtree(tmp_path / "runs/e/one")
    write(tmp_path, "e/two", metrics(0, loss=2))
    build(tmp_path, jobs=1)
    site = tmp_path / "site"
    index = read(site, "runs.js", "v/first/runs.js")
    files = [url for url in named(site, index) if url.startswith("o/")]

    assert read(site, index["experiments"][0]["shards"][0]["facts"])["keys"] == ["e/one"]
    assert len(files) == 5
    assert [url for url in files if not (site / url).is_file()] == []
    assert {"v/first/runs.js", *files} <= receipts.read(site, "first").urls()
    shard = read(site, "runs.js")["experiments"][0]["shards"][0]
    assert read(site, shard["facts"])["keys"] == ["e/two"]


@pytest.mark.parametrize("which", ["all", "runs.js", "a shard"])
def test_data_that_somebody_took_away_come_back(project, which):
    site = project / "site"
    before = contents(site)
    shards = [site / one["shards"][0]["facts"] for one in read(site, "runs.js")["experiments"]]
    everything = [site / "runs.js", *(site / "o").rglob("*.js")]
    for path in {"all": everything, "runs.js": [site / "runs.js"], "a shard": shards[:1]}[which]:
        path.unlink()

    build(project, jobs=1)

    assert differences(before, contents(site)) == []


def test_a_build_with_nothing_new_loads_nothing_that_makes_data(project):
    run = "from staticrun.pages.build import build; from pathlib import Path; import sys; "
    show = "assert build(Path(sys.argv[1])).made == 0; print(*sys.modules)"
    build(project, jobs=1)
    command = [sys.executable, "-c", run + show, str(project)]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()

    assert "staticrun.pages.build" in loaded
    assert [name for name in loaded if name.startswith("staticrun.pages.data")] == []
