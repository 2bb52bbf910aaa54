"""A project whose registry is in git, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.registry.branches import begin


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    return begin(tmp_path_factory.mktemp("template") / "a project")


@pytest.fixture
def root(template, tmp_path):
    return Path(shutil.copytree(template, tmp_path / "a project"))
