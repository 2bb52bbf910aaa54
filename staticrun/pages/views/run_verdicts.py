"""What a repetition of another run found: a sentence, and by how much each metric differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

import msgspec

from staticrun import layout
from staticrun.pages import format as fmt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staticrun.config import Metric
    from staticrun.pages.context import Relations, RunLink
    from staticrun.record.types import Json
    from staticrun.store.entries import VerdictEntry
    from staticrun.store.run import Run

VERDICTS_MAX = 12
ROWS_MAX = 200
RESULT_MAX = 160
TEXT_MAX = 200
NAME_MAX = 120
# What stands before a result; words that nobody agreed on have no mark.
_MARKS = {"same": "ok", "close": "ok", "different": "fail"}


class Difference(msgspec.Struct, frozen=True):
    """A metric and how far the repetition is from the run; each as text.

    Attributes:
        metric: Its name, with its unit.
        by: By how much; empty where that was not recorded.
        step: At which step; empty where that was not recorded.
        more: What else was recorded.
    """

    metric: str
    by: str
    step: str
    more: str


class Verdict(msgspec.Struct, frozen=True):
    """A verdict.

    Attributes:
        run: The run that was repeated: its key, or its id where it is not in the project.
        key: Its key, whole; empty where it is not in the project.
        url: Its page; empty where it is not in the project.
        mark: Class of the mark before the result; may be empty.
        result: As recorded.
        about: When it was found, and how many metrics it names.
        rows: These metrics.
        more: Whether a row has something beside the two numbers.
        left_out: How many metrics more it names; empty for none.
    """

    run: str
    key: str
    url: str
    mark: str
    result: str
    about: str
    rows: tuple[Difference, ...]
    more: bool
    left_out: str


class Verdicts(msgspec.Struct, frozen=True):
    """All verdicts of a run.

    Attributes:
        shown: In the order of the record.
        left_out: How many more there are; empty for none.
    """

    shown: tuple[Verdict, ...]
    left_out: str


def verdicts(run: Run, declared: Mapping[str, Metric], relations: Relations) -> Verdicts | None:
    """Set what a run found of others; None where it repeated none."""
    if not run.verdicts:
        return None
    originals = dict(relations.originals)
    rest = len(run.verdicts) - VERDICTS_MAX
    return Verdicts(
        tuple(_verdict(one, declared, originals) for one in run.verdicts[:VERDICTS_MAX]),
        fmt.plural(rest, "more verdict") if rest > 0 else "",
    )


def _verdict(
    one: VerdictEntry, declared: Mapping[str, Metric], originals: Mapping[str, RunLink]
) -> Verdict:
    link = originals.get(one.of)
    metrics = one.metrics or {}
    names = list(metrics)[:ROWS_MAX]
    rows = tuple(_difference(name, metrics[name], declared.get(name)) for name in names)
    found = f"Found {fmt.date(one.time)}. " if one.time is not None else ""
    count = fmt.plural(len(metrics), "metric") if metrics else "no metric"
    return Verdict(
        fmt.short(link.key if link else one.of, NAME_MAX) or "(empty)",
        link.key if link else "",
        layout.run_url(link.key) if link else "",
        _MARKS.get(one.result, ""),
        fmt.label(one.result, RESULT_MAX),
        f"{found}The verdict names {count}.",
        rows,
        any(row.more for row in rows),
        fmt.plural(len(metrics) - ROWS_MAX, "more metric") if len(metrics) > ROWS_MAX else "",
    )


def _difference(name: str, found: Json, metric: Metric | None) -> Difference:
    """Read what differs: `{"by": 0.001, "step": 3}`, a number alone, or whatever there is."""
    by: Json = None
    step: Json = None
    more = ""
    if isinstance(found, dict):
        by, step = found.get("by"), found.get("step")
        rest = {key: value for key, value in found.items() if key not in ("by", "step")}
        more = ", ".join(f"{key}: {fmt.scalar(value)}" for key, value in rest.items())
    elif _is_number(found):
        by = found
    else:
        more = fmt.scalar(found)
    unit = fmt.unit(metric)
    shown = fmt.label(name, NAME_MAX)
    # A share that is shown as per cent elsewhere differs by a share here.
    named = f"{shown} ({unit})" if unit and fmt.factor(metric) == 1 else shown
    return Difference(named, _spelled(by, 4), _spelled(step, 6), fmt.short(more, TEXT_MAX))


def _spelled(value: Json, digits: int) -> str:
    if value is None:
        return ""
    if _is_number(value):
        return fmt.number(float(value), digits)
    return fmt.short(fmt.scalar(value), TEXT_MAX)


def _is_number(value: Json) -> TypeGuard[float]:
    """Tell numbers that a float64 can hold."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) < 2**1023
    return isinstance(value, float)
