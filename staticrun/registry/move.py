"""Registering, promoting, rolling back and withdrawing: each a change of a few small files.

Nothing is written here: a change says what files are to hold, and in words what it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from staticrun.errors import UserError, nearest
from staticrun.layout import RegistryFile, registry_file
from staticrun.registry import manifests
from staticrun.registry.read import read
from staticrun.registry.state import KINDS
from staticrun.registry.write import edit, spell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from staticrun.registry.manifests import Override, Stage, Version
    from staticrun.registry.state import ModelState, State


class Change(NamedTuple):
    """What a step changes.

    Attributes:
        files: Path in the project → bytes.
        subject: A sentence: the first line of a commit.
        reason: Why; empty where the sentence says it all.
        facts: What programs read at the end of a commit's message.
        branch: A name for a branch that holds this change alone.
    """

    files: dict[str, bytes]
    subject: str
    reason: str
    facts: dict[str, str]
    branch: str

    @property
    def message(self) -> str:
        """The message of a commit: sentence, reason and trailers."""
        trailers = "\n".join(f"Registry-{key}: {value}" for key, value in self.facts.items())
        return "\n\n".join(filter(None, [self.subject, self.reason, trailers])) + "\n"


def register(
    root: Path, state: State, version: Version, card: str | None = None, about: str | None = None
) -> Change:
    """Add a version, and the model where it is new.

    Args:
        root: The project's folder.
        state: The registry.
        version: The version, with its number.
        card: Markdown of its card.
        about: What a new model is for, in Markdown.

    Raises:
        UserError: When the same bytes are a version of the model already.
    """
    known = state.models.get(version.model)
    for number, other in known.versions.items() if known else ():
        if other.artifact.tree == version.artifact.tree:
            raise UserError(
                f"{version.model} {number}",
                "has these bytes already",
                "another model, or other bytes",
                f"staticrun registry promote {version.model} {number} --to STAGE",
            )
    name, number = version.model, version.version
    changed = {RegistryFile("version", name, number).path: spell(version)}
    if card is not None:
        changed[RegistryFile("card", name, number).path] = card.encode()
    about_path = RegistryFile("model", name).path
    if about_path not in state.names:
        changed[about_path] = spell(manifests.Model(model=name, description=about))
    for path, data in changed.items():
        _demand_whole(path, data)
        if (root / path).exists():
            raise UserError(path, "is there already", "a number that is free")
    subject = f"Register {name} {number} from {version.run.key}"
    facts = {"Model": name, "Version": str(number), "Tree": version.artifact.tree}
    return Change(changed, subject, "", facts, f"registry/{name}-{number}")


def next_number(state: State, model: str) -> int:
    """Give the number of a model's next version: no number is ever used twice."""
    folder = RegistryFile("model", model).path.rpartition("/")[0]
    places = [registry_file(path) for path in state.names if path.startswith(f"{folder}/")]
    return max((place.number for place in places if place is not None), default=0) + 1


def promote(
    root: Path,
    state: State,
    version: Version,
    stage: str,
    *,
    reason: str,
    by: str | None = None,
    overrides: Sequence[Override] = (),
    release: bool = False,
) -> Change:
    """Put a stage at a version.

    Args:
        root: The project's folder.
        state: The registry.
        version: A version of it.
        stage: The stage; a new one is made.
        reason: Why, in a line.
        by: Who asks for it.
        overrides: Gates that it is promoted in spite of.
        release: Whether the stage, which is held at the version, is let go; it stays there.

    Raises:
        UserError: When the version was withdrawn, the stage is at it already, or is held.
    """
    model = state.models[version.model]
    _demand_usable(model, version)
    path = RegistryFile("stage", model.name, stage=stage).path
    if not manifests.is_name(stage):
        raise UserError(stage, "cannot name a stage", "a name such as production")
    now = model.stages.get(stage)
    there = now is not None and now.version == version.version
    if release and not (there and now and now.hold):
        what = f"is not held at version {version.version}"
        raise UserError(path, what, "the version that a stage is held at: a release moves nothing")
    if now is not None and now.hold and not release:
        raise UserError(
            path,
            f"is held at version {now.version}: {now.reason}",
            "a release, which is a change of its own",
            f"staticrun registry promote {model.name} {now.version} --to {stage} --release …",
        )
    if there and not release:
        raise UserError(path, f"is at version {version.version} already", "another version")
    return _move(root, state, "Promote", version, stage, by, reason, overrides=tuple(overrides))


def rollback(
    root: Path,
    state: State,
    version: Version,
    stage: str,
    *,
    reason: str,
    by: str | None = None,
) -> Change:
    """Put a stage back to a version that it was at, and hold it there.

    Raises:
        UserError: When the version was withdrawn, or the stage is at it.
    """
    model = state.models[version.model]
    _demand_usable(model, version)
    now = stage_of(model, stage)
    if now.version == version.version:
        path = RegistryFile("stage", model.name, stage=stage).path
        raise UserError(path, f"is at version {version.version}", "an earlier version")
    return _move(root, state, "Roll back", version, stage, by, reason, hold=True)


