"""What a run consumed leads to the run that wrote it, by id or by digest."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import staticrun
from staticrun.cli.main import staticrun as program
from staticrun.store.lineage import Lineage


@pytest.fixture
def runs(project):
    """One run writes, one copies its bytes, others use them in every way."""
    with staticrun.start("e", name="writer", capture=False) as writer:
        file = writer.file("w.bin", b"abc")
    (project / "copy.bin").write_bytes(b"abc")
    (project / "else.bin").write_bytes(b"else")
    with staticrun.start("e", name="by-id", capture=False) as one:
        one.use(writer, path="artifacts/files/w.bin", role="init")
    with staticrun.start("e", name="by-digest", capture=False) as one:
        one.use("copy.bin")
        one.use("else.bin")
        one.artifact("copy.bin", how="reference")  # which is no writing
    with staticrun.start("e", name="by-file", capture=False) as one:
        one.use(file)
    return {run.name: run for run in staticrun.runs(root=project)}


def test_every_way_leads_to_the_writer(runs):
    lineage = Lineage(runs.values())
    found = {
        name: [getattr(lineage.producer(run, use), "name", None) for use in run.uses]
        for name, run in runs.items()
    }

    assert found == {
        "writer": [],
        "by-id": ["writer"],
        "by-digest": ["writer", None],
        "by-file": ["writer"],
    }
    consumers = lineage.consumers(runs["writer"])
    assert [run.name for run, _ in consumers] == ["by-digest", "by-file", "by-id"]


def test_bytes_that_two_runs_wrote_lead_to_neither(runs, project):
    with staticrun.start("e", name="second", capture=False) as second:
        second.artifact("copy.bin")
    lineage = Lineage(staticrun.runs(root=project))
    by_digest, by_id = runs["by-digest"], runs["by-id"]

    assert lineage.producer(by_digest, by_digest.uses[0]) is None
    assert lineage.producer(by_id, by_id.uses[0]).name == "writer"


def test_a_run_does_not_consume_itself(runs, project):
    with staticrun.start("e", name="copier", capture=False) as copier:
        copier.use("else.bin")
        copier.artifact("else.bin")
    lineage = Lineage(staticrun.runs(root=project))
    [run] = [run for run in staticrun.runs(root=project) if run.name == "copier"]

    assert lineage.producer(run, run.uses[0]) is None


def test_a_run_that_is_not_here_is_found_by_what_it_wrote(runs):
    here = [run for name, run in runs.items() if name != "writer"]

    assert Lineage(here).producer(runs["by-id"], runs["by-id"].uses[0]) is None


def test_the_command_line_shows_both_directions(runs, project):
    def shown(*arguments):
        done = CliRunner().invoke(program, ["runs", "show", "--root", str(project), *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    assert "used by\n  e/by-digest  copy.bin\n  e/by-file  artifacts/files/w.bin\n" in shown(
        "e/writer"
    )
    assert "uses\n  e/writer  artifacts/files/w.bin  init\n" in shown("e/by-id")
    used = json.loads(shown("e/by-digest", "--json"))
    assert [use["run_key"] for use in used["uses"]] == ["e/writer", None]
    wrote = json.loads(shown("e/writer", "--json"))
    assert [use["run_key"] for use in wrote["used_by"]] == ["e/by-digest", "e/by-file", "e/by-id"]
