"""Read the text of a filter into a tree: tokens, then a recursive descent over the grammar.

The grammar is in `filter`. What a value means depends on its field (`duration > 2h`), so that
fields and values are read together.
"""

from __future__ import annotations

import json
import math
from functools import partial
from typing import TYPE_CHECKING, Literal, NoReturn, cast

from staticrun.errors import nearest
from staticrun.store import filter_literal as literal
from staticrun.store.filter_text import FilterError, tokens
from staticrun.store.filter_tree import (
    BARE,
    KEYWORDS,
    Aggregate,
    And,
    Compare,
    Exists,
    Expression,
    Field,
    In,
    Like,
    Matches,
    Not,
    Operator,
    Or,
    Space,
    Test,
    Value,
    write_field,
)
from staticrun.store.pattern import PatternError, like, regular

if TYPE_CHECKING:
    from staticrun.store.filter_text import Token

CHARACTERS_MAX = 10_000
DEPTH_MAX = 50

Sort = Literal["number", "moment", "length", "boolean", "status", "text", "any"]

_SPACE_WORDS: dict[Space, tuple[str, ...]] = {
    "metric": ("metrics", "metric"),
    "param": ("params", "param", "parameters", "parameter"),
    "tag": ("tags", "tag"),
    "summary": ("summary",),
    "attribute": ("attributes", "attribute", "attr", "run"),
    "dataset": ("datasets", "dataset"),
}
_SPACES = {word: space for space, words in _SPACE_WORDS.items() for word in words}
_ATTRIBUTES = (*BARE, "id", "key", "ended")
# MLflow's names, which may stand bare there too.
_OTHER_ATTRIBUTES = {
    "run_id": "id",
    "run_name": "name",
    "user_id": "user",
    "start_time": "started",
    "created": "started",
    "end_time": "ended",
}
_DATASETS = {"name": "name", "digest": "digest", "role": "role", "context": "role"}
_SORTS: dict[str, Sort] = {
    "started": "moment",
    "ended": "moment",
    "duration": "length",
    "archived": "boolean",
    "status": "status",
}
_AGGREGATES = ("last", "min", "max", "mean", "first", "at")
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_OPERATORS = (*_COMPARISONS, "in", "not in", "like", "ilike", "~", "exists", "missing")
_ALLOWED: dict[Sort, tuple[str, ...]] = {
    **dict.fromkeys(
        ("number", "moment", "length"),
        (*_COMPARISONS, "in", "not in", "exists", "missing"),
    ),
    "boolean": ("=", "!=", "in", "not in", "exists", "missing"),
    **dict.fromkeys(("status", "text"), tuple(word for word in _OPERATORS if word[0] not in "<>")),
    "any": _OPERATORS,
}
_EXPECTED: dict[Sort, str] = {
    "number": "a number",
    "moment": "a date such as 2026-11-01 or '2026-11-01T12:00'",
    "length": "a length of time such as 90s or 2h",
    "boolean": "true or false",
    "status": "one of 'finished', 'failed', 'stopped', 'open'",
    "text": "a text in quotes",
    "any": "a number, true, false or a text in quotes",
}
_ARE: dict[Sort, str] = {
    "number": "a number",
    "moment": "a moment",
    "length": "a length of time",
    "boolean": "true or false",
    "status": "a text",
    "text": "a text",
}
# What people write who know another language.
_MEANT = {
    "==": "write `=`",
    "===": "write `=`",
    "<>": "write `!=`",
    "=~": "write `~`",
    "!~": "write `not NAME ~ PATTERN`",
    "=<": "write `<=`",
    "=>": "write `>=`",
    "&&": "write `and`",
    "||": "write `or`",
    "is": "write `exists` or `missing`",
    "contains": "write `like '%TEXT%'`",
    "between": "write `NAME >= LOW and NAME <= HIGH`",
}


def parse_tree(text: str, clock: float | None) -> Expression:
    """Read a filter; an empty text is one that every run passes.

    Args:
        text: The filter.
        clock: Now, in Unix seconds; None where nothing may depend on it.

    Raises:
        FilterError: When the text is no filter.
    """
    if len(text) > CHARACTERS_MAX:
        what = f"the filter has {len(text):,} characters, more than {CHARACTERS_MAX:,}"
        raise FilterError(text, 1, what)
    parser = _Parser(text, clock)
    if parser.token.kind == "end":
        return And(())
    tree = parser.either()
    if parser.token.kind != "end":
        parser.fail(parser.token, "`and`, `or` or the end")
    return tree


