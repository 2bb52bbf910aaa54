"""What the verbs share: the option for the project's folder, findings, progress, JSON."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from staticrun import layout
from staticrun.errors import UsageError
from staticrun.pages.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.table import Table

    from staticrun.errors import Finding

SHOWN = 20
# A pipe has no width, and whoever reads it wants all of a line.
_PIPE_WIDTH = 10_000

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def _root(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path:
    root = value.resolve() if value else layout.find_project(Path.cwd())
    if not any((root / mark).exists() for mark in (layout.CONFIG, layout.RUNS)):
        raise UsageError(
            str(root),
            f"is no project: neither {layout.CONFIG} nor {layout.RUNS}/ is there",
            "a project, or a folder in one",
            "staticrun init, or --root FOLDER",
        )
    return root


root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    callback=_root,
    help="The project's folder; by default the nearest one above with staticrun.yaml or runs/.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
# Of what is written for a pull request.
style_option = click.option(
    "--format",
    "style",
    type=click.Choice(["markdown", "html", "json"]),
    default="markdown",
    help="How it is written [markdown].",
)
url_option = click.option(
    "--url", metavar="URL", help="Where the branch's site is, for links [project.url]."
)


def say(text: str, *, err: bool = False) -> None:
    """Print a line that may hold a stranger's words: none of them steers the terminal."""
    click.echo(visible(text), err=err)


def plain(text: str) -> str:
    """Make a stranger's words fit for a table: no markup, no control character."""
    from rich.markup import escape

    return escape(visible(text))


def print_table(table: Table) -> None:
    """Print a table: on a terminal as wide as that is, else as wide as the table is."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)


def print_json(value: object) -> None:
    """Print a value as one JSON document."""
    click.echo(msgspec.json.format(msgspec.json.encode(value, enc_hook=str)).decode())


def print_findings(findings: Sequence[Finding], *, everything: bool = False) -> None:
    """Print findings to stderr, numbered; at most 20 unless all are asked for."""
    shown = findings if everything else findings[:SHOWN]
    for number, finding in enumerate(shown, 1):
        level = click.style(finding.level, fg=_COLOURS[finding.level])
        click.echo(f"{number:>3}. {level} {visible(str(finding))}", err=True)
    if len(shown) < len(findings):
        rest = len(findings) - len(shown)
        click.echo(f"     and {rest} more: `staticrun check` lists all.", err=True)


@contextlib.contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show a progress bar on a terminal; say nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda _what, _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield tell
