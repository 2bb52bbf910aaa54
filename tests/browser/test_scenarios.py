"""Ten questions that people bring to the site, from its front page to the answer.

Nobody follows a link that was not on view, except the colleague who was sent one; each answer is
compared with what the records say.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import re
import statistics
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from scipy import stats

import staticrun
from staticrun.pages.format import MINUS
from tests.browser import team_project
from tests.browser.reader import InChromium, InFirefox, Reader, spaced, table, until
from tests.browser.site import ROOT, build, hosted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

slow = pytest.mark.slow
NETWORK = "vision/numpy-network"
RUNS = ("region", "Runs")


@pytest.fixture(scope="module")
def letters(tmp_path_factory) -> Path:
    """Build the site of a team that changed its code between two times five seeds."""
    root = tmp_path_factory.mktemp("team") / "project"
    team_project.write(root)
    return build(root)


@pytest.fixture(params=["file", pytest.param("http", marks=slow)])
def sit(request, chromium) -> Iterator[Any]:
    """Sit down before a browser that shows the front page of a site."""
    way, _, firefox = request.param.partition(" in ")
    with contextlib.ExitStack() as stack:

        def sit_down(site: Path, address: str | None = None) -> Reader:
            reader: Reader = stack.enter_context(InFirefox() if firefox else InChromium(chromium))
            if address is None:
                base = stack.enter_context(hosted(site)) if way == "http" else site.as_uri() + "/"
                address = base + "index.html"
            reader.go(address)
            readers.append(reader)
            return reader

        readers: list[Reader] = []
        yield sit_down
        assert [reader.problems() for reader in readers] == [[]] * len(readers)


in_both_browsers = pytest.mark.parametrize(
    "sit",
    ["file", *(pytest.param(way, marks=slow) for way in
     ("http", "file in Firefox", "http in Firefox"))],
    indirect=True,
)  # fmt: skip


def runs(where: str) -> list[staticrun.Run]:
    """Give the demo's runs of the network that a filter names."""
    return list(staticrun.runs(NETWORK, where=where, root=ROOT))


def last(run: Any, metric: str) -> float:
    return run.metrics[metric].last


def filtered(reader: Reader, text: str) -> list[dict[str, str]]:
    """Write a filter, and give the rows that are left."""
    before = reader.read("status", within=RUNS)
    reader.write("combobox", "Filter", text)
    reader.press("Escape")
    until(lambda: reader.read("status", within=RUNS) != before)
    return table(reader, "grid", "Runs")


def title(reader: Reader, end: str) -> bool:
    """Wait for the page whose title ends so."""
    return until(lambda: spaced(reader.read("heading")[0]).endswith(end))


@in_both_browsers
def test_which_run_of_a_sweep_is_the_best(demo, sit):
    truth = max(runs("status = 'finished' and metrics.`val/acc` exists"), key=accuracy)

    reader = sit(demo)
    reader.click("link", "A network in NumPy")
    # The table stands in the order of the primary metric; the sweep itself has no value of it.
    best = next(row for row in table(reader, "grid", "Runs") if row["val/acc"][0].isdigit())

    assert best["Run"] == truth.name
    reader.click("link", best["Run"], within=("grid", "Runs"))
    assert title(reader, truth.name)
    assert f"{accuracy(truth):.3f}" in reader.read("definition")


def accuracy(run: Any) -> float:
    return last(run, "val/acc")


