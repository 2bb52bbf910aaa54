"""What the files of a registry hold: one struct a file, and how each name and digest looks.

A struct's docstring is the documentation of its file: the JSON Schema and the guide are made from
it. A file says in `schema` what it is, so that a later version can read every earlier one.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from staticrun.registry.kinds import (
    PLAIN,
    Better,
    CardPresent,
    CleanGit,
    Command,
    FreshData,
    Gate,
    Integrity,
    Kind,
    Paired,
    RequiredFiles,
    SameData,
    Seeds,
    SignaturePresent,
    Threshold,
)
from staticrun.registry.words import (
    END,
    NAME_PATTERN,
    AtLogin,
    Commit,
    Digest,
    Direction,
    Line,
    Manifest,
    Name,
    Number,
    Path,
    RunId,
    Soak,
    Text,
    Time,
    Url,
)

# Who reads manifests finds every type here.
__all__ = [
    "NAME_PATTERN",
    "PLAIN",
    "Better",
    "CardPresent",
    "CleanGit",
    "Command",
    "Commit",
    "Digest",
    "Direction",
    "FreshData",
    "Gate",
    "Integrity",
    "Kind",
    "Line",
    "Manifest",
    "Name",
    "Number",
    "Paired",
    "Path",
    "RequiredFiles",
    "RunId",
    "SameData",
    "Seeds",
    "SignaturePresent",
    "Text",
    "Threshold",
    "Time",
    "Url",
]


class File(Manifest, frozen=True, kw_only=True):
    """A file of an artifact.

    Attributes:
        path: Inside the artifact.
        size: In bytes.
        sha256: Of its bytes.
    """

    path: Path
    size: Annotated[int, Meta(ge=0)]
    sha256: Annotated[
        str, Meta(pattern=r"^[0-9a-f]{64}" + END, description="64 hex digits in quotes")
    ]


class Artifact(Manifest, frozen=True, kw_only=True):
    """The bytes of a version.

    Attributes:
        path: Where they were when it was registered, below the project: a hint.
        tree: Their tree digest, which says what they are wherever they are.
        size: Bytes of all files.
        files: Every file, in the byte order of paths.
        mirrors: Addresses of folders that hold the same files.
    """

    path: Path
    tree: Digest
    size: Annotated[int, Meta(ge=0)]
    files: Annotated[tuple[File, ...], Meta(min_length=1, max_length=4000)]
    mirrors: Annotated[tuple[Url, ...], Meta(max_length=20)] = ()


class RunOf(Manifest, frozen=True, kw_only=True):
    """The run that wrote a version.

    Attributes:
        id: Its id, which never changes.
        key: Where it was when the version was registered: a hint.
        record: Tree digest of its record files as they were then.
        files: Their names.
    """

    id: RunId
    key: Path
    record: Digest
    files: Annotated[tuple[Path, ...], Meta(min_length=1, max_length=1000)]


class Code(Manifest, frozen=True, kw_only=True):
    """The code that the run ran.

    Attributes:
        commit: What was checked out.
        dirty: Whether the work tree had changes beyond it; null where nobody knows.
        remote: Where the repository is.
        command: What was run, one text an argument.
    """

    commit: Commit | None = None
    dirty: bool | None = None
    remote: Line | None = None
    command: Annotated[tuple[Text, ...], Meta(max_length=200)] = ()


class Data(Manifest, frozen=True, kw_only=True):
    """Data that the run read, as the record `dataset` says it.

    Attributes:
        name: What it is called.
        role: What it was used for: `train`, `eval`, ….
        digest: Of its content; two versions with one digest saw the same data.
        rows: How many examples it has.
        source: Where it is from.
    """

    name: Line
    role: Line | None = None
    digest: Line | None = None
    rows: Annotated[int, Meta(ge=0)] | None = None
    source: Line | None = None


class Value(Manifest, frozen=True, kw_only=True):
    """A metric when the version was registered.

    Attributes:
        name: Of the metric, or of a number of the run's summary.
        value: The last one; NaN and the infinities as the texts `NaN`, `Infinity`, `-Infinity`.
        direction: Which values are better, as the project's configuration says.
    """

    name: Line
    value: float | Literal["NaN", "Infinity", "-Infinity"]
    direction: Direction | None = None

    @property
    def number(self) -> float:
        """The value as a float64."""
        return float(self.value)


class Version(Manifest, frozen=True, kw_only=True):
    """`versions/0003.yaml`: one version of a model. Written once, never changed.

    Attributes:
        schema: What the file is.
        model: The registered model.
        version: Its number, as in the file's name.
        created: When it was registered.
        created_by: Who registered it.
        run: The run that wrote it.
        artifact: Its bytes.
        code: The code of the run.
        python: Version of Python that the run had.
        flavor: How the model is packaged; null for plain files.
        signature: Inputs and outputs, as the run recorded them.
        requirements: Packages that it needs, as pip writes them.
        data: What the run read.
        metrics: What the run measured.
    """

    schema: Literal["staticrun.version/1"] = "staticrun.version/1"
    model: Name
    version: Number
    created: Time
    created_by: Line | None = None
    run: RunOf
    artifact: Artifact
    code: Code = Code()
    python: Line | None = None
    flavor: Line | None = None
    signature: Any = None
    requirements: Annotated[tuple[Line, ...], Meta(max_length=1000)] = ()
    data: Annotated[tuple[Data, ...], Meta(max_length=200)] = ()
    metrics: Annotated[tuple[Value, ...], Meta(max_length=500)] = ()


class Override(Manifest, frozen=True, kw_only=True):
    """A gate that somebody decided against.

    Attributes:
        gate: Which one.
        reason: Why.
        by: Who decided.
    """

    gate: Name
    reason: Annotated[Line, Meta(min_length=1)]
    by: Annotated[Line, Meta(min_length=1)]


class Stage(Manifest, frozen=True, kw_only=True):
    """`stages/production.yaml`: which version a stage is at; all that a promotion changes.

    Attributes:
        schema: What the file is.
        model: The registered model.
        stage: The stage, as in the file's name.
        version: The version that it is at.
        tree: Tree digest of that version: who reviews this file approves bytes.
        previous: The version before; what the base branch has when the change is merged.
        reason: Why it was moved.
        requested_by: Who asked for it.
        hold: Whether it stays until somebody releases it, whatever is trained.
        overrides: Gates that this move was made in spite of.
    """

    schema: Literal["staticrun.stage/1"] = "staticrun.stage/1"
    model: Name
    stage: Name
    version: Number
    tree: Digest
    previous: Number | None = None
    reason: Annotated[Line, Meta(min_length=1)]
    requested_by: Line | None = None
    hold: bool = False
    overrides: Annotated[tuple[Override, ...], Meta(max_length=50)] = ()


class Withdrawn(Manifest, frozen=True, kw_only=True):
    """`withdrawn/0002.yaml`: a version that must not be used any more. Written once.

    Attributes:
        schema: What the file is.
        model: The registered model.
        version: The version.
        reason: Why.
        by: Who said so.
        superseded_by: The version to use in its place.
    """

    schema: Literal["staticrun.withdrawn/1"] = "staticrun.withdrawn/1"
    model: Name
    version: Number
    reason: Annotated[Line, Meta(min_length=1)]
    by: Line | None = None
    superseded_by: Number | None = None


class Model(Manifest, frozen=True, kw_only=True):
    """`model.yaml`: what a registered model is for. May be changed at any time.

    Attributes:
        schema: What the file is.
        model: Its name, as that of the folder.
        description: What it does, in Markdown.
        owners: Who answers for it.
        task: What it solves, in a word or two.
        license: Under which it may be used.
        tags: Any names and texts.
    """

    schema: Literal["staticrun.model/1"] = "staticrun.model/1"
    model: Name
    description: Text | None = None
    owners: Annotated[tuple[Line, ...], Meta(max_length=100)] = ()
    task: Line | None = None
    license: Line | None = None
    tags: dict[Line, Line] = msgspec.field(default_factory=dict)


class Registry(Manifest, frozen=True, kw_only=True):
    """`registry.yaml`: the registry's own settings; every default works without the file.

    Attributes:
        schema: What the file is.
        order: The stages, the first one first; any other name is an alias.
        models_max: How many models one change may touch; 0 for any number.
        allowed_signers: A file in the repository that lists who may sign, as `ssh-keygen` reads
            it; without it no signature is verified.
    """

    schema: Literal["staticrun.registry/1"] = "staticrun.registry/1"
    order: Annotated[tuple[Name, ...], Meta(max_length=50)] = ("staging", "production")
    models_max: Annotated[int, Meta(ge=0)] = 1
    allowed_signers: Path | None = None


class Approvals(Manifest, frozen=True, kw_only=True):
    """Who has to approve a promotion at the host; nobody can decide against it in a stage's file.

    Attributes:
        min: How many people, at least.
        not_author: Whether those do not count who wrote something of it.
        users: Who alone counts; empty for everybody who may write to the repository.
    """

    min: Annotated[int, Meta(ge=1, le=100)] = 1
    not_author: bool = True
    users: Annotated[tuple[AtLogin, ...], Meta(max_length=200)] = ()


class Policy(Manifest, frozen=True, kw_only=True):
    """What a stage asks of a version that is to come to it.

    Attributes:
        from: Stages one of which it must have been at before.
        soak: How long it must have been there, in hours (`48h`) or days (`7d`).
        gates: Names of the gates that it must pass.
        approvals: Who has to approve it.
    """

    came_from: Annotated[tuple[Name, ...], Meta(max_length=50)] = msgspec.field(
        default=(), name="from"
    )
    soak: Soak | None = None
    gates: Annotated[tuple[Name, ...], Meta(max_length=200)] = ()
    approvals: Approvals | None = None


class Policies(Manifest, frozen=True, kw_only=True):
    """`policies.yaml`: what promotions have to pass; that of the base branch counts.

    Attributes:
        schema: What the file is.
        stages: Stage → what it asks for.
        gates: Name → a gate.
    """

    schema: Literal["staticrun.policies/1"] = "staticrun.policies/1"
    stages: dict[Name, Policy] = msgspec.field(default_factory=dict)
    gates: dict[Name, Gate] = msgspec.field(default_factory=dict)

    def gate(self, name: str) -> Gate | None:
        """Give the gate of a name; None where there is none."""
        return self.gates.get(name) or PLAIN.get(name)


def is_name(text: str) -> bool:
    """Say whether a text can name a model, a stage or a gate."""
    return re.search(NAME_PATTERN, text) is not None
