"""What a report says about itself, between two lines of `---` at its top."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from staticrun.config.strict_yaml import Mapping, Scalar, parse
from staticrun.errors import Finding, nearest

if TYPE_CHECKING:
    from staticrun.config.strict_yaml import Node

_OPEN = re.compile(r"---[ \t]*\r?\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEYS = ("title", "description", "order")


class FrontMatter(NamedTuple):
    """The head of a report.

    Attributes:
        title: Its heading; None where the text's first heading is it.
        description: A sentence for lists, and below the heading.
        order: Its place in lists; without one it stands behind those that have one.
    """

    title: str | None = None
    description: str | None = None
    order: float | None = None


class Parted(NamedTuple):
    """A report taken apart.

    Attributes:
        head: What it says about itself.
        body: The Markdown; as many lines as the file, so that lines in findings are right.
        findings: What is wrong with the head.
    """

    head: FrontMatter
    body: str
    findings: tuple[Finding, ...]


def read(text: str, shown: str) -> Parted:
    """Take a report apart.

    Args:
        text: The whole file.
        shown: Its path, as findings name it.
    """
    text = text.removeprefix("\ufeff")
    opened = _OPEN.match(text)
    if not opened:
        return Parted(FrontMatter(), text, ())
    closed = _CLOSE.search(text, opened.end())
    if not closed:
        what = "begins with --- but no second --- ends the head"
        return Parted(FrontMatter(), text, (Finding(f"{shown}:1", what),))
    findings: list[Finding] = []
    # An empty line stands for the first ---, so that the lines of findings are the file's.
    node = parse(("\n" + text[opened.end() : closed.start()]).encode(), shown, findings)
    head = _read(node, shown, findings)
    return Parted(
        head, "\n" * text.count("\n", 0, closed.end()) + text[closed.end() :], tuple(findings)
    )


def _read(node: Node | None, shown: str, findings: list[Finding]) -> FrontMatter:
    if node is None:
        return FrontMatter()
    if not isinstance(node, Mapping):
        findings.append(Finding(f"{shown}:2", "the head is no mapping", "such as title: A study"))
        return FrontMatter()
    texts: dict[str, str] = {}
    for key, value in node.entries:
        where = f"{shown}:{key.line}"
        if key.text not in _KEYS:
            what = f"unknown key {key.text!r}"
            findings.append(Finding(where, what, try_=nearest(key.text, _KEYS)))
        elif not isinstance(value, Scalar):
            findings.append(Finding(where, f"{key.text} is no text", "one line of text"))
        elif not value.is_null:
            texts[key.text] = value.text
    order = None
    if "order" in texts:
        order = _number(texts["order"])
        if order is None:
            findings.append(Finding(shown, f"order is {texts['order']!r}", "a number such as 2"))
    return FrontMatter(texts.get("title"), texts.get("description"), order)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", text) else None
