"""Where everything is: the only place that spells a path, a file name or a URL.

A *path* is of the operating system (`pathlib.Path`). A *URL* is a text with `/`, relative to the
root of the site. A run's *key* is its path below its root: `EXPERIMENT/RUN`.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath
from typing import NamedTuple

CONFIG = "staticrun.yaml"
EXPERIMENT_CONFIG = "experiment.yaml"
RUNS = "runs"
REPORTS = "reports"
REGISTRY = "registry"
SITE = "site"
REGISTRY_URL = "registry/index.html"
TIMELINE_URL = "registry/timeline/index.html"
AGAINST_FIGURE = "figure.png"
CACHE = ".staticrun"
ASIDE = ".staticrun/aside"
THEMES = "themes"
ARTIFACTS = "artifacts"
# Inside runs/, because the cache may be deleted at any time; a scan skips names with a dot.
TRASH = ".trash"
DEFAULT_EXPERIMENT = "default"
MAIN = "main"

_SEGMENT = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
# Names that the site itself uses or that a host treats specially.
_RESERVED = frozenset({"index.html", "con", "prn", "aux", "nul", "404.html"})
_RECORD_FILE = re.compile(r"run(?:\.(?P<middle>[^/]+?))?\.jsonl(?:\.gz)?")
_NAME = r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9_-])?"
_REGISTRY_FILE = re.compile(
    rf"registry/(?:(?P<top>registry|policies)\.yaml|models/(?P<model>{_NAME})/(?:"
    r"(?P<about>model)\.yaml|versions/(?P<number>[0-9]{4,9})\.(?P<end>yaml|card\.md)"
    rf"|withdrawn/(?P<withdrawn>[0-9]{{4,9}})\.yaml|stages/(?P<stage>{_NAME})\.yaml))"
)
_RESUMED = re.compile(r"(?:(?P<writer>.+)\.)?r(?P<number>[1-9]\d{0,5})")


class RecordFile(NamedTuple):
    """What the name of a record file says.

    Attributes:
        writer: `main`, `rank3`, …; for an edit file its id.
        segment: 0 for the first start, 1 for `r2`, …
        edit: Whether a person or a tool wrote it after the run.
    """

    writer: str
    segment: int
    edit: bool


def record_file(name: str) -> RecordFile | None:
    """Read the name of a record file; None for any other file.

    >>> record_file("run.rank3.r2.jsonl.gz")
    RecordFile(writer='rank3', segment=1, edit=False)
    """
    match = _RECORD_FILE.fullmatch(name)
    if not match:
        return None
    middle = match["middle"] or ""
    if middle.startswith("edit-"):
        return RecordFile(middle.removeprefix("edit-"), 0, edit=True)
    resumed = _RESUMED.fullmatch(middle)
    if resumed:
        number = max(int(resumed["number"]) - 1, 0)
        return RecordFile(resumed["writer"] or MAIN, number, edit=False)
    return RecordFile(middle or MAIN, 0, edit=False)


def record_file_name(writer: str = MAIN, segment: int = 0) -> str:
    """Spell the name of a writer's record file: the inverse of `record_file`."""
    parts = ["run"]
    if writer != MAIN:
        parts.append(writer)
    if segment:
        parts.append(f"r{segment + 1}")
    return ".".join([*parts, "jsonl"])


def edit_file_name(edit_id: str) -> str:
    """Spell the name of a file of edits."""
    return f"run.edit-{edit_id}.jsonl"


class RegistryFile(NamedTuple):
    """What the path of a file below `registry/` says.

    Attributes:
        kind: `registry`, `policies`, `model`, `version`, `card`, `withdrawn` or `stage`.
        model: The registered model; empty for the first two.
        number: Of the version, for `version`, `card` and `withdrawn`; else 0.
        stage: For `stage`; else empty.
    """

    kind: str
    model: str = ""
    number: int = 0
    stage: str = ""

    @property
    def path(self) -> str:
        """The path in the project, with `/`."""
        folder = f"{REGISTRY}/models/{self.model}"
        return {
            "registry": f"{REGISTRY}/registry.yaml",
            "policies": f"{REGISTRY}/policies.yaml",
            "model": f"{folder}/model.yaml",
            "version": f"{folder}/versions/{self.number:04}.yaml",
            "card": f"{folder}/versions/{self.number:04}.card.md",
            "withdrawn": f"{folder}/withdrawn/{self.number:04}.yaml",
            "stage": f"{folder}/stages/{self.stage}.yaml",
        }[self.kind]


def registry_file(path: str) -> RegistryFile | None:
    """Read the path of a file below `registry/`; None for what is no part of a registry.

    >>> registry_file("registry/models/churn/versions/0003.yaml")
    RegistryFile(kind='version', model='churn', number=3, stage='')
    """
    match = _REGISTRY_FILE.fullmatch(path)
    if match is None:
        return None
    if match["top"]:
        return RegistryFile(match["top"])
    if match["about"]:
        return RegistryFile("model", match["model"])
    if match["stage"]:
        return RegistryFile("stage", match["model"], stage=match["stage"])
    kind = (
        "withdrawn" if match["withdrawn"] else "card" if match["end"] == "card.md" else "version"
    )
    found = RegistryFile(kind, match["model"], int(match["withdrawn"] or match["number"]))
    return found if found.path == path else None  # `00003.yaml` and `0000.yaml` are none


