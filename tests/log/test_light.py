"""The writer needs the standard library and msgspec: shown where nothing else is installed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import staticrun
from tests.log.records import read

CODE = Path(staticrun.__file__).parents[1]
# typing_extensions is taken by msgspec where it is installed.
TELL = (
    "import json\n"
    "own = sys.stdlib_module_names | {'staticrun', '__main__', '__mp_main__'}\n"
    "names = {name.partition('.')[0] for name in sys.modules} - own - {'typing_extensions'}\n"
    "print(json.dumps(sorted(name for name in names if not name.startswith('_'))))\n"
)
USE = """\
with staticrun.start("digits", params={"lr": 0.1}, tags={"a": 1}, seed=1) as run:
    for step in range(3):
        run.log({"loss": 1 / (step + 1)}, step=step)
    run.summary({"best": 1})
    run.note("n"); run.text("t"); run.alert("a")
    run.artifact("train.py")
    run.table("rows", [{"a": 1}])
    run.histogram("h", [1, 2, 3], bins=2)
    run.image("i", [[0, 255]])
    run.image("is", [[[0, 255]]] * 2)
    run.image("file", str(run.image("i", [[0, 255]])))
    run.audio("a", [0.0, 0.5], sample_rate=8000)
    run.video("v", [[[0, 255]], [[255, 0]]])
    run.json("j", {"a": float("nan")}); run.html("h", "<p>"); run.file("f.md", "text")
    run.confusion_matrix("c", [0, 1], [1, 1])
    run.roc_curve("r", [0, 1], [0.2, 0.4]); run.pr_curve("p", [0, 1], [0.2, 0.4])
    run.artifact("train.py", how="link"); run.artifact("train.py", how="reference")
    run.dataset("d", "train.py", role="train")
    run.dataset("rows", [{"a": 1, "b": None}, {"a": 2.5, "b": "x"}])
    run.use("train.py"); run.use(uri="s3://bucket/x"); run.use(run.key)
    assert run.dropped == 0
    with run.child("c") as child:
        child.log({"loss": 1})
staticrun.init("digits")
staticrun.log({"loss": 1})
staticrun.finish()
try:
    with staticrun.start("digits"):
        1 / 0
except ZeroDivisionError:
    pass
"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Make a virtual environment that holds msgspec and staticrun's source, and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    packages = next((folder / "venv" / "lib").glob("python*")) / "site-packages"
    installed = Path(msgspec.__file__).parent
    (packages / "msgspec").symlink_to(installed)
    info = next(installed.parent.glob("msgspec-*.dist-info"))
    (packages / info.name).symlink_to(info)
    (packages / "source").mkdir()
    (packages / "source" / "staticrun").symlink_to(CODE / "staticrun")
    (packages / "staticrun.pth").write_text(str(packages / "source"))
    return folder / "venv" / "bin" / "python"


def run_in(python, project, text):
    (project / "train.py").write_text(text)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [python, "train.py"],
        cwd=project,
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return done


def test_a_run_is_logged_where_nothing_but_msgspec_is_installed(bare, project):
    done = run_in(bare, project, f"import sys\nimport staticrun\n{USE}{TELL}")

    assert json.loads(done.stdout) == ["msgspec"]
    assert re.fullmatch(r"staticrun: warning: a \(digits/[\w-]+\)\n", done.stderr)
    records = [read(file) for file in (project / "runs" / "digits").glob("*/run.jsonl")]
    assert sorted(found[-1]["status"] for found in records) == [
        "failed",
        "finished",
        "finished",
        "finished",
    ]
    told = [record["packages"] for found in records for record in found if "packages" in record]
    assert told == [{"msgspec": msgspec.__version__}] * 4


def test_what_capture_says_in_yaml_holds_where_yaml_cannot_be_read(bare, project):
    (project / "staticrun.yaml").write_text("capture: {user: false}\n")
    text = "import staticrun\nwith staticrun.start('digits', name='one'):\n    pass\n"
    done = run_in(bare, project, text)

    start = read(project / "runs" / "digits" / "one" / "run.jsonl")[0]
    assert sorted(start) == ["format", "id", "name", "time", "type"]
    assert "`capture` cannot be read because pyyaml is not installed" in done.stderr


def test_importing_staticrun_loads_no_heavy_module(project):
    code = f"import sys\nimport staticrun\n{TELL}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CODE)},
    )

    assert json.loads(done.stdout) == ["msgspec"]


def test_logging_with_everything_installed_loads_no_heavy_module(project):
    # Of what is installed here, the extra `system` may be loaded: it is there to be used.
    extra = {"psutil", "pynvml"}
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\nimport staticrun\n{USE}{TELL}"],
        cwd=(project / "train.py").write_text("") or project,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CODE)},
    )

    assert set(json.loads(done.stdout)) - extra == {"msgspec"}
