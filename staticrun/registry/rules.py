"""What has to hold of a registry by itself, whatever it was before.

Two changes that git merges without a conflict may break each other; so this is asked of the result
of a merge, not of each change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.errors import Finding
from staticrun.layout import RegistryFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staticrun.registry.manifests import Stage
    from staticrun.registry.state import ModelState, State


def broken_rules(state: State) -> list[Finding]:
    """List what is wrong with a registry beyond its single files, in the order of paths."""
    found: list[Finding] = []
    for model in state.models.values():
        found += _of_model(state, model)
    for name, policy in state.policies.stages.items():
        where = RegistryFile("policies").path
        for gate in policy.gates:
            if state.policies.gate(gate) is None:
                what = f"the stage {name} asks for the gate {gate}, which is none"
                found.append(
                    Finding(where, what, "a gate of `gates:`, or a kind without settings")
                )
    return found


def _of_model(state: State, model: ModelState) -> Iterator[Finding]:
    about = RegistryFile("model", model.name).path
    if model.about is None and about not in state.broken:
        yield Finding(about, "is missing", f"schema: staticrun.model/1 and model: {model.name}")
    for number in sorted(model.cards.keys() - model.versions.keys()):
        version, card = (
            RegistryFile(kind, model.name, number).path for kind in ("version", "card")
        )
        if version not in state.broken:
            yield Finding(card, f"there is no version {number}", f"{version}, which it describes")
    for number, withdrawn in model.withdrawn.items():
        path = RegistryFile("withdrawn", model.name, number).path
        for key, other in (("version", number), ("superseded_by", withdrawn.superseded_by)):
            if other is not None and not _has(state, model, other):
                yield Finding(path, f"{key} {other} was never registered", _known(model))
        if withdrawn.superseded_by == number:
            yield Finding(path, f"version {number} is superseded by itself", "another version")
    for stage in model.stages.values():
        yield from _of_stage(state, model, stage)


def _of_stage(state: State, model: ModelState, stage: Stage) -> Iterator[Finding]:
    path = RegistryFile("stage", model.name, stage=stage.stage).path
    version = model.versions.get(stage.version)
    if version is None:
        if not _has(state, model, stage.version):
            yield Finding(path, f"version {stage.version} was never registered", _known(model))
    elif version.artifact.tree != stage.tree:
        yield Finding(
            path,
            f"tree is {stage.tree}, and version {stage.version} has other bytes",
            version.artifact.tree,
            f"staticrun registry promote {model.name} {stage.version} --to {stage.stage}",
        )
    if stage.version in model.withdrawn:
        yield Finding(
            path,
            f"is at version {stage.version}, which was withdrawn:"
            f" {model.withdrawn[stage.version].reason}",
            "a version that may be used",
            f"staticrun registry rollback {model.name} {stage.stage}",
        )
    if stage.previous is not None and not _has(state, model, stage.previous):
        yield Finding(path, f"previous {stage.previous} was never registered", _known(model))


def _has(state: State, model: ModelState, number: int) -> bool:
    """Say whether a version was registered, whether or not its file can be read."""
    return RegistryFile("version", model.name, number).path in state.names


def _known(model: ModelState) -> str:
    numbers = sorted(model.versions)
    return f"one of 1 to {numbers[-1]}" if numbers else "a version that is registered"
