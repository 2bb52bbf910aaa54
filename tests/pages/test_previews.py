"""An artifact is read where it may be read, compared with its record, and shown as inert bytes."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun import files
from staticrun.pages import previews
from staticrun.pages.objects import Objects
from staticrun.privacy.rules import Rules
from staticrun.store.entries import ArtifactEntry
from tests.pages.test_media import png

SECRET = b"the bytes of another"


@pytest.fixture
def folder(tmp_path):
    """Give a run's folder, with a secret beside it."""
    (tmp_path / "secret.txt").write_bytes(SECRET)
    run = tmp_path / "runs/a/b"
    (run / "artifacts").mkdir(parents=True)
    return run


def entry(path, **fields):
    return ArtifactEntry(path=path, **fields)


def looked(folder, record, size_max=5_000_000):
    objects = Objects(folder.parents[2] / "site")
    found = previews.find(folder, record, files.sha256_file)
    return found, previews.show(found, record, objects, size_max, Rules()), objects


def write(folder, path, data):
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return files.sha256(data)


@pytest.mark.parametrize(
    "path",
    [
        "../../../secret.txt",
        "artifacts/../../../../secret.txt",
        "artifacts/../artifacts/x",
        "/etc/passwd",
        "artifacts\\..\\..\\x",
        "..",
        ".",
        "",
        "artifacts/\x00",
        "artifacts/a\nb",
        "artifacts/link",
        "artifacts/folder/secret.txt",
        "artifacts/ring",
        "artifacts/pipe",
        "a" * 5000 + "/x",
    ],
)
def test_a_path_out_of_the_run_is_never_read(folder, path):
    (folder / "artifacts/link").symlink_to(folder.parents[2] / "secret.txt")
    (folder / "artifacts/folder").symlink_to(folder.parents[2])
    (folder / "artifacts/ring").symlink_to("ring")
    os.mkfifo(folder / "artifacts/pipe")
    found, shown, objects = looked(folder, entry(path, sha256=files.sha256(SECRET)))

    assert found.path is None
    assert found.state in ("refused", "unread", "absent")
    assert shown == previews.Shown()
    assert objects.used == set()


@given(st.text(max_size=30))
def test_no_text_is_a_path_out_of_the_run(tmp_path_factory, path):
    home = tmp_path_factory.getbasetemp() / "any"
    home.mkdir(exist_ok=True)
    real = previews.locate(home, path)

    assert isinstance(real, str) or (real.is_relative_to(home.resolve()) and real != home)


def test_a_link_inside_the_run_is_followed(folder):
    digest = write(folder, "artifacts/a.txt", b"a")
    (folder / "artifacts/b.txt").symlink_to("a.txt")

    assert looked(folder, entry("artifacts/b.txt", sha256=digest))[0].state == "verified"


def test_bytes_are_compared_with_their_record(folder):
    digest = write(folder, "artifacts/a.txt", b"as it was")

    def state(**fields):
        found = previews.find(folder, entry(**fields), files.sha256_file)
        return found.state, found.words

    assert state(path="artifacts/a.txt", sha256=digest) == ("verified", "as logged")
    assert state(path="artifacts/a.txt") == ("present", "no digest was recorded")
    assert state(path="artifacts/b.txt", sha256=digest) == ("absent", "not in this checkout")
    assert state(path=None, uri="s3://bucket/x") == ("elsewhere", "kept elsewhere")
    write(folder, "artifacts/a.txt", b"as it is")
    assert state(path="artifacts/a.txt", sha256=digest) == (
        "changed",
        "changed since it was logged",
    )


def test_a_folder_is_compared_by_its_tree_digest(folder):
    parts = {name: write(folder, f"artifacts/m/{name}", name.encode()) for name in ("a", "b/c")}
    record = entry("artifacts/m", tree=files.tree_digest(parts), kind="model")
    found, shown, _ = looked(folder, record)

    assert (found.state, found.size) == ("verified", 4)
    assert shown == previews.Shown()
    write(folder, "artifacts/m/a", b"other")
    assert looked(folder, record)[0].state == "changed"


