r"""The filter language: which runs, in a line of text.

    val/acc > 0.9 and params.lr < 0.01
    status = 'finished' and (tags.team = "risk" or started > 2026-11-01)
    at(val/acc, best val/loss) >= 0.95 and not params.model.width in (16, 32)

It is the same in Python, on the command line, in reports and in the browser; MLflow's filter
strings are valid. In EBNF; keywords stand in any case:

    filter      = [ either ]                                     (* nothing: every run *)
    either      = both { "or" both }
    both        = negation { "and" negation }
    negation    = "not" negation | "(" either ")" | test
    test        = field ( operator value
                        | [ "not" ] "in" "(" value { "," value } ")"
                        | [ "not" ] ( "like" | "ilike" ) text
                        | "~" text
                        | "exists" | "missing" )
    operator    = "=" | "!=" | "<" | "<=" | ">" | ">="
    field       = [ space "." ] name | aggregate "(" metric ")"
                | "at" "(" metric "," "best" metric ")"
    metric      = [ "metrics." ] name
    space       = "metrics" | "params" | "tags" | "summary" | "attributes" | "datasets"
    aggregate   = "last" | "min" | "max" | "mean" | "first"
    name        = word | quoted name | name "." name
    quoted name = '"' … '"' | "`" … "`"                          (* twice the quote is one *)
    value       = number | "true" | "false" | text | date | length
    text        = "'" … "'" | '"' … '"'
    date        = YYYY-MM-DD [ "T" HH:MM [ ":SS" ] [ "Z" | "+HH:MM" ] ] | "-" length
    length      = ( number ( "ms" | "s" | "m" | "min" | "h" | "d" | "w" ) )+ | number
    word        = all characters but white space, quotes, parentheses, commas and = < > ! ~

What it means:

- A bare name is one of `experiment name status user started duration commit group parent
  archived`, else a metric; `attributes.` adds `id`, `key` and `ended`. A name in quotes is a
  metric. MLflow's words for spaces, attributes and statuses mean the same here.
- A metric's value is its last one. `min`, `max` and `mean` are over the finite values; `at(N,
  best M)` is N at the step where M was best, or at the last one before it, and needs M's
  direction in `metrics:`.
- A comparison with a missing or NaN value is false, that by `!=` and by `not in` included.
- Numbers compare with numbers and with texts that are numbers; texts with texts, and they have
  no order. `true` and `false` compare with booleans and with the texts that say so, in any case.
  A list or a mapping compares as JSON.
- `like` compares the whole text, `%` is any text and `_` any character; `ilike` is `like` in any
  case. `~` finds a regular expression anywhere (see `pattern`). A status has no case. They see
  numbers as Python writes float64, whole ones below 1e16 without `.0`.
- A date without a zone is UTC. `=`, `!=` and `in` with a date alone mean that day, the others its
  first moment. `-7d` is seven days before now, only where there is a clock.
- A commit may be shortened to 7 digits.
- A test of `datasets.name`, `.digest` or `.role` holds when it holds for one of the datasets.
"""

from __future__ import annotations

import json
import math
import operator
from typing import TYPE_CHECKING, Protocol, TypeAlias

from staticrun.errors import UserError
from staticrun.record.numbers import to_number
from staticrun.store import filter_tree as tree
from staticrun.store.filter_literal import number as number_of_text
from staticrun.store.filter_parse import parse_tree
from staticrun.store.filter_text import FilterError
from staticrun.store.pattern import like, regular

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from staticrun.config import Metric
    from staticrun.record.types import Git, Json
    from staticrun.store.entries import DatasetEntry
    from staticrun.store.series import Series, Stats

__all__ = ["Fields", "FilterError", "Predicate", "RunFields", "parse"]

_DAY = 86_400.0
_COMMIT_DIGITS_MIN = 7
# A whole float below this is written without `.0`, as JSON and browsers write it.
_INTEGER_TEXT_MAX = 1e16


class Fields(Protocol):
    """What a filter asks of a run. None everywhere stands for a value that is missing."""

    def attribute(self, name: str) -> str | float | bool | None:
        """Give an attribute of the run; times are Unix seconds."""

    def param(self, name: str) -> Json:
        """Give a param by its dotted name."""

    def tag(self, name: str) -> Json:
        """Give a tag."""

    def summary(self, name: str) -> Json:
        """Give a value of the summary."""

    def metric(self, name: str, aggregate: str, best: str) -> float | None:
        """Give a value of a metric; `best` is the other metric of the aggregate `at`."""

    def dataset(self, name: str) -> Sequence[str]:
        """Give the `name`, `digest` or `role` of each dataset."""


