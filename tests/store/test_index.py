"""The cache saves time and never changes a result, whatever happens to it."""

from __future__ import annotations

import os
import pickle
import shutil
import sqlite3
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staticrun.config import Config, Logs
from staticrun.store import read as reading
from staticrun.store.store import Store
from tests.store.made import append, line, metrics, record_files, said, write

CACHE = ".staticrun/index.sqlite"


def everything(found: Store) -> tuple:
    keys = found.keys()
    return (
        keys,
        [said(found.run(key)) for key in keys],
        [found.digest(key) for key in keys],
        list(map(str, found.findings)),
    )


def cached(root, **options) -> Store:
    return Store.open(Config(root=root, **options))


def fresh(root, **options) -> Store:
    return Store.open(Config(root=root, **options), cache=False)


@pytest.fixture
def parsed():
    """Count the bytes that are parsed, by the lines that a fold is fed with."""
    counted = []
    feed = reading._Lines.add

    def counting(self, data):
        counted.append(len(data))
        feed(self, data)

    reading._Lines.add = counting
    yield counted
    reading._Lines.add = feed


def some_runs(root):
    write(root, "a/one", line("start", id="1" * 26, time=5), metrics(x=1), "oops", metrics(x=2))
    write(
        root, "a/two", line("start", id="2" * 26, rewind_to=1), metrics(x=3), name="run.r2.jsonl"
    )
    write(
        root,
        "a/two",
        line("start", id="2" * 26),
        metrics(x=1),
        metrics(x=2),
        line("log", text="t"),
    )


changes = st.lists(
    st.tuples(
        st.sampled_from(["append", "append", "cut", "replace", "remove", "same"]),
        st.sampled_from(
            ["a/b/run.jsonl", "a/b/run.r2.jsonl", "c/run.jsonl", "a/b/run.edit-1.jsonl"]
        ),
        record_files,
        st.integers(0, 10**6),
    ),
    max_size=6,
)


@given(changes)
@settings(max_examples=15)
def test_a_project_that_changed_in_any_way_reads_as_read_for_the_first_time(
    tmp_path_factory, made
):
    root = tmp_path_factory.mktemp("project")
    (root / "runs").mkdir()
    kept = cached(root)
    for kind, name, data, at in made:
        path = root / "runs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        old = path.read_bytes() if path.exists() else b""
        if kind == "remove":
            path.unlink(missing_ok=True)
        elif kind == "append":
            with path.open("ab") as stream:
                stream.write(data[: at % (len(data) + 1)])
        elif kind == "cut":
            path.write_bytes(old[: at % (len(old) + 1)])
        elif kind == "replace":
            path.write_bytes(data)
        kept.refresh()

    assert everything(kept) == everything(fresh(root))
    assert everything(cached(root)) == everything(fresh(root))


def test_what_did_not_change_is_not_parsed_again(tmp_path, parsed):
    some_runs(tmp_path)
    first = everything(cached(tmp_path))
    parsed.clear()

    again = cached(tmp_path)
    again.refresh()
    again.refresh()

    assert everything(again) == first
    assert parsed == []


def test_of_what_was_appended_only_that_is_parsed(tmp_path, parsed):
    some_runs(tmp_path)
    found = cached(tmp_path)
    found.refresh()
    parsed.clear()
    added = metrics(x=9)
    append(tmp_path / "runs/a/one/run.jsonl", added)

    found.refresh()

    assert parsed == [len(added) + 1]
    assert found.run("a/one").series("x").value.tolist() == [1, 2, 9]


def test_many_appends_read_as_one_file(tmp_path):
    path = write(tmp_path, "a/b", line("start", id="1" * 26))
    found = cached(tmp_path)
    for i in range(80):
        append(path, metrics(x=i), line("log", text=str(i)))
        found.refresh()

    assert everything(found) == everything(fresh(tmp_path))
    with sqlite3.connect(tmp_path / CACHE) as db:
        ((parts,),) = db.execute("SELECT count(*) FROM parts")
    db.close()
    assert parts <= 33


def test_a_run_that_was_given_stays_as_it_was_when_more_is_read(tmp_path):
    path = write(tmp_path, "a/b", line("start", id="1" * 26), metrics(x=1))
    found = cached(tmp_path)
    before = found.run("a/b")
    append(path, metrics(x=2))
    found.refresh()

    assert before.series("x").value.tolist() == [1]
    assert found.run("a/b").series("x").value.tolist() == [1, 2]


def test_a_moved_project_is_read_anew_only_where_paths_matter(tmp_path):
    some_runs(tmp_path / "old")
    before = everything(cached(tmp_path / "old"))
    shutil.move(tmp_path / "old", tmp_path / "new")

    assert str(everything(cached(tmp_path / "new"))).replace("/new", "/old") == str(before)


def test_other_rules_for_foreign_files_are_read_by(tmp_path):
    (tmp_path / "log.jsonl").write_text('{"i": 5, "epoch": 1, "loss": 2}\n')
    first = cached(tmp_path, logs=(Logs(glob="*.jsonl"),)).run("log")
    second = cached(tmp_path, logs=(Logs(glob="*.jsonl", step="i"),)).run("log")

    assert (first.metrics["loss"].last_step, second.metrics["loss"].last_step) == (1, 5)


# Whatever happens to the cache


