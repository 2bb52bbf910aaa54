"""The guide says what is so: its numbers are the runs', its tables the code's, its code works."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

import msgspec
import pytest

import staticrun
from staticrun import config
from staticrun.config import strict_yaml
from staticrun.errors import UserError
from staticrun.record.codec import decode_loose
from staticrun.record.types import TYPES
from staticrun.store import filter as filters
from staticrun.store.store import Store

if TYPE_CHECKING:
    from staticrun.store.run import Runs

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "reports"
PAGES = sorted(GUIDE.glob("*.md"))


def text_of(page: str) -> str:
    return (GUIDE / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    """List the blocks of code of one language; `""` for those without any."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)


@cache
def store() -> Store:
    return Store.open(config.load(ROOT)[0], cache=False)


def runs(experiment: str | None = None, where: str | None = None) -> Runs:
    return store().runs(where, experiment)


def last(experiment: str, where: str, metric: str) -> list[float]:
    """Give the last value of a metric in each run that a filter picks, in the order of keys."""
    found = runs(experiment, where)
    assert found, where
    return [run.value(metric) for run in found]


def network(optimizer: str, lr: float, width: int) -> float:
    where = f"params.optimizer = '{optimizer}' and params.lr = {lr} and params.width = {width}"
    accuracies = last("vision/numpy-network", f"{where} and parent exists", "val/acc")
    assert len(accuracies) == 4
    return fmean(accuracies)


def at_labels(labels: int, metric: str, where: str) -> float:
    found = runs("tabular/breast-cancer", where)
    return fmean(dict(zip(*run.series(metric).at_steps(), strict=True))[labels] for run in found)


@pytest.fixture(scope="module")
def demo() -> str:
    return text_of("what-the-demo-says.md")


def test_what_the_demo_says_of_optimizers_is_so(demo):
    sgd, adam = (
        {rate: network(name, rate, 32) for rate in (0.01, 0.1)} for name in ("sgd", "adam")
    )

    assert f"| plain gradient descent | {sgd[0.01]:.3f} | {sgd[0.1]:.3f} |" in demo
    assert f"| Adam | {adam[0.01]:.3f} | {adam[0.1]:.3f} |" in demo
    assert f"Adam wins by {100 * (adam[0.01] - sgd[0.01]):.1f} points" in demo
    assert f"that it loses by {100 * (sgd[0.1] - adam[0.1]):.1f}." in demo
    assert f"{adam[0.01] - sgd[0.1]:.3f} lie between them" in demo
    at_own_rate = [
        "params.optimizer = 'adam' and params.lr = 0.01 and params.width = 32 and parent exists",
        "params.optimizer = 'sgd' and params.lr = 0.1 and params.width = 32",
    ]
    for where in at_own_rate:
        accuracies = last("vision/numpy-network", where, "val/acc")
        assert max(accuracies) - min(accuracies) > adam[0.01] - sgd[0.1]
    losses = [fmean(last("vision/numpy-network", where, "val/loss")) for where in at_own_rate]
    assert "the loss, {:.3f} for Adam against {:.3f}".format(*losses) in demo


def test_what_the_demo_says_of_width_is_so(demo):
    losses = [
        100 * (network(name, rate, 32) - network(name, rate, 8))
        for name, rate in (("sgd", 0.1), ("adam", 0.01), ("sgd", 0.01), ("adam", 0.1))
    ]
    guessing = runs(
        "vision/numpy-network",
        "params.optimizer = 'adam' and params.lr = 0.1 and params.width = 8 and params.seed = 2",
    )

    good = "plain descent loses {:.1f} points at its good rate, and Adam {:.1f}"
    assert good.format(*losses[:2]) in demo
    assert "At the bad rate they lose {:.1f} and {:.1f}".format(*losses[2:]) in demo
    assert f"beyond an accuracy of {guessing[0].metrics['val/acc'].max:.3f}" in demo


