"""Series as data files: every point to the last bit, and sums of them that add up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import staticrun
from staticrun.pages.data import series
from staticrun.pages.objects import Objects
from tests.pages.data_files import metrics, points, read, steps, unpack, write

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.store.run import Run

N = 200_000


def noise(n: int, seed: int = 20_240_229) -> list[float]:
    return np.random.default_rng(seed).normal(size=n).tolist()


def lines(root: Path, key: str, step: Any, value: Any, name: str = "loss") -> None:
    """Append points to a run, quickly."""
    folder = root / "runs" / key
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.jsonl").open("a") as stream:
        for at, one in zip(step, value, strict=True):
            text = json.dumps(one) if np.isfinite(one) else '"NaN"'
            stream.write(
                f'{{"type":"metrics","step":{at!r},"time":{1.7e9 + at!r},'
                f'"values":{{"{name}":{text}}}}}\n'
            )


def run_of(root: Path, key: str) -> Run:
    [run] = [run for run in staticrun.runs(root=root) if run.key == key]
    return run


def put(root: Path, key: str) -> dict[str, Any]:
    """Write the series of a run into the project's folder; give the file."""
    data: dict[str, Any] = read(root, series.put(run_of(root, key), Objects(root)))
    return data


def buckets(root: Path, level: dict[str, Any]) -> dict[str, np.ndarray]:
    """Give a level's buckets, its files put together."""
    chunks = [read(root, url)["buckets"] for url in level["urls"]]
    assert [len(unpack(chunk["at"])) for chunk in chunks] == level["rows"]
    assert {chunk["width"] for chunk in chunks} == {level["width"]}
    return {
        name: np.concatenate([unpack(chunk[name]) for chunk in chunks])
        for name in chunks[0]
        if name != "width"
    }


@pytest.fixture(scope="module")
def long(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("long")
    value = np.array(noise(N))
    value[[5, 70_000]] = np.nan
    lines(root, "e/a", range(N), value.tolist())
    lines(root, "e/b", range(0, 3 * 70_000, 3), noise(70_000, 7))
    return root


def test_200000_points_are_there_to_the_last_bit(long):
    curve = put(long, "e/a")["metrics"]["loss"]
    step, value = points({}, curve, long)
    expected = run_of(long, "e/a").series("loss").at_steps()

    assert curve["n"] == N
    assert np.array_equal(step, expected[0])
    assert value.tobytes() == expected[1].tobytes()


def test_each_file_says_where_its_range_begins(long):
    for level in put(long, "e/a")["metrics"]["loss"]["levels"]:
        chunks = [read(long, url) for url in level["urls"]]
        if level["width"] is None:
            firsts = [steps(chunk["steps"])[0] for chunk in chunks]
        else:
            firsts = [
                unpack(chunk["buckets"]["at"])[0] * 2.0 ** level["width"] for chunk in chunks
            ]
        assert firsts == level["bounds"]
        assert firsts == sorted(set(firsts))


def test_an_overview_and_its_levels_say_what_the_points_say(long):
    step, value = run_of(long, "e/a").series("loss").at_steps()
    curve = put(long, "e/a")["metrics"]["loss"]
    overview = {name: unpack(text) for name, text in curve["overview"].items() if name != "width"}
    levels = {level["width"]: buckets(long, level) for level in curve["levels"][:-1]}

    assert len(overview["at"]) <= 512
    assert list(levels) == sorted(levels, reverse=True)
    assert len(levels) >= 1
    for width, found in {curve["overview"]["width"]: overview, **levels}.items():
        place = np.floor(step / 2.0**width)
        assert found["at"].tolist() == np.unique(place).tolist()
        for i in {0, len(found["at"]) // 3, len(found["at"]) - 1}:
            own = value[place == found["at"][i]]
            finite = own[np.isfinite(own)]
            assert found["n"][i] == len(finite)
            assert found["nonfinite"][i] == len(own) - len(finite)
            assert found["sum"][i] == pytest.approx(finite.sum(), rel=1e-12)
            assert (found["min"][i], found["max"][i]) == (finite.min(), finite.max())
            assert (found["first"][i], found["last"][i]) == (own[0], own[-1])
            assert found["time"][i] == 1.7e9 + step[place == found["at"][i]][-1]


def test_a_mean_over_runs_is_the_same_from_buckets_and_from_points(long):
    """Levels of all runs have the same widths, and buckets of one width add up."""
    widths = [
        {level["width"]: level for level in put(long, key)["metrics"]["loss"]["levels"]}
        for key in ("e/a", "e/b")
    ]
    shared = sorted(set(widths[0]) & set(widths[1]) - {None})
    assert shared
    series_of = [run_of(long, key).series("loss").at_steps() for key in ("e/a", "e/b")]
    for width in shared:
        found = [buckets(long, level[width]) for level in widths]
        for at in (0.0, 100.0, float(found[0]["at"][-1])):
            n, total = (
                sum(one[name][one["at"] == at].sum() for one in found) for name in ("n", "sum")
            )
            own = np.concatenate(
                [value[np.floor(step / 2.0**width) == at] for step, value in series_of]
            )
            assert n == np.isfinite(own).sum()
            assert total / n == pytest.approx(np.nanmean(own), rel=1e-9)


def test_a_series_that_grows_changes_the_last_file_of_each_level_alone(tmp_path):
    """Also where it doubles, and where it needs more levels than before."""
    value, n = noise(150_000), 0
    before: dict[int | None, list[str]] = {}
    for more in (40_000, 5, 26_000, 70_000):
        lines(tmp_path, "e/a", range(n, n + more), value[n : n + more])
        n += more
        levels = put(tmp_path, "e/a")["metrics"]["loss"]["levels"]
        now = {level["width"]: level["urls"] for level in levels}
        for width in before.keys() & now.keys():
            assert now[width][: len(before[width]) - 1] == before[width][:-1]
        assert None in now
        before = now


@pytest.mark.parametrize(
    "step",
    [
        [i / 8 for i in range(1500)],
        [i - 700 for i in range(1500)],
        [2**53 - 2000 + i for i in range(1500)],
        [i * 0.1 for i in range(1500)],
        [*range(1499), 2**52],
    ],
)
def test_steps_may_be_fractional_negative_and_huge(tmp_path, step):
    lines(tmp_path, "e/a", step, noise(1500))
    curve = put(tmp_path, "e/a")["metrics"]["loss"]
    found = points({}, curve, tmp_path)
    expected = run_of(tmp_path, "e/a").series("loss").at_steps()

    assert len(expected[0]) == 1500
    assert np.array_equal(found[0], expected[0])
    assert np.array_equal(found[1], expected[1])
    assert unpack(curve["overview"]["n"]).sum() == 1500


@pytest.mark.parametrize("n", [20, 3000])
def test_a_mean_over_writers_has_its_range(tmp_path, n):
    for rank in range(3):
        records = [metrics(i, loss=(rank + 1) * i) for i in range(n)]
        write(tmp_path, "e/a", *records, file=f"run.rank{rank}.jsonl")
    data = put(tmp_path, "e/a")
    curve = data["metrics"]["loss"]
    expected = run_of(tmp_path, "e/a").series("loss")
    step, value = points(data, curve, tmp_path)

    assert np.array_equal(step, expected.step)
    assert np.array_equal(value, expected.value)
    if n <= 1024:
        assert np.array_equal(unpack(curve["points"]["low"]), expected.low)
        assert np.array_equal(unpack(curve["points"]["high"]), expected.high)
    else:
        chunk = read(tmp_path, curve["levels"][-1]["urls"][0])["points"]
        assert np.array_equal(unpack(chunk["low"]), expected.low)
        overview = curve["overview"]
        last = np.floor(step / 2 ** overview["width"]) == unpack(overview["at"])[-1]
        assert unpack(overview["min"])[-1] == expected.low[last].min()
        assert unpack(overview["max"])[-1] == expected.high[last].max()


def test_the_use_of_the_machine_is_a_series_by_sample(tmp_path):
    samples = [
        {"type": "system", "time": 1.7e9 + 10 * i, "values": {"cpu.percent": i}} for i in range(5)
    ]
    write(tmp_path, "e/a", *samples)
    data = put(tmp_path, "e/a")

    assert data["metrics"] == {}
    step, value = points(data, data["system"]["cpu.percent"], tmp_path)
    assert (step.tolist(), value.tolist()) == ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4])
    assert unpack(data["steps"][0]["time"]).tolist() == [1.7e9 + 10 * i for i in range(5)]


