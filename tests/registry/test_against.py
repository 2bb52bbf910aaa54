"""A candidate against a champion: gains, slices and examples, and what cannot be compared."""

from __future__ import annotations

import msgspec
import pytest

from staticrun.registry import manifests
from staticrun.registry.against import against
from staticrun.registry.material import Material
from tests.registry.predicted import train, version_of
from tests.registry.trained import open_store

PAIRED = manifests.Paired(metric="acc", measure="accuracy", predictions="eval.csv", n_min=50)
# By day only the candidate reads cats, by night only the champion does.
TRUTH = ["cat"] * 40 + ["dog"] * 40
LIGHT = (["day"] * 30 + ["night"] * 10) * 2
CHAMPION = ["cat" if light == "night" else "ox" for light in LIGHT[:40]] + ["dog"] * 40
CANDIDATE = ["cat" if light == "day" else "ox" for light in LIGHT[:40]] + ["dog"] * 40


def table(prediction, light=LIGHT, truth=TRUTH, sure=0.5) -> bytes:
    rows = [
        f"r{row},{true},{said},{when},{sure}\n"
        for row, (true, said, when) in enumerate(zip(truth, prediction, light, strict=True))
    ]
    return "".join(["id,target,prediction,light,sure\n", *rows]).encode()


def version(root, number, data: bytes, value: float, **changes):
    train(root, f"exp/{number}", data, value)
    return version_of(root, number, f"exp/{number}", value, **changes)


@pytest.fixture
def pair(tmp_path):
    champion = version(tmp_path, 1, table(CHAMPION, sure=0.1), 50 / 80)
    return tmp_path, version(tmp_path, 2, table(CANDIDATE, sure=0.2), 70 / 80), champion


def compared(root, candidate, champion, **gates):
    return against(Material(root, open_store(root)), candidate, champion, gates)


def test_a_tested_metric_has_an_interval_and_a_p(pair):
    [gain] = compared(*pair, right=PAIRED).metrics
    assert (gain.candidate, gain.champion, gain.gain) == (70 / 80, 50 / 80, 0.25)
    assert gain.low < 0.25 < gain.high
    assert gain.p < 0.05
    assert (gain.n, gain.how, gain.why) == (80, "bootstrap", "")


def test_slices_say_for_whom_the_candidate_is_worse(pair):
    found = compared(*pair, right=PAIRED)
    by_name = {(one.column, one.value): one for one in found.slices}
    # What models are sure of differs between them, and is no slice; what is true is one.
    assert by_name.keys() == {
        ("light", "day"),
        ("light", "night"),
        ("target", "cat"),
        ("target", "dog"),
    }
    assert [(one.column, one.value) for one in found.worse] == [("light", "night")]
    assert found.slices[0] == by_name["light", "night"]
    assert by_name["light", "night"].gain == -0.5
    assert by_name["light", "day"].gain == 0.5
    assert (by_name["target", "dog"].n, by_name["target", "dog"].gain) == (40, 0.0)


def test_examples_say_what_changes(pair):
    changes = compared(*pair, right=PAIRED).changes
    assert (changes.same, changes.better, changes.worse) == (40, 30, 10)
    first, lost = changes.gained[0], changes.lost[0]
    assert (first.id, first.target, first.candidate, first.champion) == ("r0", "cat", "cat", "ox")
    assert (lost.id, lost.candidate, lost.champion) == ("r30", "ox", "cat")


def test_numbers_come_nearer_or_go_farther(tmp_path):
    truth = [str(float(row)) for row in range(60)]
    near = [str(row + 0.5) for row in range(60)]
    far = [str(row + (9.0 if row == 7 else 1.0)) for row in range(60)]
    gate = msgspec.structs.replace(PAIRED, measure="mae")
    champion, candidate = (
        version(
            tmp_path,
            number,
            table(said, LIGHT[:60], truth),
            value,
            metrics=(manifests.Value(name="acc", value=value, direction="min"),),
        )
        for number, said, value in ((1, far, 68 / 60), (2, near, 0.5))
    )
    found = compared(tmp_path, candidate, champion, near=gate)
    assert found.metrics[0].gain == pytest.approx(68 / 60 - 0.5)
    assert (found.changes.labels, found.changes.better) == (False, 60)
    assert found.changes.gained[0].id == "r7"
    assert {one.column for one in found.slices} == {"light"}


def test_without_a_test_gains_have_no_interval_and_it_is_said(pair):
    root, candidate, champion = pair
    found = compared(root, candidate, champion)
    assert [(one.gain, one.low, one.why) for one in found.metrics] == [
        (0.25, None, "one number a side")
    ]
    assert (found.slices, found.changes, found.sliced) == ((), None, "")
    assert "no gate of the policies tests a metric" in found.missing[0]
    other = msgspec.structs.replace(PAIRED, models=("other",))
    assert compared(root, candidate, champion, right=other) == found


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (table(CANDIDATE[::-1], LIGHT[::-1], TRUTH[::-1]), "target"),
        (b"id,target\n1,2\n", "prediction"),
        (b"\xff", "UTF-8"),
    ],
)
def test_what_cannot_be_compared_is_told(pair, data, why):
    root, _, champion = pair
    candidate = version(root, 3, data, 0.5)
    found = compared(root, candidate, champion, right=PAIRED)
    assert found.changes is None
    assert len(found.missing) == 1
    assert found.missing[0].startswith("right: ")
    assert why in found.missing[0]


def test_edited_predictions_are_told(pair):
    root, candidate, champion = pair
    (root / candidate.artifact.path / "eval.csv").write_bytes(table(TRUTH))
    [said] = compared(root, candidate, champion, right=PAIRED).missing
    assert "has other bytes" in said


def test_seeds_give_an_interval_where_no_predictions_do(tmp_path):
    for number, values in ((1, (0.5, 0.52, 0.54)), (2, (0.8, 0.82, 0.84))):
        for seed, value in enumerate(values):
            train(tmp_path, f"s/{number}-{seed}", b"", value, params={"a": number, "seed": seed})
    champion, candidate = (
        version_of(tmp_path, number, f"s/{number}-0", value)
        for number, value in ((1, 0.5), (2, 0.8))
    )
    gate = manifests.Seeds(metric="acc", direction="max")
    [gain] = compared(tmp_path, candidate, champion, over=gate).metrics
    assert (gain.n, gain.how) == (3, "welch over seeds")
    assert gain.gain == pytest.approx(0.3)
    assert gain.low < 0.3 < gain.high


def test_the_difference_is_from_the_champion(pair):
    [changed] = [one for one in compared(*pair).difference.metrics if one.name == "acc"]
    assert (changed.before, changed.after) == (50 / 80, 70 / 80)