def withdraw(
    root: Path,
    state: State,
    version: Version,
    *,
    reason: str,
    by: str | None = None,
    superseded_by: int | None = None,
) -> Change:
    """Say that a version must not be used any more; its files stay.

    Raises:
        UserError: When a stage is at it, it was withdrawn before, or nothing supersedes it.
    """
    model = state.models[version.model]
    name, number = model.name, version.version
    path = RegistryFile("withdrawn", name, number).path
    if stages := model.stages_of(number):
        raise UserError(
            f"{name} {number}",
            f"is what {' and '.join(stages)} is at",
            "a version that no stage is at",
            f"staticrun registry rollback {name} {stages[0]} --reason … first",
        )
    if number in model.withdrawn or (root / path).exists():
        raise UserError(path, "says already that it was withdrawn", "a version that was not")
    if superseded_by is not None:
        version_of(state, name, superseded_by)
    withdrawn = manifests.Withdrawn(
        model=name, version=number, reason=reason, by=by, superseded_by=superseded_by
    )
    data = spell(withdrawn)
    _demand_whole(path, data)
    facts = {"Model": name, "Version": str(number)}
    branch = f"registry/{name}-{number}-withdrawn"
    return Change({path: data}, f"Withdraw {name} {number}", reason, facts, branch)


def model_of(state: State, name: str) -> ModelState:
    """Find a registered model.

    Raises:
        UserError: When there is none of that name; names the nearest.
    """
    model = state.models.get(name)
    if model is None:
        try_ = nearest(name, state.models) or "staticrun registry register RUN NAME"
        raise UserError(name, "is no registered model", "the name of one", try_)
    return model


def version_of(state: State, name: str, number: int) -> Version:
    """Find a version.

    Raises:
        UserError: When there is none, or its file cannot be read.
    """
    model = model_of(state, name)
    version = model.versions.get(number)
    if version is None:
        path = RegistryFile("version", name, number).path
        for finding in state.findings:
            if finding.where.partition(":")[0] == path:
                raise UserError.of(finding)
        numbers = ", ".join(map(str, sorted(model.versions)[-12:])) or "none yet"
        raise UserError(f"{name} {number}", "was never registered", f"one of {numbers}")
    return version


def find(state: State, name: str, point: str) -> Version:
    """Find the version that a number or a stage names.

    Raises:
        UserError: When there is none.
    """
    if point.isascii() and point.isdigit() and len(point) < 10:
        return version_of(state, name, int(point))
    return version_of(state, name, stage_of(model_of(state, name), point).version)


def stage_of(model: ModelState, stage: str) -> Stage:
    """Find where a stage of a model is.

    Raises:
        UserError: When it has no such stage.
    """
    found = model.stages.get(stage)
    if found is None:
        try_ = nearest(stage, model.stages) or f"staticrun registry promote {model.name} …"
        raise UserError(f"{model.name}@{stage}", "is at no version", "a stage of it", try_)
    return found


def _move(
    root: Path,
    state: State,
    verb: str,
    version: Version,
    stage: str,
    by: str | None,
    reason: str,
    *,
    hold: bool = False,
    overrides: tuple[Override, ...] = (),
) -> Change:
    model = state.models[version.model]
    path = RegistryFile("stage", model.name, stage=stage).path
    now = model.stages.get(stage)
    # A release moves nothing: what came before, and in spite of what, stays what it was.
    same = now is not None and now.version == version.version
    wanted = manifests.Stage(
        model=model.name,
        stage=stage,
        version=version.version,
        tree=version.artifact.tree,
        previous=None if now is None else now.previous if same else now.version,
        reason=reason,
        requested_by=by,
        hold=hold,
        overrides=now.overrides if now is not None and same else overrides,
    )
    try:
        data = edit((root / path).read_bytes(), path, wanted)
    except FileNotFoundError:
        data = spell(wanted)
    _demand_whole(path, data)
    before = "" if now is None or same else f" (it was at {now.version})"
    subject = f"{verb} {model.name} {version.version} to {stage}{before}"
    if verb == "Roll back":
        subject = f"Roll {model.name} {stage} back to {version.version}{before}"
    elif same:
        subject = f"Release {model.name} {stage}, held at {version.version}"
    facts = {
        "Model": model.name,
        "Version": str(version.version),
        "Stage": stage,
        "Previous": "none" if now is None else str(now.version),
        "Tree": version.artifact.tree,
    }
    branch = f"registry/{model.name}-{version.version}-{stage}"
    return Change({path: data}, subject, reason, facts, branch)


def _demand_usable(model: ModelState, version: Version) -> None:
    withdrawn = model.withdrawn.get(version.version)
    if withdrawn is not None:
        instead = withdrawn.superseded_by
        raise UserError(
            f"{model.name} {version.version}",
            f"was withdrawn: {withdrawn.reason}",
            "a version that may be used" if instead is None else f"version {instead}",
        )


def _demand_whole(path: str, data: bytes) -> None:
    """Refuse what could not be read again, such as a reason with a line end in it."""
    place = registry_file(path)
    kind = place and KINDS.get(place.kind)
    findings = read(data, path, kind)[1] if kind else []
    if findings:
        raise UserError.of(findings[0])
