"""YAML without surprises: mappings, lists and scalars with their lines, nothing else.

Built from the parser's events, so that what YAML would silently make of a text never happens:
a scalar stays what is written (`no`, `1.10`, `2026-11-01`) until a key's type says what it is.
Anchors, aliases, tags, second documents and repeated keys are reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from staticrun.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import yaml

FILE_BYTES_MAX = 1_000_000
DEPTH_MAX = 50
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Scalar(NamedTuple):
    """A text as written; `plain` when it stands without quotes, `line` from 1."""

    text: str
    plain: bool
    line: int

    @property
    def is_null(self) -> bool:
        """Whether nothing, `~` or `null` stands there."""
        return self.plain and self.text in _NULLS


class Sequence(NamedTuple):
    """A list and the line where it begins."""

    items: tuple[Node, ...]
    line: int


class Mapping(NamedTuple):
    """A mapping and the line where it begins; no key stands twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int


Node: TypeAlias = Scalar | Sequence | Mapping


def parse(data: bytes, shown: str, findings: list[Finding]) -> Node | None:
    """Read one YAML document.

    Args:
        data: The bytes of the file.
        shown: The file's path, as findings name it.
        findings: What is wrong is added here; what it touches is left out of the result.

    Returns:
        The root node; None for an empty file and for one that is no YAML.

    Raises:
        ImportError: When pyyaml is not installed.
    """
    import yaml

    if len(data) > FILE_BYTES_MAX:
        what = f"the file has more than {FILE_BYTES_MAX:,} bytes and is not read"
        findings.append(Finding(shown, what))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        findings.append(Finding(f"{shown}:{line}", f"not UTF-8 at byte {error.start + 1}"))
        return None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _build(yaml.parse(text, Loader=loader), shown, findings)
    except yaml.MarkedYAMLError as error:
        findings.append(_explained(error, text, shown))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"not YAML: the character U+{int(error.character):04X} is not allowed"
        findings.append(Finding(f"{shown}:{line}", what))
    return None


def _explained(error: yaml.MarkedYAMLError, text: str, shown: str) -> Finding:
    """Say what is no YAML in the words of whoever wrote it, for the usual mistakes."""
    mark, begin = error.problem_mark or error.context_mark, error.context_mark
    if mark is None:
        return Finding(shown, f"not YAML: {error.problem or error.context}")
    line = text.splitlines()[mark.line] if mark.line < len(text.splitlines()) else ""
    found = line[mark.column : mark.column + 1]
    where, at = f"{shown}:{mark.line + 1}", f"at column {mark.column + 1}"
    problem = error.problem or ""
    if "\t" in line[: mark.column + 1] and not line[: mark.column].strip():
        return Finding(where, f"not YAML: a tab stands {at}", "spaces", "indent with spaces")
    if "cannot start any token" in problem:
        what = f"not YAML: no value begins with {found} {at}"
        return Finding(where, what, try_="put the value in quotes")
    if problem.startswith("mapping values are not allowed"):
        what = f"not YAML: a second `:` stands {at}"
        return Finding(where, what, "one key a line", "put a value that holds `: ` in quotes")
    if "end of stream" in problem and begin is not None and "quoted" in (error.context or ""):
        what = f"not YAML: the quote at column {begin.column + 1} has no end"
        return Finding(f"{shown}:{begin.line + 1}", what, try_="close the quote")
    return Finding(where, f"not YAML: {problem or error.context} {at}")


class _Open:
    """A list or mapping whose end was not seen yet; None stands for what was left out."""

    def __init__(self, line: int, *, mapping: bool, left_out: bool = False) -> None:
        self.line = line
        self.mapping = mapping
        self.left_out = left_out
        self.children: list[Node | None] = []


def _build(events: Iterator[yaml.Event], shown: str, findings: list[Finding]) -> Node | None:
    import yaml

    stack = [_Open(1, mapping=False)]
    documents = 0
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 1
        where = f"{shown}:{line}"
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                what = "a second document begins, only the first one is read"
                findings.append(Finding(where, what, try_="remove the line `---`"))
                break
        elif isinstance(event, yaml.AliasEvent):
            what = f"the alias *{event.anchor} is left out"
            findings.append(Finding(where, what, try_="write the value itself"))
            stack[-1].children.append(None)
        elif isinstance(event, yaml.NodeEvent):
            left_out = _is_marked(event, where, findings)
            if isinstance(event, yaml.ScalarEvent):
                scalar = Scalar(event.value, not event.style, line)
                stack[-1].children.append(None if left_out else scalar)
            elif len(stack) > DEPTH_MAX:
                what = f"nested more than {DEPTH_MAX} levels deep, the file is not read"
                findings.append(Finding(where, what))
                return None
            else:
                mapping = isinstance(event, yaml.MappingStartEvent)
                stack.append(_Open(line, mapping=mapping, left_out=left_out))
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = stack.pop()
            stack[-1].children.append(_close(closed, shown, findings))
    return next(iter(stack[0].children), None)


def _is_marked(event: yaml.NodeEvent, where: str, findings: list[Finding]) -> bool:
    """Report an anchor or a tag; a tagged value is left out, an anchored one counts."""
    if event.anchor is not None:
        what = f"the anchor &{event.anchor} is not known here"
        findings.append(Finding(where, what, try_="remove it"))
    tag = getattr(event, "tag", None)
    if tag is None:
        return False
    short = tag.replace("tag:yaml.org,2002:", "!!")
    what = f"the value with the tag {short} is left out"
    findings.append(Finding(where, what, try_="remove the tag"))
    return True


def _close(closed: _Open, shown: str, findings: list[Finding]) -> Node | None:
    if closed.left_out:
        return None
    if not closed.mapping:
        return Sequence(tuple(item for item in closed.children if item is not None), closed.line)
    entries: dict[str, tuple[Scalar, Node]] = {}
    pairs = zip(closed.children[::2], closed.children[1::2], strict=True)
    for key, value in pairs:
        if key is not None and not isinstance(key, Scalar):
            what = "a list or mapping stands where a key is expected"
            findings.append(Finding(f"{shown}:{key.line}", what))
        elif key is not None and key.text in entries:
            first = entries[key.text][0].line
            what = f'the key "{key.text}" stands twice, that of line {first} holds'
            findings.append(Finding(f"{shown}:{key.line}", what, try_="remove one of them"))
        elif key is not None and value is not None:
            entries[key.text] = (key, value)
    return Mapping(tuple(entries.values()), closed.line)
