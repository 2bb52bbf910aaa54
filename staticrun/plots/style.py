"""What a theme says about figures: its `plots.mplstyle`, in matplotlib's own words.

What a theme leaves out is as in the default theme. Colours of the style file are those of the
light scheme: a page puts its own variables in their place, a figure in a file of its own keeps
them. Loading needs no matplotlib.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec

from staticrun import layout
from staticrun.errors import UserError
from staticrun.files import sha256
from staticrun.plots.color import SLOTS

STYLE_FILE: Final = "plots.mplstyle"
_HEXADECIMAL = re.compile(r"#?([0-9a-fA-F]{6})")
# Which of matplotlib's parameters holds the light colour of a token of the page.
_COLORS: Final = {
    "ink": "text.color",
    "muted": "xtick.color",
    "faint": "lines.color",
    "paper": "figure.facecolor",
    "worse": "lines.markeredgecolor",
}
_CYCLE: Final = "axes.prop_cycle"


class Parameter(msgspec.Struct, frozen=True):
    """One line of a style file: the text of a value and where it stands (`FILE:LINE`)."""

    value: str
    where: str


class Style(msgspec.Struct, frozen=True):
    """Everything outside of its spec that a figure depends on.

    Attributes:
        parameters: matplotlib's parameter → its text.
        palette: Token of the page → `#rrggbb` in the light scheme.
        digest: sha256 over the parameters, the code of this room and the version of matplotlib:
            part of the key of every cached figure.
    """

    parameters: dict[str, Parameter]
    palette: dict[str, str]
    digest: str

    def number(self, name: str) -> float:
        """Read a parameter as a number.

        Raises:
            UserError: When its text is no number.
        """
        parameter = self.parameters[name]
        try:
            return float(parameter.value)
        except ValueError:
            what = f"{name} is {parameter.value!r}"
            raise UserError(parameter.where, what, "a number") from None

    def numbers(self, name: str) -> tuple[float, ...]:
        """Read a parameter as numbers with commas between.

        Raises:
            UserError: When one of them is no number.
        """
        parameter = self.parameters[name]
        try:
            return tuple(float(part) for part in parameter.value.split(","))
        except ValueError:
            what = f"{name} is {parameter.value!r}"
            raise UserError(parameter.where, what, "numbers, as in 5, 3") from None

    def fonts(self, name: str) -> str:
        """Write a list of font families as CSS wants it."""
        families = (part.strip().strip("\"'") for part in self.parameters[name].value.split(","))
        return ", ".join(
            f"'{family}'" if " " in family else family for family in families if family
        )


def load_style(path: Path) -> Style:
    """Read a style file over that of the default theme.

    Raises:
        UserError: When it cannot be read, a line is not `NAME: VALUE`, or a colour is not in
            six hexadecimal digits.
    """
    default = layout.bundled_themes() / "default" / STYLE_FILE
    parameters = _read(default) | (_read(path) if path != default else {})
    code = sorted(Path(__file__).parent.glob("*.py"))
    parts = [
        version("matplotlib"),
        *(f"{name}: {parameters[name].value}" for name in sorted(parameters)),
        *(sha256(source.read_bytes()) for source in code),
    ]
    return Style(
        parameters=parameters,
        palette=_palette(parameters),
        digest=sha256("\n".join(parts).encode()),
    )


def _read(path: Path) -> dict[str, Parameter]:
    shown = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(shown, f"cannot be read ({error})") from None
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        # As matplotlib reads it: a comment begins at a # that no quote is around.
        setting = re.sub(r"(\"[^\"]*\"|'[^']*')|#.*", r"\1", line).strip()
        name, colon, value = setting.partition(":")
        if setting and not colon:
            raise UserError(f"{shown}:{number}", f"{setting!r} sets nothing", "NAME: VALUE")
        if setting:
            found[name.strip()] = Parameter(value.strip(), f"{shown}:{number}")
    return found


def _palette(parameters: dict[str, Parameter]) -> dict[str, str]:
    palette = {}
    for token, name in _COLORS.items():
        color = _HEXADECIMAL.fullmatch(parameters[name].value.strip("\"'"))
        if not color:
            what = f"{name} is {parameters[name].value!r}"
            raise UserError(parameters[name].where, what, "six hexadecimal digits, as in 1b1a17")
        palette[token] = f"#{color[1].lower()}"
    cycle = parameters[_CYCLE]
    colors = re.findall(r"['\"]#?([0-9a-fA-F]{6})['\"]", cycle.value)
    if len(colors) != SLOTS:
        what = f"{_CYCLE} has {len(colors)} colours"
        raise UserError(cycle.where, what, f"{SLOTS}, each of six hexadecimal digits in quotes")
    return palette | {
        f"r{slot}": f"#{color.lower()}" for slot, color in enumerate(colors, start=1)
    }
