"""Files and folders come into the run whole, with their digests, and nothing else does."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import unicodedata
from hashlib import sha256

import pytest

from staticrun.log.artifact import ArtifactError, kind_of, store, store_bytes


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "runs" / "digits" / "one"
    found.mkdir(parents=True)
    return found


def left_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def refusal(folder, source, name=None):
    with pytest.raises(ArtifactError) as caught:
        store(folder, source, name)
    assert [name for name in left_in(folder) if ".tmp-" in name] == []
    return str(caught.value)


def shell_tree(folder):
    line = "find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"
    done = subprocess.run(["bash", "-c", line], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode().split()[0]


def test_a_file_is_copied_with_its_digest(folder, tmp_path):
    source = tmp_path / "a.txt"
    source.write_bytes(b"abc")
    source.chmod(0o600)

    stored = store(folder, source)

    assert stored == ("artifacts/a.txt", sha256(b"abc").hexdigest(), None, 3, ())
    assert (folder / stored.path).read_bytes() == b"abc"
    assert (folder / stored.path).stat().st_mode & 0o777 == 0o644
    assert left_in(folder) == ["artifacts/a.txt"]


def test_a_folder_is_copied_with_the_digest_that_a_shell_gives(folder, tmp_path):
    source = tmp_path / "model"
    for name in ("z.bin", "B/a.bin", "a b.bin", "ä/ö.bin", "b/.hidden"):
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)

    stored = store(folder, source)

    assert stored.path == "artifacts/model"
    assert stored.tree == shell_tree(source) == shell_tree(folder / stored.path)
    assert stored.size == sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
    assert stored.left_out == ()


def test_the_same_bytes_are_stored_once_and_others_get_a_number(folder, tmp_path):
    source = tmp_path / "a.png"
    names = []
    for data in (b"1", b"1", b"2", b"1", b"33"):
        source.write_bytes(data)
        names.append(store(folder, source).path)

    assert names == [f"artifacts/{name}.png" for name in ("a", "a", "a-2", "a", "a-3")]
    assert left_in(folder) == ["artifacts/a-2.png", "artifacts/a-3.png", "artifacts/a.png"]


def test_the_same_folder_is_stored_once_and_another_gets_a_number(folder, tmp_path):
    source = tmp_path / "model.d"
    source.mkdir()
    names = []
    for data in ("1", "1", "2"):
        (source / "w").write_text(data)
        names.append(store(folder, source).path)

    assert names == ["artifacts/model.d", "artifacts/model.d", "artifacts/model-2.d"]
    assert left_in(folder) == ["artifacts/model-2.d/w", "artifacts/model.d/w"]


def test_a_name_may_be_a_path_below_artifacts(folder, tmp_path):
    source = tmp_path / "a.txt"
    source.write_text("a")

    assert store(folder, source, "deep/er/b.txt").path == "artifacts/deep/er/b.txt"


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/x", "", ".", "a//b", "a/", "a\\b", "a\nb", "\udc80", "x" * 256, ".tmp-x"]
)  # fmt: skip
def test_a_name_never_leads_out_of_artifacts(folder, tmp_path, name):
    source = tmp_path / "a.txt"
    source.write_text("a")

    assert refusal(folder, source, name).startswith(f"the name {name!r} ")
    assert left_in(tmp_path) == ["a.txt"]


def test_a_link_in_the_way_does_not_lead_out(folder, tmp_path):
    source = tmp_path / "a.txt"
    source.write_text("a")
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "artifacts").mkdir()
    (folder / "artifacts" / "deep").symlink_to(outside)

    assert (
        refusal(folder, source, "deep/a.txt")
        == "artifacts/deep is a link that leads out of the run"
    )
    assert left_in(outside) == []


def test_a_name_is_stored_in_its_composed_form(folder, tmp_path):
    name = unicodedata.normalize("NFD", "Größe.txt")
    (tmp_path / name).write_text("a")

    assert store(folder, tmp_path / name).path == "artifacts/Größe.txt"


def test_what_lies_in_the_run_already_is_not_copied(folder):
    inner = folder / "checkpoints"
    inner.mkdir()
    (inner / "a.pt").write_bytes(b"abc")

    assert store(folder, inner / "a.pt")[:2] == ("checkpoints/a.pt", sha256(b"abc").hexdigest())
    assert store(folder, inner)[:3] == ("checkpoints", None, shell_tree(inner))
    assert left_in(folder) == ["checkpoints/a.pt"]


def test_the_record_is_no_artifact(folder):
    (folder / "run.jsonl").write_text("{}\n")

    assert refusal(folder, folder / "run.jsonl") == "it is the record itself"


@pytest.mark.parametrize("levels", [0, 1, 3])
def test_a_folder_that_holds_the_run_is_no_artifact(folder, levels):
    source = [folder, *folder.parents][levels]

    assert refusal(folder, source) == "it holds the run itself"


def test_links_in_a_folder_are_followed_only_inside_it(folder, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    source = tmp_path / "model"
    (source / "blobs").mkdir(parents=True)
    (source / "blobs" / "1").write_text("weights")
    (source / "inner").symlink_to("blobs/1")
    (source / "outer").symlink_to("../secret")
    (source / "absolute").symlink_to(secret)
    (source / "nowhere").symlink_to("nothing")
    (source / "loop").symlink_to("loop")
    (source / "up").symlink_to("..")

    stored = store(folder, source)

    assert left_in(folder / stored.path) == ["blobs/1", "inner"]
    assert (folder / stored.path / "inner").read_text() == "weights"
    assert not (folder / stored.path / "inner").is_symlink()
    assert sorted(stored.left_out) == [
        "absolute (a link that leads out)",
        "loop (no file)",
        "nowhere (no file)",
        "outer (a link that leads out)",
        "up (a link to a folder)",
    ]


def test_a_link_that_is_given_is_followed(folder, tmp_path):
    (tmp_path / "step-9.pt").write_text("9")
    (tmp_path / "latest.pt").symlink_to("step-9.pt")

    stored = store(folder, tmp_path / "latest.pt")

    assert stored.path == "artifacts/latest.pt"
    assert (folder / stored.path).read_text() == "9"
    assert not (folder / stored.path).is_symlink()


def test_names_that_a_tree_digest_cannot_hold_are_left_out(folder, tmp_path):
    source = tmp_path / "model"
    source.mkdir()
    for name in ("good", "a\\b", "a\nb"):
        (source / name).write_text(name)
    os.mkfifo(source / "pipe")

    stored = store(folder, source)

    assert left_in(folder / stored.path) == ["good"]
    assert sorted(stored.left_out) == [
        "'a\\\\b' (its name)",
        "'a\\nb' (its name)",
        "pipe (no file)",
    ]


def test_what_is_not_there_and_what_is_no_file_is_refused(folder, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").mkdir()

    assert refusal(folder, tmp_path / "nothing") == "there is no such file"
    assert refusal(folder, tmp_path / "pipe") == "it is no file and no folder"
    assert refusal(folder, tmp_path / "empty") == "the folder holds no file"
    assert left_in(folder) == []


def test_a_deleted_run_is_not_made_again(folder, tmp_path):
    (tmp_path / "a").write_text("a")
    folder.rmdir()

    with pytest.raises(ArtifactError, match=r"^the run's folder was deleted$"):
        store(folder, tmp_path / "a")
    assert not folder.exists()


def test_threads_that_store_under_one_name_all_keep_their_bytes(folder):
    def work(number):
        store_bytes(folder, b"%d" % number, "a.txt")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = sorted(path.read_bytes() for path in (folder / "artifacts").iterdir())
    assert kept == sorted(b"%d" % number for number in range(16))


def test_a_big_file_is_never_in_memory(folder, tmp_path):
    """256 MiB pass through a process that may grow by 64 MiB."""
    source = tmp_path / "big.bin"
    with source.open("wb") as stream:
        stream.truncate(256 << 20)
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from staticrun.log.artifact import store\n"
        "pages = int(Path('/proc/self/statm').read_text().split()[0])\n"
        "most = pages * resource.getpagesize() + (64 << 20)\n"
        "resource.setrlimit(resource.RLIMIT_AS, (most, most))\n"
        "print(store(Path(sys.argv[1]), Path(sys.argv[2])).size)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, folder, source], check=True, capture_output=True, text=True
    )

    assert done.stdout == f"{256 << 20}\n"
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.PNG", "image"),
        ("a.csv", "table"),
        ("a.txt", "text"),
        ("a.wav", "audio"),
        ("a.mp4", "video"),
        ("a.html", "html"),
        ("git.diff", "diff"),
        ("model.safetensors", "model"),
        ("s3://bucket/a.jpg", "image"),
        ("a", "file"),
        ("a.tar.gz", "file"),
        (".png", "file"),
    ],
)
def test_the_kind_is_guessed_from_the_name(name, kind):
    assert kind_of(name) == kind
