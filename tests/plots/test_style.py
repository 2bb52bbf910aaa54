from __future__ import annotations

import subprocess
import sys

import pytest

from staticrun import layout
from staticrun.errors import UserError
from staticrun.plots import Curves, Line, draw, load_style

DEFAULT = layout.bundled_themes() / "default" / "plots.mplstyle"
SPEC = Curves("loss", "", "step", (Line("a", (0.0, 1.0), (1.0, 2.0), slot=1),))


def theme(tmp_path, text):
    path = tmp_path / "mine" / "plots.mplstyle"
    path.parent.mkdir()
    path.write_text(text)
    return path


def test_a_theme_says_only_what_it_wants_different(tmp_path):
    style = load_style(theme(tmp_path, "# thicker\nlines.linewidth: 3  # px\n"))
    assert style.number("lines.linewidth") == 3
    assert style.palette == load_style(DEFAULT).palette
    assert style.digest != load_style(DEFAULT).digest
    assert 'stroke-width="3"' in draw(SPEC, style)


def test_a_theme_without_a_word_is_the_default(tmp_path):
    assert load_style(theme(tmp_path, "")).digest == load_style(DEFAULT).digest


def test_a_line_that_sets_nothing_is_told(tmp_path):
    with pytest.raises(UserError) as error:
        load_style(theme(tmp_path, "lines.linewidth: 1\nlines.linewidth 3\n"))
    assert str(error.value) == (
        "mine/plots.mplstyle:2: 'lines.linewidth 3' sets nothing, expected NAME: VALUE."
    )


def test_a_parameter_that_matplotlib_refuses_is_told(tmp_path):
    style = load_style(theme(tmp_path, "lines.linewdith: 1\n"))
    with pytest.raises(UserError) as error:
        draw(SPEC, style)
    assert str(error.value) == (
        "mine/plots.mplstyle:1: matplotlib refuses lines.linewdith: 1, "
        "expected one of its parameters and a value of it."
    )


def test_a_size_that_is_no_number_is_told(tmp_path):
    style = load_style(theme(tmp_path, "grid.alpha: pale\n"))
    with pytest.raises(UserError) as error:
        draw(SPEC, style)
    assert str(error.value) == ("mine/plots.mplstyle:1: grid.alpha is 'pale', expected a number.")


def test_a_colour_must_be_in_six_digits(tmp_path):
    with pytest.raises(UserError) as error:
        load_style(theme(tmp_path, "text.color: black\n"))
    assert str(error.value) == (
        "mine/plots.mplstyle:1: text.color is 'black', "
        "expected six hexadecimal digits, as in 1b1a17."
    )


def test_too_few_colours_are_told(tmp_path):
    with pytest.raises(UserError) as error:
        load_style(theme(tmp_path, "axes.prop_cycle: cycler('color', ['000000'])\n"))
    assert str(error.value) == (
        "mine/plots.mplstyle:1: axes.prop_cycle has 1 colours, "
        "expected 10, each of six hexadecimal digits in quotes."
    )


def test_a_missing_style_is_told(tmp_path):
    with pytest.raises(UserError, match=r"plots\.mplstyle: cannot be read"):
        load_style(tmp_path / "none" / "plots.mplstyle")


def test_specs_digests_and_styles_need_no_matplotlib_and_no_numpy():
    code = (
        "import sys; from staticrun.plots import Curves, digest, load_style, notes; "
        "from staticrun import layout; "
        "style = load_style(layout.bundled_themes() / 'default' / 'plots.mplstyle'); "
        "spec = Curves('a', '', 'step', ()); notes(spec); digest(spec, style); "
        "print(sorted({'matplotlib', 'numpy', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
