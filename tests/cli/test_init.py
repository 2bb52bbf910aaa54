"""`staticrun init` and what comes after it."""

import subprocess
import sys


def test_the_first_script_runs_and_its_site_is_built(staticrun, project):
    assert staticrun("init", "mine").code == 0
    folder = project / "mine"

    subprocess.run([sys.executable, "train.py"], cwd=folder, check=True, timeout=60)
    ran = staticrun("build", "--root", "mine", "--strict")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("3 runs, ")
    assert (folder / "site/experiments/first/index.html").is_file()


def test_what_exists_is_never_touched(staticrun, project):
    (project / "train.py").write_text("mine")

    ran = staticrun("init")

    assert "kept   train.py\n" in ran.out
    assert (project / "train.py").read_text() == "mine"


def test_a_folder_of_any_name_gives_a_good_configuration(staticrun, project):
    assert staticrun("init", "it's: #1").code == 0
    ran = staticrun("check", "--root", "it's: #1")

    assert ran.code == 0
    assert "0 errors, 0 warnings" in ran.out