def test_links_out_of_a_folder_take_no_part_in_its_digest(folder):
    parts = {"a": write(folder, "artifacts/m/a", b"a")}
    (folder / "artifacts/m/out").symlink_to(folder.parents[2] / "secret.txt")
    (folder / "artifacts/m/up").symlink_to(folder.parents[2])

    assert looked(folder, entry("artifacts/m", tree=files.tree_digest(parts)))[0].state == (
        "verified"
    )


def test_a_pointer_of_git_lfs_stands_for_bytes_that_are_not_here(folder):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 12345\n"
    write(folder, "artifacts/w.bin", (pointer % ("ab" * 32)).encode())
    same = looked(folder, entry("artifacts/w.bin", sha256="ab" * 32))
    other = looked(folder, entry("artifacts/w.bin", sha256="cd" * 32))

    assert (same[0].state, same[0].size) == ("absent", 12345)
    assert same[0].words == "kept in Git LFS, not in this checkout"
    assert other[0].state == "changed"
    assert same[1] == previews.Shown()


def test_each_kind_is_shown_in_its_way(folder):
    made = {
        "a.png": png(48, 32),
        "a.csv": b"x,y\n1,2\n",
        "a.log": b"one\ntwo\n",
        "a.diff": b"--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\n",
        "a.wav": b"RIFF\0\0\0\0WAVEfmt ",
        "a.mp4": b"\0\0\0\x20ftypisom",
        "a.pdf": b"%PDF-1.7",
        "a.bin": bytes(100),
        "not.diff": b"just words",
    }
    kinds = {}
    for name, data in made.items():
        digest = write(folder, f"artifacts/{name}", data)
        shown = looked(folder, entry(f"artifacts/{name}", sha256=digest))[1]
        kinds[name] = (shown.kind, shown.url.rpartition(".")[2])

    assert kinds == {
        "a.png": ("image", "png"),
        "a.csv": ("table", "csv"),
        "a.log": ("text", "txt"),
        "a.diff": ("diff", "txt"),
        "a.wav": ("audio", "wav"),
        "a.mp4": ("video", "mp4"),
        "a.pdf": ("pdf", "pdf"),
        "a.bin": ("none", "bin"),
        "not.diff": ("text", "txt"),
    }


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.xml", "x.js", "x.png"])
def test_what_a_browser_would_run_goes_out_as_text(folder, name):
    data = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    write(folder, f"artifacts/{name}", data)
    shown = looked(folder, entry(f"artifacts/{name}", kind="image"))[1]

    assert shown.url.endswith(".txt")
    assert shown.kind == "text"


def test_what_is_too_large_stays_where_it_is(folder):
    write(folder, "artifacts/big.png", png(100, 100))
    write(folder, "artifacts/big.log", b"line\n" * 1000)
    _, picture, objects = looked(folder, entry("artifacts/big.png"), size_max=50)
    _, log, _ = looked(folder, entry("artifacts/big.log"), size_max=50)

    assert (picture.kind, picture.url, picture.left_out) == (
        "none", "", "larger than 50\u202fB",
    )  # fmt: skip
    assert (log.kind, log.url) == ("text", "")
    assert log.text.left_out == "970 lines not shown"
    assert objects.used == set()


def test_a_picture_has_its_size_and_one_of_too_many_pixels_is_no_picture(folder):
    write(folder, "artifacts/a.png", png(48, 32))
    bomb = bytearray(png(2, 2))
    bomb[16:24] = (1_000_000).to_bytes(4) * 2
    write(folder, "artifacts/bomb.png", bytes(bomb))
    good = looked(folder, entry("artifacts/a.png"))[1]
    bad = looked(folder, entry("artifacts/bomb.png"))[1]

    assert (good.width, good.height) == ("48", "32")
    assert (bad.kind, bad.left_out) == ("none", "1,000,000 by 1,000,000 pixels")
