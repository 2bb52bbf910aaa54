"""`staticrun registry events`: what a push brought, for programs and for deployments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from staticrun.cli.terminal import print_findings, root_option, say

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.registry.between import Between

# A host makes no more jobs of a matrix than that.
MATRIX_MAX = 256


@click.command()
@root_option
@click.option("--from", "before", required=True, metavar="A", help="A commit, or zeros for none.")
@click.option("--to", "after", default="HEAD", metavar="B", help="A commit [HEAD].")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
@click.option(
    "--only",
    type=click.Choice(["model", "version", "stage", "policy", "settings", "manifest"]),
    help="Events of one sort.",
)
@click.option(
    "--github-matrix",
    "matrix",
    is_flag=True,
    help="Print where stages are now, for a job's matrix.",
)
@click.option("--against", metavar="REF", help="With it: leave out what REF has moved on since.")
def events(
    *,
    root: Path,
    before: str,
    after: str,
    as_json: bool,
    only: str | None,
    matrix: bool,
    against: str | None,
) -> None:
    """Tell what happened from commit A to commit B, the oldest first.

    With --github-matrix one line for GITHUB_OUTPUT: of each stage that is elsewhere than at A, the
    model, the stage, the version and its tree, and nothing that anybody wrote in words.
    """
    from staticrun.cli.registry import told
    from staticrun.errors import UsageError
    from staticrun.registry.between import between
    from staticrun.registry.events import spelled

    if as_json and matrix:
        raise UsageError("registry events", "--json and --github-matrix are two forms", "one")
    if against is not None and not matrix:
        raise UsageError("registry events", "--against is for --github-matrix", "both of them")
    found = between(root, before, after)
    if matrix:
        _print_matrix(root, found, against)
    else:
        for event in found.events:
            if only is None or event.type.startswith(f"{only}."):
                if as_json:
                    click.echo(json.dumps(spelled(event), ensure_ascii=True))
                else:
                    when, commit = told.time(event.origin.time), event.origin.commit[:12]
                    say(f"{when}  {commit}  {told.what(event)}")
    print_findings(found.findings)


def _print_matrix(root: Path, found: Between, against: str | None) -> None:
    from staticrun.errors import UserError
    from staticrun.git import Objects
    from staticrun.registry.between import at, moved, pointers

    stages = moved(root, found.before, found.after)
    _tell_cleared(root, found)
    if against is not None:
        now = pointers(root, Objects(root).resolve(against))
        for stage in [*stages]:
            current = at(now, stage.model, stage.stage)
            if current != (stage.version, stage.tree):
                what = f"is at version {current[0]}" if current else "is nowhere"
                say(f"{stage.model} {stage.stage} {what} by now: left out", err=True)
                stages.remove(stage)
    if len(stages) > MATRIX_MAX:
        what = f"{len(stages)} stages are elsewhere, and a matrix has at most {MATRIX_MAX} jobs"
        raise UserError("registry", what, try_="deploy from `staticrun registry events --json`")
    # The reader of manifests let only names, numbers and digests into these.
    rows = [
        {key: getattr(stage, key) for key in ("model", "stage", "version", "tree")}
        for stage in stages
    ]
    click.echo(f"matrix={json.dumps({'include': rows}, separators=(',', ':'))}")


def _tell_cleared(root: Path, found: Between) -> None:
    """Say which stages are at no version any more: a matrix has no job that takes them down."""
    from staticrun.registry.between import at, pointers

    cleared = [(one.model, one.stage) for one in found.events if one.type == "stage.cleared"]
    now = pointers(root, found.after) if cleared else None
    for model, stage in dict.fromkeys(cleared):
        if now is not None and stage is not None and at(now, model, stage) is None:
            say(f"{model} {stage} is at no version any more: nothing is deployed", err=True)
