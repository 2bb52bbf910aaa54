"""What the files of a registry hold: one struct a file, and how each name and digest looks.

A struct's docstring is the documentation of its file: the JSON Schema and the guide are made from
it. A file says in `schema` what it is, so that a later version can read every earlier one.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

# `$` in Python also matches before a line end that is the last character.
_END = r"$(?!\n)"
# Lower case alone, so that no two names are one file on any system; and no device of Windows,
# which is no file there, whatever its extension.
_DEVICE = r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$))"
NAME_PATTERN = rf"^{_DEVICE}[a-z0-9](?:[a-z0-9._-]{{0,61}}[a-z0-9_-])?{_END}"
Name = Annotated[str, Meta(pattern=NAME_PATTERN, description="a name such as churn-eu")]
Digest = Annotated[
    str, Meta(pattern=r"^sha256:[0-9a-f]{64}" + _END, description="sha256: and 64 hex digits")
]
Commit = Annotated[
    str, Meta(pattern=r"^[0-9a-f]{40}(?:[0-9a-f]{24})?" + _END, description="a full commit hash")
]
RunId = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}" + _END, description="a run's id")]
Time = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z" + _END,
        description='a time in UTC such as "2026-11-20T09:14:05Z"',
    ),
]
# Relative, `/`, no `.` or `..` or empty part, no backslash, colon or control character.
Path = Annotated[
    str,
    Meta(
        pattern=r"^(?!(?:.*/)?\.{0,2}(?:/|$))(?![~$-])[^\\:\x00-\x1f\x7f]{1,1024}" + _END,
        description="a relative path with / such as runs/digits/a/artifacts/model.onnx",
    ),
]
Url = Annotated[
    str,
    Meta(
        pattern=r"^https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/[A-Za-z0-9._~/%+@=-]*" + _END,
        max_length=1000,
        description="an https address",
    ),
]
# One line that a person wrote.
Line = Annotated[
    str, Meta(pattern=r"^[^\x00-\x1f\x7f]*" + _END, max_length=500, description="one line of text")
]
Text = Annotated[str, Meta(max_length=20_000, description="a text")]
Number = Annotated[int, Meta(ge=1, le=999_999_999, description="a version number from 1")]
Direction = Literal["max", "min"]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of the registry."""


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
        str, Meta(pattern=r"^[0-9a-f]{64}" + _END, description="64 hex digits in quotes")
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
    tags: dict[Line, Line] = {}


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


class Kind(Manifest, frozen=True, kw_only=True, tag_field="kind"):
    """What all gates have.

    Attributes:
        models: The models that the gate is for; all where none is named.
    """

    models: Annotated[tuple[Name, ...], Meta(max_length=500)] = ()

    def is_for(self, model: str) -> bool:
        """Say whether a model has to pass it."""
        return not self.models or model in self.models


class Integrity(Kind, frozen=True, kw_only=True, tag="integrity"):
    """The bytes are here, and are those of the version; so is the run's record."""


class SignaturePresent(Kind, frozen=True, kw_only=True, tag="signature-present"):
    """The version says what goes in and what comes out."""


class CardPresent(Kind, frozen=True, kw_only=True, tag="card-present"):
    """The version has a model card.

    Attributes:
        headings: Headings that it must have, in any order.
    """

    headings: tuple[Line, ...] = ()


class CleanGit(Kind, frozen=True, kw_only=True, tag="clean-git"):
    """The run ran what a commit holds, without changes beyond it."""


class RequiredFiles(Kind, frozen=True, kw_only=True, tag="required-files"):
    """The artifact has certain files.

    Attributes:
        files: Their paths in it.
    """

    files: Annotated[tuple[Path, ...], Meta(min_length=1)]


class Threshold(Kind, frozen=True, kw_only=True, tag="threshold"):
    """A metric is within bounds.

    Attributes:
        metric: Which.
        min: What it must not be below.
        max: What it must not be above.
    """

    metric: Line
    min: float | None = None
    max: float | None = None


class Better(Kind, frozen=True, kw_only=True, tag="better"):
    """A metric is better than that of the version which the stage is at, on the same data.

    Attributes:
        metric: Which.
        direction: Which values are better.
        min_delta: By how much at least.
        role: Which datasets have to be the same.
        first_release: Whether a stage that is at no version yet lets any pass.
    """

    metric: Line
    direction: Direction
    min_delta: Annotated[float, Meta(ge=0)] = 0.0
    role: Line = "eval"
    first_release: Literal["allow", "fail"] = "allow"


class SameData(Kind, frozen=True, kw_only=True, tag="same-data"):
    """The version was evaluated on the data of the one which the stage is at, by digest.

    Attributes:
        role: Which datasets are compared.
        first_release: Whether a stage that is at no version yet lets any pass.
    """

    role: Line = "eval"
    first_release: Literal["allow", "fail"] = "allow"


class Command(Kind, frozen=True, kw_only=True, tag="command"):
    """A command of the project's own, which reads the promotion as JSON and says pass or fail.

    Attributes:
        command: One text an argument; run without a shell, in the project's folder.
        timeout: Seconds after which it is ended, and the gate was not evaluated.
    """

    command: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=100)]
    timeout: Annotated[float, Meta(gt=0, le=3600)] = 60.0


Gate = (
    Integrity
    | SignaturePresent
    | CardPresent
    | CleanGit
    | RequiredFiles
    | Threshold
    | Better
    | SameData
    | Command
)
# Gates that need nothing said are there by their kinds' names.
PLAIN: dict[str, Gate] = {
    "integrity": Integrity(),
    "signature-present": SignaturePresent(),
    "card-present": CardPresent(),
    "clean-git": CleanGit(),
    "same-data": SameData(),
}


class Policy(Manifest, frozen=True, kw_only=True):
    """What a stage asks of a version that is to come to it.

    Attributes:
        from: Stages one of which it must have been at before.
        gates: Names of the gates that it must pass.
    """

    came_from: Annotated[tuple[Name, ...], Meta(max_length=50)] = msgspec.field(
        default=(), name="from"
    )
    gates: Annotated[tuple[Name, ...], Meta(max_length=200)] = ()


class Policies(Manifest, frozen=True, kw_only=True):
    """`policies.yaml`: what promotions have to pass; that of the base branch counts.

    Attributes:
        schema: What the file is.
        stages: Stage → what it asks for.
        gates: Name → a gate.
    """

    schema: Literal["staticrun.policies/1"] = "staticrun.policies/1"
    stages: dict[Name, Policy] = {}
    gates: dict[Name, Gate] = {}

    def gate(self, name: str) -> Gate | None:
        """Give the gate of a name; None where there is none."""
        return self.gates.get(name) or PLAIN.get(name)


def is_name(text: str) -> bool:
    """Say whether a text can name a model, a stage or a gate."""
    return re.search(NAME_PATTERN, text) is not None
