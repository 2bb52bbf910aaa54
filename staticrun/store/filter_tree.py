"""The parts of a parsed filter, and how they are written.

Two filters that mean the same by their words have the same tree: `param.lr` and `params."lr"` are
one field. Printing a tree and parsing the text gives the tree again.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import msgspec

Space = Literal["metric", "param", "tag", "summary", "attribute", "dataset"]
Aggregate = Literal["last", "min", "max", "mean", "first", "at"]
Operator = Literal["=", "!=", "<", "<=", ">", ">="]

# Attributes that a bare name means; the others need `attributes.` in front.
BARE = (
    "experiment",
    "name",
    "status",
    "user",
    "started",
    "duration",
    "commit",
    "group",
    "parent",
    "archived",
)
KEYWORDS = frozenset({"and", "or", "not", "in", "like", "ilike", "exists", "missing"})
_PLURALS = {"metric": "metrics", "param": "params", "tag": "tags", "dataset": "datasets"}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")


class Field(msgspec.Struct, frozen=True):
    """What is looked at.

    Attributes:
        space: Where the name is from.
        name: The name, without quotes.
        aggregate: Which value of a metric; `at` is the one where `best` was best.
        best: The other metric of `at`.
    """

    space: Space
    name: str
    aggregate: Aggregate = "last"
    best: str = ""


class Value(msgspec.Struct, frozen=True):
    """What it is compared with.

    Attributes:
        kind: `moment` and `day` (a moment that is a date alone) are Unix seconds, `length` is
            seconds.
        text: As written, without quotes.
        number: For all kinds but `text`: the number; 1 or 0 for `boolean`; None for NaN.
        quoted: Whether it stood in quotes.
    """

    kind: Literal["text", "number", "boolean", "moment", "day", "length"]
    text: str
    number: float | None = None
    quoted: bool = False


class Compare(msgspec.Struct, frozen=True):
    """`field operator value`."""

    field: Field
    operator: Operator
    value: Value


class In(msgspec.Struct, frozen=True):
    """`field in (value, …)`, or `not in`."""

    field: Field
    values: tuple[Value, ...]
    negated: bool = False


class Like(msgspec.Struct, frozen=True):
    """`field like pattern`; `ilike` when case makes no difference."""

    field: Field
    pattern: str
    fold: bool = False
    negated: bool = False


class Matches(msgspec.Struct, frozen=True):
    """`field ~ pattern`."""

    field: Field
    pattern: str


class Exists(msgspec.Struct, frozen=True):
    """`field exists`, or `missing`."""

    field: Field
    negated: bool = False


class Not(msgspec.Struct, frozen=True):
    """`not inner`."""

    inner: Expression


class And(msgspec.Struct, frozen=True):
    """All of the parts; without any, every run."""

    parts: tuple[Expression, ...]


class Or(msgspec.Struct, frozen=True):
    """One of the parts."""

    parts: tuple[Expression, ...]


Test: TypeAlias = Compare | In | Like | Matches | Exists
Expression: TypeAlias = Test | Not | And | Or


def write(tree: Expression) -> str:
    """Write a tree as a filter."""
    if isinstance(tree, Or):
        return " or ".join(_inner(part, Or) for part in tree.parts)
    if isinstance(tree, And):
        return " and ".join(_inner(part, Or, And) for part in tree.parts)
    if isinstance(tree, Not):
        return f"not {_inner(tree.inner, Or, And)}"
    field = write_field(tree.field)
    if isinstance(tree, Compare):
        return f"{field} {tree.operator} {write_value(tree.value)}"
    if isinstance(tree, In):
        values = ", ".join(map(write_value, tree.values))
        return f"{field} {'not in' if tree.negated else 'in'} ({values})"
    if isinstance(tree, Like):
        word = "ilike" if tree.fold else "like"
        return f"{field} {'not ' * tree.negated}{word} {_text(tree.pattern)}"
    if isinstance(tree, Matches):
        return f"{field} ~ {_text(tree.pattern)}"
    return f"{field} {'missing' if tree.negated else 'exists'}"


def write_field(field: Field) -> str:
    """Write a field, in full but for the attributes that stand bare."""
    if field.space == "attribute":
        bare = field.name in BARE
        return field.name if bare else f"attributes.{field.name}"
    name = f"{_PLURALS.get(field.space, field.space)}.{_name(field.name)}"
    if field.aggregate == "at":
        return f"at({name}, best metrics.{_name(field.best)})"
    return name if field.aggregate == "last" else f"{field.aggregate}({name})"


def write_value(value: Value) -> str:
    """Write a value."""
    return _text(value.text) if value.quoted else value.text


def fields(tree: Expression) -> tuple[Field, ...]:
    """List the fields of a tree from left to right, each once."""
    if isinstance(tree, Not):
        return fields(tree.inner)
    if isinstance(tree, And | Or):
        return tuple(dict.fromkeys(one for part in tree.parts for one in fields(part)))
    return (tree.field,)


def _inner(tree: Expression, *looser: type) -> str:
    return f"({write(tree)})" if isinstance(tree, looser) else write(tree)


def _name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else _quoted(name, '"')


def _text(text: str) -> str:
    return _quoted(text, "'")


def _quoted(text: str, quote: str) -> str:
    return f"{quote}{text.replace(quote, quote * 2)}{quote}"
