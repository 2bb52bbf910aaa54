"""What is loaded when: counted by the names in `sys.modules`, since clocks on shared machines lie."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "click", "git", "gitdb", "jinja2", "markdown_it", "matplotlib", "mdit_py_plugins", "numpy",
    "pandas", "PIL", "polars", "pyarrow", "rich", "scipy", "sklearn", "yaml",
}  # fmt: skip


def loaded(statement: str, cwd) -> set[str]:
    """Run a statement in a fresh interpreter and give the outside packages that it loaded."""
    code = (
        "import sys\n"
        f"{statement}\n"
        "print('loaded:', *{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, check=True, capture_output=True, text=True
    )
    own = sys.stdlib_module_names | {"__mp_main__", "staticrun"}
    names = done.stderr.rpartition("loaded:")[2].split()
    return {name for name in names if name not in own}


def command(*arguments: str) -> str:
    return (
        "from staticrun.cli.main import main\n"
        f"sys.argv = ['staticrun', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code"
    )


def test_importing_staticrun_loads_nothing_but_the_standard_library_and_msgspec(project):
    assert loaded("import staticrun", project) & HEAVY == set()


def test_logging_a_run_loads_nothing_but_the_standard_library_and_msgspec(project):
    statement = (
        "import staticrun\n"
        "with staticrun.start('digits', params={'lr': 0.1}) as run:\n"
        "    run.log({'loss': 0.5}, step=1)\n"
    )

    assert loaded(statement, project) & HEAVY == set()
    assert len(list((project / "runs").rglob("run.jsonl"))) == 1


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"]])
def test_asking_for_help_loads_no_heavy_library(project, arguments):
    heavy = loaded(command(*arguments), project) & HEAVY

    assert heavy <= {"click"}


def test_a_build_that_changes_nothing_loads_neither_plots_nor_statistics(project):
    from staticrun import start

    with start("digits", root=project) as run:
        run.log({"loss": 0.5}, step=1)
        run.log({"loss": 0.25}, step=2)
    subprocess.run([sys.executable, "-m", "staticrun", "build"], cwd=project, check=True)

    heavy = loaded(command("build"), project)

    assert heavy & {"matplotlib", "scipy", "PIL", "sklearn", "pandas"} == set()