_Test: TypeAlias = "Callable[[Fields], bool]"
_Check: TypeAlias = "Callable[[Json], bool]"
_Equal: TypeAlias = "Callable[[Json, tree.Value], bool]"


class Predicate:
    """A parsed filter: call it with a run's fields.

    Attributes:
        text: As it was given.
        tree: What it says.
    """

    def __init__(self, text: str, expression: tree.Expression) -> None:
        self.text = text
        self.tree = expression
        self._holds = _compiled(expression)

    def __call__(self, fields: Fields) -> bool:
        """Say whether a run passes."""
        return self._holds(fields)

    def __str__(self) -> str:
        return tree.write(self.tree)

    def __repr__(self) -> str:
        return f"Predicate({self.text!r})"

    @property
    def fields(self) -> tuple[tree.Field, ...]:
        """The fields that it looks at, from left to right."""
        return tree.fields(self.tree)


def parse(text: str, *, clock: float | None = None) -> Predicate:
    """Read a filter.

    Args:
        text: As described above; empty for every run.
        clock: Now, in Unix seconds; without it a relative date is refused.

    Raises:
        FilterError: When the text is no filter; says where, what was expected, and what was
            probably meant.
    """
    return Predicate(text, parse_tree(text, clock))


def _compiled(node: tree.Expression) -> _Test:
    if isinstance(node, tree.Not):
        inner = _compiled(node.inner)
        return lambda fields: not inner(fields)
    if isinstance(node, tree.And):
        parts = [_compiled(part) for part in node.parts]
        return lambda fields: all(part(fields) for part in parts)
    if isinstance(node, tree.Or):
        parts = [_compiled(part) for part in node.parts]
        return lambda fields: any(part(fields) for part in parts)
    get, check = _getter(node.field), _check(node)
    if node.field.space == "dataset":
        if isinstance(node, tree.Exists):
            return lambda fields: bool(get(fields)) != node.negated
        return lambda fields: any(check(value) for value in _items(get(fields)))
    return lambda fields: check(get(fields))


def _items(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list | tuple) else ()


def _getter(field: tree.Field) -> Callable[[Fields], Json]:
    name, aggregate, best = field.name, field.aggregate, field.best
    if field.space == "metric":
        return lambda fields: fields.metric(name, aggregate, best)
    getters: dict[str, Callable[[Fields], Json]] = {
        "param": lambda fields: fields.param(name),
        "tag": lambda fields: fields.tag(name),
        "summary": lambda fields: fields.summary(name),
        "attribute": lambda fields: fields.attribute(name),
        "dataset": lambda fields: fields.dataset(name),
    }
    return getters[field.space]


def _check(node: tree.Test) -> _Check:
    """Make the test of one value."""
    if isinstance(node, tree.Exists):
        return lambda value: (value is None) == node.negated
    if isinstance(node, tree.Like):
        whole = like(node.pattern, fold=node.fold)
        return lambda value: _is_there(value) and whole.search(_text(value)) != node.negated
    if isinstance(node, tree.Matches):
        part = regular(node.pattern)
        return lambda value: _is_there(value) and part.search(_text(value))
    equal = _commit_equal if node.field == tree.Field("attribute", "commit") else _equal
    if isinstance(node, tree.In):
        return _among(equal, node.values, negated=node.negated)
    if node.operator in ("=", "!="):
        return _among(equal, (node.value,), negated=node.operator == "!=")
    return _ordered(_ORDERS[node.operator], node.value.number)


_ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def _ordered(order: Callable[[float, float], bool], wanted: float | None) -> _Check:
    if wanted is None:
        return lambda _: False

    def holds(value: Json) -> bool:
        number = _number(value)
        return number is not None and order(number, wanted)

    return holds


def _among(equal: _Equal, values: Sequence[tree.Value], *, negated: bool) -> _Check:
    """Say whether a value is one of some, or none of them; NaN is neither, on both sides."""
    if any(one.kind != "text" and one.number is None for one in values):
        if negated or len(values) == 1:
            return lambda _: False
        values = [one for one in values if one.kind == "text" or one.number is not None]
    numbers = any(one.kind != "text" for one in values)

    def holds(value: Json) -> bool:
        if not _is_there(value) or (numbers and not _is_there(to_number(value) or value)):
            return False
        return any(equal(value, one) for one in values) != negated

    return holds


