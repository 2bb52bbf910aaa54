"""Gates that test: what each lets pass, and that every way to fool one turns it red."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from staticrun.registry import manifests
from staticrun.registry.gates import evaluate
from staticrun.registry.manifests import Data, Policies, Policy, Value
from staticrun.registry.material import Material
from staticrun.registry.promotion import Promotion
from staticrun.registry.read import read
from tests.registry.made import digest
from tests.registry.predicted import csv_of, guess, guesses, targets, train, version_of
from tests.registry.trained import open_store

PAIRED = manifests.Paired(metric="acc", measure="accuracy", predictions="eval.csv")
SEEDS = manifests.Seeds(metric="acc", direction="max")
OTHER = (Data(name="holdout", role="eval", digest=digest(78)),)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Make a champion, and a candidate that is better, with three seeds each."""
    root = tmp_path_factory.mktemp("template") / "a project"
    for number, skill in ((1, 0.7), (2, 0.8)):
        for seed in range(3):
            params = {"skill": skill, "seed": seed}
            key = f"exp/{number}-{seed}"
            guess(root, number, skill, key=key, params=params)
    return root


@pytest.fixture
def root(template, tmp_path):
    return Path(shutil.copytree(template, tmp_path / "a project"))


def pair(root):
    """Give the champion and the candidate."""
    found = []
    for number in (1, 2):
        [said] = Material(root, open_store(root)).seeds(
            version_of(root, number, f"exp/{number}-0", 0.0), "acc"
        )[:1]
        found.append(version_of(root, number, f"exp/{number}-0", said))
    return found


def outcome(root, gate, candidate, current=None, *, reading=True):
    policies = Policies(stages={"production": Policy(gates=("g",))}, gates={"g": gate})
    promotion = Promotion(model="churn", stage="production", candidate=candidate, current=current)
    material = Material(root, open_store(root)) if reading else None
    (found,) = evaluate(policies, promotion, root=root, material=material)
    return found


def with_(gate, **changes: Any):
    return msgspec.structs.replace(gate, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"test": "permutation"},
        {"test": "mcnemar"},
        {"test": "non-inferiority", "margin": 0.01},
        {"min_delta": 0.01},
        {"measure": "f1", "positive": "dog"},
    ],
    ids=str,
)
def test_the_better_one_passes_and_says_its_numbers(root, changes):
    current, candidate = pair(root)
    gate = with_(PAIRED, **changes)
    if gate.measure == "f1":  # not what the versions claim
        assert outcome(root, gate, candidate, current).result == "fail"
        return
    found = outcome(root, gate, candidate, current)

    assert found.result == "pass"
    assert found.why.startswith("acc 0.9") or found.why.startswith("acc 0.8")
    named = "non-inferiority by 0.01" if gate.margin else gate.test
    assert f"p = {found.values['p']:.6g} ({named}), n = 400" in found.why
    assert found.values["candidate"] == candidate.metrics[0].value
    assert found.values["current"] == current.metrics[0].value
    assert found.values["low"] <= found.values["gain"] <= found.values["high"]
    assert found.values["p"] <= gate.alpha
    # Again, in a process that comes later.
    assert outcome(root, gate, candidate, current) == found


GATES = [
    PAIRED,
    pytest.param(with_(PAIRED, test="permutation"), marks=pytest.mark.slow),
    pytest.param(with_(PAIRED, test="mcnemar"), marks=pytest.mark.slow),
    SEEDS,
]
IDS = ["bootstrap", "permutation", "mcnemar", "seeds"]


@pytest.mark.parametrize("gate", GATES, ids=IDS)
def test_swapped_sides_turn_red(root, gate):
    current, candidate = pair(root)
    assert outcome(root, gate, candidate, current).result == "pass"
    found = outcome(root, gate, current, candidate)
    assert found.result == "fail"
    assert "worse by" in found.why