def scribble(path, at=None):
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[at if at is not None else middle : (at or middle) + 40] = b"\xff" * 40
    path.write_bytes(data)


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"no database at all" * 100),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: scribble(path, 0),
        lambda path: scribble(path, 100),
        scribble,
        lambda path: shutil.rmtree(path.parent),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (shutil.rmtree(path.parent), path.parent.write_text("a file")),
    ],
    ids=range(10),
)
@pytest.mark.parametrize("when", ["before", "while"])
def test_a_lost_or_damaged_cache_changes_nothing(tmp_path, parsed, harm, when):
    some_runs(tmp_path)
    expected = everything(fresh(tmp_path))
    found = cached(tmp_path)
    assert everything(found) == expected
    if when == "before":
        found.close()
        found = cached(tmp_path)
    harm(tmp_path / CACHE)

    assert everything(found) == expected
    append(tmp_path / "runs/a/one/run.jsonl", metrics(x=9))
    found.refresh()
    assert everything(found) == everything(fresh(tmp_path))
    assert everything(cached(tmp_path)) == everything(fresh(tmp_path))
    parsed.clear()
    assert everything(cached(tmp_path)) == everything(found)
    kept = (tmp_path / CACHE).is_file()
    assert bool(parsed) != kept


def test_every_damaged_byte_is_found_or_does_not_matter(tmp_path):
    some_runs(tmp_path)
    found = cached(tmp_path)
    expected = everything(found)
    found.close()
    whole = (tmp_path / CACHE).read_bytes()

    for at in range(0, len(whole), 293):
        data = bytearray(whole)
        data[at] ^= 0x15
        (tmp_path / CACHE).write_bytes(data)
        again = cached(tmp_path)
        assert everything(again) == expected, at
        again.close()


def test_a_locked_cache_changes_nothing(tmp_path, monkeypatch):
    some_runs(tmp_path)
    expected = everything(cached(tmp_path))
    lock = sqlite3.connect(tmp_path / CACHE, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        assert everything(cached(tmp_path)) == expected
    finally:
        lock.close()


@pytest.mark.usefixtures("bound_by_modes")
def test_a_read_only_cache_changes_nothing(tmp_path):
    some_runs(tmp_path)
    everything(cached(tmp_path))
    append(tmp_path / "runs/a/one/run.jsonl", metrics(x=9))
    (tmp_path / CACHE).chmod(0o444)
    (tmp_path / ".staticrun").chmod(0o555)
    try:
        assert everything(cached(tmp_path)) == everything(fresh(tmp_path))
    finally:
        (tmp_path / ".staticrun").chmod(0o755)


def test_without_a_cache_nothing_is_written(tmp_path):
    some_runs(tmp_path)
    everything(fresh(tmp_path))

    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_the_cache_is_hidden_from_git(tmp_path):
    cached(tmp_path).refresh()

    assert (tmp_path / ".staticrun/.gitignore").read_text() == "*\n"


def test_two_processes_may_read_one_project_at_once(tmp_path):
    some_runs(tmp_path)
    first, second = cached(tmp_path), cached(tmp_path)
    for i in range(5):
        append(tmp_path / "runs/a/one/run.jsonl", metrics(x=i))
        first.refresh()
        append(tmp_path / "runs/a/one/run.jsonl", metrics(x=-i))
        second.refresh()
        assert len(first.run("a/one").findings) == 1
        assert first.keys() == second.keys()

    first.refresh()
    assert everything(first) == everything(second) == everything(fresh(tmp_path))


def test_a_store_goes_to_another_process_as_its_project(tmp_path):
    some_runs(tmp_path)
    found = cached(tmp_path)

    assert everything(pickle.loads(pickle.dumps(found))) == everything(found)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_opens_the_cache_for_itself(tmp_path):
    some_runs(tmp_path)
    found = cached(tmp_path)
    expected = everything(found)
    child = os.fork()
    if child == 0:
        os._exit(0 if everything(found) == expected else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_another_version_of_the_reader_reads_everything_anew(tmp_path, parsed):
    some_runs(tmp_path)
    first = cached(tmp_path)
    expected = everything(first)
    first.close()
    with sqlite3.connect(tmp_path / CACHE) as db:
        db.execute("UPDATE meta SET reader = 'another'")
    db.close()
    parsed.clear()

    assert everything(cached(tmp_path)) == expected
    assert parsed
    parsed.clear()
    assert everything(cached(tmp_path)) == expected
    assert not parsed


def test_the_digest_of_a_file_is_kept_until_the_file_changes(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(b"one")
    found = cached(tmp_path)
    first = found.file_digest(path)
    again = cached(tmp_path).file_digest(path)
    path.write_bytes(b"two!")

    assert first == again
    assert first == ("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed", 3)
    assert found.file_digest(path)[1] == 4
    odd = tmp_path / os.fsdecode(b"odd\xff")
    odd.write_bytes(b"one")
    assert found.file_digest(odd) == first
    with pytest.raises(FileNotFoundError):
        found.file_digest(tmp_path / "nothing")


def test_nothing_heavy_is_loaded_when_nothing_changed(tmp_path):
    import subprocess

    some_runs(tmp_path)
    everything(cached(tmp_path))
    code = (
        "import sys; from pathlib import Path; from staticrun.config import Config\n"
        "from staticrun.store.store import Store\n"
        f"runs = Store.open(Config(root=Path({str(tmp_path)!r}))).runs()\n"
        "print(len(runs), runs[0].metrics['x'].n, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "2 2 False\n"
