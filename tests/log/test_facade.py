"""`staticrun.log` is the function, `staticrun.log.run` a module, whichever is imported first."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import staticrun
from staticrun.errors import UsageError
from tests.log.records import of_type, read

CODE = Path(staticrun.__file__).parents[1]
BOTH = """\
assert callable(staticrun.log) and staticrun.log.__name__ == "log", staticrun.log
assert sys.modules["staticrun.log"].__name__ == "staticrun.log"
from staticrun.log.run import Run
assert staticrun.Run is Run
"""


def run_code(code, cwd):
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CODE)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "first",
    [
        "import staticrun",
        "from staticrun import log; import staticrun",
        "import staticrun.log; import staticrun",
        "import staticrun.log.run; import staticrun",
        "from staticrun.log.run import Run; import staticrun",
        "from staticrun.log import run; import staticrun",
        "import importlib; importlib.import_module('staticrun.log.edit'); import staticrun",
        "import staticrun.layout; import staticrun.log.media",
        "import staticrun, importlib; importlib.reload(sys.modules['staticrun.log'])",
        "import staticrun, importlib; importlib.reload(staticrun)",
    ],
)
def test_the_function_and_the_room_live_together(project, first):
    run_code(f"import sys\n{first}\n{BOTH}", project)


def test_a_script_logs_without_a_variable(project):
    run = staticrun.init("digits", name="one", params={"lr": 1}, capture=False)
    staticrun.log({"loss": 1})
    staticrun.log({"loss": 2}, step=7)
    staticrun.finish()
    staticrun.finish()

    assert of_type(run.folder, "metrics") == [
        {"values": {"loss": 1}, "step": 0},
        {"values": {"loss": 2}, "step": 7},
    ]
    assert of_type(run.folder, "end") == [{"status": "finished"}]
    with pytest.warns(staticrun.LogWarning, match="the run has ended"):
        staticrun.log({"loss": 3})


def test_a_second_init_ends_the_first_run(project):
    first = staticrun.init("digits", capture=False)
    second = staticrun.init("digits", capture=False)
    staticrun.log({"loss": 1})
    staticrun.finish("failed")

    assert of_type(first.folder, "metrics") == []
    assert of_type(first.folder, "end") == [{"status": "finished"}]
    assert len(of_type(second.folder, "metrics")) == 1
    assert of_type(second.folder, "end") == [{"status": "failed"}]


def test_an_init_that_is_refused_leaves_the_open_run(project):
    first = staticrun.init("digits", capture=False)
    with pytest.raises(UsageError):
        staticrun.init("../x")
    staticrun.log({"loss": 1})
    staticrun.finish()

    assert len(of_type(first.folder, "metrics")) == 1


def test_log_without_init_is_told(project):
    code = (
        "import staticrun\n"
        "staticrun.finish()\n"
        "try:\n"
        "    staticrun.log({'loss': 1})\n"
        "except staticrun.UsageError as error:\n"
        "    print(error)\n"
    )

    assert (
        run_code(code, project) == "log(): no run is open, expected staticrun.init(…) before it.\n"
    )


def test_every_public_name_is_there():
    assert staticrun.__all__ == sorted(
        staticrun.__all__, key=lambda name: (name[0].islower(), name)
    )
    assert {*staticrun.__all__, "__version__"} <= set(dir(staticrun))
    assert isinstance(staticrun.__version__, str)
    for name in staticrun.__all__:
        assert getattr(staticrun, name) is not None
    with pytest.raises(AttributeError, match=r"^module 'staticrun' has no attribute 'lgo'$"):
        staticrun.lgo  # noqa: B018 - the attribute itself


def test_runs_are_read_back(project):
    with staticrun.start("digits", name="one", capture=False) as run:
        run.log({"loss": 0.5})

    assert [found.key for found in staticrun.runs("digits", root=project)] == ["digits/one"]


def test_the_room_describes_every_file_in_it():
    room = importlib.import_module("staticrun.log")
    files = {path.stem for path in Path(room.__file__).parent.glob("*.py")} - {"__init__"}
    known = re.findall(r"^    (\w+)\.py  ", room.__doc__, re.MULTILINE)
    known += re.findall(
        r"`(\w+)`", room.__doc__.partition("Several processes:")[2].partition("What always")[0]
    )

    assert files - set(known) == {"folder", "hide", "ids", "place", "tell", "datasets"} - set(
        known
    )


def test_a_shell_writes_the_run_that_the_room_shows(project):
    text = importlib.import_module("staticrun.log").__doc__
    script = "\n".join(
        re.findall(r"^    (.*)$", text.partition("A shell does it too:")[2], re.MULTILINE)
    )
    subprocess.run(["sh", "-eu", "-c", script], cwd=project, check=True)

    file = project / "runs" / "sizes" / "first" / "run.jsonl"
    assert [record["type"] for record in read(file)] == ["start", "metrics", "end"]
    found = staticrun.runs("sizes", root=project)[0]
    assert (found.status, found.value("bytes")) == ("finished", 1024)
