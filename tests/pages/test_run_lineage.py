"""The lineage on a run's page: all generations, both ways, whatever the records claim."""

from __future__ import annotations

import json

import pytest

from staticrun import config, layout
from staticrun.pages import plan
from staticrun.pages.generations import DEPTH_MAX, KIN_MAX, LIST_MAX
from staticrun.pages.views import run_lineage
from staticrun.store.store import Store
from tests.pages.projects import write_run


@pytest.fixture
def lineages(tmp_path):
    """Give a function: runs and their records → key → lineage."""

    def made(runs: dict[str, list[dict]], **start: dict):
        for name, records in runs.items():
            write_run(tmp_path, f"a/{name}", **start.get(name, {}))
            path = tmp_path / layout.RUNS / "a" / name / layout.record_file_name()
            with path.open("a", encoding="utf-8") as stream:
                stream.writelines(json.dumps({"time": 1, **one}) + "\n" for one in records)

        found = list(Store.open(config.load(tmp_path)[0]).runs(archived=True))
        relations = plan._relations(found)
        return {run.name: run_lineage.lineage(relations[run.key]) for run in found}

    return made


def use(run: str, path: str = "model.npz", **more: object) -> dict:
    return {"type": "use", "run": f"a-{run}", "path": path, **more}


def told(found, depth: int = 0) -> list[str]:
    """Spell lines as a reader sees them."""
    lines = []
    for one in found:
        lines.append("  " * depth + f"{one.how} {one.text}".strip())
        lines += told(one.next, depth + 1)
    return lines


def test_both_directions_go_over_all_generations(lineages):
    found = lineages(
        {
            "base": [{"type": "dataset", "name": "corpus", "role": "train", "rows": 9}],
            "tuned": [use("base", role="init"), {"type": "use", "uri": "s3://b/tokens"}],
            "judged": [use("tuned"), {"type": "use", "path": "x", "role": "lock file"}],
            "again": [{"type": "verdict", "of": "a-judged", "result": "bit for bit"}],
        }
    )

    assert told(found["again"].before) == [
        "repeated a/judged",
        "  used model.npz a/tuned",
        "    used s3://b/tokens",
        "    used model.npz, init a/base",
        "      data corpus, train, 9 rows",
    ]
    assert found["again"].behind == ()
    assert told(found["base"].behind) == [
        "uses model.npz, init a/tuned",
        "  uses model.npz a/judged",
        "    repeated it: bit for bit a/again",
    ]
    assert told(found["base"].before) == ["data corpus, train, 9 rows"]


def test_a_run_with_a_parent_and_children_alone_has_no_lineage_of_its_own(lineages):
    found = lineages(
        {"sweep": [], "x": [], "y": []},
        x={"parent": "a-sweep"},
        y={"parent": "a-sweep", "status": "failed"},
    )

    assert found == {"sweep": None, "x": None, "y": None}


def test_rings_end(lineages):
    found = lineages({"x": [use("y")], "y": [use("z")], "z": [use("x"), use("z")]})

    assert told(found["x"].before) == [
        "used model.npz a/y",
        "  used model.npz a/z",
        "    used model.npz a/x",
        "    used model.npz a/z",
    ]


def test_many_relatives_are_counted_and_none_is_lost(lineages):
    names = [f"u{i:02}" for i in range(40)]
    found = lineages({"base": [], **{name: [use("base")] for name in names}})
    chain = lineages({f"c{i}": [use(f"c{i - 1}")] for i in range(1, 30)})

    assert len(found["base"].behind) == LIST_MAX + 1
    assert found["base"].behind[-1].text == f"{40 - LIST_MAX} more"
    depths = [line.count("  ") for line in told(chain["c29"].before)]
    assert max(depths) == DEPTH_MAX
    assert told(chain["c29"].before)[-1].strip() == "1 more"
    assert KIN_MAX >= len(depths) - 1


def test_a_result_from_a_stranger_is_text(lineages):
    evil = "<script>alert(1)</script>"
    found = lineages({"x": [], "y": [{"type": "verdict", "of": "a-x", "result": evil}]})

    assert told(found["x"].behind) == [f"repeated it: {evil} a/y"]
