"""What a comparison with a champion does not let count, and what it counts and remembers."""

from __future__ import annotations

import pytest

from staticrun.registry import manifests
from staticrun.registry.against import against
from staticrun.registry.material import Material
from tests.registry.made import digest
from tests.registry.predicted import train, version_of
from tests.registry.test_against import (
    CANDIDATE,
    CHAMPION,
    PAIRED,
    TRUTH,
    compared,
    table,
    version,
)
from tests.registry.trained import open_store


@pytest.fixture
def pair(tmp_path):
    champion = version(tmp_path, 1, table(CHAMPION), 50 / 80)
    return tmp_path, version(tmp_path, 2, table(CANDIDATE), 70 / 80), champion


def test_a_metric_of_either_side_alone_is_told(tmp_path):
    said = (("acc", 0.3), ("mine", 1.0)), (("acc", 0.1), ("theirs", 2.0))
    candidate, champion = (
        version(
            tmp_path,
            number,
            table(CANDIDATE),
            0.5,
            metrics=tuple(manifests.Value(name=n, value=v, direction="max") for n, v in one),
        )
        for number, one in ((2, said[0]), (1, said[1]))
    )
    found = {one.metric: one for one in compared(tmp_path, candidate, champion).metrics}
    assert found["acc"].gain == 0.2  # as a reviewer reckons, not 0.19999999999999998
    assert (found["mine"].gain, found["mine"].why) == (None, "version 1 has none")
    assert (found["theirs"].champion, found["theirs"].why) == (2.0, "version 2 has none")


def test_predictions_that_do_not_give_the_claimed_metric_do_not_count(pair):
    root, _, champion = pair
    boasting = version(root, 3, table(CANDIDATE), 0.99)
    found = compared(root, boasting, champion, right=PAIRED)
    assert found.missing == (
        "right: accuracy of the predictions of version 3 is 0.875, and its acc is 0.99",
    )
    assert (found.slices, found.changes) == ((), None)
    # A clause has numbers, too.
    hidden = against(
        Material(root, open_store(root)), boasting, champion, {"right": PAIRED}, {"acc"}
    )
    assert not [number for number in ("0.875", "0.99") if number in repr(hidden.missing)]
    assert (hidden.metrics, hidden.slices, hidden.changes) == ((), (), None)
    assert [(one.candidate, one.low) for one in found.metrics] == [(0.99, None)]


def test_other_data_is_told_and_compared_by_no_test(pair):
    root, _, champion = pair
    data = (manifests.Data(name="other", role="eval", digest=digest(78)),)
    train(root, "exp/4", table(CANDIDATE), 70 / 80, data=data)
    candidate = version_of(root, 4, "exp/4", 70 / 80, data=data)
    found = compared(root, candidate, champion, right=PAIRED)
    assert found.missing == ("right: versions 4 and 1 have other data with the role eval",)
    assert found.metrics[0].low is None


def test_a_seed_that_came_to_nothing_is_told_and_not_left_out(tmp_path):
    for number, values in ((1, (0.5, 0.52, 0.54)), (2, (0.8, 0.82, "NaN"))):
        for seed, value in enumerate(values):
            train(tmp_path, f"s/{number}-{seed}", b"", value, params={"a": number, "seed": seed})
    champion, candidate = (
        version_of(tmp_path, number, f"s/{number}-0", value)
        for number, value in ((1, 0.5), (2, 0.8))
    )
    gate = manifests.Seeds(metric="acc", direction="max")
    found = compared(tmp_path, candidate, champion, over=gate)
    assert found.missing == ("over: version 2 has a run of another seed without a finite acc",)
    assert found.metrics[0].low is None


def test_examples_that_both_have_right_and_columns_left_out_are_counted(tmp_path):
    def wide(prediction) -> bytes:
        head, *rows = table(prediction).decode().splitlines()
        names = "".join(f",c{place}" for place in range(9))
        lines = [f"{row}{f',{place % 2}' * 9}" for place, row in enumerate(rows)]
        return "\n".join([head + names, *lines, ""]).encode()

    champion = version(tmp_path, 1, wide(CHAMPION), 50 / 80)
    candidate = version(tmp_path, 2, wide(CANDIDATE), 70 / 80)
    found = compared(tmp_path, candidate, champion, right=PAIRED)
    assert (found.changes.same, found.changes.right) == (40, 40)
    # Of target, light and nine more, eight were looked at; sure has one value.
    assert len({one.column for one in found.slices}) == 8
    assert found.missing == ("right: has 3 more columns than were looked at",)


def test_what_a_build_compared_is_remembered_until_a_byte_differs(pair):
    root, candidate, champion = pair
    material = Material(root, open_store(root), cache=True)
    first = against(material, candidate, champion, {"right": PAIRED})
    kept = set((root / ".staticrun/reckoned").iterdir())
    assert against(material, candidate, champion, {"right": PAIRED}) == first
    assert set((root / ".staticrun/reckoned").iterdir()) == kept
    assert first == compared(root, candidate, champion, right=PAIRED)
    (root / champion.artifact.path / "eval.csv").write_bytes(table(TRUTH))
    [said] = against(material, candidate, champion, {"right": PAIRED}).missing
    assert "has other bytes" in said
