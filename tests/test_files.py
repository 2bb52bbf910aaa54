"""Atomic writes and digests."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun import files


def test_the_same_bytes_are_not_written_again(tmp_path):
    path = tmp_path / "a" / "b.txt"

    assert files.write_if_different(path, b"one")
    before = path.stat()
    assert not files.write_if_different(path, b"one")
    assert files.signature(before) == files.signature(path.stat())
    assert files.write_if_different(path, b"two")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "b.txt"
    files.write_atomic(path, b"old")

    with pytest.raises(TypeError):
        files.write_atomic(path, "not bytes")

    assert b"old" == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())


def test_the_tree_digest_is_what_the_shell_gives(tmp_path):
    for name, data in {"b": b"1", "a/c": b"2", "Z": b"", "ä": b"3"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    shell = r"find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"
    expected = subprocess.run(
        ["sh", "-c", shell], cwd=tmp_path, capture_output=True, check=True, text=True
    ).stdout.split()[0]

    digests = {
        path.relative_to(tmp_path).as_posix(): files.sha256_file(path)[0]
        for path in tmp_path.rglob("*")
        if path.is_file()
    }

    assert expected == files.tree_digest(digests)


def test_an_edit_that_restores_size_and_mtime_still_shows(tmp_path):
    import os

    path = tmp_path / "a"
    path.write_bytes(b"1")
    before = path.stat()
    path.write_bytes(b"2")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert files.signature(before) != files.signature(path.stat())


def test_a_link_that_leads_out_is_not_inside(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    (tmp_path / "secret").touch()
    (folder / "link").symlink_to(tmp_path / "secret")

    assert files.inside(folder, folder / "x" / "y")
    assert not files.inside(folder, folder / "link")
    assert not files.inside(folder, folder / ".." / "secret")


def test_numbers_in_names_are_ordered_as_numbers():
    assert ["run-2", "run-10", "run-a"] == sorted(
        ["run-10", "run-a", "run-2"], key=files.natural_order
    )


@given(st.text(), st.text())
def test_any_two_names_have_an_order(first, second):
    one, other = files.natural_order(first), files.natural_order(second)

    assert (one < other) + (other < one) == (first != second)


def test_a_name_of_ten_thousand_digits_is_ordered_too():
    assert sorted(["9" * 10_000, "1"], key=files.natural_order) == ["1", "9" * 10_000]
