"""The page for addresses that lead nowhere holds no relative link."""

import re

from staticrun import layout
from staticrun.pages.context import Context, Link, Site
from staticrun.pages.render import Renderer, place
from staticrun.pages.views import missing

THEME = layout.bundled_themes() / "default/templates"


def page(url):
    site = Site(
        "Small <networks>", url, (Link("Compare", "compare/index.html"),), "app.css", "app.js"
    )
    view = missing.make(Context(None, None, None, None, site))
    made = Renderer([THEME], "0.1.0").render(missing.TEMPLATE, view, site)
    return place(made, "").decode()


def links(text):
    return [link for link in re.findall(r'(?:href|src)="([^"]*)"', text) if link[:5] != "data:"]


def test_with_an_address_every_link_is_absolute():
    found = links(page("https://example.org/p"))

    assert set(found) - {"#main"} == {
        "https://example.org/p/app.css",
        "https://example.org/p/app.js",
        "https://example.org/p/index.html",
        "https://example.org/p/compare/index.html",
    }


def test_without_an_address_it_says_where_to_look_and_links_nowhere():
    text = page(None)

    assert set(links(text)) == {"#main", "app.css", "app.js"}
    assert "runs/EXPERIMENT/RUN/index.html" in text
    assert "Small &lt;networks&gt;" in text
