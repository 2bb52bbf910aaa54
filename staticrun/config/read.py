"""Read staticrun.yaml and experiment.yaml: every problem a finding with its line, the good counts.

The structs in `keys` drive it: a node of the file is turned into the type that its key has.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec
from msgspec import UNSET, inspect

from staticrun.config.forms import FORMS, SWITCHES
from staticrun.config.keys import (
    Capture,
    Comparison,
    Config,
    Experiment,
    Metric,
    Privacy,
    Watch,
)
from staticrun.config.strict_yaml import FILE_BYTES_MAX, Mapping, Scalar, Sequence, parse
from staticrun.errors import Finding, nearest
from staticrun.layout import CONFIG

if TYPE_CHECKING:
    from staticrun.config.strict_yaml import Node

_S = TypeVar("_S", bound=msgspec.Struct)

_SWITCH = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_CHOICES = frozenset({"groups", "runs", "where"})
NOTHING = Capture(**dict.fromkeys(Capture.__struct_fields__, False))
PUBLIC = Privacy(users="hide", hosts="hide", paths="hide")


def load(root: Path) -> tuple[Config, list[Finding]]:
    """Read a project's staticrun.yaml.

    Args:
        root: The project's folder.

    Returns:
        The configuration, with defaults for what is absent or wrong; and what is wrong.
    """
    findings: list[Finding] = []
    node = _read(root / CONFIG, CONFIG, findings)
    sound = not findings
    values = _fields(_Sheet(CONFIG, findings), node, Config, "")
    values["capture"] = capture_of(node, []) if sound else NOTHING
    values["privacy"] = _privacy_of(node) if sound else PUBLIC
    return msgspec.structs.replace(Config(root=root), **values), findings


def same_site(data: bytes, other: bytes) -> bool:
    """Say whether two texts of staticrun.yaml ask for one site, wherever and as what it goes."""
    nodes = (parse(text, CONFIG, []) for text in (data, other))
    first, second = (_fields(_Sheet(CONFIG, []), node, Config, "") for node in nodes)
    outside: dict[str, object] = {"versions": {}, "publish": None}
    return {**first, **outside} == {**second, **outside}


def load_experiment(path: Path, shown: str) -> tuple[Experiment, list[Finding]]:
    """Read an experiment.yaml.

    Args:
        path: The file; it need not exist.
        shown: Its path as findings name it.

    Returns:
        The experiment, with defaults for what is absent or wrong; and what is wrong.
    """
    findings: list[Finding] = []
    node = _read(path, shown, findings)
    values = _fields(_Sheet(shown, findings), node, Experiment, "")
    return msgspec.structs.replace(Experiment(), **values), findings


def capture_of(node: Node | None, findings: list[Finding]) -> Capture:
    """Read the `capture` of a whole file; nothing is captured when anything in it is wrong."""
    value = value_of(node, "capture")
    if value is None:
        return Capture()
    sheet = _Sheet(CONFIG, [])
    found = _struct(sheet, value, Capture, "capture")
    findings += sheet.findings
    return found if isinstance(found, Capture) and not sheet.findings else NOTHING


def _privacy_of(node: Node | None) -> Privacy:
    """Read the `privacy` of a whole file; when anything in it is wrong, nobody is shown."""
    value = value_of(node, "privacy")
    if value is None:
        return Privacy()
    sheet = _Sheet(CONFIG, [])
    found = _struct(sheet, value, Privacy, "privacy")
    privacy = found if isinstance(found, Privacy) else Privacy()
    if sheet.findings:
        return msgspec.structs.replace(privacy, users="hide", hosts="hide", paths="hide")
    return privacy


def runs_of(node: Node | None, findings: list[Finding]) -> tuple[str, ...]:
    """Read the `runs` of a whole file; what is wrong is left out, as `load` does."""
    value = value_of(node, "runs")
    default = Config(root=Path()).runs
    if value is None:
        return default
    kind = next(f.type for f in inspect.type_info(Config).fields if f.name == "runs")  # type: ignore[attr-defined]
    found = _value(_Sheet(CONFIG, findings), value, kind, "runs")
    return found if isinstance(found, tuple) and found else default


def metrics_of(node: Node | None, shown: str, findings: list[Finding]) -> dict[str, Metric]:
    """Read the `metrics` of a whole file; what is wrong is left out, as `load` does.

    Args:
        node: The file.
        shown: Its name in findings.
        findings: Takes what is wrong.
    """
    value = value_of(node, "metrics")
    if value is None:
        return {}
    kind = next(f.type for f in inspect.type_info(Config).fields if f.name == "metrics")  # type: ignore[attr-defined]
    found = _value(_Sheet(shown, findings), value, kind, "metrics")
    return found if isinstance(found, dict) else {}


def value_of(node: Node | None, key: str) -> Node | None:
    """Give what stands under a key of a whole file."""
    entries = node.entries if isinstance(node, Mapping) else ()
    return next((value for name, value in entries if name.text == key), None)


def read_bytes(path: Path, shown: str, findings: list[Finding]) -> bytes | None:
    """Read a file as far as it may be long; None when there is none, or it cannot be read."""
    try:
        if path.exists() and not path.is_file():
            findings.append(Finding(shown, "not a file"))
            return None
        with path.open("rb") as stream:
            return stream.read(FILE_BYTES_MAX + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        findings.append(Finding(shown, f"cannot be read ({error.strerror})"))
        return None


def _read(path: Path, shown: str, findings: list[Finding]) -> Node | None:
    data = read_bytes(path, shown, findings)
    return None if data is None else parse(data, shown, findings)


class _Sheet(NamedTuple):
    """A file that is being read: its name, and what is wrong with it."""

    shown: str
    findings: list[Finding]

    def report(self, node: Node, what: str, expected: str = "", try_: str = "") -> None:
        self.findings.append(Finding(f"{self.shown}:{node.line}", what, expected, try_))


def _fields(sheet: _Sheet, node: Node | None, kind: type[_S], key: str) -> dict[str, object]:
    """Read the keys of a mapping: those that are there and right."""
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return {}
    if not isinstance(node, Mapping):
        sheet.report(node, f"{key or 'the file'} is {_said(node)}", "a mapping of keys to values")
        return {}
    fields = {f.name: f for f in msgspec.structs.fields(kind) if f.type is not Path}
    types = {f.name: f.type for f in inspect.type_info(kind).fields}  # type: ignore[attr-defined]
    values: dict[str, object] = {}
    for name, child in node.entries:
        path = f"{key}.{name.text}" if key else name.text
        if name.text not in fields:
            sheet.report(name, f'unknown key "{path}"', try_=nearest(name.text, fields))
            continue
        value = _value(sheet, child, types[name.text], path)
        if value is not UNSET:
            values[name.text] = value
    return values


def _value(sheet: _Sheet, node: Node, kind: inspect.Type, path: str, form: str = "") -> object:
    """Turn a node into the type of its key; UNSET when it is empty or wrong."""
    if isinstance(kind, inspect.Metadata):
        return _value(sheet, node, kind.type, path, str((kind.extra or {}).get("form", "")))
    if isinstance(kind, inspect.UnionType):
        if form in SWITCHES and isinstance(node, Scalar) and node.plain and node.text in _SWITCH:
            return _SWITCH[node.text]
        skipped = inspect.NoneType | inspect.BoolType
        kind = next(t for t in kind.types if not isinstance(t, skipped))
    if isinstance(kind, inspect.StructType):
        return _struct(sheet, node, kind.cls, path)
    if isinstance(node, Scalar) and node.is_null:
        return UNSET
    if isinstance(kind, inspect.DictType):
        return _dict(sheet, node, kind.value_type, path)
    if isinstance(kind, inspect.VarTupleType):
        return _list(sheet, node, kind.item_type, path, form)
    return _scalar(sheet, node, kind, path, form)


def _struct(sheet: _Sheet, node: Node, kind: type[msgspec.Struct], path: str) -> object:
    if kind is Capture and isinstance(node, Scalar) and not node.is_null:
        switch = _SWITCH.get(node.text) if node.plain else None
        if switch is None:
            sheet.report(node, f"{path} is {_said(node)}", "true, false or a mapping")
            return UNSET
        return Capture() if switch else NOTHING
    if kind is Privacy and isinstance(node, Scalar) and not node.is_null:
        if node.text != "public":
            sheet.report(node, f"{path} is {_said(node)}", "public or a mapping")
        return PUBLIC
    before = len(sheet.findings)
    values = _fields(sheet, node, kind, path)
    given = {key.text for key, _ in node.entries} if isinstance(node, Mapping) else set()
    for field in msgspec.structs.fields(kind):
        if field.required and field.name not in given and len(sheet.findings) == before:
            sheet.report(node, f"{path} has no {field.name}")
    if kind is Comparison and len(given & _CHOICES) != 1 and len(sheet.findings) == before:
        found = " and ".join(sorted(given & _CHOICES)) or "nothing that chooses runs"
        sheet.report(node, f"{path} has {found}", "exactly one of groups, runs and where")
        return UNSET
    if "tolerance" in values and "direction" not in values:
        what = f"{path} has a tolerance, but no direction"
        sheet.report(node, what, "direction: min or direction: max")
        del values["tolerance"]
    watch = values.get("watch")
    if isinstance(watch, Watch) and "direction" not in values:
        values["watch"] = _without_best(sheet, node, path, watch)
    try:
        return kind(**values)
    except TypeError:  # a required key is missing, or its value was left out
        return UNSET


def _without_best(sheet: _Sheet, node: Node, path: str, watch: Watch) -> Watch:
    """Leave out what needs to know which values are better."""
    for key in ("diverges", "patience"):
        if getattr(watch, key) is not None:
            what = f"{path}.watch has {key}, but {path} no direction"
            sheet.report(node, what, "direction: min or direction: max")
    return msgspec.structs.replace(watch, diverges=None, patience=None)


def _dict(sheet: _Sheet, node: Node, kind: inspect.Type, path: str) -> object:
    if not isinstance(node, Mapping):
        sheet.report(node, f"{path} is {_said(node)}", "a mapping of names")
        return UNSET
    found: dict[str, object] = {}
    for name, child in node.entries:
        if not name.text:
            sheet.report(name, f"{path} has an empty name")
            continue
        value = _value(sheet, child, kind, f"{path}.{name.text}")
        if value is not UNSET:
            found[name.text] = value
    return found


def _list(sheet: _Sheet, node: Node, kind: inspect.Type, path: str, form: str) -> object:
    alone = form == "folders" and isinstance(node, Scalar)
    if alone:
        node = Sequence((node,), node.line)
    if not isinstance(node, Sequence):
        sheet.report(node, f"{path} is {_said(node)}", "a list such as [a, b]")
        return UNSET
    if form == "folders" and not node.items:
        sheet.report(node, f"{path} is an empty list", "a folder or a list of folders")
        return UNSET
    found: list[object] = []
    for number, child in enumerate(node.items):
        where = path if alone else f"{path}[{number}]"
        if isinstance(child, Scalar) and child.is_null:
            sheet.report(child, f"{where} is empty")
            continue
        value = _value(sheet, child, kind, where, form)
        before = [other for other in found if _overlap(value, other, form)]
        if before:
            what = f"{where} is {_said(child)}, which {path} has already"
            sheet.report(child, f'{what} by "{before[0]}"' if form == "folders" else what)
        elif value is not UNSET:
            found.append(value)
    return tuple(found) if found or not node.items else UNSET


def _overlap(value: object, other: object, form: str) -> bool:
    """Say whether two items are one; two folders are when one lies in the other."""
    if value == other or form != "folders":
        return value == other
    one, two = f"{value}/", f"{other}/"
    return "." in (value, other) or one.startswith(two) or two.startswith(one)


def _scalar(sheet: _Sheet, node: Node, kind: inspect.Type, path: str, form: str) -> object:
    """Read a text by its form; else by its type, where a text is what is written."""
    value: object = None
    expected, try_ = "a text", ""
    if form:
        expected = FORMS[form].expected
        value = FORMS[form].read(node.text) if isinstance(node, Scalar) else None
    elif isinstance(kind, inspect.BoolType):
        expected = "true or false"
        value = _SWITCH.get(node.text) if isinstance(node, Scalar) and node.plain else None
    elif isinstance(kind, inspect.LiteralType):
        words = [str(word) for word in kind.values]
        expected = " or ".join(words)
        value = node.text if isinstance(node, Scalar) and node.text in words else None
        if isinstance(node, Scalar):
            try_ = nearest(node.text, words)
    elif isinstance(node, Scalar):
        value = node.text
    if value is None:
        sheet.report(node, f"{path} is {_said(node)}", expected, try_)
        return UNSET
    return value


def _said(node: Node) -> str:
    if isinstance(node, Scalar):
        return f'"{node.text}"' if len(node.text) <= 60 else f'"{node.text[:57]}…"'
    return "a mapping" if isinstance(node, Mapping) else "a list"
