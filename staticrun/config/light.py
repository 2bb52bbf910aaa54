"""What the writer reads of a project's files, and yaml only where there is something to read.

A training must start where yaml is not installed, and must not pay for what it does not need.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from staticrun.config.keys import Capture
from staticrun.config.read import NOTHING, capture_of, metrics_of, read_bytes, runs_of
from staticrun.config.strict_yaml import parse
from staticrun.errors import Finding, nearest
from staticrun.layout import CONFIG, EXPERIMENT_CONFIG, RUNS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from staticrun.config.keys import Metric

VARIABLE = "STATICRUN_CAPTURE"
_ASPECTS = Capture.__struct_fields__
# Where one can stand as a key: at the beginning of a line, or in a mapping in one line.
_KEY = re.compile(rb"""(?:^|[{,?])[ \t]*["']?(capture|runs)\b""", re.MULTILINE)

_WATCH = re.compile(rb"""(?:^|[{,])[ \t]*["']?watch\b""", re.MULTILINE)


class ForWriter(NamedTuple):
    """What a project says to the writer.

    Attributes:
        capture: What may be recorded of the surroundings.
        runs: The folder that new runs go to, relative to the project: the first of `runs`.
    """

    capture: Capture = Capture()
    runs: str = RUNS


def for_writer(
    root: Path, environ: Mapping[str, str] | None = None
) -> tuple[ForWriter, list[Finding]]:
    """Read what the writer needs to know.

    Over the file's `capture` stands the variable STATICRUN_CAPTURE: `none`, `all`, a list of what
    is recorded alone (`git,packages`), or of what is left out (`-user,-host`). When the file has
    a `capture` that is wrong, or is no sound YAML, nothing is recorded: whoever wrote it wanted
    less. A `runs` that is wrong counts as far as the builder takes it, so that both look in one
    place.

    Args:
        root: The project's folder.
        environ: The environment variables; those of the process when left out.

    Returns:
        What holds, and what is wrong with it. yaml is imported only when the file has such a key.
    """
    findings: list[Finding] = []
    found = _of_file(root / CONFIG, findings)
    words = (os.environ if environ is None else environ).get(VARIABLE, "")
    return found._replace(capture=_over(found.capture, words, findings)), findings


def watched(root: Path, experiment: Path) -> tuple[dict[str, Metric], list[Finding]]:
    """Read which metrics are watched while a run is written.

    Args:
        root: The project's folder.
        experiment: The experiment's folder; its experiment.yaml goes over staticrun.yaml.

    Returns:
        Metric → what is said of it, and what is wrong. yaml is imported only when a file says
        `watch`.
    """
    findings: list[Finding] = []
    found: dict[str, Metric] = {}
    shown = f"{experiment.relative_to(root).as_posix()}/{EXPERIMENT_CONFIG}"
    for path, name in ((root / CONFIG, CONFIG), (experiment / EXPERIMENT_CONFIG, shown)):
        # What else is wrong with the file is told by who reads it whole.
        data = read_bytes(path, name, [])
        if data is None or not _WATCH.search(data):
            continue
        try:
            found |= metrics_of(parse(data, name, []), name, findings)
        except ImportError:
            what = "`watch` cannot be read because pyyaml is not installed, nothing is watched"
            findings.append(Finding(name, what, try_="pip install pyyaml", level="warning"))
    return {name: metric for name, metric in found.items() if metric.watch}, findings


def _of_file(path: Path, findings: list[Finding]) -> ForWriter:
    data = read_bytes(path, CONFIG, findings)
    if data is None:
        return ForWriter(NOTHING) if findings else ForWriter()
    keys = {match.decode() for match in _KEY.findall(data)}
    if b"\0" in data:
        # In UTF-16 no key is seen: such a file is no staticrun.yaml, but may well be meant so.
        keys = {"capture"}
    if not keys:
        return ForWriter()
    try:
        node = parse(data, CONFIG, findings)
    except ImportError:
        findings.append(_without_yaml(keys))
        return ForWriter(NOTHING if "capture" in keys else Capture())
    sound = not findings
    runs = runs_of(node, findings)[0] if "runs" in keys else RUNS
    if "capture" not in keys:
        return ForWriter(runs=runs)
    return ForWriter(capture_of(node, findings) if sound else NOTHING, runs)


def _without_yaml(keys: set[str]) -> Finding:
    follows = {"capture": "nothing is captured", "runs": f"the run goes to {RUNS}/"}
    named = " and ".join(f"`{key}`" for key in sorted(keys))
    what = f"{named} cannot be read because pyyaml is not installed, " + " and ".join(
        follows[key] for key in sorted(keys)
    )
    return Finding(CONFIG, what, try_="pip install pyyaml", level="warning")


def _over(found: Capture, text: str, findings: list[Finding]) -> Capture:
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    known = {"all", "none", *_ASPECTS}
    for word in words:
        if word.removeprefix("-") not in known:
            what = f'"{word}" is no known word'
            try_ = nearest(word.removeprefix("-"), known)
            findings.append(Finding(VARIABLE, what, try_=try_, level="warning"))
    chosen = {word for word in words if word in _ASPECTS}
    if "none" in words:
        return NOTHING
    if "all" in words:
        chosen = set(_ASPECTS)
    elif not chosen:
        chosen = {aspect for aspect in _ASPECTS if getattr(found, aspect)}
    chosen -= {word[1:] for word in words if word.startswith("-")}
    # What an aspect says beyond on and off (a list, an interval) stays.
    return Capture(
        **{aspect: aspect in chosen and (getattr(found, aspect) or True) for aspect in _ASPECTS}
    )
