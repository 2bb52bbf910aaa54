"""What a build loads that finds nothing changed: it runs on every save, so it must be light."""

from __future__ import annotations

import subprocess
import sys

import pytest

from staticrun import start

# Of staticrun and others there are 145; those of Python itself depend on its version.
MODULES_MAX = 170
MEASURE = (
    "import sys\n"
    "from staticrun.cli.main import main\n"
    "sys.argv = ['staticrun', 'build', '--quiet']\n"
    "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
    "print(*sys.modules)"
)


@pytest.fixture(scope="module")
def modules(tmp_path_factory) -> set[str]:
    """Build a project twice, and give what the second build loaded."""
    project = tmp_path_factory.mktemp("project")
    (project / "runs").mkdir()
    with start("digits", params={"lr": 0.1}, root=project) as run:
        for step in range(20):
            run.log({"loss": 1 / (step + 1)}, step=step)
    (project / "reports").mkdir()
    (project / "reports/first.md").write_text("# First\n\n| a |\n|---|\n| 1 |\n")
    build = [sys.executable, "-c", MEASURE]
    first = subprocess.run(build, cwd=project, check=True, capture_output=True, text=True)
    again = subprocess.run(build, cwd=project, check=True, capture_output=True, text=True)
    assert {"jinja2", "markdown_it", "numpy"} <= set(first.stdout.split())
    return set(again.stdout.split())


def foreign(modules: set[str]) -> set[str]:
    """Give the packages that are no part of Python."""
    return {name.partition(".")[0] for name in modules} - sys.stdlib_module_names


def test_a_build_of_nothing_new_loads_what_reads_the_command_and_the_configuration(modules):
    assert {name for name in foreign(modules) if not name.startswith("_")} <= {
        "click", "cython_runtime", "markupsafe", "msgspec", "staticrun", "typing_extensions", "yaml",
    }  # fmt: skip


def test_a_build_of_nothing_new_loads_few_modules(modules):
    tops = foreign(modules)

    assert len([name for name in modules if name.partition(".")[0] in tops]) < MODULES_MAX


@pytest.mark.parametrize("name", ["concurrent.futures", "multiprocessing", "asyncio", "unittest"])
def test_a_build_of_nothing_new_is_ready_for_no_work(modules, name):
    assert name not in modules


def test_a_build_of_nothing_new_loads_no_view(modules):
    assert {name for name in modules if name.startswith("staticrun.pages.views.")} == set()
