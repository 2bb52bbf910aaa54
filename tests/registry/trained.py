"""Runs on disk with artifacts, and versions that say the truth about them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from staticrun import config
from staticrun.registry import artifacts, manifests
from staticrun.store.store import Store
from tests.registry.made import version

if TYPE_CHECKING:
    from pathlib import Path

COMMIT = "a" * 40
FILES = {"MLmodel": b"flavor: none\n", "data/weights.npz": b"weights"}


def open_store(root: Path) -> Store:
    """Open the runs of a project as a process that comes later does."""
    return Store.open(config.load(root)[0])


def run(root: Path, key: str = "exp/a", files: dict[str, bytes] | None = None) -> Path:
    """Write a run that has ended, with the files of an artifact `model`."""
    folder = root / "runs" / key
    name = key.rpartition("/")[2]
    for path, data in (FILES if files is None else files).items():
        file = folder / "artifacts/model" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    tree = artifacts.tree(root, f"runs/{key}/artifacts/model").digest.removeprefix("sha256:")
    git = {"commit": COMMIT, "dirty": False}
    lines = [
        {"type": "start", "format": 1, "time": 1770000000, "id": f"ID-{name}", "git": git}
        | {"python": "3.12.1"},
        {"type": "dataset", "name": "holdout", "role": "eval", "digest": "sha256:d1", "rows": 9},
        {"type": "metrics", "step": 0, "values": {"auc": 0.875, "loss": "NaN"}},
        {"type": "summary", "values": {"latency": 18.5}},
        {"type": "artifact", "path": "artifacts/model", "kind": "model", "tree": tree},
        {"type": "model", "name": "m", "path": "artifacts/model", "tree": tree, "flavor": "npz"}
        | {"signature": {"inputs": ["x"]}, "requirements": ["numpy>=1.26"]},
        {"type": "end", "status": "finished", "time": 1770000002},
    ]
    (folder / "run.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return folder


def registered(
    root: Path, number: int = 1, key: str = "exp/a", path: str = "artifacts/model", **changes: Any
) -> manifests.Version:
    """Make the version that a run's artifact is, without writing it."""
    artifact = f"runs/{key}/{path}"
    tree, record = artifacts.tree(root, artifact), artifacts.record(root, f"runs/{key}")
    said: dict[str, Any] = {
        "run": manifests.RunOf(
            id=f"ID-{key.rpartition('/')[2]}",
            key=key,
            record=record.digest,
            files=tuple(file.path for file in record.files),
        ),
        "artifact": manifests.Artifact(
            path=artifact,
            tree=tree.digest,
            size=tree.size,
            files=tree.files,
            mirrors=changes.pop("mirrors", ()),
        ),
        "code": manifests.Code(commit=COMMIT, dirty=False),
        "python": "3.12.1",
        "flavor": "npz",
        "signature": {"inputs": ["x"]},
        "requirements": ("numpy>=1.26",),
        "data": (manifests.Data(name="holdout", role="eval", digest="sha256:d1", rows=9),),
        "metrics": (
            manifests.Value(name="auc", value=0.875, direction="max"),
            manifests.Value(name="loss", value="NaN"),
            manifests.Value(name="latency", value=18.5),
        ),
        **changes,
    }
    return version(number, **said)
