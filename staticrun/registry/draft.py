"""From a run to the manifest of a version: what was recorded, and what the bytes are now."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from staticrun.errors import UserError, nearest
from staticrun.registry import artifacts, manifests
from staticrun.registry.read import HIDDEN

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.config import Metric
    from staticrun.store.entries import ModelEntry
    from staticrun.store.run import Run
    from staticrun.store.store import Store

# What staticrun itself keeps of a run.
NEVER = frozenset(("console", "diff"))
SOURCE = "artifacts/source/"
METRICS_MAX = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Chosen(NamedTuple):
    """What of a run is registered.

    Attributes:
        path: Of the file or folder, below the run's folder.
        digest: As it was recorded, 64 hex digits; None where it was not.
        model: What the run says of it, where it is a packaged model.
    """

    path: str
    digest: str | None
    model: ModelEntry | None = None


def choose(run: Run, text: str) -> Chosen:
    """Find a model or an artifact of a run.

    Args:
        run: The run.
        text: The name of a model, or the path or key of an artifact; empty where the run has one
            model, or one artifact and no model.

    Raises:
        UserError: When none or several are meant.
    """
    models = {model.name: model for model in run.models if model.path}
    stored = {
        one.path: one
        for one in run.artifacts
        if one.path and one.kind not in NEVER and not one.path.startswith(SOURCE)
    }
    names = {path.removeprefix("artifacts/"): path for path in stored}
    named = {one.key: path for path, one in stored.items() if one.key}
    if not text and len(models) == 1:
        text = next(iter(models))
    elif not text and not models and len(stored) == 1:
        text = next(iter(stored))
    if text in models:
        model = models[text]
        return Chosen(str(model.path), model.tree, model)
    path = text if text in stored else names.get(text) or named.get(text)
    if path is None:
        known = [*models, *names]
        what = f"has no model or artifact {text!r}" if text else "has several, or none"
        try_ = nearest(text, known) or "log one: run.artifact(…)"
        raise UserError(run.key, what, "RUN:NAME of one", try_)
    entry = stored[path]
    return Chosen(path, entry.sha256 or entry.tree)


def draft(
    root: Path,
    store: Store,
    run: Run,
    chosen: Chosen,
    metrics: dict[str, Metric],
    name: str,
    number: int,
) -> manifests.Version:
    """Write down what a version is.

    Args:
        root: The project's folder.
        store: The project's runs.
        run: The run that wrote it; it has ended.
        chosen: What of it.
        metrics: What the configuration says of metrics.
        name: Of the registered model.
        number: Of the version.

    Raises:
        UserError: When the run has not ended, lies outside the project, or the bytes are not
            there, are no longer what was recorded, or cannot be a tree.
    """
    if run.end is None:
        what = "has not ended: its record may still grow"
        raise UserError(run.key, what, "a run that was finished", "run.finish()")
    if not run.folder.resolve().is_relative_to(root.resolve()):
        raise UserError(run.key, "lies outside the project", "a run below it")
    folder = run.folder.resolve().relative_to(root.resolve()).as_posix()
    path = f"{folder}/{chosen.path}"
    tree = artifacts.tree(root, path, store)
    now = {tree.digest.removeprefix("sha256:"), *(file.sha256 for file in tree.files[:1])}
    if chosen.digest is not None and chosen.digest not in now:
        what = "has changed since it was logged"
        raise UserError(path, what, f"the bytes {chosen.digest}", "run the training again")
    record = artifacts.record(root, folder, store=store)
    said = chosen.model
    git = run.git
    version: dict[str, Any] = {
        "model": name,
        "version": number,
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "run": {
            "id": run.id,
            "key": run.key,
            "record": record.digest,
            "files": [file.path for file in record.files],
        },
        "artifact": {
            "path": path,
            "tree": tree.digest,
            "size": tree.size,
            "files": tree.files,
        },
        "code": {
            "commit": git.commit if git else None,
            "dirty": git.dirty if git else None,
            "remote": git.remote if git else None,
            "command": [
                one_line(word) for word in (run.start.command if run.start else None) or []
            ],
        },
        "python": run.start.python if run.start else None,
        "flavor": said.flavor if said else None,
        "signature": said.signature if said else None,
        "requirements": [one_line(one) for one in (said.requirements if said else None) or []],
        "data": [
            {
                "name": one_line(one.name),
                "role": one.role,
                "digest": one.digest,
                "rows": one.rows,
                "source": one.source and one_line(one.source),
            }
            for one in run.datasets
        ],
        "metrics": _values(run, metrics),
    }
    try:
        return msgspec.convert(msgspec.to_builtins(version), manifests.Version)
    except msgspec.ValidationError as error:
        what = f"cannot be written into a manifest: {error}"
        raise UserError(run.key, what, "names and paths without special characters") from error


def _values(run: Run, metrics: dict[str, Metric]) -> list[dict[str, Any]]:
    """List the last values: of metrics with a direction first, then as the run has them."""
    found: dict[str, float] = {
        name: value
        for name, value in run.summary.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    found |= {name: stats.last for name, stats in run.metrics.items() if stats.last is not None}
    directed = [name for name in metrics if name in found and metrics[name].direction]
    values: list[dict[str, Any]] = []
    for name in [*directed, *(name for name in found if name not in directed)]:
        if one_line(name) != name or len(values) == METRICS_MAX:
            continue
        direction = metrics[name].direction if name in metrics else None
        values.append({"name": name, "value": _number(found[name]), "direction": direction})
    return values


def _number(value: float) -> float | str:
    if value != value:  # noqa: PLR0124 -- NaN alone is unlike itself
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return float(value)


def one_line(text: str) -> str:
    """Make one line of at most 500 characters of any text."""
    return HIDDEN.sub("", _CONTROL.sub(" ", text))[:500]
