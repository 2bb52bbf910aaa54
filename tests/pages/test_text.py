"""No character of a stranger steers a page."""

from hypothesis import given
from hypothesis import strategies as st

from staticrun.pages.render import ROOT
from staticrun.pages.text import visible

ANY = st.text(st.characters(exclude_categories=()))


@given(ANY)
def test_visible_text_can_be_encoded_and_holds_no_control(text):
    shown = visible(text)

    shown.encode()
    assert ROOT not in shown
    assert not any(ord(c) < 32 and c not in "\t\n\r" for c in shown)
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\ufffe") & set(shown)


@given(ANY)
def test_making_visible_twice_changes_nothing(text):
    assert visible(visible(text)) == visible(text)


def test_ordinary_text_of_any_script_stays():
    text = "naïve\tΩ 日本語 עברית 👩‍🔬\n"

    assert text == visible(text)
