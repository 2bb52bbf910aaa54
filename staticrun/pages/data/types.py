"""The shapes of the data files; `staticrun/web/src/data/types.ts` is generated from them.

Numbers are JSON numbers; NaN and the infinities are the texts `NaN`, `Infinity` and `-Infinity`,
and a missing value is null. `Packed` is base64 of little-endian float64. URLs are relative to the
site's root. A file calls `staticrun_data(URL, JSON.parse(…))`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from staticrun.version_list import Version, Versions  # noqa: F401  (types.ts has them, too)

FORMAT = 1
# Runs of one shard: about 200 kB with thirty columns.
SHARD_RUNS = 1024
# Values of one shard and its statistics, the missing ones included: a run with thousands of names
# of its own would add a column for each to all the others.
SHARD_VALUES = 2**20
# Buckets of a series' overview: two for each pixel of a chart of usual width would be more than
# is seen.
OVERVIEW_BUCKETS = 512
# Points up to which a series is given whole at once.
WHOLE_POINTS = 1024
# Rows of a finer level that one file holds.
CHUNK_ROWS = 16_384

Number = float | str | None
Packed = str


class Metric(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a metric beside its values.

    Attributes:
        direction: `max`, `min`, or empty where none is declared or plain from the name.
        guessed: Whether the direction comes from the name.
        unit: Shown behind values; `%` where values are shown as per cent.
        format: A format specification, as in staticrun.yaml; empty for four significant digits.
        primary: Whether the project names it as the one that counts.
    """

    direction: str = ""
    guessed: bool = False
    unit: str = ""
    format: str = ""
    primary: bool = False


class ShardLink(msgspec.Struct, frozen=True):
    """Where a shard is.

    Attributes:
        n: How many runs it has.
        facts: URL of a `Shard`.
        stats: URL of its `Stats`.
    """

    n: int
    facts: str
    stats: str


class ExperimentLink(msgspec.Struct, frozen=True, omit_defaults=True):
    """An experiment and where its runs are.

    Attributes:
        name: Its path.
        url: Of its page.
        title: What a person called it; empty where nobody did.
        shards: Its runs, in natural order of their keys; fewer than 1,024 in one where runs have
            very many names.
        metrics: Declared metrics and those with a direction, the most telling first.
        baseline: Keys of the runs that others are compared with.
        seeds: Names of the params that are taken for seeds.
    """

    name: str
    url: str
    title: str = ""
    shards: tuple[ShardLink, ...] = ()
    metrics: dict[str, Metric] = {}
    baseline: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()