def _is_there(value: Json) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _number(value: Json) -> float | None:
    """Read a value as a number: itself, or a text that is one; None for all others."""
    if value is None:
        return None
    number = to_number(value)
    return number_of_text(value) if number is None and isinstance(value, str) else number


def _text(value: Json) -> str:
    """Give a value as a text: numbers and all that is not a text as in JSON."""
    return value if isinstance(value, str) else json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Json) -> Json:
    """Give a value with its numbers as a browser has them: float64, whole ones without `.0`."""
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    number = None if value is None or isinstance(value, str) else to_number(value)
    if number is None:
        return value
    whole = number.is_integer() and abs(number) < _INTEGER_TEXT_MAX
    return int(number) if whole else number


def _equal(value: Json, wanted: tree.Value) -> bool:
    if wanted.kind == "boolean" or isinstance(value, bool):
        return wanted.kind in ("boolean", "text") and _text(value).lower() == wanted.text.lower()
    if wanted.kind == "text":
        # Two texts are compared as texts, also when both are numbers.
        expected = None if isinstance(value, str) else number_of_text(wanted.text)
        return _text(value) == wanted.text if expected is None else _number(value) == expected
    number = _number(value)
    if number is None or wanted.number is None:
        return False
    if wanted.kind == "day":
        return wanted.number <= number < wanted.number + _DAY
    return number == wanted.number


def _commit_equal(value: Json, wanted: tree.Value) -> bool:
    text = wanted.text.lower()
    return isinstance(value, str) and len(text) >= _COMMIT_DIGITS_MIN and value.startswith(text)


class RunLike(Protocol):
    """What a filter needs of a run; `staticrun.store.run.Run` has it."""

    id: str
    key: str
    experiment: str
    name: str
    status: str
    started: float | None
    ended: float | None
    group: str | None
    parent: str | None
    user: str | None
    git: Git | None
    archived: bool
    params: dict[str, Json]
    tags: dict[str, Json]
    summary: dict[str, Json]
    metrics: dict[str, Stats]
    datasets: list[DatasetEntry]

    @property
    def duration(self) -> float | None:
        """Seconds."""

    def series(self, name: str) -> Series:
        """Give the points of a metric."""


class RunFields:
    """The fields of a run.

    Args:
        run: The run.
        metrics: What staticrun.yaml and experiment.yaml say of metrics: the direction is used.
    """

    def __init__(self, run: RunLike, metrics: Mapping[str, Metric]) -> None:
        self._run = run
        self._metrics = metrics

    def attribute(self, name: str) -> str | float | bool | None:
        """Give an attribute of the run; times are Unix seconds."""
        if name == "commit":
            return self._run.git.commit if self._run.git else None
        value: str | float | bool | None = getattr(self._run, name)
        return value

    def param(self, name: str) -> Json:
        """Give a param by its dotted name, or by the key that holds the dots itself."""
        params = self._run.params
        return params[name] if name in params else params.get(json.dumps(name, ensure_ascii=False))

    def tag(self, name: str) -> Json:
        """Give a tag."""
        return self._run.tags.get(name)

    def summary(self, name: str) -> Json:
        """Give a value of the summary."""
        return self._run.summary.get(name)

    def metric(self, name: str, aggregate: str, best: str) -> float | None:
        """Give a value of a metric.

        Raises:
            UserError: When `at` needs a direction that nobody gave.
        """
        if aggregate != "at":
            found: float | None = getattr(self._run.metrics.get(name), aggregate, None)
            return found
        declared = self._metrics.get(best)
        if declared is None or declared.direction is None:
            raise UserError(
                "filter",
                f"what is best of {best} is not known",
                "a direction in staticrun.yaml",
                f"metrics: {{{json.dumps(best, ensure_ascii=False)}: {{direction: max}}}}",
            )
        step = getattr(self._run.metrics.get(best), f"{declared.direction}_step", None)
        if step is None or name not in self._run.metrics:
            return None
        return self._run.series(name).value_at(step)

    def dataset(self, name: str) -> Sequence[str]:
        """Give the `name`, `digest` or `role` of each dataset."""
        values = (getattr(dataset, name) for dataset in self._run.datasets)
        return [value for value in values if value is not None]
