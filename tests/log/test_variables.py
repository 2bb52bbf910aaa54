"""Variables by an allow-list, seeds that can be found, processors and GPUs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import staticrun
from staticrun.errors import UsageError
from staticrun.log import hardware, seeds, variables
from tests.log.records import start_of


def test_only_what_is_allowed_is_recorded_and_secrets_are_not():
    environ = {
        "HOME": "/home/ada", "OMP_NUM_THREADS": "2", "MYLAB_TOKEN": "a1b2c3", "MYLAB_SITE": "x",
        "DATA": "https://ada:hunter2@example.org/x", "PATH": "/bin", "DATABASE": "y",
    }  # fmt: skip

    assert variables.recorded([], environ) == {"OMP_NUM_THREADS": "2"}
    assert variables.recorded(["MYLAB_*", "DATA"], environ) == {
        "DATA": "https://<secret>@example.org/x",
        "MYLAB_SITE": "x",
        "MYLAB_TOKEN": "<secret>",
        "OMP_NUM_THREADS": "2",
    }


def test_a_list_in_the_file_or_the_call_adds_to_what_is_allowed(project, monkeypatch):
    monkeypatch.setenv("SLURM_JOB_ID", "17")
    monkeypatch.setenv("MYLAB_SITE", "north")
    (project / "staticrun.yaml").write_text("capture: {env: [MYLAB_*]}\n")
    with staticrun.start("digits") as run:
        pass
    found = start_of(run.folder)["env"]
    assert (found["SLURM_JOB_ID"], found["MYLAB_SITE"]) == ("17", "north")

    with staticrun.start("digits", capture={"env": ["HOSTTYPE"]}) as run:
        pass
    assert "MYLAB_SITE" not in start_of(run.folder)["env"]


@pytest.mark.parametrize(
    "capture", [{"env": "HOME"}, {"env": [1]}, {"env": ["a b"]}, {"system": 0}, {"git": 1}]
)
def test_a_value_that_is_no_switch_is_refused(project, capture):
    with pytest.raises(UsageError, match="is no switch"):
        staticrun.start("digits", capture=capture)


def test_a_user_who_is_switched_off_is_in_no_variable(project, monkeypatch):
    monkeypatch.setenv("LOGNAME", "ada")
    monkeypatch.setenv("MYLAB_SITE", "ada-north")
    with staticrun.start("digits", capture={"env": ["MYLAB_SITE"], "user": False}) as run:
        pass

    assert start_of(run.folder)["env"]["MYLAB_SITE"] == "<user>-north"


def test_a_seed_is_found_where_the_generator_shows_it(monkeypatch):
    state = np.random.get_state()  # noqa: NPY002
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    try:
        np.random.seed(42)  # noqa: NPY002 - the generator that is asked
        assert seeds.known()["numpy"] == 42
        np.random.random()  # noqa: NPY002
        assert seeds.known()["numpy"] is None
    finally:
        np.random.set_state(state)  # noqa: NPY002
    found = seeds.known()
    assert found["PYTHONHASHSEED"] == 7
    assert found["random"] is None
    assert found.get("torch", "not loaded") == "not loaded"


def test_seeds_that_were_set_after_the_start_are_found_at_the_end(project):
    code = (
        "import numpy as np, staticrun\n"
        "run = staticrun.start('digits', name='one')\n"
        "np.random.seed(42)\n"
        "run.finish()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(staticrun.__file__).parents[1])}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)

    assert start_of(project / "runs" / "digits" / "one")["seeds"]["numpy"] == 42


def test_processors_and_memory_are_told_as_far_as_they_may_be_used():
    found = hardware.processors()

    assert found["cpus"] == os.cpu_count()
    assert found["memory_bytes"] > 1 << 20
    usable = min(os.sched_getaffinity(0))
    code = "from staticrun.log.hardware import processors; print(processors().get('cpus_usable'))"
    done = subprocess.run(
        [sys.executable, "-c", f"import os; os.sched_setaffinity(0, [{usable}]); {code}"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(staticrun.__file__).parents[1])},
    )
    assert done.stdout.strip() == ("1" if os.cpu_count() > 1 else "None")


SMI = """\
#!/bin/sh
case "$*" in
  *--query-gpu*) printf 'NVIDIA H100, 81559, 550.54.15\\nNVIDIA H100, 81559, 550.54.15\\n' ;;
  *) printf '| NVIDIA-SMI 550.54.15   Driver Version: 550.54.15   CUDA Version: 12.4  |\\n' ;;
esac
"""


def test_gpus_are_asked_of_the_program_where_the_library_is_missing(tmp_path, monkeypatch):
    program = tmp_path / "nvidia-smi"
    program.write_text(SMI)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setitem(sys.modules, "pynvml", None)

    gpu = {"name": "NVIDIA H100", "memory_bytes": 81559 << 20}
    assert hardware.gpus() == {"gpus": [gpu, gpu], "gpu_driver": "550.54.15", "cuda": "12.4"}


def test_a_program_that_hangs_is_given_up(tmp_path, monkeypatch):
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setitem(sys.modules, "pynvml", None)
    monkeypatch.setattr(hardware, "SMI_TIMEOUT_S", 0.1)

    assert hardware.gpus() == {}
