"""Which folders and files are runs, and under which key."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from staticrun.config import Config, Logs
from staticrun.store.scan import foreign_key, scan


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def keys(root: Path, **options) -> list[str]:
    return list(scan(Config(root=root, **options)).places)


def told(root: Path, **options) -> list[str]:
    return list(map(str, scan(Config(root=root, **options)).findings))


def logs(glob: str, experiment: str | None = None) -> dict:
    return {"logs": (Logs(glob=glob, experiment=experiment),)}


def test_a_folder_with_a_record_file_is_a_run_and_nothing_below_it_is(tmp_path):
    make(
        tmp_path,
        "runs/single/run.jsonl",
        "runs/vision/digits/007/run.rank3.jsonl",
        "runs/vision/digits/007/inner/run.jsonl",
        "runs/vision/digits/007/artifacts/run.jsonl",
        "runs/vision/packed/run.jsonl.gz",
        "runs/vision/edited/run.edit-01.jsonl",
        "runs/vision/none/running.jsonl",
        "runs/vision/artifacts/x/run.jsonl",
        "runs/.trash/x/run.jsonl",
    )

    assert keys(tmp_path) == ["single", "vision/digits/007", "vision/edited", "vision/packed"]
    assert told(tmp_path) == []


def test_runs_are_in_natural_order_and_their_files_too(tmp_path):
    make(tmp_path, *(f"runs/e/run-{i}/run.jsonl" for i in (10, 9, 100, 1)))
    make(tmp_path, *(f"runs/e/run-1/run.r{i}.jsonl" for i in (10, 2)))
    found = scan(Config(root=tmp_path))

    assert list(found.places) == ["e/run-1", "e/run-9", "e/run-10", "e/run-100"]
    names = [path.name for path in found.places["e/run-1"].files]
    assert names == ["run.jsonl", "run.r2.jsonl", "run.r10.jsonl"]


def test_no_runs_folder_is_no_run(tmp_path):
    assert keys(tmp_path) == []


def test_a_key_that_two_roots_have_names_both(tmp_path):
    make(tmp_path, "runs/a/b/run.jsonl", "more/a/b/run.jsonl", "more/a/c/run.jsonl")

    assert keys(tmp_path, runs=("runs", "more")) == ["a/b", "a/c"]
    assert told(tmp_path, runs=("runs", "more")) == [
        (
            "more/a/b: has the key 'a/b', as runs/a/b has; it is left out, expected one run a key.\n"
            "  Try: rename one of the two"
        )
    ]


def test_a_record_file_in_the_root_is_told_where_to_go(tmp_path):
    make(tmp_path, "runs/run.jsonl", "runs/a/run.jsonl")

    assert keys(tmp_path) == ["a"]
    assert told(tmp_path) == [
        (
            "runs/run.jsonl: is in no folder of its own and is left out, expected a folder for each"
            " run.\n  Try: move it to runs/first/run.jsonl"
        )
    ]


def test_a_packed_file_beside_its_source_is_left_out(tmp_path):
    make(tmp_path, "runs/a/run.jsonl", "runs/a/run.jsonl.gz", "runs/a/run.r2.jsonl.gz")
    found = scan(Config(root=tmp_path))

    assert [p.name for p in found.places["a"].files] == ["run.jsonl", "run.r2.jsonl.gz"]
    assert told(tmp_path) == [
        (
            "runs/a/run.jsonl.gz: is not read, because run.jsonl is there, too, expected one of the"
            " two.\n  Try: delete one of the two"
        )
    ]


def test_experiment_files_are_found_with_and_without_runs(tmp_path):
    make(tmp_path, "runs/experiment.yaml", "runs/a/experiment.yaml", "runs/b/c/experiment.yaml")
    found = scan(Config(root=tmp_path))

    shown = {
        name: path.relative_to(tmp_path).as_posix() for name, path in found.experiments.items()
    }
    assert shown == {
        "default": "runs/experiment.yaml",
        "a": "runs/a/experiment.yaml",
        "b/c": "runs/b/c/experiment.yaml",
    }


def test_links_out_of_the_project_are_told_and_not_followed(tmp_path):
    make(tmp_path, "outside/a/run.jsonl", "project/runs/own/run.r2.jsonl")
    project = tmp_path / "project"
    (project / "runs/linked").symlink_to(tmp_path / "outside")
    (project / "runs/own/run.jsonl").symlink_to(tmp_path / "outside/a/run.jsonl")
    found = scan(Config(root=project))

    assert [p.name for p in found.places["own"].files] == ["run.r2.jsonl"]
    assert list(found.places) == ["own"]
    assert told(project) == [
        "runs/linked: is a link that leads out of the project.",
        "runs/own/run.jsonl: is a link that leads out of the project.",
    ]


def test_a_root_that_is_a_link_out_of_the_project_is_not_followed(tmp_path):
    make(tmp_path, "outside/a/run.jsonl", "project/x")
    (tmp_path / "project/runs").symlink_to(tmp_path / "outside")

    assert keys(tmp_path / "project") == []
    assert told(tmp_path / "project") == ["runs: is a link that leads out of the project."]


def test_links_within_the_project_are_followed_once(tmp_path):
    make(tmp_path, "runs/a/one/run.jsonl", "data/two/run.jsonl")
    (tmp_path / "runs/a/latest").symlink_to("one")
    (tmp_path / "runs/a/up").symlink_to("..")
    (tmp_path / "runs/a/all").symlink_to(tmp_path)
    (tmp_path / "runs/a/self").symlink_to("self")
    (tmp_path / "runs/data").symlink_to("../data")
    (tmp_path / "data/loop").symlink_to(".")
    (tmp_path / "runs/data2").symlink_to("../data")

    assert keys(tmp_path) == ["a/one", "data/two"]
    assert told(tmp_path) == []


def test_a_record_file_that_links_to_nothing_is_told(tmp_path):
    make(tmp_path, "runs/a/run.r2.jsonl")
    (tmp_path / "runs/a/run.jsonl").symlink_to("../../annex/object")
    (tmp_path / "runs/c").mkdir()
    (tmp_path / "runs/c/run.jsonl").symlink_to("run.jsonl")
    os.mkfifo(tmp_path / "runs/c/run.r2.jsonl")
    (tmp_path / "runs/b").mkdir()
    (tmp_path / "runs/b/run.jsonl").symlink_to("nowhere")

    assert keys(tmp_path) == ["a"]
    assert told(tmp_path) == [
        "runs/a/run.jsonl: is a link to nothing that can be read, expected a record file.",
        "runs/b/run.jsonl: is a link to nothing that can be read, expected a record file.",
        "runs/c/run.jsonl: is a link to nothing that can be read, expected a record file.",
    ]


def test_a_name_that_is_no_text_is_left_out_and_told(tmp_path):
    make(tmp_path, "runs/good/run.jsonl")
    make(tmp_path, os.fsdecode(b"runs/bad\xff/run.jsonl"))

    assert keys(tmp_path) == ["good"]
    assert told(tmp_path) == ["runs/bad\\xff: has a name that is not UTF-8; it is left out."]


@pytest.mark.usefixtures("bound_by_modes")
def test_a_folder_that_cannot_be_read_is_told(tmp_path):
    make(tmp_path, "runs/good/run.jsonl", "runs/shut/a/run.jsonl")
    (tmp_path / "runs/shut").chmod(0)
    try:
        assert keys(tmp_path) == ["good"]
        assert told(tmp_path) == ["runs/shut: cannot be read (Permission denied)."]
    finally:
        (tmp_path / "runs/shut").chmod(0o755)


def test_folders_deeper_than_the_stack_are_walked(tmp_path):
    make(tmp_path, "runs/a/run.jsonl")
    with contextlib.chdir(tmp_path / "runs"):
        for _ in range(1050):  # by a path of its own each: the whole would be too long
            Path("d").mkdir()
            os.chdir("d")
        try:
            assert keys(tmp_path) == ["a"]
        finally:
            for _ in range(1050):  # deeper than pytest can clean up
                os.chdir("..")
                Path("d").rmdir()


# Files of other tools


@pytest.mark.parametrize(
    ("relative", "pattern", "experiment", "key"),
    [
        ("out/a/log.txt", "out/*/log.txt", None, "out/a"),
        ("out/a/log.txt", "out/*/log.txt", "vision", "vision/a"),
        ("out/a/b/log.txt", "out/**/log.txt", "vision", "vision/a/b"),
        ("out/log.txt", "out/**/log.txt", "vision", "vision/out"),
        ("logs/first.jsonl", "logs/*.jsonl", None, "logs/first"),
        ("logs/first.jsonl", "logs/*.jsonl", "vision", "vision/first"),
        ("logs/train_1", "logs/train_*", None, "logs/train_1"),
        ("logs/a.log.jsonl", "logs/[ab].log.jsonl", None, "logs/a"),
        ("log.jsonl", "log.jsonl", None, "log.jsonl"),
        ("log.jsonl", "log.jsonl", "vision", "vision/log.jsonl"),
        ("first.jsonl", "*.jsonl", None, "first"),
    ],
)
def test_the_key_of_a_foreign_file(relative, pattern, experiment, key):
    assert foreign_key(tuple(relative.split("/")), pattern.split("/"), experiment) == key


def test_patterns_match_names_within_folders(tmp_path):
    make(
        tmp_path,
        "out/a/log.txt",
        "out/b/LOG.TXT",
        "out/b/log.txt.bak",
        "out/.hidden/log.txt",
        "out/c/deep/log.txt",
        "other/log.txt",
    )

    assert keys(tmp_path, **logs("out/*/log.txt")) == ["out/a"]
    assert keys(tmp_path, **logs("out/**/log.txt")) == ["out/a", "out/c/deep"]
    assert keys(tmp_path, **logs("**/log.txt")) == ["other", "out/a", "out/c/deep"]
    assert keys(tmp_path, **logs("out/.hidden/*.txt")) == ["out/.hidden/log"]
    assert keys(tmp_path, **logs("out/**")) == [
        "out/a/log.txt",
        "out/b/LOG.TXT",
        "out/b/log.txt.bak",
        "out/c/deep/log.txt",
    ]
    assert keys(tmp_path, **logs("nowhere/*/log.txt")) == []
    assert keys(tmp_path, **logs("out/[!b]/*")) == ["out/a/log.txt"]


def test_a_foreign_file_is_one_run_though_two_patterns_name_it(tmp_path):
    make(tmp_path, "runs/a/run.jsonl", "runs/a/other.jsonl", "runs/a/artifacts/x.jsonl")
    both = (Logs(glob="runs/a/*.jsonl", experiment="first"), Logs(glob="runs/**/*.jsonl"))

    assert keys(tmp_path, logs=both) == ["a", "first/other"]


def test_a_foreign_file_with_the_key_of_another_names_both(tmp_path):
    make(tmp_path, "out/a/log.txt", "out/a/eval.txt")
    both = (Logs(glob="out/*/log.txt"), Logs(glob="out/*/eval.txt"))

    assert told(tmp_path, logs=both) == [
        (
            "out/a/eval.txt: has the key 'out/a', as out/a/log.txt has; it is left out, expected one"
            " run a key.\n  Try: rename one of the two"
        )
    ]
