r"""Patterns of text that take linear time, whoever wrote them.

Python's `re` goes back over a text, and a short pattern such as `(a+)+$` never ends. Filters come
from files and addresses that others write, so patterns run here as automata: each character of
the text is looked at once.

A regular expression may have: characters, `.` (any but a newline), classes (`[a-z_]`, `[^0-9]`),
`\d \w \s` (ASCII) and `\D \W \S`, `\n \r \t`, `\` before punctuation, groups `( )` and `(?: )`,
`|`, `* + ? {n} {n,} {n,m}` (a `?` after them changes nothing), `^` and `$` (begin and end of the
text), and `(?i)` in front. Everything else is refused, and means the same in every browser.

Source: K. Thompson, Regular expression search algorithm, CACM 11 (1968).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

PATTERN_CHARACTERS_MAX = 200
TEXT_CHARACTERS_MAX = 10_000
STATES_MAX = 1_000
REPEAT_MAX = 500
DEPTH_MAX = 20
_CACHE_MAX = 20_000

# A fragment, given the state that follows it, adds its own states and gives the first of them.
_Fragment: TypeAlias = "Callable[[int], int]"
_States: TypeAlias = frozenset[int]


class PatternError(ValueError):
    """A pattern is not one of these.

    Attributes:
        index: Where in the pattern, from 0.
        what: What is wrong there, as a clause.
    """

    def __init__(self, index: int, what: str) -> None:
        self.index = index
        self.what = what
        super().__init__(f"{what} at character {index + 1}")


class _Set(NamedTuple):
    """Characters: those in the ranges, or all others."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False

    def has(self, chars: set[str]) -> bool:
        """Say whether one character, given in each case that makes no difference, is in."""
        found = any(low <= char <= high for low, high in self.ranges for char in chars)
        return found != self.negated


