"""A served registry: a change in the work tree is shown at once, and so is its commit."""

from __future__ import annotations

import pytest

from staticrun import layout
from tests.pages.registry_project import begin, promotion, put
from tests.serve.site import clean, serving, tree

pytestmark = pytest.mark.slow


def test_a_change_of_the_registry_and_its_commit_are_shown(tmp_path):
    story = begin(tmp_path / "the project")
    story.register(1)
    story.promote(1, "staging", "it is the newest")
    page = story.root / "site" / layout.REGISTRY_URL

    with serving(story.root) as server:
        assert "Not committed" not in page.read_text()
        put(story.root, promotion(story.root, 1, "production", "it reads digits"))
        server.wait(lambda: "Not committed" in page.read_text())
        story.commit("Promote it")
        server.wait(lambda: "Not committed" not in page.read_text())
        expected = clean(story.root)
        server.wait(lambda: tree(story.root / "site") == expected)
