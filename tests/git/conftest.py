"""A repository to look at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.git.repository import AUTHOR, sh, write


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    sh(folder, "init", "-q", "-b", "main", "--template=")
    write(folder, a_py="one\ntwo\nthree\n", src__b_py="b\n")
    (folder / ".gitignore").write_text("*.log\n")
    sh(folder, "add", "-A")
    sh(folder, *AUTHOR, "commit", "-q", "-m", "a")
    return folder


@pytest.fixture
def repo(template, tmp_path):
    return Path(shutil.copytree(template, tmp_path / "repo"))
