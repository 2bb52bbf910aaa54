"""One built site for all tests of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.site import build, copy_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build this repository's own site, once, in a folder whose name holds a space."""
    return build(copy_project(tmp_path_factory.mktemp("demo") / "the project"))