def test_what_the_experiments_say_of_themselves_is_so():
    found = {name: one.description for name, one in store().experiments().items()}
    wrong = {
        (name, width): 100 * (network(name, good, width) - network(name, bad, width))
        for name, good, bad in (("adam", 0.01, 0.1), ("sgd", 0.1, 0.01))
        for width in (8, 32)
    }
    of_network = " ".join(found["vision/numpy-network"].split())
    wide = (
        f"costs {wrong['adam', 32]:.0f} points of accuracy (Adam) or {wrong['sgd', 32]:.0f} (plain"
    )
    assert wide in of_network
    assert f"with 8 it costs {wrong['adam', 8]:.0f} and {wrong['sgd', 8]:.0f}." in of_network

    falls, recalls = [], []
    for c in (0.1, 1):
        where = "params.C = {} and params.class_weight = '{}'"
        for weight in ("none", "balanced"):
            scores = [at_labels(n, "test/brier", where.format(c, weight)) for n in (50, 400)]
            falls.append(100 * (1 - scores[1] / scores[0]))
        for labels in (20, 30, 50, 80, 120, 180, 270, 400):
            plain, balanced = (
                at_labels(labels, "test/recall", where.format(c, weight))
                for weight in ("none", "balanced")
            )
            recalls.append(balanced > plain)
    of_biopsies = " ".join(found["tabular/breast-cancer"].split())
    assert f"falls by {min(falls):.0f} to {max(falls):.0f} percent" in of_biopsies
    assert all(recalls)


def test_what_the_demo_says_of_failures_is_so(demo):
    [failed] = runs(where="status = 'failed'")
    [killed] = runs(where="status = 'open'")

    assert f"[One run](run:{failed.key}) failed" in demo
    assert failed.end.error.type == "FloatingPointError"
    assert f"in epoch {failed.metrics['train/loss'].last_step:.0f} the loss is NaN" in demo
    assert failed.metrics["train/loss"].nonfinite == 1
    assert f"[One run](run:{killed.key}) was killed" in demo


def test_what_the_demo_says_of_the_digits_is_so(demo):
    experiment = "vision/digits"
    neighbour, kernel = "params.model = 'knn' and params.k = 1", "params.gamma = 0.1"
    means = [fmean(last(experiment, where, "test/acc")) for where in (neighbour, kernel)]
    misread = [
        sorted(run.summary["test/misread"] for run in runs(experiment, where))
        for where in (neighbour, kernel)
    ]
    others = [
        fmean(last(experiment, where, "test/acc"))
        for where in ("params.gamma = 0.01", "params.model = 'logistic' and params.C = 1")
    ]

    assert f"neighbour reads {means[0]:.3f} of the test digits" in demo
    assert f"gamma 0.1 reads {means[1]:.3f}, as means" in demo
    assert f"That is {360 * (means[1] - means[0]):.0f} digit of 360" in demo
    assert f"from {misread[0][0]} to {misread[0][-1]} misread digits for the one" in demo
    assert f"from {misread[1][0]} to {misread[1][-1]} for the other" in demo
    assert f"gamma 0.01 reads {others[0]:.3f}" in demo
    assert f"logistic regression with {others[1]:.3f}" in demo


def test_what_the_demo_says_of_the_biopsies_is_so(demo):
    plain = "params.C = 1 and params.class_weight = 'none'"
    areas = [at_labels(labels, "test/auc", plain) for labels in (50, 400)]
    scores = [at_labels(labels, "test/brier", plain) for labels in (50, 400)]
    weights = {
        metric: [
            fmean(last("tabular/breast-cancer", f"params.class_weight = '{weight}'", metric))
            for weight in ("none", "balanced")
        ]
        for metric in ("test/recall", "test/precision", "test/auc")
    }

    assert "curve of {:.3f}, 400 labels one of {:.3f}".format(*areas) in demo
    assert "still falls from {:.3f} to {:.3f}".format(*scores) in demo
    assert "400 labels from {:.3f} to {:.3f}, and".format(*weights["test/recall"]) in demo
    assert "precision from {:.3f} to {:.3f}, as".format(*weights["test/precision"]) in demo
    assert {f"{area:.3f}" for area in weights["test/auc"]} == {"0.992"}


