"""Run the scikit-learn example in the environment that this script runs in, and read it back.

There is no framework integration yet, so this is all of `make test-frameworks`: the public API
beside a real library, in an environment with nothing else but staticrun's own dependencies.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import staticrun

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "examples" / "digits.py"
TRAININGS = (
    ["--model", "knn", "--k", "1", "--seed", "0"],
    ["--model", "forest", "--trees", "20", "--seed", "0"],
)


def main() -> None:
    """Train twice, read the runs back, build a site of them."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "staticrun.yaml").write_text("project: {name: Frameworks}\n", encoding="utf-8")
        for arguments in TRAININGS:
            subprocess.run([sys.executable, SCRIPT, *arguments], cwd=project, check=True)

        runs = staticrun.runs(root=project)
        accuracies = [run.value("val/acc") for run in runs]
        print(f"val/acc: {accuracies}")
        assert [run.status for run in runs] == ["finished"] * len(TRAININGS)
        assert all(accuracy is not None and accuracy > 0.9 for accuracy in accuracies)

        subprocess.run([sys.executable, "-m", "staticrun", "build"], cwd=project, check=True)
        assert (project / "site" / "index.html").is_file()
    print("scikit-learn: done. There is no integration of a framework yet.")


if __name__ == "__main__":
    main()
