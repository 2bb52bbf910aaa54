"""The types of record, version 1 of the format.

Each record is one JSON object on one line; its `type` picks the struct. The same structs decode,
validate and make the JSON Schema, so that the three cannot differ. Unknown types and fields are
for the future: a reader counts and keeps them.

Times are Unix seconds (float64, UTC). Paths are relative to the run's folder, with `/`.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

FORMAT = 1


Time = Annotated[float, Meta(description="Unix seconds, UTC", examples=[1795424400.25])]
Digest = Annotated[str, Meta(description="sha256 as 64 hex digits", examples=["9f86d0…"])]
# What JSON can hold. Spelled `object` below: msgspec reads it as any JSON value.
Json = object
# Written non-finite numbers are the strings NaN, Infinity and -Infinity; null reads as NaN.
Number = float | int | str | None
Level = Literal["debug", "info", "warning", "error", "critical"]
Status = Literal["finished", "failed", "stopped"]


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """What every record shares: the field `type` and, where it is known, the time."""


class Git(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state of the git work tree at the start.

    Attributes:
        commit: Full hash of HEAD.
        branch: Branch name; absent when HEAD is detached.
        remote: URL of the remote, without credentials.
        dirty: Whether tracked files differ from the commit or untracked ones exist.
        diff: Path of the artifact that holds the difference.
    """

    commit: str | None = None
    branch: str | None = None
    remote: str | None = None
    dirty: bool | None = None
    diff: str | None = None


class Start(Record, frozen=True, kw_only=True, omit_defaults=True, tag="start"):
    """The first record of a file: who writes, from where, and what is known of the surroundings.

    What takes long to find out follows in a further `start` with the same `id` and `time`: its
    fields complete the first one.

    Attributes:
        format: Version of the record format; the writer always writes it.
        time: When the writer started.
        id: 26 characters, sortable by time, unique; the same in every file of a run.
        name: Any text, shown as the run's name.
        segment: 0 for the first start of a writer, then 1, 2, … after each resume.
        rewind_to: Points of earlier segments at or after this step are superseded.
        parent: The id of the run that this one belongs to.
        group: Any text by which runs are grouped.
        writer: Name of the writer, as in the file's name; `main` when absent.
        rank: Number of this process among `world_size`.
        world_size: Number of processes.
        pid: Process id.
        user: Login name.
        host: Host name.
        command: The command line, one text an argument.
        cwd: Working folder, relative to the project where it is inside.
        python: Version of Python.
        platform: Operating system and machine.
        packages: Installed package → version.
        hardware: CPU, memory, accelerators.
        git: State of the work tree.
        env: Environment variables that were asked for.
        seed: The seed of the run.
        seeds: Generator → the seed found in it; null where it cannot be known.
    """

    format: int | UnsetType = UNSET
    time: Time | None = None
    id: str | None = None
    name: str | None = None
    segment: int = 0
    rewind_to: float | None = None
    parent: str | None = None
    group: str | None = None
    writer: str | None = None
    rank: int | None = None
    world_size: int | None = None
    pid: int | None = None
    user: str | None = None
    host: str | None = None
    command: list[str] | None = None
    cwd: str | None = None
    python: str | None = None
    platform: str | None = None
    packages: dict[str, str] | None = None
    hardware: dict[str, Json] | None = None
    git: Git | None = None
    env: dict[str, str] | None = None
    seed: Json = None
    seeds: dict[str, Json] | None = None


class Params(Record, frozen=True, kw_only=True, omit_defaults=True, tag="params"):
    """What the run was configured with; later records add and replace key by key.

    Attributes:
        values: Nested objects; shown with dots (`model.width`). Lists stay lists.
        time: When they were recorded.
    """

    values: dict[str, Json]
    time: Time | None = None


class Metrics(Record, frozen=True, kw_only=True, omit_defaults=True, tag="metrics"):
    """One step's numbers.

    Attributes:
        values: Metric → number.
        step: Left out: one more than this writer's last; the first is 0.
        time: When they were logged.
    """

    values: dict[str, Number]
    step: float | int | UnsetType | None = UNSET
    time: float | int | UnsetType | None = UNSET


class System(Record, frozen=True, kw_only=True, omit_defaults=True, tag="system"):
    """Use of the machine.

    Attributes:
        values: `cpu.percent`, `memory.bytes`, `gpu.0.utilization`, … → number.
        time: When it was sampled.
    """

    values: dict[str, Number]
    time: float | int | UnsetType | None = UNSET


class Histogram(Record, frozen=True, kw_only=True, omit_defaults=True, tag="histogram"):
    """A distribution at a step: `counts[i]` values lie in `edges[i]` to `edges[i + 1]`.

    Attributes:
        name: What is distributed.
        edges: Ascending; one more than counts.
        counts: How many values, or their weight.
        step: The step that it belongs to.
        time: When it was logged.
    """

    name: str
    edges: list[float]
    counts: list[float]
    step: float | None = None
    time: Time | None = None


class Summary(Record, frozen=True, kw_only=True, omit_defaults=True, tag="summary"):
    """Results of the whole run; per key the last one holds, null deletes.

    Attributes:
        values: Name → any JSON value.
        time: When they were recorded.
    """

    values: dict[str, Json]
    time: Time | None = None


class Tags(Record, frozen=True, kw_only=True, omit_defaults=True, tag="tags"):
    """Words to find the run by; per key the last one holds, null deletes.

    Attributes:
        values: Name → any JSON value.
        time: When they were recorded.
    """

    values: dict[str, Json]
    time: Time | None = None


class Note(Record, frozen=True, kw_only=True, omit_defaults=True, tag="note"):
    """What a person has to say about the run.

    Attributes:
        text: Markdown.
        time: When it was written.
    """

    text: str
    time: Time | None = None


