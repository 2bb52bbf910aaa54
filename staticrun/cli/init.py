"""`staticrun init`: a project to start from."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from staticrun import files, layout
from staticrun.cli import deploying, vouching
from staticrun.cli.terminal import say
from staticrun.cli.workflows import installed_from, workflows
from staticrun.config import for_writer
from staticrun.errors import UsageError

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
@click.option("--github", is_flag=True, help="Write workflows that check and publish, too.")
@click.option("--owner", "owners", multiple=True, help="Who owns the registry's strict files.")
def init(folder: Path, github: bool, owners: tuple[str, ...]) -> None:
    """Set up a project.

    In FOLDER, or here. What exists is never touched; to a project that exists already, --github
    adds its workflows, `deploy.sh` and a proposal for CODEOWNERS alone.
    """
    if owners and not github:
        raise UsageError("init", "--owner is for CODEOWNERS of --github", "both of them")
    proposal = vouching.owners(owners)
    name = folder.resolve().name or "experiments"
    source = installed_from()
    exists = (folder / layout.CONFIG).exists()
    scaffold = {
        layout.CONFIG: _CONFIG.format(name=_quoted(name)),
        "train.py": _SCRIPT,
        ".gitattributes": _ATTRIBUTES,
        ".gitignore": _IGNORE,
    }
    around = _repository_around(folder)
    if github and exists:
        scaffold = {}
    if github and not around:
        scaffold |= {**workflows(source), deploying.SCRIPT_NAME: deploying.SCRIPT}
        scaffold[_owners_of(folder)] = proposal
    kept = {file for file in scaffold if os.path.lexists(folder / file)}
    for file, text in scaffold.items():
        if file not in kept:
            files.write_atomic(folder / file, text.encode())
            if text.startswith("#!"):
                (folder / file).chmod(0o755)
        say(f"{'kept ' if file in kept else 'wrote'}  {file}")
    (folder / for_writer(folder)[0].runs).mkdir(parents=True, exist_ok=True)
    if around and github:
        say(f"No workflows: a host reads them at the top of a repository only, in {around}")
    elif not source and any(
        file.startswith(".github/workflows") for file in scaffold.keys() - kept
    ):
        say("Fill in STATICRUN in .github/workflows/: the git address that staticrun comes from")
    if exists and github:
        say("Next: commit what was written, and push it")
        return
    there = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    say(f"Next: {there}python train.py && staticrun build, then open site/index.html")


def _owners_of(folder: Path) -> str:
    """Find where CODEOWNERS is, or may be: a second one would take the place of the first."""
    from staticrun.registry.doctor.owners import PLACES

    there = [place for place in PLACES if os.path.lexists(folder / place)]
    return there[0] if there else vouching.OWNERS_NAME


def _repository_around(folder: Path) -> Path | None:
    """Find the repository that a folder lies in without being its top."""
    folder = folder.resolve()
    if (folder / ".git").exists():
        return None
    return next((above for above in folder.parents if (above / ".git").exists()), None)


def _quoted(name: str) -> str:
    """Spell any folder's name as a YAML text."""
    return "'" + name.replace("'", "''") + "'" if name.isprintable() else "'experiments'"
