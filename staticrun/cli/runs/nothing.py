"""Why a list of runs is empty: a word that no run knows, or no run at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.errors import UserError, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from staticrun.config import Config
    from staticrun.store.run import Run
    from staticrun.store.store import Store

# Where a run keeps what a filter's field may name.
_KEPT = {"metric": "metrics", "param": "params", "tag": "tags", "summary": "summary"}


def check_names(
    store: Store, runs: Collection[Run], experiment: str | None, metrics: Sequence[str]
) -> None:
    """Refuse names that were given to options and that nothing has.

    Args:
        store: The project's runs.
        runs: Those that were chosen.
        experiment: An experiment, if one was asked for.
        metrics: Metrics that are to be shown or sorted by.

    Raises:
        UserError: For the first name that is none.
    """
    known = store.experiments()
    if experiment is not None and known and experiment not in known:
        try_ = nearest(experiment, known)
        raise UserError("--experiment", f"{experiment!r} is no experiment", try_=try_)
    named = {name for run in runs for name in run.metrics}
    for name in metrics:
        if runs and name not in named:
            raise UserError(name, "is no metric of these runs", try_=nearest(name, named))


def why(store: Store, settings: Config, where: str | None) -> str:
    """Say why no run was found.

    Args:
        store: The project's runs.
        settings: The project.
        where: The filter, if one was given.
    """
    from staticrun.store.filter import parse

    runs = list(store.runs(archived=True))
    if not runs:
        return (
            f"There are no runs in {settings.runs[0]}/ yet.\n"
            "  Try: python train.py (staticrun init writes one to begin with)"
        )
    said = [f"No run matches, of {len(runs)} in the project."]
    # A clock, for a filter that needs one: its names are asked for, not its answer.
    for field in parse(where or "", clock=0).fields:
        names = {
            name for run in runs for name in getattr(run, _KEPT.get(field.space, ""), ())
        }
        if field.space in _KEPT and field.name not in names:
            hint = nearest(field.name, names)
            said.append(f"  No run has the {field.space} {field.name!r}" + (f": {hint}" if hint else ""))
    if any(run.archived for run in runs):
        said.append("  Archived runs are listed with --archived.")
    return "\n".join(said)
