"""Manifests for tests, and registries of them on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from staticrun.layout import RegistryFile
from staticrun.registry import manifests
from staticrun.registry.write import spell

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.registry.manifests import Manifest


def digest(number: int) -> str:
    """Give a digest that is like no other number's."""
    return f"sha256:{number:064x}"


def version(number: int, model: str = "churn", **changes: Any) -> manifests.Version:
    """Make a version; its tree digest is that of its number."""
    file = manifests.File(path="model.onnx", size=12, sha256=f"{number:064x}")
    of = manifests.RunOf(
        id=f"RUN{number}", key=f"exp/{number}", record=digest(number), files=("run.jsonl",)
    )
    said: dict[str, Any] = {
        "model": model,
        "version": number,
        "created": "2026-11-20T09:14:05Z",
        "run": of,
        "artifact": manifests.Artifact(
            path=f"runs/exp/{number}/artifacts/model", tree=digest(number), size=12, files=(file,)
        ),
        **changes,
    }
    return manifests.Version(**said)


def stage(number: int, name: str = "production", model: str = "churn", **changes: Any):
    """Make a stage that is at a version of `version`."""
    said: dict[str, Any] = {
        "model": model,
        "stage": name,
        "version": number,
        "tree": digest(number),
        "reason": "it is better",
        **changes,
    }
    return manifests.Stage(**said)


def place(manifest: Manifest) -> str:
    """Give the path of a manifest's file."""
    kind = type(manifest).__name__.lower()
    model = getattr(manifest, "model", "")
    if isinstance(manifest, manifests.Stage):
        return RegistryFile(kind, model, stage=manifest.stage).path
    return RegistryFile(kind, model, getattr(manifest, "version", 0)).path


def write(root: Path, *said: Manifest) -> None:
    """Write manifests where they belong."""
    for manifest in said:
        path = root / place(manifest)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(spell(manifest))


def registry(root: Path, versions: int = 3, **stages: int) -> Path:
    """Write a registry of one model, `churn`, with stages at numbers of versions."""
    write(root, manifests.Model(model="churn"), *(version(n + 1) for n in range(versions)))
    write(root, *(stage(number, name) for name, number in stages.items()))
    return root
