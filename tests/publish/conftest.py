"""A real project with versions, built once for each module that reads its site."""

from __future__ import annotations

import pytest

from staticrun.pages.build import build
from tests.pages.projects import write_config, write_run


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build a project with two versions and an alias; one run went after the first version."""
    root = tmp_path_factory.mktemp("a project")
    write_config(root, "project: {name: Small}\nversions: {v1: {aliases: [stable]}, v2: {}}\n")
    (root / "reports").mkdir()
    (root / "reports/first.md").write_text("# First\n\nSee the [runs](../index.html).\n")
    for name in ("a", "b"):
        write_run(root, f"digits/{name}", {"acc": [0.5, 0.75]}, {"lr": 0.1})
    build(root, jobs=1, version="v1")
    (root / "runs/digits/b/run.jsonl").unlink()
    write_run(root, "digits/c", {"acc": [0.5, 0.875]}, {"lr": 0.2}, parent="digits-a")
    build(root, jobs=1, version="v2")
    return root
