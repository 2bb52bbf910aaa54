"""Facts of many runs as columns, in shards that a browser loads at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from staticrun.pages.build import build
from staticrun.pages.data import run as run_data
from staticrun.pages.data import shards
from staticrun.pages.data.columns import column, words
from staticrun.pages.data.types import Words
from staticrun.store.filter import RunFields
from tests.pages.data_files import metrics, read, write
from tests.pages.projects import open_context, write_config, write_run

if TYPE_CHECKING:
    from pathlib import Path


def make(root: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Write the shards of a project with one experiment; give its link and the shards."""
    context = open_context(root)
    of = context.store.experiment("e")
    declared = {**context.config.metrics, **of.metrics}
    files = {
        run.key: run_data.put(run, context.objects, {}, declared)
        for run in context.store.runs(archived=True)
    }
    site = root / "site"
    (site / "runs.js").write_bytes(shards.spell(shards.make(context, files)))
    [link] = read(site, "runs.js")["experiments"]
    return link, [read(site, one["facts"]) for one in link["shards"]]


@pytest.mark.slow
def test_2500_runs_have_three_shards_in_natural_order(tmp_path):
    for number in range(2500):
        write(tmp_path, f"e/{number}", metrics(0, loss=number))
    link, found = make(tmp_path)

    assert [one["n"] for one in link["shards"]] == [1024, 1024, 452]
    assert [key for one in found for key in one["keys"]] == [f"e/{i}" for i in range(2500)]
    assert [value for one in found for value in one["metrics"]["loss"]] == list(range(2500))
    for of, one in zip(link["shards"], found, strict=True):
        stats = read(tmp_path / "site", of["stats"])["metrics"]["loss"]
        assert {len(values) for values in stats.values()} == {one["n"]}


@pytest.mark.slow
def test_a_run_added_at_the_end_leaves_the_full_shards_as_they_are(tmp_path):
    for number in range(1030):
        write(tmp_path, f"e/{number}", metrics(0, loss=number))
    before, _ = make(tmp_path)
    write(tmp_path, "e/1030", metrics(0, loss=1))
    after, _ = make(tmp_path)

    assert after["shards"][0] == before["shards"][0]
    assert after["shards"][1] != before["shards"][1]


@pytest.mark.slow
def test_a_run_with_very_many_names_does_not_widen_the_shard_of_the_others(tmp_path):
    for number in range(300):
        write_run(tmp_path, f"e/{number}", {"m": [1]})
    many = {f"k{i}": [1] for i in range(2000)}
    write_run(tmp_path, "e/150-wide", many, params={f"p{i}": i for i in range(500)})
    link, found = make(tmp_path)

    assert [key for one in found for key in one["keys"]] == [
        *(f"e/{i}" for i in range(151)), "e/150-wide", *(f"e/{i}" for i in range(151, 300)),
    ]  # fmt: skip
    assert [one["n"] for one in link["shards"]] == [151, 51, 99]
    assert [len(one["metrics"]) for one in found] == [1, 2001, 1]


def test_values_at_the_best_step_of_another_metric_are_those_of_the_filter_language(tmp_path):
    write_config(tmp_path, "metrics: {acc: {direction: max}, loss: {direction: min}, size: {}}\n")
    write_run(tmp_path, "e/a", {"acc": [0.1, 0.9, 0.5], "loss": [3, 2, 1], "size": [7, 8, 9]})
    write_run(tmp_path, "e/b", {"acc": [0.2, float("nan")], "size": [5, float("inf")]})
    write_run(tmp_path, "e/c", {"size": [1]})
    write(tmp_path, "e/late", metrics(1, acc=0.3), metrics(2, loss=0.1), metrics(2, size=4))
    link, [facts] = make(tmp_path)
    stats = read(tmp_path / "site", link["shards"][0]["stats"])
    context = open_context(tmp_path)
    runs = [context.store.run(key) for key in facts["keys"]]

    assert list(stats["best"]) == ["acc", "loss"]
    for best, url in stats["best"].items():
        found = read(tmp_path / "site", url)["metrics"]
        asked = [RunFields(run, context.config.metrics) for run in runs]
        assert found == {
            name: [one.metric(name, "at", best) for one in asked]
            for name in ("acc", "loss", "size")
        }
    found = read(tmp_path / "site", stats["best"]["acc"])["metrics"]
    assert found["loss"] == [2, None, None, None]
    assert found["size"] == [8, 5, None, None]


