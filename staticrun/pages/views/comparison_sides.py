"""Which runs a declared comparison compares, and which of them is the baseline.

Everything that cannot be resolved is told twice: on the page, where a reader must not take an
empty side for a result, and as a finding.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.errors import Finding, UserError
from staticrun.pages import format as fmt
from staticrun.pages.views import sentence
from staticrun.pages.views.grouping import cut, distinct, group
from staticrun.pages.views.line_labels import named_labels, telling
from staticrun.pages.views.naming import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from staticrun.config import Comparison
    from staticrun.store.run import Run
    from staticrun.store.store import Store


# With the baseline they are as many lines as a figure names.
COLOURED = 7


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison.

    Attributes:
        label: The group's label, or the run's name.
        runs: Its runs, none archived.
        slot: Its colour; 0 for the baseline, which is ink, and for what found none.
        whole: All params that vary, where the label has only those that tell it from others.
    """

    label: str
    runs: tuple[Run, ...]
    slot: int = 0
    whole: str = ""


@dataclass(slots=True)
class Sides:
    """All sides, and what is wrong with the declaration.

    Attributes:
        baseline: What the others are compared with; None where it is missing.
        others: The candidates, in the declared order.
        coloured: Which of the others are in colour, where not all are: `The first 7 in acc`.
        problems: What is wrong, in sentences for the page.
        findings: The same for `check` and the build.
    """

    baseline: Side | None = None
    others: tuple[Side, ...] = ()
    coloured: str = ""
    problems: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def all(self) -> tuple[Side, ...]:
        """The baseline, where there is one, then the others."""
        return (self.baseline, *self.others) if self.baseline else self.others

    def tell(self, where: str, what: str, expected: str = "", try_: str = "") -> None:
        """Note a problem for the page and as a finding."""
        self.problems.append(f"{sentence.capital(what)}.")
        self.findings.append(Finding(where, what, expected, try_))


def resolve(name: str, declared: Comparison, store: Store) -> Sides:
    """Find the runs of all sides.

    Args:
        name: The comparison's name.
        declared: What staticrun.yaml says.
        store: The project's runs.
    """
    where = f"{layout.CONFIG}: comparisons.{name}"
    sides = Sides()
    if declared.groups is not None:
        found = _from_groups(declared.groups, where, store, sides)
    elif declared.runs is not None:
        found = _from_runs(declared.runs, where, store, sides)
    elif declared.where is not None:
        found = _from_filter(declared.where, where, store, sides)
    else:
        sides.tell(where, "it declares neither groups nor runs nor where", "one of the three")
        found = []
    _pick_baseline(declared.baseline, found, where, sides)
    _tell_shared(found, where, sides)
    if len(found) == 1:
        sides.tell(where, f"only {found[0].label!r} has runs", "at least two sides")
    _shorten(sides)
    return sides


def _shorten(sides: Sides) -> None:
    """Make labels fit for a head of a column and a sentence, once nothing is found by them."""
    labels = distinct(shown(side.label) for side in sides.all)
    named = [replace(side, label=label) for side, label in zip(sides.all, labels, strict=True)]
    if sides.baseline is not None:
        sides.baseline, *named = named
    sides.others = tuple(named)


def _select(text: str, where: str, store: Store, sides: Sides) -> list[Run]:
    try:
        return list(store.runs(text))
    except UserError as error:
        problem = error.finding
        expected = f", expected {problem.expected}" if problem.expected else ""
        what = f"the filter {text!r} cannot be read: {problem.what}{expected}"
        sides.tell(where, what, try_=problem.try_)
        return []


def _from_groups(groups: dict[str, str], where: str, store: Store, sides: Sides) -> list[Side]:
    found = []
    for label, text in groups.items():
        told = len(sides.problems)
        runs = _select(text, f"{where}.groups.{label}", store, sides)
        if runs:
            found.append(Side(label, tuple(runs)))
        elif told == len(sides.problems):
            sides.tell(
                f"{where}.groups.{label}",
                f"no run matches {text!r}, so {label!r} is empty",
                "a filter that chooses runs",
                f"staticrun runs list --where {text!r}",
            )
    return found


def _from_runs(keys: Iterable[str], where: str, store: Store, sides: Sides) -> list[Side]:
    found: list[Run] = []
    for key in keys:
        try:
            run = store.find(key)
        except UserError as error:
            sides.tell(f"{where}.runs", f"there is no run {key!r}", "", error.finding.try_)
            continue
        if run.archived:
            sides.tell(f"{where}.runs", f"the run {run.key!r} is archived and left out")
        elif all(run.key != other.key for other in found):
            found.append(run)
    many = len({run.experiment for run in found}) > 1
    tops = [run.key if many else layout.split_key(run.key)[1] for run in found]
    names = [run.name for run in found]
    labels = tops if len(set(names)) < len(names) or many else names
    return [Side(label, (run,)) for label, run in zip(labels, found, strict=True)]


def _from_filter(text: str, where: str, store: Store, sides: Sides) -> list[Side]:
    told = len(sides.problems)
    runs = _select(text, f"{where}.where", store, sides)
    if not runs and told == len(sides.problems):
        sides.tell(
            f"{where}.where",
            f"no run matches {text!r}",
            "a filter that chooses runs",
            f"staticrun runs list --where {text!r}",
        )
    groups = group(runs).groups
    names = telling([one.values for one in groups])
    few = [{name: one.values[name] for name in names if name in one.values} for one in groups]
    labels = distinct(cut(label) for label in named_labels(few))
    return [
        Side(label, one.runs, whole=one.label) for label, one in zip(labels, groups, strict=True)
    ]


def _pick_baseline(declared: str | None, found: list[Side], where: str, sides: Sides) -> None:
    chosen = None
    if declared is not None:
        chosen = next(
            (side for side in found if declared in (side.label, side.whole)), None
        ) or next(
            (side for side in found if any(declared in (run.key, run.id) for run in side.runs)),
            None,
        )
        if chosen is None:
            labels = [side.label for side in found]
            sides.tell(
                f"{where}.baseline",
                f"the baseline {declared!r} is none of the sides that have runs",
                sentence.listing([repr(label) for label in labels], "or") if labels else "",
            )
    elif found:
        chosen = found[0]
    sides.baseline = chosen
    others = [side for side in found if side is not chosen]
    sides.others = tuple(
        replace(side, slot=number if number <= COLOURED else 0)
        for number, side in enumerate(others, 1)
    )


def _tell_shared(found: list[Side], where: str, sides: Sides) -> None:
    owners: dict[str, str] = {}
    shared: dict[tuple[str, str], list[str]] = {}
    for side in found:
        for run in side.runs:
            owner = owners.setdefault(run.key, side.label)
            if owner != side.label:
                shared.setdefault((owner, side.label), []).append(run.key)
    for (one, other), keys in shared.items():
        names = fmt.listed([repr(key) for key in keys], most=3)
        sides.tell(
            where,
            f"{fmt.plural(len(keys), 'run')} ({names}) on both sides, {one!r} and {other!r}, so "
            "the two are not independent and the test does not hold",
            "filters that choose no run twice",
        )
