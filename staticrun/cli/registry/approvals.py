"""`staticrun registry approvals`: who vouches for what was merged, as the host said it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from staticrun.cli.terminal import (
    json_option,
    plain,
    print_findings,
    print_json,
    print_table,
    root_option,
    say,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.table import Table

    from staticrun.registry.events import History
    from staticrun.registry.vouched import Vouched

# Of a registry that has never asked: a host lets an hour's questions through, no more.
ASKED_MAX = 50
# A host may list a pull request some time after its merge: those of the newest commits that came
# without one are asked again.
AGAIN = 10


@click.command()
@root_option
@click.option("--fetch", is_flag=True, help="Ask the host about merges, and keep what it says.")
@click.option("--commit", "commits", metavar="REF", multiple=True, help="With --fetch: this one.")
@click.option(
    "--pull-request",
    "number",
    type=click.IntRange(1, 999_999_999),
    help="Ask about one, as it is.",
)
@click.option(
    "--branch", default="main", show_default=True, help="The branch that promotions come to."
)
@click.option("--repository", metavar="OWNER/NAME", help="Where to ask [the remote origin].")
@json_option
def approvals(
    *,
    root: Path,
    fetch: bool,
    commits: tuple[str, ...],
    number: int | None,
    branch: str,
    repository: str | None,
    as_json: bool,
) -> None:
    """Tell who approved what was merged.

    Without an option nothing is asked: what stands on the branch registry-approvals is listed.
    --fetch asks GitHub, by your own gh, about the newest merges that nothing is known of and
    commits its answers to that branch of this clone. --pull-request asks about one that is open;
    with --json, a file for `registry check --approvals`.
    """
    from staticrun.errors import UsageError
    from staticrun.registry.history import history

    if number is not None and (fetch or commits):
        raise UsageError("registry approvals", "--pull-request is about what is not merged", "it")
    if commits and not fetch:
        raise UsageError("registry approvals", "--commit is for --fetch", "both of them")
    if number is not None:
        _print_one(root, number, repository, as_json=as_json)
        return
    if fetch:
        _fetch(root, commits, branch, repository)
    found = history(root)
    rows = _rows(found)
    if as_json:
        print_json({"format": 1, "commits": [_spelled(*row) for row in rows]})
    else:
        print_table(_table(rows))
        if not any(said for _, said in rows):
            click.echo("Nothing is known of any merge. Try: staticrun registry approvals --fetch")


def _print_one(root: Path, number: int, repository: str | None, *, as_json: bool) -> None:
    from staticrun.registry import github, reviews

    said = reviews.of_pull_request(github.repository(root, repository), number)
    if as_json:
        print_json(said)
        return
    say(f"pull request {number} at {str(said.head)[:12]}: {_told(said)}")


def _fetch(root: Path, asked: tuple[str, ...], branch: str, repository: str | None) -> None:
    """Ask about commits; what the host says of some is kept, whatever it refuses of others."""
    from staticrun.errors import Finding, UserError
    from staticrun.git import Objects
    from staticrun.registry import approvals as kept
    from staticrun.registry import github, reviews
    from staticrun.registry.history import history
    from staticrun.registry.origins import origins

    objects = Objects(root)
    of = github.repository(root, repository)
    wanted = [objects.resolve(one) for one in asked]
    known: dict[str, Vouched] = {}
    if not asked:
        rows = _rows(history(root))
        known = {commit: said for commit, said in rows if said is not None}
        again = {commit for commit, _ in rows[:AGAIN] if _is_none(known.get(commit))}
        wanted = [one for one, _ in rows if one not in known or one in again][:ASKED_MAX]
    found: list[Vouched] = []
    refused: list[Finding] = []
    for commit, origin in origins(objects, list(dict.fromkeys(wanted)), None).items():
        try:
            said = reviews.of_commit(of, commit, branch, origin.merge, origin.pull_request)
            found += [said] if said != known.get(commit) else []
        except UserError as error:
            if error.finding.where == "gh":
                raise
            refused.append(error.finding)
    if found:
        made = kept.write(root, found)
        say(f"Kept what the host says of {len(found)} as {made[:12]}.", err=True)
        say(f"Next: git push origin {kept.BRANCH}", err=True)
    print_findings(refused)
    if refused:
        click.get_current_context().exit(1)


def _rows(found: History) -> list[tuple[str, Vouched | None]]:
    """List the commits that brought something, the newest first, with what is known of each."""
    commits = {event.origin.commit: event.origin.vouched for event in found.events}
    return list(commits.items())[::-1]


def _is_none(said: Vouched | None) -> bool:
    return said is not None and said.pull_request is None


def _spelled(commit: str, said: Vouched | None) -> dict[str, Any]:
    if said is None:
        return {"commit": commit, "known": False}
    return {"known": True, **msgspec.to_builtins(said)}


def _table(rows: Iterable[tuple[str, Vouched | None]]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in ("commit", "pull request", "what the host said"):
        table.add_column(title, no_wrap=title != "what the host said")
    for commit, said in rows:
        number = str(said.pull_request or "none") if said else "unknown"
        table.add_row(commit[:12], number, plain(_told(said)) if said else "unknown")
    return table


def _told(said: Vouched) -> str:
    """Say in a clause who approved, and who did not."""
    if said.pull_request is None:
        return "pushed without a pull request"
    own = [one.login for one in said.approvals if one.author]
    clauses = [
        f"approved by {', '.join(said.approved_by)}" if said.approved_by else "not approved"
    ]
    clauses += [f"by {', '.join(own)}, who wrote it"] if own else []
    clauses += [f"{one.login} does not count: {one.why}" for one in said.others]
    return "; ".join(clauses)
