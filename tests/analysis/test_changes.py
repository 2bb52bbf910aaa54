"""What is different between two states of a project's runs."""

import json
import math

import pytest

import staticrun
from staticrun.analysis.changes import MetricChange, ParamChange, RunChange, changes


def write(project, key, value, *, lr=0.1, status="finished", id_=None):
    folder = project / "runs" / key
    folder.mkdir(parents=True, exist_ok=True)
    records = [
        {"type": "start", "format": 1, "time": 1770000000, "id": id_ or key, "name": key},
        {"type": "params", "values": {"lr": lr}},
        {"type": "metrics", "step": 0, "values": {"acc": value, "same": "NaN"}},
        {"type": "end", "time": 1770000100, "status": status},
    ]
    (folder / "run.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))


@pytest.fixture
def states(tmp_path):
    """Give the runs of two projects."""
    first, second = tmp_path / "first", tmp_path / "second"
    for project in (first, second):
        write(project, "a/same", 0.5)
    write(first, "a/gone", 0.5)
    write(second, "a/new", 0.5)
    write(first, "a/better", 0.5, status="failed")
    write(second, "a/better", 0.75, lr=0.2)
    write(first, "a/old-name", 0.5, id_="one")
    write(second, "b/new-name", 0.5, id_="one")
    return [list(staticrun.runs(root=project)) for project in (first, second)]


def test_runs_come_go_move_and_change(states):
    found = changes(*states)

    assert (found.added, found.removed) == (("a/new",), ("a/gone",))
    assert found.moved == (("a/old-name", "b/new-name"),)
    assert found.changed == (
        RunChange(
            "a/better",
            ("failed", "finished"),
            (MetricChange("acc", 0.5, 0.75),),
            (ParamChange("lr", 0.1, 0.2),),
        ),
    )
    assert found


def test_a_state_does_not_differ_from_itself(states):
    assert all(math.isnan(run.value("same")) for run in states[0])
    assert not changes(states[0], states[0])


def test_two_ways_round_tell_the_same(states):
    there, back = changes(*states), changes(*reversed(states))

    assert (there.added, there.removed) == (back.removed, back.added)
    assert {new: old for old, new in there.moved} == dict(back.moved)
    assert len(there.changed) == len(back.changed)
