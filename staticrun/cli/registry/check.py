"""`staticrun registry check`: a registry, or what a branch changes in it, with its gates."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from staticrun.cli.terminal import json_option, print_findings, print_json, root_option, say

if TYPE_CHECKING:
    from staticrun.registry.check import Judged
    from staticrun.registry.promotion import Outcome
    from staticrun.registry.vouched import Vouched

_COLOURS = {"pass": "green", "fail": "red", "unknown": "yellow"}


@click.command()
@root_option
@click.option("--base", metavar="REF", help="The branch that the change is for: a git ref.")
@click.option("--head", metavar="REF", help="The commit to check [the work tree].")
@click.option("--commands", is_flag=True, help="Run the commands of the base's policies.")
@click.option(
    "--approvals",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Who approved it: a file of `registry approvals --pull-request N --json`.",
)
@click.option("--approvals-later", "later", is_flag=True, help="Let approvals be unknown.")
@click.option("--strict", is_flag=True, help="Exit with 1 when there is a warning, too.")
@json_option
def check(
    *,
    root: Path,
    base: str | None,
    head: str | None,
    commands: bool,
    file: Path | None,
    later: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Check the registry, or what a branch changes in it.

    With --base it is what merging would give, the way there, and the gates of every move, by the
    policies of the base. Exits with 1 when there is an error, or a gate did not pass. Approvals
    that a policy asks for are unknown without a file of them; with --approvals-later that stops
    nothing, for a job that the host tells nothing of them.
    """
    from staticrun import config
    from staticrun.registry.check import check as look
    from staticrun.registry.known import Known
    from staticrun.store.store import Store

    # Of a change so little is read that the cache of everything would take longer.
    known = None if base else Known(root)
    store = Store.open(config.load(root)[0])
    said = None if file is None else read_approvals(file)
    found = look(root, store, base, head=head, commands=commands, known=known, approvals=said)
    if known is not None:
        known.save()
    counts = Counter[str](finding.level for finding in found.findings)
    stopped = [one for one in found.stopped if not (later and _is_unasked(one))]
    passed = not (counts["error"] or stopped or (strict and counts["warning"]))
    if as_json:
        rows = [msgspec.to_builtins(finding) for finding in found.findings]
        moves = [_spelled(one) for one in found.judged]
        print_json(
            {"format": 1, "passed": passed, "moves": moves, "counts": counts, "findings": rows}
        )
    else:
        print_findings(found.findings, everything=True)
        for one in found.judged:
            _tell(one)
        told = [_counted(counts["error"], "error"), _counted(counts["warning"], "warning")]
        told += [f"{_counted(len(stopped), 'gate')} in the way"] if base else []
        click.echo(f"{'Passed' if passed else 'Not passed'}: {', '.join(told)}.")
    if not passed:
        click.get_current_context().exit(1)


def read_approvals(file: Path) -> Vouched:
    """Read a file of `registry approvals --pull-request N --json`.

    Raises:
        UserError: When it is none.
    """
    from staticrun.errors import UserError
    from staticrun.registry import vouched

    try:
        with file.open("rb") as stream:
            said = vouched.read(stream.read(vouched.BYTES_MAX + 1))
    except OSError as error:
        said = f"cannot be read ({(error.strerror or '').lower()})"
    if isinstance(said, str):
        try_ = "staticrun registry approvals --pull-request N --json > FILE"
        raise UserError(str(file), said, "what the host said of a pull request", try_)
    return said


def _is_unasked(outcome: Outcome) -> bool:
    from staticrun.registry.gates import approvals

    return outcome.kind == approvals.NAME and outcome.result == "unknown"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _tell(one: Judged) -> None:
    promotion = one.promotion
    was = f" (it was at {one.move.before.version})" if one.move.before else ""
    verb = {"promotion": "comes to", "rollback": "goes back to", "revert": "comes back to"}
    number = promotion.candidate.version
    say(f"{promotion.model} {number} {verb[one.move.kind]} {promotion.stage}{was}:")
    for outcome in one.outcomes:
        result = click.style(f"{outcome.result:<7}", fg=_COLOURS[outcome.result])
        against = f" [overridden: {outcome.overridden}]" if outcome.overridden else ""
        click.echo(f"  {result} ", nl=False)
        say(f"{outcome.gate}: {outcome.why}{against}")
    if not one.outcomes:
        click.echo("  no gate is asked")


def _spelled(one: Judged) -> dict[str, Any]:
    return {
        "kind": one.move.kind,
        "model": one.promotion.model,
        "stage": one.promotion.stage,
        "from": one.move.before.version if one.move.before else None,
        "to": one.promotion.candidate.version,
        "tree": one.promotion.candidate.artifact.tree,
        "gates": [msgspec.to_builtins(outcome) for outcome in one.outcomes],
    }