def test_a_run_without_series_has_no_file_of_them(tmp_path):
    write(tmp_path, "e/a", {"type": "params", "values": {"lr": 1}})

    assert series.put(run_of(tmp_path, "e/a"), Objects(tmp_path)) == ""
    assert not (tmp_path / "o").exists()


def test_the_last_of_a_step_holds_and_points_without_a_time_have_none(tmp_path):
    write(
        tmp_path, "e/a",
        *({"type": "metrics", "step": step, "values": {"m": value}}
          for step, value in ((2, 1.0), (1, 2.0), (2, "Infinity"), (3, "NaN"))),
    )  # fmt: skip
    data = put(tmp_path, "e/a")
    step, value = points(data, data["metrics"]["m"], tmp_path)

    assert step.tolist() == [1, 2, 3]
    assert np.array_equal(value, [2, np.inf, np.nan], equal_nan=True)
    assert "time" not in data["steps"][0]


def test_each_point_keeps_its_own_time_whatever_the_order_of_steps(tmp_path):
    records = ((5, 30.0, 1), (2, 40.0, 2), (5, 10.0, 3), (0, 20.0, 4))
    write(
        tmp_path, "e/a",
        *({"type": "metrics", "step": step, "time": time, "values": {"m": value}}
          for step, time, value in records),
    )  # fmt: skip
    data = put(tmp_path, "e/a")
    step, value = points(data, data["metrics"]["m"], tmp_path)

    assert (step.tolist(), value.tolist()) == ([0, 2, 5], [4, 2, 3])
    assert unpack(data["steps"][0]["time"]).tolist() == [20, 40, 10]


def test_very_many_superseded_points_are_thinned(tmp_path):
    write(tmp_path, "e/a", {"type": "start", "id": "a" * 26, "time": 1.7e9, "name": "a"})
    lines(tmp_path, "e/a", range(5000), noise(5000))
    write(tmp_path, "e/a", {"type": "start", "segment": 1, "rewind_to": 0})
    lines(tmp_path, "e/a", range(10), noise(10, 3))
    data = put(tmp_path, "e/a")
    curve = data["metrics"]["loss"]
    gone = steps(data["steps"][curve["ghosts"]["steps"]])

    assert curve["n"] == 10
    assert (len(gone), gone[0], gone[-1]) == (1024, 0, 4999)
