"""A run that stopped goes on in a further segment."""

from __future__ import annotations

import gzip

import pytest

import staticrun
from tests.log.processes import begin, finish, run
from tests.log.records import of_type, read


def write(steps, **arguments):
    """Log one number a step, steps left out; give the run, ended."""
    with staticrun.start("digits", **arguments, capture=False) as run:
        for step in steps:
            run.log({"loss": step})
    return run


def only(project):
    [found] = staticrun.runs(root=project)
    return found


def names(folder):
    return sorted(path.name for path in folder.glob("run*"))


def test_a_resumed_run_goes_on_where_its_steps_stopped(project):
    first = write(range(3), name="base", params={"lr": 1})
    second = write(range(3, 5), resume=first.key)
    third = write(range(5, 6), resume=first.id)
    fourth = write(range(6, 7), resume=second)

    assert {run.id for run in (first, second, third, fourth)} == {first.id}
    assert names(first.folder) == ["run.jsonl", "run.r2.jsonl", "run.r3.jsonl", "run.r4.jsonl"]
    assert of_type(first.folder, "start", "run.r3.jsonl") == [
        {"format": 1, "id": first.id, "segment": 2}
    ]
    found = only(project)
    assert (
        found.series("loss").step.tolist() == found.series("loss").value.tolist() == list(range(7))
    )
    assert (found.name, found.segments, found.params) == ("base", 4, {"lr": 1})


def test_a_rewind_takes_back_what_came_after_the_checkpoint(project):
    key = write(range(6), name="base").key
    write([30, 40], resume=key, rewind_to=3)
    series = only(project).series("loss")

    assert [a.tolist() for a in series.at_steps()] == [[0, 1, 2, 3, 4], [0, 1, 2, 30, 40]]
    assert only(project).superseded == 3
    assert only(project).metrics["loss"].n == 5


def test_auto_goes_on_with_the_run_of_this_name_or_begins_it(project):
    first = write(range(2), name="Night 1", resume="auto", rewind_to=0)
    other = write(range(2), name="night-1", resume="auto")
    again = write(range(2, 4), name="Night 1", resume="auto")

    assert (first.key, other.key, again.key) == (
        "digits/night-1",
        "digits/night-1-2",
        "digits/night-1",
    )
    assert "rewind_to" not in of_type(first.folder, "start")[0]


def test_auto_takes_the_newest_of_several_runs_of_a_name(project):
    write(range(1), name="base")
    newest = write(range(1), name="base")
    again = write(range(1), name="base", resume="auto")

    assert (newest.key, again.key) == ("digits/base-2", "digits/base-2")


def test_auto_goes_by_any_name(project):
    first = write(range(1), name="数字", resume="auto")
    other = write(range(1), name="…", resume="auto")
    again = write(range(1), name="数字", resume="auto")

    assert again.key == first.key != other.key


def test_processes_that_resume_at_once_all_get_a_segment(project):
    key = write(range(1), name="base").key
    text = (
        "print('ready', flush=True)\n"
        f"with staticrun.start(resume={key!r}, capture=False) as run:\n"
        "    run.log({'loss': 1})\n"
    )
    processes = [begin(text) for _ in range(6)]
    assert [finish(process)[0] for process in processes] == [0] * 6

    assert only(project).segments == 7
    assert only(project).metrics["loss"].n == 7


def test_processes_that_begin_one_name_at_once_write_one_run(project):
    text = (
        "with staticrun.start('digits', name='base', resume='auto', capture=False) as run:\n"
        "    run.log({'loss': 1})\n"
    )
    processes = [begin(text) for _ in range(6)]
    assert [finish(process)[0] for process in processes] == [0] * 6

    assert (only(project).segments, only(project).metrics["loss"].n) == (6, 6)