def find_project(start: Path) -> Path:
    """Find the project that a folder is in.

    Returns:
        The nearest folder at or above `start` that holds staticrun.yaml, else the nearest that
        holds `runs/` or `.git`, else `start` itself.
    """
    start = start.resolve()
    folders = [start, *start.parents]
    for mark in (CONFIG, RUNS, ".git"):
        for folder in folders:
            if (folder / mark).exists():
                return folder
    return start


def split_key(key: str) -> tuple[str, str]:
    """Split a run's key into its experiment and its own name.

    >>> split_key("vision/digits/007"), split_key("007")
    (('vision/digits', '007'), ('default', '007'))
    """
    experiment, _, run = key.rpartition("/")
    return experiment or DEFAULT_EXPERIMENT, run


def url_segment(name: str) -> str:
    """Spell a name as one segment of a URL.

    The name itself where it is short, lower case and plain; else a slug, `~` and 6 hex digits of
    its sha256, so that upper case, NFD, hostile and long names never collide on any file system.

    >>> url_segment("lr-0.1"), url_segment("LR 0.1")
    ('lr-0.1', 'lr-0.1~a930a5')
    """
    if _SEGMENT.fullmatch(name) and name not in _RESERVED and not name.endswith("."):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{slug(name)}~{digest}"


def slug(name: str) -> str:
    """Reduce any text to at most 40 plain lower-case characters; `x` when nothing is left."""
    plain = re.sub(r"[^a-z0-9._]+", "-", name.lower())[:40].strip("-._")
    return plain or "x"


def _segments(name: str) -> str:
    return "/".join(url_segment(part) for part in PurePosixPath(name).parts)


def run_url(key: str) -> str:
    """Give the URL of a run's page."""
    experiment, run = split_key(key)
    return f"runs/{_segments(experiment)}/{url_segment(run)}/index.html"


def experiment_url(name: str) -> str:
    """Give the URL of an experiment's page."""
    return f"experiments/{_segments(name)}/index.html"


def comparison_url(name: str) -> str:
    """Give the URL of a declared comparison's page."""
    return f"compare/{url_segment(name)}/index.html"


def report_url(path: str) -> str:
    """Give the URL of a report from its path below `reports/`; `index.md` is a folder's page."""
    pure = PurePosixPath(path).with_suffix("")
    parts = pure.parts[:-1] if pure.name == "index" else pure.parts
    return "/".join(["reports", *(url_segment(part) for part in parts), "index.html"])


def model_url(name: str) -> str:
    """Give the URL of a registered model's page."""
    # Of a model called `timeline` too: no slug has such an end.
    return f"{REGISTRY}/{'timeline~model' if name == 'timeline' else url_segment(name)}/index.html"


def model_version_url(name: str, number: int) -> str:
    """Give the URL of the page of a registered model's version."""
    return f"{model_url(name).removesuffix('index.html')}{number}/index.html"


def against_url(name: str, candidate: int, champion: int) -> str:
    """Give the URL of the page that compares a version with one whose place it is to take."""
    folder = model_version_url(name, candidate).removesuffix("index.html")
    return f"{folder}against-{champion}/index.html"


def against_figure_url(name: str, candidate: int, champion: int) -> str:
    """Give the URL of the picture of that comparison, which stays where it is."""
    return against_url(name, candidate, champion).removesuffix("index.html") + AGAINST_FIGURE


def badge_url(experiment: str) -> str:
    """Give the URL of an experiment's badge; `badges/runs.svg` is that of the project."""
    # Of an experiment called `runs` or `registry` too: no slug has such an end.
    first, slash, rest = _segments(experiment).partition("/")
    if first == REGISTRY or experiment == RUNS:
        first += "~experiment"
    return f"badges/{first}{slash}{rest}.svg"


def stage_badge_url(model: str, stage: str) -> str:
    """Give the URL of the badge that says which version a stage is at."""
    return f"badges/{REGISTRY}/{url_segment(model)}/{url_segment(stage)}.svg"


def absolute(base: str, url: str) -> str:
    """Give a URL of the site with the address in front of it where the site is published."""
    # `index.html` stays at the end of others: not every host finds it by itself.
    return f"{base.rstrip('/')}/{'' if url == 'index.html' else url}"


def object_url(digest: str, extension: str) -> str:
    """Give the URL of an immutable object: 32 of the sha256's hex digits, 256 folders."""
    return f"o/{digest[:2]}/{digest[2:34]}.{extension}"


def version_url(name: str) -> str:
    """Give the URL of the folder that holds a site version's entry pages."""
    return f"v/{url_segment(name)}"


def root_prefix(url: str) -> str:
    """Give the way from a page back to the site's root: `../../` for `v/a/index.html`."""
    return "../" * url.count("/")


def bundle() -> Path:
    """Find the browser's bundle: `app.js`, `app.css`, fonts. Built, never committed."""
    return Path(__file__).parent / "web" / "dist"


def bundled_themes() -> Path:
    """Find the themes that come with staticrun: in a wheel beside the code, else the checkout."""
    here = Path(__file__).parent
    installed = here / THEMES
    return installed if installed.is_dir() else here.parent / THEMES
