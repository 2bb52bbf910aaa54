"""`staticrun init`: a project to start from."""

from __future__ import annotations

from pathlib import Path

import click

from staticrun import files, layout

_CONFIG = """\
# Everything here is optional. All keys: the page "Configuration" of the guide.
project:
  name: {name}

metrics:
  loss: {{direction: min}}
  accuracy: {{direction: max, format: .1%, primary: true}}
"""

_SCRIPT = '''\
"""A first run: replace the arithmetic by your training."""

import math
import random

import staticrun

for seed in (1, 2, 3):
    random.seed(seed)
    with staticrun.start("first", params={"lr": 0.1, "seed": seed}) as run:
        for step in range(50):
            loss = math.exp(-0.1 * step) + 0.02 * random.random()
            run.log({"loss": loss, "accuracy": 1 - loss / 2}, step=step)
        run.summary({"steps": 50})
'''

_ATTRIBUTES = """\
# A digest is over bytes: git must never change the line ends of what a run wrote.
runs/** -text
registry/** text eol=lf
"""

_IGNORE = """\
# Built and cached by staticrun
.staticrun/
site/
"""


@click.command()
@click.argument(
    "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), required=False
)
def init(folder: Path) -> None:
    """Set up a project in FOLDER (here by default); what exists is never touched."""
    name = folder.resolve().name or "experiments"
    scaffold = {
        layout.CONFIG: _CONFIG.format(name=_quoted(name)),
        "train.py": _SCRIPT,
        ".gitattributes": _ATTRIBUTES,
        ".gitignore": _IGNORE,
    }
    for file, text in scaffold.items():
        path = folder / file
        if path.exists():
            click.echo(f"kept   {file}")
            continue
        files.write_atomic(path, text.encode())
        click.echo(f"wrote  {file}")
    (folder / layout.RUNS).mkdir(exist_ok=True)
    click.echo("Next: python train.py && staticrun build, then open site/index.html")


def _quoted(name: str) -> str:
    """Spell any folder's name as a YAML text."""
    return "'" + name.replace("'", "''") + "'" if name.isprintable() else "'experiments'"