@pytest.mark.parametrize("gate", GATES, ids=IDS)
def test_a_model_is_not_compared_with_itself(root, gate):
    current, candidate = pair(root)
    again = with_(candidate, artifact=current.artifact)
    assert "with itself" in outcome(root, gate, again, current).why
    assert outcome(root, gate, again, current).result == "fail"


@pytest.mark.parametrize("gate", GATES, ids=IDS)
def test_what_is_no_finite_number_never_passes(root, gate):
    current, candidate = pair(root)
    for value in ("NaN", math.nan, math.inf, "0.9", True, 1):
        bad = (Value(name="acc", value=value, direction="max"),)
        assert outcome(root, gate, with_(candidate, metrics=bad), current).result == "fail"
        assert outcome(root, gate, candidate, with_(current, metrics=bad)).result == "unknown"
    assert outcome(root, gate, with_(candidate, metrics=()), current).result == "fail"


@pytest.mark.parametrize("gate", GATES, ids=IDS)
def test_a_flipped_direction_turns_red(root, gate):
    current, candidate = pair(root)
    low = (Value(name="acc", value=candidate.metrics[0].value, direction="min"),)
    found = outcome(root, gate, with_(candidate, metrics=low), current)
    assert (found.result, "min in version 2" in found.why) == ("fail", True)
    if gate is SEEDS:
        assert outcome(root, with_(SEEDS, direction="min"), candidate, current).result == "fail"


@pytest.mark.parametrize("gate", GATES, ids=IDS)
def test_other_evaluation_data_turns_red(root, gate):
    current, candidate = pair(root)
    assert outcome(root, gate, with_(candidate, data=OTHER), current).result == "fail"
    assert outcome(root, gate, candidate, with_(current, data=OTHER)).result == "fail"
    assert outcome(root, gate, with_(candidate, data=()), current).result == "unknown"
    assert outcome(root, with_(gate, role="test"), candidate, current).result == "unknown"


@pytest.mark.parametrize("gate", GATES, ids=IDS)
def test_the_first_release_is_what_the_policy_says(root, gate):
    _, candidate = pair(root)
    for release, expected in (("allow", "pass"), ("fail", "fail")):
        assert outcome(root, with_(gate, first_release=release), candidate).result == expected


@pytest.mark.parametrize("gate", GATES, ids=IDS)
def test_without_material_nothing_is_known(root, gate):
    current, candidate = pair(root)
    assert outcome(root, gate, candidate, current, reading=False).result == "unknown"


def rewritten(root, number, predictions, *, value=None):
    """Train a version anew with other predictions, as a run of its own."""
    key = f"other/{number}"
    if value is None:
        value = pair(root)[number - 1].metrics[0].value
    train(root, key, predictions, value)
    return version_of(root, number, key, value)


def rows_of(root, number):
    path = root / f"runs/exp/{number}-0/artifacts/model/eval.csv"
    return path.read_text().splitlines(keepends=True)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda rows: [rows[0], *reversed(rows[1:])], "row 1 is the example"),
        (lambda rows: [rows[0], *rows[2:]], "row 1 is the example"),
        (lambda rows: rows[:-1], "has 399 rows, and the other file 400"),
        (
            lambda rows: [*rows[:5], rows[5].replace(",cat", ",dog", 1), *rows[6:]],
            "has the target",
        ),
        (lambda rows: [*rows[:5], "5,cat,nan\n", *rows[6:]], "row 5 prediction is 'nan'"),
        (lambda rows: [*rows[:5], "5,cat,\n", *rows[6:]], "row 5 prediction is ''"),
        (lambda rows: [*rows, rows[-1]], "again"),
        (lambda rows: [rows[0].replace("target", "truth"), *rows[1:]], "has no column 'target'"),
    ],
    ids=["turned", "first gone", "last gone", "target", "nan", "empty", "twice", "column"],
)
def test_rows_that_are_not_those_of_the_champion_turn_red(root, change, why):
    current, _ = pair(root)
    data = "".join(change(rows_of(root, 2))).encode()
    found = outcome(root, PAIRED, rewritten(root, 2, data), current)
    assert found.result == "fail"
    assert why in found.why