def test_archived_runs_are_there_and_say_so(tmp_path):
    write(tmp_path, "e/a", metrics(0, loss=1))
    write(tmp_path, "e/b", metrics(0, loss=2))
    write(tmp_path, "e/b", {"type": "edit", "time": 1.7e9, "archived": True}, file="run.edit-x.jsonl")  # fmt: skip
    _, [facts] = make(tmp_path)

    assert facts["keys"] == ["e/a", "e/b"]
    assert facts["archived"] == {"words": [False, True], "codes": [0, 1]}


def test_small_curves_are_of_the_experiment_s_first_two_metrics(tmp_path):
    """Also for a run whose own first two are others: a metric that few runs have comes late."""
    common = {"alpha": [1, 2], "beta": [2, 1], "gamma": [1, 1]}
    for number in range(11):
        write_run(tmp_path, f"e/{number}", common, summary={"best_acc": 1.0})
    write_run(tmp_path, "e/rare", {**common, "odd/loss": [3, 1], "odd/acc": [0, 1]})
    _, [facts] = make(tmp_path)

    assert list(facts["sparks"]) == ["alpha", "beta"]
    assert set(facts["sparks"]["alpha"]) == {"0z"}
    assert set(facts["sparks"]["beta"]) == {"z0"}


def test_a_curve_needs_two_finite_points(tmp_path):
    write_run(tmp_path, "e/a", {"m": [1, float("nan")]})
    write_run(tmp_path, "e/b", {"m": [1, float("nan"), 3]})
    write_run(tmp_path, "e/c", {"other": [1, 2]})
    _, [facts] = make(tmp_path)

    assert facts["sparks"] == {"m": ["", "0.z", ""], "other": ["", "", "0z"]}


def test_what_is_known_of_metrics_seeds_and_the_baseline_is_in_the_way_to_the_data(tmp_path):
    write_config(tmp_path, "metrics: {score: {direction: max, unit: m, primary: true}}\n")
    for number in range(4):
        params = {"lr": (0.1, 0.2)[number // 2], "seed": number}
        write_run(tmp_path, f"e/{number}", {"score": [1], "loss": [2], "size": [3]}, params)
    (tmp_path / "runs/e/experiment.yaml").write_text("title: Named\nbaseline: params.lr = 0.1\n")
    link, _ = make(tmp_path)

    assert link["metrics"] == {
        "score": {"direction": "max", "unit": "m", "primary": True},
        "loss": {"direction": "min", "guessed": True},
    }
    assert list(link["metrics"]) == ["score", "loss"]
    assert (link["title"], link["baseline"], link["seeds"]) == ("Named", ["e/0", "e/1"], ["seed"])


def test_a_run_whose_page_is_another_s_is_left_out_and_reported(tmp_path):
    write(tmp_path, "default/x", metrics(0, loss=1))
    write(tmp_path, "x", metrics(0, loss=2))
    built = build(tmp_path, jobs=1)
    site = tmp_path / "site"
    [link] = read(site, "runs.js")["experiments"]
    facts = read(site, link["shards"][0]["facts"])

    assert [finding.what for finding in built.findings if "claims the page" in finding.what]
    assert facts["keys"] in (["default/x"], ["x"])
    assert len(facts["urls"]) == len(set(facts["urls"])) == 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 0.5, None], [1, 0.5, None]),
        ([float("nan"), float("-inf"), 1], ["NaN", "-Infinity", 1]),
        ([None, None], [None, None]),
        ([1, "1", 1.0], Words([1, "1"], [0, 1, 0])),
        ([True, 1], Words([1, True], [1, 0])),
        (["a10", "a9", 2, None], Words([2, "a9", "a10"], [2, 1, 0, -1])),
        ([[1, 2], {"a": None}, "NaN"], Words(["NaN", [1, 2], {"a": None}], [1, 2, 0])),
        (["a", "a", "a"], Words(["a"], [0, 0, 0])),
    ],
)
def test_a_column_is_numbers_or_words_in_natural_order(values, expected):
    assert column(values) == expected


def test_the_code_of_a_word_is_its_rank():
    found = words(["v2.10", "v2.9", "V2", "", "v2.9"])

    assert found.codes == [
        found.words.index(value) for value in ["v2.10", "v2.9", "V2", "", "v2.9"]
    ]
    assert found.words.index("v2.9") < found.words.index("v2.10")
