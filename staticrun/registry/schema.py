"""The files of a registry as JSON Schemas, made from the types that read and write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from staticrun.record.schema import documented
from staticrun.registry.manifests import Kind
from staticrun.registry.state import KINDS

if TYPE_CHECKING:
    from staticrun.registry.manifests import Manifest


def json_schema(kind: str) -> dict[str, Any]:
    """Make the JSON Schema of a file.

    Args:
        kind: `registry`, `policies`, `model`, `version`, `withdrawn` or `stage`.

    Returns:
        A schema of draft 2020-12, which an editor checks YAML by.
    """
    of: type[Manifest] = KINDS[kind]
    _, structs = msgspec.json.schema_components([of], ref_template="#/$defs/{name}")
    whole = {name: _described(schema) for name, schema in sorted(structs.items())}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{kind} of a registry of staticrun",
        **whole.pop(of.__name__),
        "$defs": whole,
    }


def _described(struct: dict[str, Any]) -> dict[str, Any]:
    summary, said = documented(struct.get("description", ""))
    if "kind" in struct["properties"]:
        said = {"kind": "Which gate it is.", **documented(Kind.__doc__ or "")[1], **said}
    properties = {}
    for name, schema in struct["properties"].items():
        text = said.get(name, "")
        form = schema.get("description")
        shown = " ".join(filter(None, [text, f"Form: {form}." if form else ""]))
        properties[name] = {**schema, **({"description": shown} if shown else {})}
    # `schema` has a default for the writer, and a file has to say it.
    required = struct.get("required", [])
    first = ["schema"] if "schema" in properties else []
    return {
        **struct,
        "description": summary,
        "properties": properties,
        "required": [*first, *required],
    }