class Page(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page that search finds.

    Attributes:
        kind: `comparison`, `model` or `report`.
        title: Its heading.
        url: Where it is.
        text: A sentence on it; may be empty.
    """

    kind: str
    title: str
    url: str
    text: str = ""


class Index(msgspec.Struct, frozen=True):
    """`runs.js`: the way to all other data.

    Attributes:
        format: 1.
        project: The project's name; also the prefix of what the browser keeps.
        experiments: In natural order.
        pages: Comparisons, registered models and reports.
    """

    format: int
    project: str
    experiments: tuple[ExperimentLink, ...]
    pages: tuple[Page, ...]


class Manifest(msgspec.Struct, frozen=True):
    """`v/NAME/manifest.js`: which pages a site version has.

    Attributes:
        format: 1.
        name: The version's name.
        entries: URLs of its entry pages, below `v/NAME/`.
        runs: URL of a run's page without `runs/` and `/index.html` → the 34 digits of its object.
    """

    format: int
    name: str
    entries: tuple[str, ...]
    runs: dict[str, str]


class Words(msgspec.Struct, frozen=True):
    """A column of anything but plain numbers.

    Attributes:
        words: The values that occur, in natural order, so that a code is a rank; JSON values.
        codes: For each run its value's place in `words`; -1 where it has none.
    """

    words: list[Any]
    codes: list[int]


# A column: one number a run, or words.
Column = list[Number] | Words


class Shard(msgspec.Struct, frozen=True):
    """The facts of up to 1,024 runs of one experiment, as columns of n values.

    Attributes:
        n: How many runs.
        keys: Whole keys, in natural order.
        urls: Of their pages.
        data: URLs of their `RunData`.
        ids: Permanent ids.
        name: What they are called.
        status: `finished`, `failed`, `stopped`, `open`.
        started: Unix seconds.
        ended: Unix seconds.
        last_record: Unix seconds.
        duration: Seconds.
        user: Login names.
        group: Texts by which runs are grouped.
        parent: Ids.
        commit: Whole commits.
        dirty: true or false.
        archived: true or false.
        params: Dotted name → column.
        tags: Name → column.
        summary: Name → column.
        metrics: Name → last values.
        sparks: The experiment's first two metrics → a small curve a run, each value a height 0 to
            61 as a character of `0-9A-Za-z`, `.` where there is none; at most 24 characters, empty
            without a curve.
        datasets: Names of the data sets of each run, as JSON lists.
    """

    n: int
    keys: list[str]
    urls: list[str]
    data: list[str]
    ids: list[str]
    name: Words
    status: Words
    started: list[Number]
    ended: list[Number]
    last_record: list[Number]
    duration: list[Number]
    user: Words
    group: Words
    parent: Words
    commit: Words
    dirty: Words
    archived: Words
    params: dict[str, Column]
    tags: dict[str, Column]
    summary: dict[str, Column]
    metrics: dict[str, list[Number]]
    sparks: dict[str, list[str]]
    datasets: Words


class MetricStats(msgspec.Struct, frozen=True):
    """Statistics of one metric, a value a run; as `runs list --json` has them."""

    n: list[Number]
    nonfinite: list[Number]
    first: list[Number]
    last_step: list[Number]
    min: list[Number]
    min_step: list[Number]
    max: list[Number]
    max_step: list[Number]
    mean: list[Number]


class Stats(msgspec.Struct, frozen=True, omit_defaults=True):
    """The statistics of a shard's runs beside the last values, loaded when they are asked for.

    Attributes:
        metrics: Name → statistics.
        best: Metric with a declared direction → URL of the `AtBest` of its best step.
    """

    metrics: dict[str, MetricStats]
    best: dict[str, str] = {}


class AtBest(msgspec.Struct, frozen=True):
    """Values of a shard's runs at the step where one metric was best, or the last before it.

    Attributes:
        metrics: Name → values; null where a run has none by then.
    """

    metrics: dict[str, list[Number]]


class Artifact(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file or folder of a run.

    Attributes:
        path: As logged; or its URI.
        kind: `image`, `table`, …
        url: Its object in the site; empty where it is not there.
        key: The name it was logged under; the same over steps.
        step: Its step.
        caption: A person's words.
        bytes: Its size.
        digest: sha256, or the tree digest of a folder.
    """

    path: str
    kind: str = ""
    url: str = ""
    key: str = ""
    step: float | None = None
    caption: str = ""
    bytes: int | None = None
    digest: str = ""


class RunData(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a run's page and a comparison show of one run beside its row in the shard.

    Attributes:
        key: Its key.
        id: Permanent.
        name: What it is called.
        url: Of its page.
        status: `finished`, `failed`, `stopped`, `open`.
        started: Unix seconds; null where unknown.
        params: Nested, as logged.
        tags: Name → value.
        summary: Name → value.
        series: URL of its `RunSeries`; empty without metrics.
        artifacts: Those that its page lists, at most 1,000, in the order of the record; of several
            records of one path the last, which says what the file is.
        packages: Name → version.
        commit: Whole commit.
        branch: Of the commit.
        dirty: Whether there were changes that were not committed.
        diff: URL of the diff; empty without one.
        command: The command line.
        python: Version.
        platform: Of the machine.
        hardware: As logged.
        datasets: `[name, role, digest, rows]` of each.
        error: Type and message of what ended it.
    """

    key: str
    id: str
    name: str
    url: str
    status: str
    started: float | None = None
    params: Any = None
    tags: dict[str, Any] = {}
    summary: dict[str, Any] = {}
    series: str = ""
    artifacts: tuple[Artifact, ...] = ()
    packages: dict[str, str] = {}
    commit: str = ""
    branch: str = ""
    dirty: bool | None = None
    diff: str = ""
    command: str = ""
    python: str = ""
    platform: str = ""
    hardware: Any = None
    datasets: tuple[tuple[str, str, str, int | None], ...] = ()
    error: str = ""


class Steps(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where points stand; several metrics share one.

    Attributes:
        n: How many points.
        start: The first step, for steps at equal distance.
        by: Their distance; 0 where `step` holds them.
        step: float64[n], ascending.
        time: float64[n], Unix seconds, NaN where unknown; empty where none has a time.
    """

    n: int
    start: float = 0.0
    by: float = 0.0
    step: Packed = ""
    time: Packed = ""


class Level(msgspec.Struct, frozen=True):
    """A finer drawing of a series, in files.

    Attributes:
        width: log2 of a bucket's width in steps, a multiple of 3; null for the points themselves.
        bounds: First step of each file's range, ascending.
        urls: Of `Chunk`s; a series that grows changes the last one.
        rows: How many rows each has: 16,384, but for the last.
    """

    width: int | None
    bounds: tuple[float, ...]
    urls: tuple[str, ...]
    rows: tuple[int, ...]


class Buckets(msgspec.Struct, frozen=True):
    """Points summed up in buckets of equal width in steps: [i · 2^width, (i + 1) · 2^width).

    The columns have a value for each bucket that has a point; `n` counts finite points. Buckets
    of one width add up, over runs too. Sums are of finite values; one that overflows is infinite.

    Attributes:
        width: log2 of the width in steps; below 0 only where steps lie closer than 1.
        at: float64[m], i, ascending.
        n: float64[m].
        sum: float64[m].
        min: float64[m]; NaN where n is 0.
        max: float64[m].
        first: float64[m], the first value, may be NaN or infinite.
        last: float64[m].
        nonfinite: float64[m].
        time: float64[m], of the last point with a time; empty where none has one.
    """

    width: int
    at: Packed
    n: Packed
    sum: Packed
    min: Packed
    max: Packed
    first: Packed
    last: Packed
    nonfinite: Packed
    time: Packed = ""


class Points(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a series, point by point.

    Attributes:
        steps: Index of its `Steps` in the file.
        value: float64[n].
        low: Smallest over the writers, for a mean over several; empty otherwise.
        high: Largest.
    """

    steps: int
    value: Packed
    low: Packed = ""
    high: Packed = ""


class Curve(msgspec.Struct, frozen=True, omit_defaults=True):
    """One metric of a run: the last value at each step that is not superseded.

    Attributes:
        n: Number of points.
        points: All of them, for a series of at most 1,024 points; null otherwise.
        overview: At most 512 buckets; null where `points` are given.
        levels: Finer ones, the coarsest first, the points last; empty where `points` are given.
        ghosts: Superseded points, at most 1,024 of them, without their times.
    """

    n: int
    points: Points | None = None
    overview: Buckets | None = None
    levels: tuple[Level, ...] = ()
    ghosts: Points | None = None


class RunSeries(msgspec.Struct, frozen=True):
    """All series of a run.

    Attributes:
        steps: Where points stand.
        metrics: Name → curve, in the order in which the names appeared.
        system: Use of the machine by sample; as metrics.
    """

    steps: tuple[Steps, ...]
    metrics: dict[str, Curve]
    system: dict[str, Curve]


class Chunk(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file of a `Level`: points or buckets of a range of steps.

    Attributes:
        steps: Where the points stand; null for buckets.
        points: For the finest level.
        buckets: For any other.
    """

    steps: Steps | None = None
    points: Points | None = None
    buckets: Buckets | None = None


FILES = (Index, Shard, Stats, AtBest, RunData, RunSeries, Chunk)
