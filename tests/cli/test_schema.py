"""`staticrun schema`."""

import json

import pytest


@pytest.mark.parametrize("what", ["record", "config", "experiment"])
def test_each_format_is_published_as_json_schema(staticrun, what):
    ran = staticrun("schema", what)

    schema = json.loads(ran.out)
    assert ran.code == 0
    assert "$defs" in schema or "properties" in schema