class Artifact(Record, frozen=True, kw_only=True, omit_defaults=True, tag="artifact"):
    """A file or folder of the run, or one that is elsewhere.

    Attributes:
        path: Relative to the run's folder (`artifacts/model.npz`); or else `uri`.
        uri: Where it is when it is not in the run's folder.
        sha256: Digest of a file.
        tree: Tree digest of a folder.
        bytes: Size, for a folder that of its files.
        kind: `file`, `folder`, `image`, `table`, `figure`, `audio`, `video`, `text`, `html`,
            `console`, `diff`, `model`, …: how it is shown.
        key: Artifacts with one key and several steps belong together.
        step: The step that it belongs to.
        caption: A sentence that stands below it.
        time: When it was logged.
    """

    path: str | None = None
    uri: str | None = None
    sha256: Digest | None = None
    tree: Digest | None = None
    bytes: int | None = None
    kind: str = "file"
    key: str | None = None
    step: float | None = None
    caption: str | None = None
    time: Time | None = None


class Use(Record, frozen=True, kw_only=True, omit_defaults=True, tag="use"):
    """What the run consumed: another run's artifact (`run`, `path`) or a `uri`, with a digest.

    Attributes:
        run: Id of the run that wrote it.
        path: Of the artifact, relative to that run's folder.
        uri: Where it is when no run wrote it.
        sha256: Digest of a file.
        tree: Tree digest of a folder.
        role: What it was used for: `init`, `teacher`, ….
        time: When it was read.
    """

    run: str | None = None
    path: str | None = None
    uri: str | None = None
    sha256: Digest | None = None
    tree: Digest | None = None
    role: str | None = None
    time: Time | None = None


class Dataset(Record, frozen=True, kw_only=True, omit_defaults=True, tag="dataset"):
    """Data that the run read.

    Attributes:
        name: What it is called.
        digest: Of its content; two runs with one digest saw the same data.
        role: What it was used for: `train`, `eval`, ….
        rows: How many examples it has.
        source: Where it is from.
        schema: Its columns, as JSON.
        sampled: How many of the rows the digest is of, when it is not of all.
        time: When it was read.
    """

    name: str
    digest: str | None = None
    role: str | None = None
    rows: int | None = None
    source: str | None = None
    schema: Json = None
    sampled: int | None = None
    time: Time | None = None


class Model(Record, frozen=True, kw_only=True, omit_defaults=True, tag="model"):
    """A packaged model that the run wrote.

    Attributes:
        name: What it is called.
        path: Its folder, relative to the run's.
        tree: Tree digest of its folder.
        flavor: How it is packaged: `sklearn`, ….
        signature: Its inputs and outputs, as JSON.
        requirements: Packages that it needs, as pip writes them.
        time: When it was written.
    """

    name: str
    path: str | None = None
    tree: Digest | None = None
    flavor: str | None = None
    signature: Json = None
    requirements: list[str] | None = None
    time: Time | None = None


class Verdict(Record, frozen=True, kw_only=True, omit_defaults=True, tag="verdict"):
    """What the reproduction of a run found.

    Attributes:
        of: Id of the run that was reproduced.
        result: `same`, `close`, `different`, ….
        metrics: Metric → what differs, by how much, at which step.
        time: When it was found.
    """

    of: str
    result: str
    metrics: dict[str, Json] | None = None
    time: Time | None = None


class Log(Record, frozen=True, kw_only=True, omit_defaults=True, tag="log"):
    """A line of text that the training wrote.

    Attributes:
        text: What it says.
        level: How much it matters.
        time: When it was written.
    """

    text: str
    level: Level = "info"
    time: Time | None = None


class Alert(Record, frozen=True, kw_only=True, omit_defaults=True, tag="alert"):
    """A line that somebody should see.

    Attributes:
        text: What it says.
        level: How much it matters.
        time: When it was written.
    """

    text: str
    level: Level = "warning"
    time: Time | None = None


class Edit(Record, frozen=True, kw_only=True, omit_defaults=True, tag="edit"):
    """A later change by a person or a tool, in a file of its own; what is absent stays.

    Attributes:
        time: Orders the edits of a run; with one time, their ids do.
        name: The new name.
        archived: Whether the run is hidden from lists and pages.
        tags: As in `tags`.
        note: One more note.
    """

    time: Time
    name: str | None = None
    archived: bool | None = None
    tags: dict[str, Json] | None = None
    note: str | None = None


class Beat(Record, frozen=True, kw_only=True, omit_defaults=True, tag="beat"):
    """A sign of life, written when nothing else was for a minute.

    Attributes:
        time: When it was written.
    """

    time: Time


class Failure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a run failed.

    Attributes:
        type: Name of the exception's class.
        message: What the exception says.
        traceback: Where it was raised, as Python prints it.
    """

    type: str
    message: str = ""
    traceback: str | None = None


class End(Record, frozen=True, kw_only=True, omit_defaults=True, tag="end"):
    """The last record of a writer.

    Attributes:
        status: `finished`, `failed` (an exception, an error exit) or `stopped` (by a signal).
        time: When.
        error: The exception, for `failed` and `stopped`.
    """

    status: Status
    time: Time | None = None
    error: Failure | None = None


AnyRecord = (
    Start
    | Params
    | Metrics
    | System
    | Histogram
    | Summary
    | Tags
    | Note
    | Artifact
    | Use
    | Dataset
    | Model
    | Verdict
    | Log
    | Alert
    | Edit
    | Beat
    | End
)

TYPES: dict[str, type[Record]] = {
    str(kind.__struct_config__.tag): kind for kind in AnyRecord.__args__
}