def test_predictions_that_do_not_give_what_is_claimed_turn_red(root):
    current, candidate = pair(root)
    better = csv_of(targets(400), guesses(400, 0.95, "another"))
    found = outcome(root, PAIRED, rewritten(root, 2, better), current)
    assert found.result == "fail"
    assert "of the predictions of version 2 is 0.9" in found.why
    assert found.values["claimed"] == candidate.metrics[0].value
    # The champion's are looked at, too.
    worse = csv_of(targets(400), guesses(400, 0.3, "another"))
    found = outcome(root, PAIRED, candidate, rewritten(root, 1, worse))
    assert (found.result, "predictions of version 1" in found.why) == ("fail", True)


def test_edited_predictions_turn_red_and_absent_ones_are_unknown(root):
    current, candidate = pair(root)
    path = root / "runs/exp/2-0/artifacts/model/eval.csv"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"ox", b"cat"))
    found = outcome(root, PAIRED, candidate, current)
    assert (found.result, "has other bytes" in found.why) == ("fail", True)
    path.unlink()
    found = outcome(root, PAIRED, candidate, current)
    assert (found.result, "is not there" in found.why) == ("unknown", True)
    path.symlink_to(root / "runs/exp/1-0/artifacts/model/eval.csv")
    assert outcome(root, PAIRED, candidate, current).result == "fail"
    gate = with_(PAIRED, predictions="nothing.csv")
    found = outcome(root, gate, candidate, current)
    assert (found.result, "nor an artifact of its run" in found.why) == ("unknown", True)


SENSELESS: list[dict[str, Any]] = [
    {"alpha": 0.0},
    {"alpha": 0.9},
    {"alpha": math.nan},
    {"alpha": 0.0001},
    {"min_delta": math.nan},
    {"min_delta": -1.0},
    {"test": "mcnemar", "measure": "mse"},
    {"test": "non-inferiority"},
    {"margin": 0.1},
    {"test": "non-inferiority", "margin": 0.1, "min_delta": 0.1},
    {"measure": "mean"},
    {"measure": "nonsense"},
    {"direction": "max"},
    {"resamples": 1},
    {"seed": -1},
]


def test_a_policy_that_makes_no_sense_lets_nothing_pass(root):
    current, candidate = pair(root)
    for changes in SENSELESS:
        found = outcome(root, with_(PAIRED, **changes), candidate, current)
        assert (found.result, bool(found.why)) == ("unknown", True), changes


@pytest.mark.parametrize(
    "gate",
    [
        "kind: paired, metric: acc, measure: accuracy, predictions: eval.csv, alpha: 0",
        "kind: paired, metric: acc, measure: accuracy, predictions: eval.csv, alpha: 0.6",
        "kind: paired, metric: acc, measure: nonsense, predictions: eval.csv",
        "kind: paired, metric: acc, measure: accuracy, predictions: ../eval.csv",
        "kind: paired, metric: acc, measure: accuracy, predictions: eval.csv, margin: 0",
        "kind: paired, metric: acc, measure: accuracy, predictions: eval.csv, test: t",
        "kind: paired, metric: acc, measure: accuracy, predictions: eval.csv, tolerance: 0.5",
        "kind: paired, metric: acc, measure: accuracy, predictions: eval.csv, seed: -1",
        "kind: seeds, metric: acc, direction: max, n_min: 1",
        "kind: seeds, metric: acc",
        "kind: fresh-data, max_uses: -1",
        "kind: fresh-data",
    ],
)
def test_the_reader_refuses_what_no_gate_can_be(gate):
    text = "schema: staticrun.policies/1\ngates:\n  g: {kind: fresh-data, max_uses: 3}\n"
    assert read(text.encode(), "x", Policies)[1] == []
    said, findings = read(
        text.replace("kind: fresh-data, max_uses: 3", gate).encode(), "x", Policies
    )
    assert said is None
    assert findings[0].where == "x:3"


