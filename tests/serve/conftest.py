"""The browser, as in the room of its tests."""

from tests.browser.conftest import chromium

__all__ = ["chromium"]