@in_both_browsers
def test_why_run_b_is_worse_than_run_a_and_a_colleague_sees_the_same(demo, sit):
    where = "params.optimizer = 'adam' and params.width = 32 and params.seed = 3"
    a, b = sorted(runs(where), key=accuracy, reverse=True)
    changed = {name for name in a.params if a.params[name] != b.params[name]}

    reader = sit(demo)
    reader.click("link", "A network in NumPy")
    assert [row["Run"] for row in filtered(reader, where)] == [a.name, b.name]
    for run in (a, b):
        reader.click("checkbox", f"Select {run.name}")
    reader.click("link", "Compare 2 runs")
    params = table(reader, "table", "Params that differ")
    told = table(reader, "table", "Metrics of all sides")[0]

    assert {row["Param"] for row in params} == changed
    assert sorted(params[0].values()) == sorted(
        [*changed, *(f"{run.params[name]:g}" for run in (a, b) for name in changed)]
    )
    less = accuracy(a) - accuracy(b)
    assert [*told.values()] == [
        "val/acc higher is better",
        f"{accuracy(a):.3f}",
        f"{accuracy(b):.3f} {MINUS}{less:.4f}",
    ]

    assert "No test is possible" in reader.read("region", "What it bought")[0]

    [other] = [name for name in params[0] if name not in ("Param", [*params[0]][1])]
    reader.click("radio", f"{other} is the baseline")
    until(lambda: reader.rows("table", "Metrics of all sides")[1][2] == f"{accuracy(b):.3f}")
    colleague = sit(demo, reader.address())
    for name in ("The sides of the comparison", "Params that differ", "Metrics of all sides"):
        until(lambda name=name: colleague.rows("table", name) == reader.rows("table", name))


def test_whether_a_gain_over_five_seeds_is_real(letters, sit):
    groups: dict[str, list[float]] = {"raw": [], "centred": []}
    for run in staticrun.runs("letters", root=letters.parent):
        groups[run.tags["rows"]].append(accuracy(run))
    test = stats.ttest_ind(groups["centred"], groups["raw"], equal_var=False)
    low, high = test.confidence_interval(0.95)

    reader = sit(letters)
    reader.click("link", "Does centring the rows help?")
    [row] = table(reader, "table", "centred against raw")

    gain = statistics.fmean(groups["centred"]) - statistics.fmean(groups["raw"])
    assert row["raw mean, n = 5"] == f"{statistics.fmean(groups['raw']):.4f}"
    assert row["Difference"].startswith(f"{gain:+.4f}".replace("-", MINUS))
    assert row["95 % interval"] == f"{low:.4f} to {high:.4f}".replace("-", MINUS)
    assert row["p Welch"] == f"{test.pvalue:.3f}"
    assert row["Differs?"] == ("no" if low < 0 < high else "yes")


def test_which_param_matters(demo, sit):
    known = [run for run in runs("status != 'failed'") if "val/acc" in run.metrics]
    explained = {
        name: omega_squared([run.params[name] for run in known], [accuracy(run) for run in known])
        for name in ("optimizer", "lr", "width", "seed")
    }

    reader = sit(demo)
    reader.click("link", "A network in NumPy")
    reader.click("heading", "What matters")
    first = table(reader, "table", "How much of val/acc each param explains by itself")[0]

    most = max(explained, key=explained.__getitem__)
    assert (first["Param"], first["Explains"]) == (most, f"{100 * explained[most]:.0f} %")


def omega_squared(levels: list[Any], values: list[float]) -> float:
    """Give the share of variance that levels explain, corrected for their number."""
    groups = [
        np.array([v for one, v in zip(levels, values, strict=True) if one == level])
        for level in set(levels)
    ]
    within = sum(((group - group.mean()) ** 2).sum() for group in groups)
    total = ((np.array(values) - np.mean(values)) ** 2).sum()
    error = within / (len(values) - len(groups))
    return max(0.0, (total - within - (len(groups) - 1) * error) / (total + error))


@pytest.mark.slow
def test_a_link_shows_the_same_table_to_a_colleague(demo, sit):
    where = "params.width = 8 and params.lr = 0.1"
    truth = sorted(runs(where), key=lambda run: last(run, "val/loss"))

    reader = sit(demo)
    reader.click("link", "A network in NumPy")
    filtered(reader, where)
    reader.click("columnheader", "val/loss", within=("grid", "Runs"))
    shown = [(run.name, f"{last(run, 'val/loss'):.4f}") for run in truth]
    until(lambda: losses(reader) == shown)

    colleague = sit(demo, reader.address())
    until(lambda: losses(colleague) == shown)
    assert colleague.read("status", within=RUNS) == reader.read("status", within=RUNS)
    assert colleague.find("combobox", "Filter").input_value() == where


def losses(reader: Reader) -> list[tuple[str, str]]:
    return [(row["Run"], row["val/loss"]) for row in table(reader, "grid", "Runs")]