def test_what_is_asked_for_is_asked_for(root):
    current, candidate = pair(root)
    for changes, why in (
        ({"n_min": 401}, "n of at least 401 asked for"),
        ({"min_delta": 0.5}, "at least 0.5 asked for"),
        ({"min_delta": 0.5, "n_min": 500}, "n of at least 500 and at least 0.5 asked for"),
    ):
        found = outcome(root, with_(PAIRED, **changes), candidate, current)
        assert (found.result, why in found.why) == ("fail", True)


def test_no_worse_is_less_than_better(root):
    _, candidate = pair(root)
    alike = guess(root, 3, 0.8, key="exp/3")
    margin = with_(PAIRED, test="non-inferiority", margin=0.15)
    assert outcome(root, PAIRED, alike, candidate).result == "fail"
    assert outcome(root, margin, alike, candidate).result == "pass"
    assert outcome(root, with_(margin, margin=0.0001), alike, candidate).result == "fail"


def test_seeds_are_compared_by_their_means(root):
    current, candidate = pair(root)
    found = outcome(root, SEEDS, candidate, current)
    assert (found.result, found.values["n_candidate"], found.values["n_current"]) == ("pass", 3, 3)
    assert "over seeds" in found.why
    assert outcome(root, with_(SEEDS, test="bootstrap"), candidate, current).result == "pass"
    assert outcome(root, with_(SEEDS, min_delta=0.9), candidate, current).result == "fail"
    few = outcome(root, with_(SEEDS, n_min=4), candidate, current)
    assert (few.result, "has 3 runs of its seeds" in few.why) == ("fail", True)
    shutil.rmtree(root / "runs/exp/1-2")
    few = outcome(root, SEEDS, candidate, current)
    assert (few.result, "version 1 has 2 runs" in few.why) == ("unknown", True)


def test_a_version_says_what_its_run_says(root):
    current, candidate = pair(root)
    lucky = with_(candidate, metrics=(Value(name="acc", value=0.99, direction="max"),))
    found = outcome(root, SEEDS, lucky, current)
    assert (found.result, "has acc 0.99, and its run" in found.why) == ("fail", True)


def test_a_seed_that_failed_is_not_left_out(root):
    current, candidate = pair(root)
    train(root, "exp/2-3", b"", 0.0, params={"skill": 0.8, "seed": 3})
    record = root / "runs/exp/2-3/run.jsonl"
    record.write_text(record.read_text().replace('"acc": 0.0', '"acc": "NaN"'))
    found = outcome(root, SEEDS, candidate, current)
    assert (found.result, "without a finite acc" in found.why) == ("fail", True)


@pytest.mark.parametrize(
    "changes", [{"alpha": 0.0}, {"n_min": 1}, {"min_delta": math.inf}, {"resamples": 0}], ids=str
)
def test_a_policy_of_seeds_that_makes_no_sense_lets_nothing_pass(root, changes):
    current, candidate = pair(root)
    assert outcome(root, with_(SEEDS, **changes), candidate, current).result == "unknown"


def test_runs_that_a_seed_does_not_change_say_nothing(root):
    current, candidate = pair(root)
    for number, version in ((1, current), (2, candidate)):
        for seed in (1, 2):
            record = root / f"runs/exp/{number}-{seed}/run.jsonl"
            lines = [line for line in record.read_text().splitlines() if '"metrics"' not in line]
            said = f'{{"type": "metrics", "step": 0, "values": {{"acc": {version.metrics[0].value}}}}}'
            record.write_text("\n".join([*lines[:-1], said, lines[-1]]) + "\n")
    found = outcome(root, SEEDS, candidate, current)
    assert (found.result, "neither side varies" in found.why) == ("unknown", True)


def test_without_a_history_nobody_knows_how_often_data_was_used(root):
    _, candidate = pair(root)
    gate = manifests.FreshData(max_uses=3)
    found = outcome(root, gate, candidate)
    assert (found.result, "is unknown" in found.why) == ("unknown", True)
    assert outcome(root, gate, candidate, reading=False).result == "unknown"
    assert outcome(root, gate, with_(candidate, data=())).result == "unknown"