def test_what_the_demo_says_of_diabetes_is_so(demo):
    models = {
        "ridge": "params.alpha = 0.1",
        "boosting": "params.learning_rate = 0.03",
        "forest": "params.model = 'forest'",
        "mean": "params.model = 'mean'",
    }
    errors = {name: last("tabular/diabetes", where, "test/rmse") for name, where in models.items()}
    means = [fmean(values) for values in errors.values()]
    fast = runs("tabular/diabetes", "params.learning_rate = 0.3")
    rounds = [run.metrics["val/rmse"].min_step for run in fast]
    low, end, train = (
        fmean(run.metrics["val/rmse"].min for run in fast),
        fmean(run.value("val/rmse") for run in fast),
        fmean(run.value("train/rmse") for run in fast),
    )

    said = "error of {:.1f}, boosting {:.1f} at best, a forest {:.1f}, and knowing nothing {:.1f}."
    assert said.format(*means) in demo
    assert all(min(split) == split[0] for split in zip(*errors.values(), strict=True))
    assert "after {:.0f}, {:.0f} and {:.0f} rounds, at".format(*rounds) in demo
    assert f"at {low:.1f} on average, and stands at {end:.1f} after 300" in demo
    assert f"falling to {train:.1f}" in demo


def test_what_the_demo_says_of_compression_is_so(demo):
    found = {(run.params["program"], run.params["input"]): run for run in runs("compression")}
    programs = ("gzip", "bzip2", "xz", "zstd")
    ratios = [found[name, "records"].metrics["ratio"].max for name in programs]
    levels = [found[name, "numbers"].metrics["ratio"].max_step for name in programs]

    said = "become {:.1f} times smaller with gzip, {:.1f} times with bzip2, {:.1f} times with xz"
    assert f"{said} and {{:.1f}} times with zstd".format(*ratios) in demo
    assert found["zstd", "records"].metrics["ratio"].max_step == 1
    assert "the best levels are {:.0f}, {:.0f}, {:.0f} and {:.0f}:".format(*levels) in demo


@pytest.mark.parametrize("file", [config.Config, config.Experiment], ids=["project", "experiment"])
def test_the_tables_of_keys_are_those_of_the_code(file):
    text = text_of("configuration.md")
    for row in config.reference(file):
        unit = "\N{EN DASH}" if row.unit == "none" else row.unit
        default = row.default if row.default in ("none", "required") else f"`{row.default}`"
        cells = (f"`{row.key}`", row.kind, unit, default, f"`{row.example}`", row.description)
        assert f"| {' | '.join(cells)} |\n" in text


@pytest.mark.parametrize("number", range(3))
def test_every_example_of_configuration_is_read_without_a_finding(tmp_path, number):
    path = tmp_path / "staticrun.yaml"
    path.write_text(blocks("configuration.md", "yaml")[number])

    if number == 2:
        _, findings = config.load_experiment(path, "experiment.yaml")
    else:
        _, findings = config.load(tmp_path)

    assert findings == []


def test_every_other_yaml_of_the_guide_is_sound():
    for page in PAGES:
        for block in blocks(page.name, "yaml"):
            findings = []
            strict_yaml.parse(block.encode(), page.name, findings)
            assert findings == []


def test_every_filter_of_the_guide_is_one():
    table = re.findall(r"^\|.*\| (`.*`) \|$", text_of("filters.md"), re.MULTILINE)
    written = [*table, *(f"`{block.strip()}`" for block in blocks("filters.md", ""))]
    examples = [example.strip("`").strip() for example in written if "$" not in example]
    assert len(examples) > 10

    for example in examples:
        filters.parse(example)


def test_the_wrong_filter_of_the_guide_is_refused_as_shown():
    [block] = [block for block in blocks("filters.md", "") if "$" in block]
    command, _, shown = block.partition("\n")
    wrong = re.search(r'--where "(.*)"', command)[1]

    with pytest.raises(UserError) as caught:
        filters.parse(wrong)
    assert shown.strip("\n") == f"staticrun: {caught.value}"


def test_every_example_of_a_field_is_read_as_one():
    text = text_of("format.md")
    for kind, struct in TYPES.items():
        section = text.partition(f"\n## `{kind}`\n")[2].partition("\n## ")[0]
        fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
        rows = re.findall(r"^\| `(\w+)` \|.*\| `(.*)` \|$", section, re.MULTILINE)
        # The table of an object inside comes after the record's own.
        rows = rows[: len(fields)]
        assert [name for name, _ in rows] == list(fields) or set(fields) == {n for n, _ in rows}
        for name, example in rows:
            msgspec.convert(json.loads(example), fields[name].type)


