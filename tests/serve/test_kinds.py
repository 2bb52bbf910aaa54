"""What a change means."""

from __future__ import annotations

import pytest

from staticrun import config
from staticrun.serve import kinds
from staticrun.serve.watch import folders
from staticrun.store.store import Store
from tests.serve.site import write_runs


@pytest.fixture
def told(project):
    write_runs(project, 2)
    (project / "staticrun.yaml").write_text("logs: [{glob: 'out/*/log.txt'}]\n")
    (project / "out/a").mkdir(parents=True)
    (project / "out/a/log.txt").write_text('{"step": 1, "loss": 2}\n')
    settings, _ = config.load(project)
    store = Store.open(settings)

    def sort(*paths):
        return kinds.sort([project / path for path in paths], settings, store)

    return sort


def test_records_of_known_runs_are_told_by_their_run(told):
    assert told("runs/exp0/run-0000/run.jsonl", "out/a/log.txt") == [
        ("records", "exp0/run-0000"),
        ("records", "out/a"),
    ]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("runs/exp0/run-0000/artifacts/model.bin", "artifact"),
        ("runs/exp0/run-0000/run.rank1.jsonl", "run"),
        ("runs/exp0/new/run.jsonl", "run"),
        ("runs/exp0/run-0000/checkpoint.tmp", "artifact"),
        ("out/b/log.txt", "run"),
        ("runs/exp0/experiment.yaml", "run"),
        ("reports/first.md", "report"),
        ("themes/own/templates/run.html", "theme"),
        ("registry/models/a/model.yaml", "registry"),
        (".git/logs/HEAD", "registry"),
        ("staticrun.yaml", "config"),
    ],
)
def test_others_are_told_by_their_path(told, path, kind):
    assert told(path) == [(kind, path)]


def test_a_record_file_that_is_gone_is_a_run_that_changed(told, project):
    (project / "runs/exp0/run-0001/run.jsonl").unlink()

    assert told("runs/exp0/run-0001/run.jsonl") == [("run", "runs/exp0/run-0001/run.jsonl")]


def test_what_is_watched_is_where_inputs_are(told, project):
    settings, _ = config.load(project)

    found = {path.relative_to(project).as_posix() for path in folders(settings)}
    assert found == {"runs", "registry", "reports", "themes", "out"}
