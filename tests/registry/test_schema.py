"""The schemas that editors check manifests by say what the reader says."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from staticrun.registry import manifests
from staticrun.registry.schema import json_schema
from staticrun.registry.state import KINDS
from staticrun.registry.write import spell
from tests.registry.made import stage, version

MADE = {
    "registry": manifests.Registry(order=("staging", "production"), models_max=2),
    "policies": manifests.Policies(
        stages={
            "production": manifests.Policy(
                came_from=("staging",),
                soak="48h",
                gates=("floor",),
                approvals=manifests.Approvals(min=2, users=("@ann",)),
            )
        },
        gates={
            "floor": manifests.Threshold(metric="auc", min=0.9),
            "better": manifests.Better(metric="auc", direction="max"),
            "files": manifests.RequiredFiles(files=("model.onnx",)),
            "own": manifests.Command(command=("python", "check.py")),
        },
    ),
    "model": manifests.Model(model="churn", owners=("Ann",), tags={"team": "risk"}),
    "version": version(3, signature={"inputs": []}, data=(manifests.Data(name="a", rows=3),)),
    "withdrawn": manifests.Withdrawn(model="churn", version=3, reason="leak"),
    "stage": stage(3, overrides=(manifests.Override(gate="floor", reason="x", by="Ann"),)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_fits_its_schema_and_every_key_is_described(kind):
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    said = yaml.safe_load(spell(MADE[kind]))
    check.validate(said)
    for one in (schema, *schema["$defs"].values()):
        assert one["description"].endswith(".")
        silent = [name for name, of in one["properties"].items() if not of.get("description")]
        assert silent == []
    for wrong in ({**said, "other": 1}, {key: said[key] for key in said if key != "schema"}):
        assert not check.is_valid(wrong)
    if "model" in said:
        assert not check.is_valid({**said, "model": "Churn"})
        assert not check.is_valid({**said, "model": "churn\n"})
