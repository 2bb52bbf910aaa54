"""What a run stores: every kind of it, once, by copy, by link or by reference."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import warnings
from pathlib import Path

import numpy as np
import pytest

import staticrun
from tests.log.records import of_type

ABC = hashlib.sha256(b"abc").hexdigest()


@pytest.fixture
def run(project):
    return staticrun.start("digits", name="one", capture=False)


def stored(run):
    return of_type(run.folder, "artifact")


def refused(call, *args, **more):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert call(*args, **more) is None
    [warning] = caught
    return str(warning.message)


def test_every_kind_has_a_folder_and_a_name(run):
    run.audio("tone", [0.0, 0.5], step=1, sample_rate=8000)
    run.video("walk", [[[0]], [[255]]], step=1)
    run.json("sizes", {"a": [1, float("nan")], "b": Path("x")})
    run.html("page", "<p>ö</p>")
    run.file("answers.md", "*yes*", step=1)
    run.file("epoch 1", "plain")
    run.file("weights.bin", b"0123")
    run.confusion_matrix("confusion", [0, 1, 1], [0, 1, 0], classes=["no", "yes"])
    run.roc_curve("roc", [0, 1], [0.1, 0.9], step=2)
    run.pr_curve("pr", [0, 1, 2], np.eye(3), caption="Of three.")

    assert run.dropped == 0
    assert [
        (r["path"].removeprefix("artifacts/"), r.get("kind", "file"), r["key"])
        for r in stored(run)
    ] == [
        ("audio/tone-step1.wav", "audio", "tone"),
        ("videos/walk-step1.png", "video", "walk"),
        ("json/sizes.json", "text", "sizes"),
        ("html/page.html", "html", "page"),
        ("files/answers-step1.md", "text", "answers"),
        ("files/epoch-1~51604d.txt", "text", "epoch 1"),
        ("files/weights.bin", "file", "weights"),
        ("confusion/confusion.csv", "confusion_matrix", "confusion"),
        ("curves/roc-step2.csv", "roc_curve", "roc"),
        ("curves/pr.csv", "pr_curve", "pr"),
    ]
    folder = run.folder / "artifacts"
    assert json.loads((folder / "json/sizes.json").read_bytes()) == {"a": [1, "NaN"], "b": "x"}
    assert (folder / "html/page.html").read_text("utf-8") == "<p>ö</p>"
    assert (folder / "confusion/confusion.csv").read_text() == (
        "true \\ predicted,no,yes\nno,1,0\nyes,1,1\n"
    )
    assert (folder / "curves/roc-step2.csv").read_text() == (
        "fpr,tpr,threshold\n0.0,0.0,inf\n0.0,1.0,0.9\n1.0,1.0,0.1\n"
    )
    assert (
        (folder / "curves/pr.csv").read_text().startswith("class,recall,precision,threshold\n0,")
    )
    assert [r["caption"] for r in stored(run)[-2:]] == ["Area 1.0000", "Of three."]


class Page:
    """What plotly, altair and pandas have."""

    def to_html(self):
        return "<p>drawn</p>"


def test_what_can_show_itself_as_html_is_asked_to(run):
    assert run.html("page", Page()).read_text() == "<p>drawn</p>"


def test_several_images_belong_to_one_key_and_step(run):
    run.image("one", np.eye(3).reshape(3, 1, 3), step=2)  # three axes are one image
    run.image("grey", np.eye(4).reshape(2, 4, 2), caption=["as many", "captions"])
    run.image("many", np.arange(24).reshape(2, 2, 2, 3), step=3, caption=["first", "second"])

    assert [(r["path"], r.get("step"), r.get("caption")) for r in stored(run)] == [
        ("artifacts/images/one-step2.png", 2.0, None),
        ("artifacts/images/grey.png", None, "as many"),
        ("artifacts/images/grey-2.png", None, "captions"),
        ("artifacts/images/many-step3.png", 3.0, "first"),
        ("artifacts/images/many-step3-2.png", 3.0, "second"),
    ]


def test_the_same_bytes_are_stored_once_whatever_they_are_called(run):
    image = np.eye(4)
    paths = [run.image("a", image, step=1), run.image("a", image, step=2), run.image("b", image)]
    copied = run.image("c", str(paths[0]), step=3)

    assert len(set(paths)) == 1
    assert [(r["key"], r.get("step")) for r in stored(run)] == [
        ("a", 1.0),
        ("a", 2.0),
        ("b", None),
        ("c", 3.0),
    ]
    assert copied == paths[0]
    assert [p.name for p in (run.folder / "artifacts" / "images").iterdir()] == ["a-step1.png"]


def test_bytes_that_were_changed_since_are_stored_anew(run):
    first = run.image("a", [[0]], step=1)
    first.write_bytes(b"x")

    assert run.image("a", [[0]], step=2).name == "a-step2.png"


@pytest.mark.parametrize("kind", ["image", "audio", "video"])
def test_a_file_is_taken_as_it_is(run, project, kind):
    (project / "made.xyz").write_bytes(b"abc")
    found = getattr(run, kind)("mine", "made.xyz", step=1)

    assert found.read_bytes() == b"abc"
    assert found.name == "mine-step1.xyz"
    assert stored(run)[0]["kind"] == kind


def test_a_link_takes_no_space_and_leaves_the_file_as_it_was(run, project):
    (project / "w.bin").write_bytes(b"abc")
    (project / "w.bin").chmod(0o600)
    found = run.artifact("w.bin", how="link")

    assert found.samefile(project / "w.bin")
    assert (project / "w.bin").stat().st_mode & 0o777 == 0o600
    assert stored(run) == [{"path": "artifacts/w.bin", "sha256": ABC, "bytes": 3}]
    assert run.artifact("w.bin", how="link") == found
    assert [entry.name for entry in found.parent.iterdir()] == ["w.bin"]


def test_the_files_of_a_folder_are_linked(run, project):
    (project / "d" / "e").mkdir(parents=True)
    (project / "d" / "e" / "w.bin").write_bytes(b"abc")
    by_link, by_copy = run.artifact("d", how="link"), run.artifact("d", name="copy")

    assert (by_link / "e" / "w.bin").samefile(project / "d" / "e" / "w.bin")
    assert stored(run)[0]["tree"] == stored(run)[1]["tree"]
    assert not (by_copy / "e" / "w.bin").samefile(project / "d" / "e" / "w.bin")


def test_a_link_that_cannot_be_is_a_copy(run, project, monkeypatch):
    def across(*args, **options):
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    (project / "w.bin").write_bytes(b"abc")
    monkeypatch.setattr(os, "link", across)
    found = run.artifact("w.bin", how="link")

    assert not found.samefile(project / "w.bin")
    assert found.read_bytes() == b"abc"
    assert run.dropped == 0


def test_a_link_to_another_file_system_is_a_copy(run, project):
    memory = Path("/dev/shm")  # noqa: S108 - where there is one, links cannot lead there
    other = (memory if memory.is_dir() else project) / f"staticrun-{os.getpid()}"
    other.write_bytes(b"abc")
    try:
        assert run.artifact(other, name="w.bin", how="link").read_bytes() == b"abc"
    finally:
        other.unlink()


def test_a_reference_says_where_and_what_and_stores_nothing(run, project, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home" / "ada"))
    outside = tmp_path / "home" / "ada" / "sets"
    outside.mkdir(parents=True)
    (outside / "w.bin").write_bytes(b"abc")
    (project / "data").mkdir()
    (project / "data" / "x.csv").write_bytes(b"abc")

    assert run.artifact("data/x.csv", how="reference") is None
    assert run.artifact(outside / "w.bin", how="reference", key="w") is None
    assert run.artifact(outside, how="reference") is None
    assert run.dropped == 0
    assert stored(run)[:2] == [
        {"uri": "data/x.csv", "sha256": ABC, "bytes": 3, "kind": "table"},
        {"uri": "~/sets/w.bin", "sha256": ABC, "bytes": 3, "key": "w"},
    ]
    folder = stored(run)[2]
    assert (folder["uri"], folder["bytes"], folder["kind"]) == ("~/sets", 3, "folder")
    assert len(folder["tree"]) == 64
    assert not (run.folder / "artifacts").exists()


def test_what_lies_in_the_run_is_recorded_there_however_it_was_meant(run):
    inside = run.folder / "artifacts" / "a.bin"
    inside.parent.mkdir()
    inside.write_bytes(b"abc")

    assert run.artifact(inside, how="reference") == inside
    assert stored(run) == [{"path": "artifacts/a.bin", "sha256": ABC, "bytes": 3}]


def test_addresses_are_recorded_without_their_secrets(run):
    run.artifact("https://ada:hunter2@example.org/a.png?signature=abc123")

    assert stored(run) == [
        {"uri": "https://<secret>@example.org/a.png?signature=<secret>", "kind": "image"}
    ]


def test_what_cannot_be_is_told(run, project):
    (project / "w.bin").write_bytes(b"abc")

    assert "'move' is none of copy, link, reference" in refused(run.artifact, "w.bin", how="move")
    assert run.audio("a", [0.0]) is None  # without a rate
    assert run.video("v", 3) is None
    assert run.file("a", 3) is None
    assert run.html("a", 3) is None
    assert run.image("a", "no.png") is None
    assert run.artifact("no.bin", how="reference") is None
    assert run.roc_curve("r", [1], [1]) is None
    assert run.confusion_matrix("c", [1], []) is None
    assert stored(run) == []
