"""What is wrong with a template is said with its file and line."""

from __future__ import annotations

import msgspec
import pytest

from staticrun.errors import UserError
from staticrun.pages.context import Site
from staticrun.pages.render import Renderer

SITE = Site("Made-up", None, (), "app.css", "app.js")


class View(msgspec.Struct):
    name: str


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("a\n{% if view.name %}\nb\n", "themes/own/templates/page.html:", "Unexpected end"),
        ("a\n{{ view.name\n", "themes/own/templates/page.html:2", "unexpected"),
        ("a\nb\n{{ view.nothing }}\n", "themes/own/templates/page.html:3", "nothing"),
        ("{% extends 'none.html' %}", "themes/own/templates/page.html:1", "none.html"),
        ("{% include 'part.html' %}", "themes/own/templates/part.html:1", "nothing"),
    ],
    ids=["no end", "no close", "no such field", "no such template", "in a part"],
)
def test_a_wrong_template_is_said_with_its_place(tmp_path, text, where, what):
    folder = tmp_path / "themes/own/templates"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text(text)
    (folder / "part.html").write_text("{{ view.nothing }}")

    with pytest.raises(UserError, match=what) as error:
        Renderer([folder], "1").render("page.html", View("a"), SITE)

    assert error.value.finding.where.startswith(where)
