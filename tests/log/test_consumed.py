"""What a run consumed leads to the run that wrote it."""

from __future__ import annotations

import gzip
import hashlib
import warnings
from pathlib import Path

import pytest

import staticrun
from tests.log.records import of_type

ABC = hashlib.sha256(b"abc").hexdigest()


@pytest.fixture
def other(project):
    (project / "w.npz").write_bytes(b"abc")
    with staticrun.start("digits", name="other", capture=False) as run:
        run.artifact("w.npz")
    return run


@pytest.fixture
def run(other):
    return staticrun.start("digits", name="one", capture=False)


def used(run):
    return of_type(run.folder, "use")


def dropped(run, *args, **more):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run.use(*args, **more)
    [warning] = caught
    return str(warning.message)


WRITTEN = "artifacts/w.npz"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(lambda run: (run, WRITTEN), id="run"),
        pytest.param(lambda run: (run.key, WRITTEN), id="key"),
        pytest.param(lambda run: (f"runs/{run.key}", WRITTEN), id="path"),
        pytest.param(lambda run: (run.folder, WRITTEN), id="folder"),
        pytest.param(lambda run: (run.folder / WRITTEN, None), id="file"),
        pytest.param(lambda run: (str(run.folder / WRITTEN), None), id="absolute"),
        pytest.param(lambda run: (f"runs/{run.key}/{WRITTEN}", None), id="relative"),
        pytest.param(
            lambda run: (staticrun.runs(where="name = 'other'", root=run.root)[0], WRITTEN),
            id="read",
        ),
    ],
)
def test_every_way_to_name_a_runs_artifact_says_the_same(run, other, name):
    what, path = name(other)
    run.use(what, path=path, role="init")

    expected = {"run": other.id, "path": WRITTEN, "sha256": ABC, "role": "init"}
    assert used(run) == [expected]


def test_a_packed_record_is_read_too(run, other):
    record = other.folder / "run.jsonl"
    Path(f"{record}.gz").write_bytes(gzip.compress(record.read_bytes()))
    record.unlink()
    run.use(other.key)

    assert used(run) == [{"run": other.id}]


def test_an_id_alone_is_believed(run, other):
    run.use(other.id, path=WRITTEN, sha256="0" * 64)

    assert used(run) == [{"run": other.id, "path": WRITTEN, "sha256": "0" * 64}]


def test_a_file_of_no_run_is_shown_relative_to_the_project(run, project, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home" / "ada"))
    outside = tmp_path / "home" / "ada" / "data"
    outside.mkdir(parents=True)
    (outside / "x.csv").write_bytes(b"abc")
    run.use(project / "w.npz")
    run.use(outside / "x.csv")
    run.use(outside)

    assert used(run)[:2] == [
        {"uri": "w.npz", "sha256": ABC},
        {"uri": "~/data/x.csv", "sha256": ABC},
    ]
    assert used(run)[2]["uri"] == "~/data"
    assert len(used(run)[2]["tree"]) == 64


def test_addresses_are_recorded_without_their_secrets(run):
    run.use("s3://bucket/x")
    run.use(uri="https://ada:hunter2@example.org/x", sha256=ABC)
    run.use("doi:10.5281/zenodo.1")

    assert used(run) == [
        {"uri": "s3://bucket/x"},
        {"uri": "https://<secret>@example.org/x", "sha256": ABC},
        {"uri": "doi:10.5281/zenodo.1"},
    ]


def test_another_digest_than_the_one_given_is_told(run, other):
    assert "finds another digest than the one given" in dropped(
        run, other, path=WRITTEN, sha256="0" * 64
    )
    assert used(run) == [{"run": other.id, "path": WRITTEN, "sha256": ABC}]


@pytest.mark.parametrize(
    ("what", "path", "message"),
    [
        ("no such thing", None, "is no run, no file and no address"),
        (3, None, "a int is no run, no file and no address"),
        ("digits/other", "artifacts/none", "there is no file 'none'"),
        ("digits/other", "../../../w.npz", "leads out of that run"),
    ],
)
def test_what_is_nothing_is_told(run, what, path, message):
    assert message in dropped(run, what, path=path)
    assert used(run) == []


def test_a_run_without_that_file_is_named_all_the_same(run, other):
    assert "there is no file 'none'" in dropped(run, other, path="none")
    assert used(run) == [{"run": other.id, "path": "none"}]