def test_the_shell_of_the_record_format_writes_a_run_without_a_problem(project):
    subprocess.run(["sh", "-c", blocks("format.md", "sh")[0]], check=True, cwd=project)

    lines = (project / "runs/shell/001/run.jsonl").read_bytes().splitlines()
    assert [decode_loose(line).problems for line in lines] == [()] * 5
    [run] = staticrun.runs(root=project)
    assert (run.key, run.status, run.value("ratio")) == ("shell/001", "finished", 3.4)
    # That it gave itself no id.
    assert [finding.level for finding in run.findings] == ["note"]


@pytest.mark.parametrize("page", ["api.md", "first-run.md"])
def test_the_python_of_a_page_runs_from_top_to_bottom(tmp_path, page):
    (tmp_path / "staticrun.yaml").write_text("capture: false\n")
    script = tmp_path / "page.py"
    script.write_text("\n".join(blocks(page, "python")))

    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", str(script)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    # An alert is printed there; nothing else is.
    said = [line for line in done.stderr.splitlines() if "the loss does not fall" not in line]
    assert (done.returncode, said) == (0, [])


def run_block(folder: Path, text: str, **variables: str) -> None:
    """Run a block of Python as a script of its own, which a worker process may read again."""
    (folder / "staticrun.yaml").write_text("capture: false\n")
    script = folder / "train.py"
    script.write_text(text)
    subprocess.run(
        [sys.executable, "-W", "error::UserWarning", str(script)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        timeout=100,
        check=True,
    )


@pytest.mark.slow
def test_what_the_guide_says_of_many_processes_is_so(tmp_path):
    workers, pool, program, retry = blocks("many-processes.md", "python")
    for text in (workers, pool, program):
        run_block(tmp_path, text)
    for _ in range(2):
        (tmp_path / "array 0 seed 0.checkpoint").write_text("40")
        run_block(tmp_path, retry)

    found = sorted(staticrun.runs("folds", root=tmp_path), key=lambda run: run.started)
    assert [run.writers for run in found] == [
        ("main", "part1", "part2", "part3"),
        found[1].writers,
        ("main", "part1"),
    ]
    assert [len(run.metrics) for run in found] == [3, 20, 1]
    # A file a process, not one a task.
    assert len(found[1].writers) <= 3
    [night] = staticrun.runs("night", root=tmp_path)
    assert (night.segments, night.superseded) == (2, 60)
    assert night.series("loss").at_steps()[0].tolist() == list(range(40, 100))


def test_the_tasks_of_an_array_of_the_guide_are_runs_that_go_on(tmp_path):
    retry = blocks("many-processes.md", "python")[3]
    for attempt in "01":
        for task in "01":
            slurm = {
                "SLURM_JOB_ID": f"81{task}",
                "SLURM_STEP_ID": "0",
                "SLURM_PROCID": "0",
                "SLURM_NTASKS": "1",
                "SLURM_ARRAY_JOB_ID": "810",
                "SLURM_ARRAY_TASK_ID": task,
                "SLURM_RESTART_COUNT": attempt,
            }
            run_block(tmp_path, retry, **slurm)

    found = staticrun.runs("night", root=tmp_path)
    assert [run.name for run in found] == ["array 810 seed 0", "array 810 seed 1"]
    for run in found:
        assert (run.segments, run.metrics["loss"].n, run.superseded) == (2, 100, 0)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_the_guide_leads_somewhere(page):
    keys = {run.key for run in runs()}
    experiments = {key.rpartition("/")[0] for key in keys}
    comparisons = set(config.load(ROOT)[0].comparisons)
    known = {"run": keys, "experiment": experiments, "comparison": comparisons}
    plain = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)

    for address in re.findall(r"\]\(([^)]+)\)", plain):
        scheme, colon, name = address.partition(":")
        if colon:
            assert name in known[scheme], address
        else:
            assert (GUIDE / address).is_file(), address
