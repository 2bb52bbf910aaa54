"""A registry that is taken away leaves nothing in the site."""

from __future__ import annotations

import shutil

from staticrun.pages.build import build
from tests.registry.made import registry


def files(site):
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


def test_pages_of_a_registry_that_is_gone_are_gone(tmp_path):
    (tmp_path / "staticrun.yaml").write_text("project: {name: p}\n")
    build(tmp_path, jobs=1)
    without = files(tmp_path / "site")
    registry(tmp_path, 2, production=1)
    build(tmp_path, jobs=1)
    assert "registry/churn/1/index.html" in files(tmp_path / "site")
    (tmp_path / "site/.tmp-of-a-build-that-was-killed").touch()
    shutil.rmtree(tmp_path / "registry")
    build(tmp_path, jobs=1)
    assert files(tmp_path / "site") == without