def test_a_retry_of_a_job_loses_nothing_and_doubles_nothing(project):
    """A training that is killed again and again, and goes back to its checkpoint each time."""
    (project / "checkpoint").write_text("0")
    text = (
        "from pathlib import Path\n"
        "checkpoint = Path('checkpoint')\n"
        "begin = int(checkpoint.read_text())\n"
        "with staticrun.start('digits', name='job 7', resume='auto', rewind_to=begin,\n"
        "        capture=False) as run:\n"
        "    for step in range(begin, 50):\n"
        "        if step % 10 == 0:\n"
        "            checkpoint.write_text(str(step))\n"
        "        run.log({'loss': step * step}, step=step)\n"
        "        if step in map(int, sys.argv[1:]):\n"
        "            os.kill(os.getpid(), 9)\n"
        "os._exit(0)\n"
    )
    for killed_at in (5, 14, 27, 38, 49):
        code, _, _ = finish(begin(text.replace("sys.argv[1:]", f"[{killed_at}]")))
        assert code == -9
    assert finish(begin(text.replace("sys.argv[1:]", "[]")))[0] == 0

    found = only(project)
    step, value = found.series("loss").at_steps()
    assert step.tolist() == list(range(50))
    assert value.tolist() == [step * step for step in range(50)]
    assert (found.metrics["loss"].n, found.status, found.segments) == (50, "finished", 6)


def test_a_packed_segment_counts(project):
    first = write(range(3), name="base")
    file = first.folder / "run.jsonl"
    (first.folder / "run.jsonl.gz").write_bytes(gzip.compress(file.read_bytes()))
    file.unlink()
    write(range(3, 5), resume=first.key)

    assert names(first.folder) == ["run.jsonl.gz", "run.r2.jsonl"]
    assert only(project).series("loss").step.tolist() == list(range(5))


def test_the_steps_of_another_writer_are_counted_as_the_reader_counts_them(project):
    folder = project / "runs" / "a" / "shell"
    folder.mkdir(parents=True)
    line = '{"type":"metrics","values":{"loss":1}}\n'
    (folder / "run.jsonl").write_text('{"type":"start","format":1}\n' + 3 * line + '{"type":"metr')
    (folder / "run.r2.jsonl").write_text(
        2 * line + '{"type":"log","text":"' + "x" * 400_000 + '"}\n'
    )
    with staticrun.start(resume="a/shell", capture=False) as run:
        run.log({"loss": 1})

    assert of_type(folder, "metrics", "run.r3.jsonl")[0]["step"] == 5
    assert only(project).series("loss").step.tolist() == list(range(6))


def test_the_last_step_of_a_long_file_is_read_from_its_end(project):
    with staticrun.start("digits", capture=False) as run:
        for step in range(20_000):
            run.log({"loss": 1}, step=3 * step)
    with staticrun.start(resume=run, capture=False) as again:
        again.log({"loss": 1})

    assert of_type(run.folder, "metrics", "run.r2.jsonl")[0]["step"] == 3 * 19_999 + 1


def test_a_rewind_beyond_the_end_leaves_no_gap(project):
    key = write(range(2), name="base").key
    write([1], resume=key, rewind_to=100)

    assert only(project).series("loss").step.tolist() == [0, 1, 2]


@pytest.mark.parametrize("rank", ["0", "1"])
def test_a_rank_resumes_its_own_file(project, rank):
    job = {"RANK": rank, "WORLD_SIZE": "2", "STATICRUN_WAIT": "0"}
    text = "with staticrun.start('digits', name='base', resume='auto', capture=False) as run:\n"
    for _ in range(2):
        run(text + "    run.log({'loss': 1})\n", **job)

    stem = "run" if rank == "0" else "run.rank1"
    found = only(project)
    assert names(found.folder) == [f"{stem}.jsonl", f"{stem}.r2.jsonl"]
    assert read(found.folder / f"{stem}.r2.jsonl")[1]["step"] == 1


def test_changes_since_the_commit_are_kept_for_each_segment(project):
    import subprocess

    subprocess.run(["git", "init", "-q"], check=True)
    (project / "train.py").write_text("a = 1\n")
    subprocess.run(["git", "add", "train.py"], check=True)
    subprocess.run(["git", "commit", "-qm", "x"], check=True)
    (project / "train.py").write_text("a = 2\n")
    with staticrun.start("digits") as first:
        pass
    (project / "train.py").write_text("a = 3\n")
    with staticrun.start(resume=first):
        pass

    before, after = (
        next(r for r in of_type(first.folder, "artifact", name) if r["kind"] == "diff")["path"]
        for name in ("run.jsonl", "run.r2.jsonl")
    )
    assert before != after
    assert "+a = 2" in (first.folder / before).read_text()
    assert "+a = 3" in (first.folder / after).read_text()
    assert of_type(first.folder, "start", "run.r2.jsonl")[-1]["git"]["diff"] == after
    assert only(project).segments == 2