_DIGITS = (("0", "9"),)
_WORDS = (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z"))
_SPACES = (("\t", "\r"), (" ", " "))
_CLASSES = {"d": _DIGITS, "w": _WORDS, "s": _SPACES}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_NOT_NEWLINE = _Set((("\n", "\n"),), negated=True)
_ANY = _Set((), negated=True)


class Pattern:
    """An automaton that says whether a text holds a match.

    Args:
        fold: Whether case makes no difference.
    """

    def __init__(self, *, fold: bool = False) -> None:
        self._fold = fold
        self._steps: list[tuple[_Set, int] | None] = []
        self._free: list[list[tuple[Literal["", "begin", "end"], int]]] = []
        self._cache: dict[tuple[_States, str], _States] = {}
        self._accept = self._add()
        self._first = self._accept

    def search(self, text: str) -> bool:
        """Say whether the first 10,000 characters of a text hold a match.

        A longer text has no end here: what `$` or `like` asks of it does not hold.
        """
        ends = len(text) <= TEXT_CHARACTERS_MAX
        text = text[:TEXT_CHARACTERS_MAX]
        current = self._closure({self._first}, begin=True)
        for char in text:
            if self._accept in current:
                return True
            after = self._cache.get((current, char))
            if after is None:
                after = self._after(current, char)
                if len(self._cache) >= _CACHE_MAX:
                    self._cache.clear()
                self._cache[current, char] = after
            current = after
        return self._accept in self._closure(set(current), begin=not text, end=ends)

    def _after(self, current: _States, char: str) -> _States:
        chars = {char}
        if self._fold:
            chars |= {one for one in (char.lower(), char.upper()) if len(one) == 1}
        reached = {self._first}
        for state in current:
            step = self._steps[state]
            if step and step[0].has(chars):
                reached.add(step[1])
        return self._closure(reached)

    def _closure(self, states: set[int], *, begin: bool = False, end: bool = False) -> _States:
        found, waiting = set(states), list(states)
        while waiting:
            for condition, target in self._free[waiting.pop()]:
                holds = not condition or (begin if condition == "begin" else end)
                if holds and target not in found:
                    found.add(target)
                    waiting.append(target)
        return frozenset(found)

    def _add(self, step: tuple[_Set, int] | None = None) -> int:
        if len(self._steps) >= STATES_MAX:
            raise PatternError(0, "the pattern repeats too much")
        self._steps.append(step)
        self._free.append([])
        return len(self._steps) - 1

    def one(self, characters: _Set) -> _Fragment:
        """Match one of some characters."""
        return lambda after: self._add((characters, after))

    def edge(self, condition: Literal["begin", "end"]) -> _Fragment:
        """Match nothing, at the begin or end of the text."""

        def build(after: int) -> int:
            state = self._add()
            self._free[state].append((condition, after))
            return state

        return build

    def row(self, fragments: list[_Fragment]) -> _Fragment:
        """Match fragments one after another."""

        def build(after: int) -> int:
            for fragment in reversed(fragments):
                after = fragment(after)
            return after

        return build

    def either(self, fragments: list[_Fragment]) -> _Fragment:
        """Match one of several fragments."""
        if len(fragments) == 1:
            return fragments[0]

        def build(after: int) -> int:
            state = self._add()
            self._free[state] += [("", fragment(after)) for fragment in fragments]
            return state

        return build

    def repeat(self, fragment: _Fragment, least: int, most: int | None) -> _Fragment:
        """Match a fragment several times; `most` is None where there is no limit."""

        def build(after: int) -> int:
            if most is None:
                loop = self._add()
                self._free[loop] += [("", fragment(loop)), ("", after)]
                after = loop
            for _ in range((most or least) - least):
                state = self._add()
                self._free[state] += [("", fragment(after)), ("", after)]
                after = state
            for _ in range(least):
                state = self._add()
                self._free[state].append(("", fragment(after)))
                after = state
            return after

        return build

    def finish(self, whole: _Fragment) -> Pattern:
        """Build the states of the whole pattern."""
        self._first = whole(self._accept)
        return self


def like(text: str, *, fold: bool) -> Pattern:
    """Make a pattern of SQL: `%` is any text, `_` is any character; the whole text must match.

    Raises:
        PatternError: When it is longer than 200 characters.
    """
    _check_length(text)
    made = Pattern(fold=fold)
    parts = [made.edge("begin")]
    for char in text:
        if char == "%":
            parts.append(made.repeat(made.one(_ANY), 0, None))
        else:
            parts.append(made.one(_ANY if char == "_" else _Set(((char, char),))))
    return made.finish(made.row([*parts, made.edge("end")]))


def regular(text: str) -> Pattern:
    """Make a pattern of a regular expression that may match anywhere in the text.

    Raises:
        PatternError: When it is longer than 200 characters, or has what the module does not name.
    """
    _check_length(text)
    fold = text.startswith("(?i)")
    made = Pattern(fold=fold)
    reader = _Reader(text, made, 4 if fold else 0)
    whole = reader.either(0)
    if reader.index < len(text):
        raise PatternError(reader.index, "a `)` without its `(`")
    try:
        return made.finish(whole)
    except PatternError as error:
        raise PatternError(0, error.what) from None


def _check_length(text: str) -> None:
    if len(text) > PATTERN_CHARACTERS_MAX:
        what = f"the pattern has {len(text):,} characters, more than {PATTERN_CHARACTERS_MAX}"
        raise PatternError(0, what)


class _Reader:
    """Reads a regular expression from left to right."""

    def __init__(self, text: str, made: Pattern, index: int) -> None:
        self.text = text
        self.made = made
        self.index = index

    def peek(self, length: int = 1) -> str:
        return self.text[self.index : self.index + length]

    def take(self, wanted: str) -> bool:
        if self.peek(len(wanted)) != wanted:
            return False
        self.index += len(wanted)
        return True

    def either(self, depth: int) -> _Fragment:
        if depth > DEPTH_MAX:
            raise PatternError(self.index, f"more than {DEPTH_MAX} groups in each other")
        rows = [self.row(depth)]
        while self.take("|"):
            rows.append(self.row(depth))
        return self.made.either(rows)

    def row(self, depth: int) -> _Fragment:
        parts: list[_Fragment] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.quantified(self.atom(depth)))
        return self.made.row(parts)

    def quantified(self, atom: _Fragment) -> _Fragment:
        start = self.index
        times = self.times()
        if times is None:
            return atom
        self.take("?")
        if self.peek() in tuple("*+?{"):
            raise PatternError(self.index, "a repetition of a repetition")
        least, most = times
        if max(least, most or 0) > REPEAT_MAX or (most is not None and most < least):
            raise PatternError(start, f"a repetition that is not between 0 and {REPEAT_MAX} times")
        return self.made.repeat(atom, least, most)

    def times(self) -> tuple[int, int | None] | None:
        """Read how often the atom before is repeated; None when nothing says so."""
        for sign, times in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.take(sign):
                return times
        if self.peek() != "{":
            return None
        end = self.text.find("}", self.index)
        least, comma, most = self.text[self.index + 1 : max(end, 0)].partition(",")
        for number in (least, most or "0"):
            if not (number.isascii() and number.isdecimal() and len(number) < 6):
                raise PatternError(self.index, "a `{` that begins no `{n}`, `{n,}` or `{n,m}`")
        self.index = end + 1
        if not comma:
            return int(least), int(least)
        return int(least), int(most) if most else None

    def atom(self, depth: int) -> _Fragment:
        start, char = self.index, self.peek()
        self.index += 1
        if char == "(":
            if self.peek() == "?" and not self.take("?:"):
                raise PatternError(start, f"the group `{self.text[start : start + 3]}`")
            inside = self.either(depth + 1)
            if not self.take(")"):
                raise PatternError(start, "a `(` without its `)`")
            return inside
        if char in "*+?{":
            raise PatternError(start, f"a `{char}` with nothing before it")
        if char in "^$":
            return self.made.edge("begin" if char == "^" else "end")
        if char == "[":
            return self.made.one(self.characters(start))
        if char == "\\":
            return self.made.one(self.escape())
        return self.made.one(_NOT_NEWLINE if char == "." else _Set(((char, char),)))

    def escape(self) -> _Set:
        """Read what follows a backslash."""
        char = self.peek()
        if char.lower() in _CLASSES and char:
            found = _Set(_CLASSES[char.lower()], negated=char.isupper())
        elif char in _CONTROLS:
            found = _Set(((_CONTROLS[char], _CONTROLS[char]),))
        elif char and not char.isalnum():
            found = _Set(((char, char),))
        else:
            raise PatternError(self.index - 1, f"the escape `\\{char}`")
        self.index += 1
        return found

    def characters(self, start: int) -> _Set:
        """Read a class after its `[`."""
        negated = self.take("^")
        ranges: list[tuple[str, str]] = []
        while not self.take("]"):
            low = self.member(start)
            if self.peek() == "-" and self.peek(2) not in ("-", "-]") and len(low) == 1:
                at = self.index
                self.index += 1
                high = self.member(start)
                if len(high) != 1 or low[0][0] != low[0][1] or low[0][0] > high[0][1]:
                    raise PatternError(at, "a range whose ends are not in order")
                low = ((low[0][0], high[0][1]),)
            ranges += low
        if not ranges:
            raise PatternError(start, "an empty class")
        return _Set(tuple(ranges), negated)

    def member(self, start: int) -> tuple[tuple[str, str], ...]:
        char = self.peek()
        if not char:
            raise PatternError(start, "a `[` without its `]`")
        self.index += 1
        if char != "\\":
            return ((char, char),)
        found = self.escape()
        if found.negated:
            raise PatternError(self.index - 2, "a negated class in a class")
        return found.ranges
