"""The guide in a browser: every page of it can be read on a desk and on a phone."""

from __future__ import annotations

import pytest

from tests.browser.visit import visit

# Words of which a part stands in another line than the rest.
BROKEN = """() => {
  const broken = [];
  for (const cell of document.querySelectorAll(".prose td, .prose th")) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      for (const word of text.data.matchAll(/[\\p{L}\\p{N}_]+/gu)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(r => r.top)).size > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}"""


@pytest.fixture(scope="module")
def reports(demo) -> list[str]:
    found = sorted(path.as_uri() for path in (demo / "reports").rglob("index.html"))
    assert len(found) > 8
    return found


@pytest.mark.parametrize(
    "width", [390, *(pytest.param(one, marks=pytest.mark.slow) for one in (320, 1440))]
)
def test_no_word_in_a_table_is_broken_and_no_page_scrolls_sideways(chromium, reports, width):
    with visit(chromium, reports[0], width=width) as seen:
        for address in reports:
            seen.go(address)
            assert (address, seen.page.evaluate(BROKEN)) == (address, [])
            assert (address, seen.overflow()) == (address, 0)


@pytest.mark.slow
def test_on_a_desk_every_table_fits(chromium, reports):
    wider = "[...document.querySelectorAll('.prose .scroll')].filter(s => s.scrollWidth > s.clientWidth).length"
    with visit(chromium, reports[0], width=1440) as seen:
        for address in reports:
            seen.go(address)
            assert (address, seen.page.evaluate(wider)) == (address, 0)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_a_page_with_wide_tables_is_accessible_on_a_phone(chromium, demo, scheme):
    address = (demo / "reports/configuration/index.html").as_uri()
    with visit(chromium, address, scheme=scheme, width=390) as seen:
        assert seen.axe() == []
