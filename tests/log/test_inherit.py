"""A process that was started while a run is open writes to it, unless it speaks of another one."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

import staticrun
from staticrun.errors import UsageError
from tests.log.processes import begin, finish, run
from tests.log.records import of_type


def child(call: str, **variables: str) -> str:
    """Start a run in a child process by this call; give its key."""
    return run(
        f"with staticrun.start({call}{', ' if call else ''}capture=False) as run:\n"
        "    run.log({'worker': 1})\n    print(run.key)\n",
        **variables,
    ).strip()


@pytest.fixture
def base(project):
    """Give an open run with everything that a call can speak of."""
    params = {"lr": 0.1, "model": {"width": 32, "on": True}}
    with staticrun.start("digits", name="base", group="g", params=params, capture=False) as run:
        yield run


@pytest.mark.parametrize(
    "call",
    [
        "",
        "'digits'",
        "'digits', name='base'",
        "group='g', tags={'a': 1}",
        "'digits', params={'lr': 0.1}",
        "params={'model': {'width': 32}}, seed=3",
    ],
)
def test_a_call_that_says_nothing_else_writes_to_the_run_that_is_open(base, call):
    assert child(call) == base.key
    assert of_type(base.folder, "start", "run.part1.jsonl")[0]["id"] == base.id
    assert len(of_type(base.folder, "metrics", "run.part1.jsonl")) == 1


@pytest.mark.parametrize(
    "call",
    [
        "'vision/digits'",
        "'default'",
        "name='other'",
        "group='h'",
        "params={'lr': 0.2}",
        "params={'model': {'width': 8}}",
        "params={'new': 1}",
        "run='new'",
        "parent='ID'",
        "root='ROOT/other'",
    ],
)
def test_a_call_that_says_anything_else_starts_a_run_of_its_own(base, call):
    key = child(call.replace("ID", base.id).replace("ROOT", str(base.root)))

    assert key != base.key
    assert list(base.folder.glob("run.part*")) == []


def test_a_script_that_starts_one_run_after_another_gets_them_all(project):
    text = (
        "outer = staticrun.start('digits', capture=False)\n"
        "keys = {outer.key}\n"
        "for lr in range(3):\n"
        "    with staticrun.start('digits', capture=False) as run, run.child() as inner:\n"
        "        keys |= {run.key, inner.key}\n"
        "staticrun.init('digits', capture=False)\n"
        "print(len(keys))\n"
    )
    assert run(text) == "7\n"
    assert [run.writers for run in staticrun.runs(root=project)] == [("main",)] * 8


def test_the_innermost_run_is_handed_down_and_none_when_all_have_ended(project):
    assert "STATICRUN_RUN" not in os.environ
    with staticrun.start("digits", capture=False) as outer:
        with outer.child() as inner:
            assert child("") == inner.key
        assert child("") == outer.key
    assert "STATICRUN_RUN" not in os.environ
    assert child("") not in (outer.key, inner.key)


def test_what_a_person_set_is_there_again_afterwards(project, monkeypatch):
    monkeypatch.setenv("STATICRUN_RUN", "new")
    with staticrun.start("digits", capture=False) as run:
        assert os.environ["STATICRUN_RUN"] == str(run.folder)
        assert staticrun.start("digits", capture=False).key != run.key

    assert os.environ["STATICRUN_RUN"] == str(run.folder.parent / os.environ["STATICRUN_RUN"])


def test_runs_of_several_threads_are_handed_down_to_nobody(project):
    with staticrun.start("digits", capture=False) as run:
        inside, done = threading.Event(), threading.Event()

        def work():
            with staticrun.start("digits", capture=False):
                inside.set()
                done.wait()

        thread = threading.Thread(target=work)
        thread.start()
        inside.wait()
        alone = child("")
        done.set()
        thread.join()

        assert alone != run.key
        assert child("") == run.key


@pytest.mark.skipif(os.name != "posix", reason="exec of POSIX")
def test_a_process_that_replaces_itself_is_no_child_of_its_own(project):
    text = (
        "staticrun.start('digits', capture=False).log({'loss': 1})\n"
        "if 'AGAIN' not in os.environ:\n"
        "    os.environ['AGAIN'] = ''\n"
        "    os.execv(sys.executable, sys.orig_argv)\n"
    )
    run(text)

    found = staticrun.runs(root=project)
    assert [run.writers for run in found] == [("main",)] * 2
    assert sorted(run.status for run in found) == ["finished", "open"]


def test_another_working_folder_changes_nothing(base, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert child("") == base.key


def test_a_run_that_has_ended_takes_no_late_process_in(base):
    process = begin(
        "sys.stdin.close()\ntime.sleep(1)\n"
        "run = staticrun.start('digits', capture=False)\nprint(run.key)\n"
    )
    base.finish()
    code, key, errors = finish(process)

    assert code == 0
    assert key.strip() != base.key
    assert "STATICRUN_RUN names base, which has ended: a run of its own is begun." in errors


def test_a_process_of_a_process_writes_to_the_same_run(base):
    text = (
        "import subprocess\n"
        "with staticrun.start(capture=False) as run:\n"
        "    inner = 'import staticrun; print(staticrun.start(capture=False).key)'\n"
        "    print(subprocess.run([sys.executable, '-c', inner], check=True,\n"
        "        capture_output=True, text=True).stdout, end='')\n"
    )

    assert run(text).strip() == base.key
    assert sorted(path.name for path in base.folder.iterdir()) == [
        "run.jsonl",
        "run.part1.jsonl",
        "run.part2.jsonl",
    ]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork of POSIX")
def test_a_process_made_by_fork_that_starts_a_run_writes_to_the_one_that_is_open(base):
    pid = os.fork()
    if not pid:
        staticrun.start("digits", capture=False).log({"worker": 1})
        os._exit(0)
    os.waitpid(pid, 0)

    assert len(of_type(base.folder, "metrics", "run.part1.jsonl")) == 1


def test_the_run_is_an_argument_too(project):
    with staticrun.start("digits", name="base", capture=False) as run:
        for given in (run.key, run, run.folder, str(run.folder)):
            with staticrun.start(run=given, params={"own": 1}, capture=False) as more:
                more.log({"loss": 1})
            assert (more.key, more.id, more.name) == (run.key, run.id, "base")
    with staticrun.init("digits", run=run.key, capture=False):
        staticrun.log({"loss": 1})

    [found] = staticrun.runs(root=project)
    assert found.writers == ("main", "part1", "part2", "part3", "part4", "part5")
    assert found.status == "finished"


def test_a_run_of_a_shell_without_an_id_is_written_to(project):
    (project / "runs" / "a").mkdir()
    (project / "runs" / "a" / "run.jsonl").write_text('{"type":"start","format":1}\n')
    staticrun.start(run="a", capture=False).finish()

    assert of_type(project / "runs" / "a", "start", "run.part1.jsonl") == [
        {"format": 1, "writer": "part1"}
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"run": "digits/bose"}, ("run: there is no run 'digits/bose', expected the key of a run.\n"
         "  Try: did you mean 'digits/base'?")),
        ({"run": "../x"}, ("run: '../x' has the part '..', which begins with a dot, expected names"
         " joined by '/', such as 'vision/digits'.")),
        ({"run": 3}, "run: 3 is no run, expected a run, its key, or 'new'."),
        ({"run": "digits/base", "experiment": "other"}, ("run: 'digits/base' is no run of the"
         " experiment 'other', expected one experiment, or none.")),
        ({"run": "digits/base", "resume": "digits/base"}, ("resume: run is given, too, expected run="
         " to write to a run that is open, or resume= to go on with one that stopped.")),
        ({"resume": "digits/bas"}, ("resume: there is no run 'digits/bas', expected the key of a run."
         "\n  Try: did you mean 'digits/base'?")),
        ({"resume": "auto"}, ("resume: 'auto' goes by the name, and there is none.\n"
         "  Try: start(name=…, resume='auto')")),
        ({"rewind_to": 3}, ("rewind_to: is for a run that goes on, and this one is begun.\n"
         "  Try: start(resume=…, rewind_to=…)")),
        ({"resume": "digits/base", "rewind_to": "x"}, "rewind_to: 'x' is no step, expected a number."),
    ],
)  # fmt: skip
def test_a_run_that_cannot_be_meant_is_refused(base, arguments, message):
    before = sorted(base.root.rglob("*"))
    with pytest.raises(UsageError) as caught:
        staticrun.start(**arguments, capture=False)

    assert str(caught.value) == message
    assert sorted(base.root.rglob("*")) == before


def test_a_variable_that_leads_elsewhere_is_refused(project, monkeypatch):
    monkeypatch.setenv("STATICRUN_RUN", "../../x")
    with pytest.raises(UsageError, match=r"^STATICRUN_RUN: '../../x' has the part '..'"):
        staticrun.start("digits", capture=False)


def test_a_run_that_was_deleted_is_nobodys(base):
    text = "time.sleep(0.5)\nprint(staticrun.start('digits', capture=False).key)\n"
    process = begin(text)
    subprocess.run(
        [sys.executable, "-c", f"import shutil; shutil.rmtree({str(base.folder)!r})"], check=True
    )
    code, key, _ = finish(process)

    assert code == 0
    assert key.startswith("digits/2")