def test_a_figure_for_the_paper(demo, sit):
    group = runs("params.optimizer = 'adam' and params.lr = 0.01 and params.width = 32")
    steps = group[0].series("val/loss").step
    means = np.mean([run.series("val/loss").value for run in group], axis=0)

    reader = sit(demo)
    reader.click("link", "A network in NumPy")
    reader.click("button", "Options of val/loss")
    chart = ("figure", "val/loss log y")
    text = reader.save("CSV", within=chart).decode()
    drawing = ET.fromstring(reader.save("SVG", within=chart))  # noqa: S314 -- made by the page

    rows = [
        row for row in csv.DictReader(io.StringIO(text))
        if (row["kind"], row["line"]) == ("mean", "adam · 0.01 · 32")
    ]  # fmt: skip
    assert [float(row["first_step"]) for row in rows] == [*steps]
    assert np.allclose([float(row["value"]) for row in rows], means, rtol=1e-12)
    words = {spaced("".join(part.itertext())) for part in drawing.iter(f"{SVG}text")}
    assert {"val/loss", "step", "adam · 0.01 · 32"} <= words


SVG = "{http://www.w3.org/2000/svg}"


def test_the_errors_of_one_step(letters, sit):
    [run] = staticrun.runs("letters", where="name = 'centred 0'", root=letters.parent)
    one = sorted(run.artifacts, key=lambda artifact: artifact.step)[-3]

    reader = sit(letters)
    reader.click("link", "centred 0", within=("table", "Latest runs"))
    reader.click("button", f"step {one.step:g}")
    [shown] = until(lambda: reader.read("figure", f"step {one.step:g} {one.caption}"))
    assert one.caption in spaced(shown)

    reader.click("link", f"misread at step {one.step:g}")
    until(lambda: reader.address().endswith(".png"))
    with urlopen(reader.address()) as picture:  # noqa: S310 -- this test's own file or server
        assert hashlib.sha256(picture.read()).hexdigest() == one.sha256


@pytest.mark.slow
def test_why_a_run_failed(demo, sit):
    [run] = runs("status = 'failed'")

    reader = sit(demo)
    reader.click("link", "A network in NumPy")
    filtered(reader, "status = 'failed'")
    [row] = until(
        lambda: [one for one in table(reader, "grid", "Runs") if "failed" in one.values()]
    )
    reader.click("link", row["Run"], within=("grid", "Runs"))
    [traceback] = reader.read("region", "Traceback")

    assert row["Run"] == run.name
    assert traceback.split() == run.end.error.traceback.split()


def test_what_changed_in_the_code(letters, sit):
    root = letters.parent
    [before, after] = [
        staticrun.runs("letters", where=f"tags.rows = '{rows}'", root=root)[0].git.commit
        for rows in ("raw", "centred")
    ]
    patch = subprocess.run(
        ["git", "diff", before, after, "--", "train.py"],
        cwd=root, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip

    reader = sit(letters)
    reader.click("link", "Does centring the rows help?")
    rows = reader.rows("table", "From raw to centred: train.py")

    lines = {(sign.replace(MINUS, "-"), text.strip()) for *_, sign, text in rows if sign}
    assert lines == {
        (line[0], line[1:].strip()) for line in patch.splitlines() if re.match(r"[-+][^-+]", line)
    }
    assert {before[:7], after[:7]} <= {word for code in reader.read("code") for word in [code]}


@in_both_browsers
def test_a_half_remembered_tag_is_found_after_a_slip_in_the_filter(demo, sit):
    truth = staticrun.runs("vision/digits", where="tags.family ilike '%kern%'", root=ROOT)

    reader = sit(demo)
    reader.click("link", "Digits, classical models")
    reader.write("combobox", "Filter", "tags.famly ilike '%kern%'")
    until(lambda: "No run has the tag famly. Did you mean family?" in told(reader))
    reader.click("option", "family probably meant")
    reader.press("Escape")

    until(lambda: f"{len(truth)} of" in told(reader))
    rows = table(reader, "grid", "Runs")
    assert {row["Run"] for row in rows} <= {run.name for run in truth}
    assert len(rows) > 1


def told(reader: Reader) -> str:
    return spaced(" ".join(reader.read("status", within=RUNS)))
