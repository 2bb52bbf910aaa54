"""The keys of staticrun.yaml and experiment.yaml, each with its unit, default and an example.

Everything that is said about a key stands here once: the reader checks values by it, and the
JSON Schema and the reference in the guide are made from it. A key is here only when something
reads it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta


def _key(description: str, example: str, unit: str = "none", form: str = "") -> Meta:
    """Describe a key.

    Args:
        description: One sentence.
        example: A value as it is written in YAML, in flow style.
        unit: What a number counts, or `none`.
        form: What a text must look like beyond its type: a key of `forms.FORMS`.
    """
    return Meta(
        description=description,
        examples=[example],
        extra={"unit": unit, "form": form},
    )


class Project(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who this is."""

    name: Annotated[
        str | None,
        _key("Stands at the top of every page; without it, the name of the folder.", "Digits"),
    ] = None
    url: Annotated[
        str | None,
        _key(
            "Where the site is published; what needs an absolute address is left out without it.",
            "https://example.org/digits/",
            form="url",
        ),
    ] = None
    description: Annotated[
        str | None,
        _key("A sentence below the name, in Markdown.", "Recognition of handwritten digits."),
    ] = None


class Logs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Files of other programs that are read as runs, one JSON object a line."""

    glob: Annotated[
        str,
        _key(
            "Which files are read, relative to the project; each one is a run.",
            "outputs/**/metrics.jsonl",
            form="glob",
        ),
    ]
    step: Annotated[
        str | None,
        _key("The field that holds the step; without it, the first usual name.", "epoch"),
    ] = None
    time: Annotated[
        str | None,
        _key("The field that holds the time in Unix seconds.", "wall_time"),
    ] = None
    experiment: Annotated[
        str | None,
        _key("The experiment that the runs belong to.", "vision/imported", form="folder"),
    ] = None


class Capture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the writer records about its surroundings."""

    command: Annotated[
        bool, _key("The command line, without what looks like a secret.", "false")
    ] = True
    cwd: Annotated[bool, _key("The working folder.", "false")] = True
    user: Annotated[bool, _key("The login name.", "false")] = True
    host: Annotated[bool, _key("The name of the machine.", "false")] = True
    python: Annotated[bool, _key("The version of Python.", "false")] = True
    platform: Annotated[bool, _key("Operating system and architecture.", "false")] = True
    hardware: Annotated[
        bool, _key("Processors, memory and GPUs, and what of them may be used.", "false")
    ] = True
    packages: Annotated[bool, _key("Installed packages with their versions.", "false")] = True
    env: Annotated[
        bool | tuple[str, ...],
        _key(
            "Environment variables that change results or name the job; a list adds to them.",
            "[DATA_VERSION, MYLAB_*]",
            form="names",
        ),
    ] = True
    seeds: Annotated[
        bool, _key("Seeds that can be found in what the process has loaded.", "false")
    ] = True
    git: Annotated[
        bool, _key("Commit, branch and remote, and whether files were changed.", "false")
    ] = True
    diff: Annotated[
        bool, _key("What was changed since the commit, as a file of the run.", "false")
    ] = True
    locks: Annotated[
        bool, _key("Digests of lock files; the files, where git does not have them.", "false")
    ] = True
    source: Annotated[
        bool, _key("The script or the notebook's cells, where git does not have them.", "false")
    ] = True
    console: Annotated[bool, _key("What the process prints, as a file of the run.", "false")] = (
        True
    )
    system: Annotated[
        bool | float,
        _key(
            "Use of the machine, where psutil is installed; a number is the seconds between.",
            "60",
            unit="seconds",
            form="interval",
        ),
    ] = True


