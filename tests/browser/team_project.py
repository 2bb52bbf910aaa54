"""A team's project in git: the script was changed between two times five seeds.

A run logs a picture of what it misread, at some of its steps.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.browser.site import environment

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """\
import random
import sys

import staticrun


def error(step, chance):
    return 0.5 / (step + 1) + 0.10 + chance.gauss(0, 0.01)


rows = sys.argv[1]
for seed in range(5):
    chance = random.Random(f"{rows} {seed}")
    params = {"rows": rows, "lr": 0.1, "seed": seed}
    with staticrun.start("letters", name=f"{rows} {seed}", params=params, seed=seed) as run:
        run.tag(rows=rows)
        for step in range(12):
            misread = round(200 * error(step, chance))
            run.log({"val/acc": 1 - misread / 200}, step=step)
            if step % 3 == 2:
                picture = [[chance.randrange(256) for _ in range(12)] for _ in range(8)]
                run.image("misread", picture, step, caption=f"{misread} of 200 misread")
"""
CHANGED = SCRIPT.replace("+ 0.10 +", "+ 0.08 +")
CONFIG = """\
project: {name: Letters}
metrics: {val/acc: {direction: max, format: .4f, primary: true}}
comparisons:
  centred:
    title: Does centring the rows help?
    groups: {raw: tags.rows = 'raw', centred: tags.rows = 'centred'}
"""


def write(root: Path) -> None:
    """Write the project into a folder that is not there, and train before and after the change."""
    root.mkdir()
    (root / "staticrun.yaml").write_text(CONFIG, encoding="utf-8")
    (root / ".gitignore").write_text("/runs/\n/site/\n/.staticrun/\n", encoding="utf-8")
    _do(root, "git", "init", "-q", "-b", "main")
    for rows, script in (("raw", SCRIPT), ("centred", CHANGED)):
        (root / "train.py").write_text(script, encoding="utf-8")
        _do(root, "git", "add", ".")
        person = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        _do(root, "git", *person, "-c", "commit.gpgSign=no", "commit", "-q", "-m", rows)
        _do(root, sys.executable, "train.py", rows)


def _do(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, env=environment(), check=True)
