"""What there is to know of every key: a table for the guide, a JSON Schema for editors.

Both are made from the structs in `keys`, so that neither can say what the reader does not do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import inspect

from staticrun import layout
from staticrun.config.keys import Config, Experiment

if TYPE_CHECKING:
    import msgspec


class KeyReference(NamedTuple):
    """One key of a file.

    Attributes:
        key: Its path: `artifacts.max`, `metrics.NAME.direction`, `logs[].glob`.
        kind: What its value is: `text`, `true or false`, `list of texts`, ….
        default: What holds without it, as it would be written; `none` or `required`.
        unit: What its number counts, or `none`.
        description: One sentence.
        example: A value as it is written in YAML.
    """

    key: str
    kind: str
    default: str
    unit: str
    description: str
    example: str


_KINDS = {
    "size": "size",
    "glob": "pattern of paths",
    "folder": "path",
    "folders": "path or list of paths",
    "switches": "true, false or mapping",
    "profile": "public or mapping",
    "field": "list of patterns",
    "names": "true, false or list of texts",
    "interval": "true, false or number",
    "format": "format",
    "tolerance": "number or per cent",
    "number": "number",
    "factor": "number above 1",
    "count": "whole number above 0",
    "url": "address",
    "name": "name of a folder",
    "target": "branch:NAME or folder:PATH",
}
# A text is taken as it is written, so that `name: 2026` is one.
_TEXT: dict[str, object] = {"type": ["string", "number", "boolean"]}
_SCHEMAS: dict[str, list[dict[str, object]]] = {
    "size": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": "^[0-9][0-9_]*([.][0-9]+)? *([kKMGT]i?B|B|bytes)?$"},
    ],
    "number": [{"type": "number"}],
    "tolerance": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": "^[0-9]+([.][0-9]*)?([eE][+-]?[0-9]+)? *%?$"},
    ],
    "factor": [{"type": "number", "exclusiveMinimum": 1}],
    "count": [{"type": "integer", "minimum": 1}],
    "folders": [_TEXT],
    "switches": [{"type": "boolean"}],
    "profile": [{"const": "public"}],
    "names": [{"type": "boolean"}],
    "interval": [{"type": "boolean"}],
}

# What these forms take beside what the type says.
_BESIDE = ("folders", "switches", "profile")


def reference(file: type[Config | Experiment] = Config) -> list[KeyReference]:
    """List the keys of a file in the order of its struct, each parent before its children.

    Args:
        file: `Config` for staticrun.yaml, `Experiment` for experiment.yaml.
    """
    return _of_struct(file, "")


def json_schema(file: type[Config | Experiment] = Config) -> dict[str, object]:
    """Make the JSON Schema of a file, for editors that complete and check YAML.

    Args:
        file: As in `reference`.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": layout.CONFIG if file is Config else layout.EXPERIMENT_CONFIG,
        **_schema(inspect.type_info(file)),
    }


def _schema(kind: inspect.Type, form: str = "") -> dict[str, object]:
    if isinstance(kind, inspect.UnionType):
        return _schema(_plain(kind), form)
    if isinstance(kind, inspect.Metadata):
        extra, described = kind.extra or {}, kind.extra_json_schema or {}
        form = str(extra.get("form", ""))
        own = _schema(kind.type, form)
        if form in _SCHEMAS:
            alternatives = _SCHEMAS[form]
            own = {"anyOf": [*alternatives, own] if form in _BESIDE else alternatives}
        return {"description": f"{described['description']} Example: {_example(kind)}", **own}
    if isinstance(kind, inspect.StructType):
        fields = [field for field in kind.fields if not isinstance(field.type, inspect.CustomType)]
        return {
            "type": "object",
            "properties": {field.name: _schema(field.type) for field in fields},
            "required": [field.name for field in fields if field.required],
            "additionalProperties": False,
        }
    if isinstance(kind, inspect.DictType):
        return {"type": "object", "additionalProperties": _schema(kind.value_type)}
    if isinstance(kind, inspect.VarTupleType):
        return {"type": "array", "items": _schema(kind.item_type)}
    if isinstance(kind, inspect.LiteralType):
        return {"enum": list(kind.values)}
    if isinstance(kind, inspect.FloatType):
        return {"type": "number", "exclusiveMinimum": 0}
    return {"type": "boolean"} if isinstance(kind, inspect.BoolType) else dict(_TEXT)


def _of_struct(struct: type[msgspec.Struct], above: str) -> list[KeyReference]:
    found: list[KeyReference] = []
    info = inspect.type_info(struct)
    fields = info.fields if isinstance(info, inspect.StructType) else ()
    for field in fields:
        if not isinstance(field.type, inspect.Metadata):  # `root` is no key
            continue
        key = f"{above}{field.name}"
        extra, described = field.type.extra or {}, field.type.extra_json_schema or {}
        form, unit = str(extra["form"]), str(extra["unit"])
        kind = _plain(field.type)
        default = "required" if field.required else _default(field, form)
        found.append(
            KeyReference(
                key,
                _KINDS.get(form) or _kind(kind),
                default,
                unit,
                str(described["description"]),
                _example(field.type),
            )
        )
        if isinstance(kind, inspect.DictType):
            kind, key = _plain(kind.value_type), f"{key}.NAME"
        elif isinstance(kind, inspect.VarTupleType):
            kind, key = _plain(kind.item_type), f"{key}[]"
        if isinstance(kind, inspect.StructType):
            found += _of_struct(kind.cls, f"{key}.")
    return found


def _plain(kind: inspect.Type) -> inspect.Type:
    """Take off what is written around a type: its description, and that it may be absent."""
    if isinstance(kind, inspect.Metadata):
        return _plain(kind.type)
    if isinstance(kind, inspect.UnionType):
        switches = inspect.NoneType | inspect.BoolType
        return next(t for t in kind.types if not isinstance(t, switches))
    return kind


def _kind(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.LiteralType):
        return " or ".join(map(str, kind.values))
    if isinstance(kind, inspect.DictType):
        inner = _plain(kind.value_type)
        return f"mapping of names to {'mappings' if _is_struct(inner) else 'texts'}"
    if isinstance(kind, inspect.VarTupleType):
        return f"list of {'mappings' if _is_struct(_plain(kind.item_type)) else 'texts'}"
    if isinstance(kind, inspect.BoolType):
        return "true or false"
    return "mapping" if _is_struct(kind) else "text"


def _is_struct(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.StructType)


def _default(field: inspect.Field, form: str) -> str:
    value = field.default
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        unit, name = (10**9, "GB") if value % 10**9 == 0 else (10**6, "MB")
        return f"{value // unit} {name}" if form == "size" else str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, tuple) and value:
        return f"[{', '.join(map(str, value))}]"
    return "true" if form == "switches" else "none"


def _example(kind: inspect.Type) -> str:
    described = kind.extra_json_schema if isinstance(kind, inspect.Metadata) else None
    return str((described or {})["examples"][0])
