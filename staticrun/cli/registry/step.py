"""What the verbs that change the registry share: how a change is shown, written and committed."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, TypeVar

import click

from staticrun.cli.terminal import json_option, print_json, say
from staticrun.pages.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from staticrun.registry.move import Change
    from staticrun.registry.state import State

_F = TypeVar("_F", bound="Callable[..., Any]")
_FOLDER = re.compile(r"registry(?:/models(?:/[^/]+(?:/(?:versions|withdrawn|stages))?)?)?")
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}

reason_option = click.option(
    "--reason", required=True, help="Why, in a line: it stands in the file and in the commit."
)
by_option = click.option("--by", help="Who asks for it; by default the name that git commits by.")


def change_options(command: _F) -> _F:
    """Add the options by which a change is kept: as files, as a commit, or not at all."""
    options = (
        click.option("--commit", "how", flag_value="commit", help="Commit it on this branch."),
        click.option("--branch", "how", flag_value="branch", help="Commit it on a new branch."),
        click.option("--dry-run", "how", flag_value="show", help="Show it, and change nothing."),
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def open_state(root: Path) -> State:
    """Read the registry of a project as it is on disk.

    Raises:
        UserError: When a folder of it is a link or cannot be read, so that what is in it would be
            missing, and what is written would be elsewhere.
    """
    from staticrun.errors import UserError
    from staticrun.registry.known import Known
    from staticrun.registry.sources import Folder
    from staticrun.registry.state import load

    known = Known(root)
    state = load(Folder(root), known)
    known.save()
    for finding in state.findings:
        if _FOLDER.fullmatch(finding.where):
            raise UserError.of(finding)
    return state


def asked_by(root: Path, by: str | None) -> str | None:
    """Give the name of who asks: as given, else as git is set up; None where it is not."""
    if by is not None:
        return by
    from staticrun.config import load
    from staticrun.git.remote import NOBODY, author

    name = author(root)[0]
    hidden = load(root)[0].privacy.users == "hide"
    return None if hidden or name == NOBODY[0] else name


def finish(root: Path, change: Change, how: str | None, *, as_json: bool) -> None:
    """Keep a change as it was asked for, and say what it is and what comes next.

    Raises:
        UserError: When it cannot be written or committed; nothing is changed then.
    """
    commit = None
    branch = change.branch if how == "branch" else None
    before = {path: _now(root / path) for path in change.files}
    if how in ("commit", "branch"):
        commit = _commit(root, change, before, branch)
    elif how is None:
        _write(root, change.files)
    if as_json:
        files = {path: data.decode() for path, data in change.files.items()}
        said = {"format": 1, "subject": change.subject, "facts": change.facts, "files": files}
        print_json({**said, "commit": commit, "branch": branch, "written": how != "show"})
        return
    say(f"{change.subject}.")
    for path, data in change.files.items():
        _show(path, before[path], data)
    if how == "show":
        click.echo("Nothing was changed (--dry-run).")
    elif commit is None:
        click.echo("Next: staticrun registry check, then commit these files.")
    elif branch is None:
        click.echo(f"Committed as {commit[:12]}. Next: git push")
    else:
        say(f"Committed as {commit[:12]} on {branch}. Next: git push -u origin {branch}")


def _now(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(root: Path, files: dict[str, bytes]) -> None:
    from staticrun.files import write_atomic

    for path, data in files.items():
        write_atomic(root / path, data)


def _commit(
    root: Path, change: Change, before: dict[str, bytes | None], branch: str | None
) -> str:
    from staticrun.git.commits import commit_files

    if branch is not None:
        return commit_files(root, change.files, change.message, branch)
    _write(root, change.files)
    try:
        return commit_files(root, change.files, change.message)
    except BaseException:
        for path, data in before.items():
            if data is None:
                (root / path).unlink(missing_ok=True)
            else:
                _write(root, {path: data})
        raise


def _show(path: str, before: bytes | None, after: bytes) -> None:
    """Show what a reviewer will see of a file; a new one whole."""
    if before is None:
        say(f"  new {path}")
        return
    old, new = (text.decode("utf-8", "replace").splitlines() for text in (before, after))
    for line in difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm=""):
        click.secho(f"  {visible(line)}", fg=_COLOURS.get(line[:1]))