class Watch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a metric is told at once, as an alert of the run, the first time that it happens."""

    finite: Annotated[bool, _key("Tell when a value is NaN or infinite.", "false")] = True
    min: Annotated[
        float | None, _key("Tell when a value is less.", "0", form="number", unit="the metric's")
    ] = None
    max: Annotated[
        float | None,
        _key("Tell when a value is greater.", "100", form="number", unit="the metric's"),
    ] = None
    diverges: Annotated[
        float | None,
        _key(
            "Tell when a value is so many times worse than the best one before; needs a"
            " direction, and says nothing of values that are not above 0.",
            "3",
            form="factor",
        ),
    ] = None
    patience: Annotated[
        int | None,
        _key(
            "Tell when so many values on end were no better than the best one before; needs a"
            " direction.",
            "500",
            form="count",
            unit="values",
        ),
    ] = None


class Metric(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a metric is to be read."""

    direction: Annotated[
        Literal["min", "max"] | None,
        _key("Which values are better; without it nothing is called best.", "max"),
    ] = None
    unit: Annotated[
        str | None,
        _key(
            "Stands beside every value, and changes none: with `%`, values are per cent as they"
            " were logged.",
            "ms",
        ),
    ] = None
    format: Annotated[
        str | None,
        _key(
            "How values are written: a Python format specification. One that ends with `%`, "
            "and nothing else, shows 100 times the value, in tables, figures and charts.",
            ".1%",
            form="format",
        ),
    ] = None
    primary: Annotated[
        bool, _key("Whether tables and charts show this metric before others.", "true")
    ] = False
    tolerance: Annotated[
        str | None,
        _key(
            "By how much a branch may be worse than its base before `staticrun report` calls it a"
            " regression: a number, or a share of the base's mean; needs a direction.",
            "2%",
            unit="the metric's",
            form="tolerance",
        ),
    ] = None
    watch: Annotated[
        Watch | None,
        _key("What is told at once while a run is written.", "{max: 100, patience: 500}"),
    ] = None


class Comparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page that compares runs, chosen by exactly one of `groups`, `runs` and `where`."""

    title: Annotated[
        str | None, _key("Heading of the page; without it, the name.", "Large against small")
    ] = None
    description: Annotated[
        str | None, _key("A paragraph below the heading, in Markdown.", "Five seeds each.")
    ] = None
    groups: Annotated[
        dict[str, str] | None,
        _key(
            "Groups of runs that are compared: label, then a filter.",
            '{small: "params.width = 16", large: "params.width = 64"}',
        ),
    ] = None
    runs: Annotated[
        tuple[str, ...] | None,
        _key("Keys of the runs that are compared.", "[digits/first, digits/second]"),
    ] = None
    where: Annotated[
        str | None,
        _key("A filter that chooses the runs.", "experiment = 'digits' and val/acc > 0.9"),
    ] = None
    baseline: Annotated[
        str | None,
        _key("The label or key that the others are compared with.", "small"),
    ] = None
    metrics: Annotated[
        tuple[str, ...] | None,
        _key("The metrics that are shown, in this order; without it, all.", "[val/acc, val/loss]"),
    ] = None


class Artifacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which files of runs become part of the site."""

    max: Annotated[
        int,
        _key("A larger file is listed, not copied.", "20 MB", unit="bytes", form="size"),
    ] = 5_000_000
    total: Annotated[
        int | None,
        _key(
            "The most that all copied files together may have; the smallest are copied first.",
            "500 MB",
            unit="bytes",
            form="size",
        ),
    ] = None


class Accepted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding of the scan for secrets that a person looked at and lets through."""

    file: Annotated[
        str,
        _key(
            "The file, relative to the project; `*` stands for anything, `/` included.",
            "runs/team/*/run.jsonl",
            form="glob",
        ),
    ]
    reason: Annotated[str, _key("Why it may go out.", "The team's public address.", form="filled")]
    kind: Annotated[str | None, _key("What is found there; without it, anything.", "email")] = None
    digest: Annotated[
        str | None,
        _key("The one value that may go out, as the finding names it.", "9f86d081884c7d65"),
    ] = None


Level = Literal["show", "hide", "alias"]


class Privacy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must not go out."""

    users: Annotated[
        Level,
        _key(
            "Login names on pages; `alias` numbers them in the order of their first runs.",
            "alias",
        ),
    ] = "show"
    hosts: Annotated[Level, _key("Names of machines on pages, as for users.", "hide")] = "show"
    paths: Annotated[
        Level,
        _key(
            "Home folders on pages: both others write `~` for them, and `hide` leaves out the "
            "working folder, too.",
            "hide",
        ),
    ] = "show"
    redact: Annotated[
        tuple[str, ...],
        _key(
            "Patterns of `params.NAME`, `tags.NAME`, `summary.NAME` and `env.NAME` whose values "
            "pages do not show; `*` stands for anything.",
            "[params.patient_*, env.MYLAB_*]",
            form="field",
        ),
    ] = ()
    redact_text: Annotated[
        tuple[str, ...],
        _key(
            "Texts that pages do not show wherever a run holds them; upper and lower case are "
            "two.",
            "[Project Falcon]",
            form="filled",
        ),
    ] = ()
    accepted: Annotated[
        tuple[Accepted, ...],
        _key(
            "Findings of the scan for secrets that do not stop a publication.",
            "[{file: reports/team.md, kind: email, reason: Our public address.}]",
        ),
    ] = ()


class Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A site version, as git keeps it; `staticrun build --version NAME` writes it."""

    ref: Annotated[
        str | None,
        _key("The commit whose files it shows.", "4f2d1c0e9b8a"),
    ] = None
    root: Annotated[
        str | None,
        _key("The digest of its root, as in its receipt.", "9b1c40aa"),
    ] = None
    tool: Annotated[str | None, _key("The version of staticrun that built it.", "0.1.0")] = None
    aliases: Annotated[
        tuple[str, ...],
        _key(
            "Further names, which lead to it until they are given to another.", "[paper, stable]"
        ),
    ] = ()


class Keep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which site versions are kept; without `last`, all of them."""

    last: Annotated[
        int | None,
        _key(
            "So many of the newest versions are kept; those with an alias always are.",
            "10",
            form="count",
            unit="versions",
        ),
    ] = None
    matching: Annotated[
        tuple[str, ...],
        _key(
            "Names of versions that are kept always; `*` stands for any letters.",
            "[paper-*, 1.*]",
        ),
    ] = ()


class Publish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the site goes, what stays of it, and how large it may be."""

    target: Annotated[
        str,
        _key(
            "Where `staticrun publish` puts the site: `branch:NAME` of a git remote, or"
            " `folder:PATH`, relative to the project.",
            "folder:../public",
            form="target",
        ),
    ] = "branch:gh-pages"
    keep: Annotated[
        Keep, _key("Which site versions are kept.", "{last: 10, matching: [paper-*]}")
    ] = Keep()
    budget: Annotated[
        int,
        _key(
            "The most that all that is published together may have; GitHub Pages allows 1 GB.",
            "500 MB",
            unit="bytes",
            form="size",
        ),
    ] = 1_000_000_000


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of staticrun.yaml, and the folder that it describes."""

    root: Path
    project: Annotated[
        Project, _key("Who this is.", "{name: Digits, url: https://example.org/digits/}")
    ] = Project()
    runs: Annotated[
        tuple[str, ...],
        _key(
            "The folders that hold runs, relative to the project; new runs go to the first.",
            "[runs, archive/runs]",
            form="folders",
        ),
    ] = ("runs",)
    logs: Annotated[
        tuple[Logs, ...],
        _key(
            "Files of other programs that are read as runs.",
            "[{glob: outputs/**/metrics.jsonl, step: epoch}]",
        ),
    ] = ()
    capture: Annotated[
        Capture,
        _key(
            "What the writer records about its surroundings; false for nothing.",
            "{user: false, host: false}",
            form="switches",
        ),
    ] = Capture()
    metrics: Annotated[
        dict[str, Metric],
        _key("How metrics are to be read, by name.", "{val/acc: {direction: max, format: .1%}}"),
    ] = msgspec.field(default_factory=dict)
    comparisons: Annotated[
        dict[str, Comparison],
        _key(
            "Pages that compare runs, by name.",
            "{width: {runs: [digits/first, digits/second], metrics: [val/acc]}}",
        ),
    ] = msgspec.field(default_factory=dict)
    artifacts: Annotated[
        Artifacts, _key("Which files of runs become part of the site.", "{max: 20 MB}")
    ] = Artifacts()
    theme: Annotated[
        str,
        _key("The folder below `themes/` that the pages are made with.", "default", form="name"),
    ] = "default"
    privacy: Annotated[
        Privacy,
        _key(
            "What must not go out; `public` hides users, hosts and paths.",
            "{users: alias, paths: hide}",
            form="profile",
        ),
    ] = Privacy()
    versions: Annotated[
        dict[str, Version],
        _key(
            "Site versions that must not be lost, by name.",
            "{paper-v1: {ref: 4f2d1c0, tool: 0.1.0, aliases: [paper]}}",
        ),
    ] = msgspec.field(default_factory=dict)
    publish: Annotated[
        Publish,
        _key(
            "Where the site goes, what stays of it, and how large it may be.",
            "{target: branch:gh-pages, budget: 500 MB}",
        ),
    ] = Publish()


class Experiment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of an experiment.yaml, which stands in the experiment's folder."""

    title: Annotated[
        str | None, _key("Heading of its page; without it, the name.", "Digits by width")
    ] = None
    description: Annotated[
        str | None, _key("What was tried and why, in Markdown.", "Width against accuracy.")
    ] = None
    metrics: Annotated[
        dict[str, Metric],
        _key(
            "How metrics are to be read, by name; over those of the project.",
            "{val/loss: {direction: min, primary: true}}",
        ),
    ] = msgspec.field(default_factory=dict)
    baseline: Annotated[
        str | None,
        _key("The run that others are compared with: a key or a filter.", "digits/first"),
    ] = None
    archived: Annotated[
        bool, _key("Whether lists and pages leave the experiment out.", "true")
    ] = False
