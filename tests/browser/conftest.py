"""One browser and one built site for all tests of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import chromium as machine
from tests.browser.site import build, copy_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the machine's Chromium; that there is none is a failure, not a reason to skip."""
    path = machine.find()
    if path is None:
        pytest.fail("there is no Chromium on this machine: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=machine.arguments())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build this repository's own site, once, in a folder whose name holds a space."""
    return build(copy_project(tmp_path_factory.mktemp("demo") / "the project"))