class _Parser:
    """Reads the tokens from left to right, one at a time."""

    def __init__(self, text: str, clock: float | None) -> None:
        self.text = text
        self.clock = clock
        self.tokens = tokens(text)
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def next(self) -> Token:
        token = self.token
        self.index = min(self.index + 1, len(self.tokens) - 1)
        return token

    def take(self, text: str) -> bool:
        """Go on when the token is this word or mark."""
        token = self.token
        if token.lower != text and not (token.kind == "mark" and token.text == text):
            return False
        self.next()
        return True

    def fail(self, token: Token, expected: str, try_: str = "") -> NoReturn:
        """Raise: something else was expected here."""
        shown = self.text[token.start : token.end]
        shown = shown if len(shown) <= 40 else f"{shown[:37]}…"
        what = "the filter ends" if token.kind == "end" else f"`{shown}` stands here"
        hint = try_ or _MEANT.get(token.text.lower(), "")
        raise FilterError(self.text, token.start + 1, what, expected, hint)

    def wrong(self, token: Token, what: str, expected: str = "", try_: str = "") -> FilterError:
        return FilterError(self.text, token.start + 1, what, expected, try_)

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise self.wrong(token, f"nested more than {DEPTH_MAX} levels deep")

    def either(self) -> Expression:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self) -> Expression:
        parts = [self.negation()]
        while self.take("and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def negation(self) -> Expression:
        token, depth = self.token, self.depth
        if self.take("not"):
            self.deeper(token)
            inner: Expression = Not(self.negation())
        elif self.take("("):
            self.deeper(token)
            inner = self.either()
            if not self.take(")"):
                self.fail(self.token, "`and`, `or` or `)`")
        else:
            inner = self.test()
        self.depth = depth
        return inner

    def test(self) -> Test:
        bare = self.token.kind == "word"
        field = self.field()
        sort = _sort(field)
        # A mistyped attribute is read as the name of a metric.
        meant = nearest(field.name, BARE) if bare and field.space == "metric" else ""
        hint = meant if meant.startswith("did") else ""
        negated = self.token.lower == "not"
        if negated:
            self.next()
        token = self.token
        word = token.text if token.kind == "operator" else token.lower
        if word not in (("in", "like", "ilike") if negated else _OPERATORS):
            expected = "`in` or `like`" if negated else f"an operator: {' '.join(_OPERATORS)}"
            self.fail(token, expected)
        if word not in _ALLOWED[sort]:
            what = f"{write_field(field)} is {_ARE[sort]}"
            raise self.wrong(token, what, f"one of {' '.join(_ALLOWED[sort])}", hint)
        self.next()
        if word in ("exists", "missing"):
            return Exists(field, negated=word == "missing")
        if word == "in":
            return In(field, self.values(sort, hint), negated)
        if word in ("like", "ilike"):
            # Other trackers write a status in upper case.
            fold = word == "ilike" or sort == "status"
            return Like(field, self.pattern(word), fold, negated)
        if word == "~":
            return Matches(field, self.pattern(word))
        if self.token.kind == "end":
            self.fail(self.token, _EXPECTED[sort], hint)
        ordered = word in ("<", "<=", ">", ">=")
        value = self.value(sort, hint, ordered=ordered)
        return Compare(field, cast("Operator", word), value)

    def values(self, sort: Sort, hint: str) -> tuple[Value, ...]:
        if not self.take("("):
            self.fail(self.token, "`(`")
        found = [self.value(sort, hint)]
        while self.take(","):
            found.append(self.value(sort, hint))
        if not self.take(")"):
            self.fail(self.token, "`,` or `)`")
        return tuple(found)

    def value(self, sort: Sort, hint: str, *, ordered: bool = False) -> Value:
        token = self.next()
        if token.kind not in ("word", "single", "double"):
            self.fail(
                token,
                _EXPECTED[sort],
                "write a text in single quotes" * (token.kind == "backtick"),
            )
        quoted = token.kind != "word"
        if sort == "moment" and token.text[:1] == "-":
            relative = self.relative(token)
            if relative is not None:
                return Value("moment", token.text, relative, quoted)
        found = _read(token.text, sort, quoted=quoted, ordered=ordered)
        if found is None:
            expected = "a number" if sort == "any" and ordered else _EXPECTED[sort]
            texts = sort in ("any", "text", "status") and not quoted and not ordered
            plain = token.text.replace("'", "''")
            self.fail(token, expected, hint or (f"write '{plain}'" if texts else ""))
        return found

    def relative(self, token: Token) -> float | None:
        """Read a moment before now; None for what is none."""
        ago = literal.length(token.text[1:])
        if ago is None or literal.number(token.text) is not None:
            return None
        if self.clock is None:
            what = f"`{token.text}` is relative to now, and nothing here depends on the clock"
            raise self.wrong(token, what, "a date such as 2026-11-01")
        return self.clock - ago

    def pattern(self, word: str) -> str:
        token = self.next()
        if token.kind not in ("single", "double"):
            plain = token.text.replace("'", "''") or "%"
            self.fail(token, "a pattern in quotes", f"write '{plain}'")
        try:
            if word == "~":
                regular(token.text)
            else:
                like(token.text, fold=False)
        except PatternError as error:
            quotes = token.text[: error.index].count(self.text[token.start])
            column = token.start + 2 + error.index + quotes
            raise FilterError(self.text, column, f"the pattern has {error.what}") from None
        return token.text

    def field(self) -> Field:
        token, following = self.token, self.tokens[min(self.index + 1, len(self.tokens) - 1)]
        if token.kind == "word" and following.kind == "mark" and following.text == "(":
            if token.lower in _AGGREGATES:
                return self.aggregate()
            if token.lower not in KEYWORDS:
                self.fail(token, "a field", nearest(token.lower, _AGGREGATES))
        if token.kind not in ("word", "double", "backtick"):
            quoted = f'write "{token.text}" for a name' if token.kind == "single" else ""
            self.fail(token, "a field such as metrics.NAME", quoted)
        if token.lower in KEYWORDS:
            self.fail(token, "a field", f'write "{token.text}" for a metric of that name')
        if literal.number(token.lower) is not None:
            self.fail(token, "a field", "write the field before the operator")
        return self.named()

    def aggregate(self) -> Field:
        kind = cast("Aggregate", self.next().lower)
        self.next()
        name, best = self.metric(), ""
        if kind == "at":
            if not self.take(","):
                self.fail(self.token, "`, best NAME`")
            if not self.take("best"):
                self.fail(self.token, "`best NAME`")
            best = self.metric()
        if not self.take(")"):
            self.fail(self.token, "`)`")
        return Field("metric", name, kind, best)

    def metric(self) -> str:
        token = self.token
        if token.kind not in ("word", "double", "backtick"):
            self.fail(token, "the name of a metric")
        field = self.named(bare=())
        if field.space != "metric":
            raise self.wrong(token, f"{write_field(field)} is no metric", "the name of a metric")
        return field.name

    def named(self, bare: tuple[str, ...] = (*BARE, *_OTHER_ATTRIBUTES)) -> Field:
        """Read a name of one or several parts: `params.model."a.b".c`."""
        first = self.next()
        parts = [first]
        while self.token.start == parts[-1].end and (
            self.token.kind in ("double", "backtick")
            if parts[-1].text.endswith(".") and parts[-1].kind == "word"
            else self.token.text.startswith(".") and parts[-1].kind != "word"
        ):
            parts.append(self.next())
        if first.kind == "word" and len(parts) == 1 and first.text in bare:
            return self.attribute(first, first.text)
        prefix, dot, rest = first.text.partition(".") if first.kind == "word" else ("", "", "")
        space = _SPACES.get(prefix) if dot else None
        if space:
            parts = [first._replace(text=rest), *parts[1:]] if rest else parts[1:]
        name = _joined(parts)
        if not name:
            self.fail(first, "a name after the dot" if space else "a name")
        if space == "attribute":
            return self.attribute(first, name)
        if space == "dataset" and name not in _DATASETS:
            raise self.wrong(first, f"datasets have no `{name}`", try_=nearest(name, _DATASETS))
        return Field(space or "metric", _DATASETS[name] if space == "dataset" else name)

    def attribute(self, token: Token, name: str) -> Field:
        known = _OTHER_ATTRIBUTES.get(name.lower().replace(" ", "_"), name)
        if known not in _ATTRIBUTES:
            what = f"runs have no attribute `{name}`"
            raise self.wrong(token, what, try_=nearest(name, _ATTRIBUTES))
        return Field("attribute", known)


def _joined(parts: list[Token]) -> str:
    """Spell a name as params are: parts that hold a dot stay quoted, but for a single one."""
    if len(parts) == 1:
        return parts[0].text
    quote = partial(json.dumps, ensure_ascii=False)
    return "".join(part.text if part.kind == "word" else quote(part.text) for part in parts)


def _sort(field: Field) -> Sort:
    if field.space == "metric":
        return "number"
    if field.space == "attribute":
        return _SORTS.get(field.name, "text")
    return "text" if field.space == "dataset" else "any"


def _read(text: str, sort: Sort, *, quoted: bool, ordered: bool) -> Value | None:
    """Read a value as its field wants it; None when it is something else."""
    if sort == "moment":
        found = literal.moment(text)
        return found and Value("day" if found[1] else "moment", text, _no_nan(found[0]), quoted)
    if sort == "length":
        seconds = literal.length(text)
        return None if seconds is None else Value("length", text, _no_nan(seconds), quoted)
    if sort == "status":
        known = literal.status(text) if quoted else None
        return Value("text", known, None, quoted) if known else None
    number = literal.number(text)
    if sort == "text":
        return Value("text", text, None, quoted) if quoted or number is not None else None
    if sort == "any" and quoted and not ordered:
        return Value("text", text, None, quoted)
    if text.lower() in ("true", "false") and sort != "number" and not ordered:
        return Value("boolean", text.lower(), float(text.lower() == "true"), quoted)
    if number is None or sort == "boolean":
        return None
    return Value("number", text, _no_nan(number), quoted)


def _no_nan(number: float) -> float | None:
    return None if math.isnan(number) else number
