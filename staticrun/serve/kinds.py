"""What a change means: what has to be done for it, and how soon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from staticrun import layout

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from staticrun.config import Config
    from staticrun.store.store import Store

Kind = Literal["records", "artifact", "run", "report", "theme", "registry", "config", "project"]
# What a training does all the time: built after a pause, and not more often than it must.
STEADY: frozenset[Kind] = frozenset({"records", "artifact"})
# After these the runs that there are may be others.
STRUCTURE: frozenset[Kind] = frozenset({"run", "config", "project"})


class Change(NamedTuple):
    """One change.

    Attributes:
        kind: What it is.
        subject: Key of the run whose known record file has changed; else the path, relative to
            the project.
    """

    kind: Kind
    subject: str


def sort(paths: Iterable[Path], config: Config, store: Store) -> list[Change]:
    """Say what changed paths mean, sorted; each change once."""
    return sorted({_kind(path, config, store) for path in paths})


def _kind(path: Path, config: Config, store: Store) -> Change:
    key = store.place(path)
    if key is not None and path.exists():
        return Change("records", key)
    if not path.is_relative_to(config.root) or path == config.root:
        return Change("project", "")
    parts = path.relative_to(config.root).parts
    shown = "/".join(parts)
    top: dict[str, Kind] = {
        layout.REPORTS: "report",
        layout.THEMES: "theme",
        layout.REGISTRY: "registry",
        ".git": "registry",
        layout.CONFIG: "config",
    }
    if parts[0] in top:
        return Change(top[parts[0]], shown)
    return Change("run" if _makes_a_run(path, parts, config) else "artifact", shown)


def _makes_a_run(path: Path, parts: tuple[str, ...], config: Config) -> bool:
    """Say whether there may be other runs than before; else a file lies beside the records."""
    if layout.ARTIFACTS in parts[:-1]:
        return False
    if not any(path.is_relative_to(config.root / root) for root in config.runs):
        return True  # what another tool writes
    named = layout.record_file(path.name) or path.name == layout.EXPERIMENT_CONFIG
    return bool(named) or path.is_dir() or not path.parent.is_dir()
