"""From the bytes of a manifest to its struct: strict, with the line of everything that is wrong.

A text in quotes is a text. Without quotes, what YAML would make something else of than it looks
like (`no`, `1_000`, `0123`, `12:30`, a date) is refused, so that a reviewer and a program read one
thing. What is left is checked by the struct's types.
"""

from __future__ import annotations

import math
import re
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import msgspec
from msgspec import inspect

from staticrun.config.strict_yaml import Mapping, Scalar, Sequence, parse
from staticrun.errors import Finding, nearest
from staticrun.registry import canonical

if TYPE_CHECKING:
    from staticrun.config.strict_yaml import Node
    from staticrun.registry.manifests import Manifest

_M = TypeVar("_M", bound="Manifest")
BYTES_MAX = 1_000_000
_WORDS = {"true": True, "false": False, "null": None}
_NUMBER = re.compile(
    r"-?(?:0|[1-9][0-9]{0,17})(?P<rest>(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?)"
)
# What some reader of YAML takes for a number, a truth, nothing or a time.
_AMBIGUOUS = re.compile(
    r"(?i:y|n|yes|no|on|off|true|false|null|~|)|[-+]?\.?(?i:inf|nan)"
    r"|[-+]?[0-9.][0-9_.,:]*(?:[eE][-+]?[0-9]+)?|[-+]?0[xob][0-9a-fA-F_]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|[0-9]+|<<|="
)
_PATTERN = re.compile(r"Expected `str` matching regex .*")
_PLACE = re.compile(r"\.([^.\[]+)|\[([0-9]+)\]|\[\.\.\.\]")
# Of a text that claims to be one thing and shows another.
HIDDEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00ad\ufff9-\ufffb]")


def read(data: bytes, shown: str, kind: type[_M]) -> tuple[_M | None, list[Finding]]:
    """Read a manifest.

    Args:
        data: The file's bytes.
        shown: Its path, as findings name it.
        kind: What it has to be.

    Returns:
        The manifest, None when anything in it is wrong; and what is wrong, each with its line.
    """
    findings: list[Finding] = []
    quick = canonical.plain(data)
    if quick and quick.get("schema"):
        with suppress(msgspec.ValidationError):
            return msgspec.convert(quick, kind), findings
    if b"\r" in data:
        line = data.count(b"\n", 0, data.index(b"\r")) + 1
        findings.append(
            Finding(
                f"{shown}:{line}",
                "a line ends with a carriage return",
                "line feeds alone",
                "registry/** text eol=lf in .gitattributes, and git add --renormalize registry",
            )
        )
    if data.startswith(b"\xef\xbb\xbf"):
        findings.append(Finding(f"{shown}:1", "a byte order mark stands at the start"))
    node = parse(data, shown, findings)
    if findings:
        return None, findings
    if not isinstance(node, Mapping):
        findings.append(Finding(f"{shown}:1", "the file is no mapping of keys", "key: value"))
        return None, findings
    sheet = _Sheet(shown, findings)
    value = sheet.plain(node)
    if not findings and value.get("schema"):
        # Nearly every file is right, and then this is all.
        with suppress(msgspec.ValidationError):
            return msgspec.convert(value, kind), findings
    findings.clear()
    return sheet.struct(node, kind), findings


class _Sheet:
    """A file that is being read: its name, and what is wrong with it."""

    def __init__(self, shown: str, findings: list[Finding]) -> None:
        self.shown, self.findings = shown, findings

    def report(self, line: int, what: str, expected: str = "", try_: str = "") -> None:
        self.findings.append(Finding(f"{self.shown}:{line}", what, expected, try_))

    def plain(self, node: Node) -> Any:
        """Turn a node into what JSON knows."""
        if isinstance(node, Scalar):
            return self.scalar(node)
        if isinstance(node, Sequence):
            return [self.plain(item) for item in node.items]
        for key, _ in node.entries:
            self.text(key)
        return {key.text: self.plain(value) for key, value in node.entries}

    def scalar(self, node: Scalar) -> Any:
        if not node.plain:
            return self.text(node)
        if node.text in _WORDS:
            return _WORDS[node.text]
        number = _NUMBER.fullmatch(node.text)
        if number and math.isfinite(float(node.text)):
            return float(node.text) if number["rest"] else int(node.text)
        if _AMBIGUOUS.fullmatch(node.text):
            what = f"{_said(node.text)} stands without quotes, and could be read as another thing"
            self.report(
                node.line, what, try_=f'write "{node.text}"' if node.text else "write null"
            )
            return None
        return self.text(node)

    def text(self, node: Scalar) -> str:
        hidden = HIDDEN.search(node.text)
        if hidden:
            what = f"the character U+{ord(hidden[0]):04X}, which nobody sees, stands in a text"
            self.report(node.line, what, try_="remove it")
        return node.text

    def struct(self, node: Mapping, kind: type[_M]) -> _M | None:
        """Check the keys one by one, so that all that is wrong is told at once."""
        nodes = {key.text: (key, child) for key, child in node.entries}
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        for name in nodes.keys() - fields.keys():
            self.report(
                nodes[name][0].line, f"unknown key {_said(name)}", try_=nearest(name, fields)
            )
        given = {}
        for name, field in fields.items():
            if name in nodes:
                given[field.name] = self.value(name, nodes[name][1], field.type)
            elif field.required:
                self.report(node.line, f"the key {name} is missing")
            elif name == "schema":
                self.report(node.line, "the key schema is missing", f"schema: {field.default}")
        return None if self.findings else kind(**given)

    def value(self, name: str, node: Node, kind: Any) -> Any:
        """Read a key's value; None when anything in it is wrong."""
        found = _type_info(kind)
        if isinstance(found, inspect.DictType) and isinstance(node, Mapping):
            keys, values = get_args(kind)
            return {
                self.value(name, key, keys): self.value(f"{name}.{key.text}", child, values)
                for key, child in node.entries
            }
        before = len(self.findings)
        value = self.plain(node)
        if len(self.findings) > before:
            return None
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            self.wrong(name, node, str(error), found)
            return None

    def wrong(self, name: str, top: Node, message: str, kind: inspect.Type) -> None:
        """Say what a type does not allow, at the line of the value that it does not."""
        what, _, place = message.partition(" - at `")
        what = _PATTERN.sub("not of the right form", what)
        node, where = top, name
        for key, index in _PLACE.findall(place.rstrip("`").removeprefix("$")):
            child = _child(node, key, index)
            if child is None:
                break
            node, where = child, f"{where}.{key}" if key else f"{where}[{index}]"
        said = f" {_said(node.text)}" if isinstance(node, Scalar) else ""
        expected = _described(kind) if node is top else ""
        self.report(node.line, f"{where}{said}: {_lower(what)}", expected)


@cache
def _type_info(kind: Any) -> inspect.Type:
    return inspect.type_info(kind)


def _child(node: Node, key: str, index: str) -> Node | None:
    if key and isinstance(node, Mapping):
        return next((value for name, value in node.entries if name.text == key), None)
    if index and isinstance(node, Sequence):
        return node.items[int(index)]
    return None


def _described(found: inspect.Type) -> str:
    """Say what a type of ours looks like, where it says so itself."""
    if isinstance(found, inspect.UnionType):
        found = next((one for one in found.types if isinstance(one, inspect.Metadata)), found)
    schema = found.extra_json_schema if isinstance(found, inspect.Metadata) else None
    return str((schema or {}).get("description", ""))


def _said(text: str) -> str:
    return f'"{text}"' if len(text) <= 60 else f'"{text[:57]}…"'


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
