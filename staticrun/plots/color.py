"""Colours: tokens of the page, the colours that stand for them while matplotlib draws, mixing.

matplotlib knows no CSS variable, so each token is drawn in a colour of its own that nothing else
has, and `svg` puts the variable in its place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    Triple = tuple[float, float, float]

SLOTS: Final = 10
TOKENS: Final = (
    "ink",
    "muted",
    "faint",
    "paper",
    "worse",
    *(f"r{slot}" for slot in range(1, SLOTS + 1)),
)
# Labels are mixed with ink so that small text in a run's colour has the contrast of text.
LABEL_SHARE: Final = 0.7
_STAND_INS: Final = {token: f"#fa57{place:02x}" for place, token in enumerate(TOKENS)}
_TOKEN_OF: Final = {color: token for token, color in _STAND_INS.items()}


def slot_token(slot: int | None) -> str:
    """Name the token of a run's colour slot: 1 to 10 and round again; ink without a slot."""
    return "ink" if slot is None else f"r{(slot - 1) % SLOTS + 1}"


def stand_in(token: str) -> str:
    """Give the colour that matplotlib draws for a token."""
    return _STAND_INS[token]


def token_of(color: str) -> str | None:
    """Give the token that a drawn colour stands for."""
    return _TOKEN_OF.get(color)


def variable(token: str, palette: Mapping[str, str]) -> str:
    """Write a token for an SVG: the page's variable, and the light colour where there is none."""
    return f"var(--{token}, {palette[token]})"


def label_color(token: str, palette: Mapping[str, str]) -> str:
    """Write the colour of a label: a run's colour mixed with ink."""
    color = variable(token, palette)
    if not token.startswith("r"):
        return color
    return f"color-mix(in oklab, {color} {LABEL_SHARE:.0%}, {variable('ink', palette)})"


def settle(svg: str) -> str:
    """Put the light colours in the place of variables and mixtures, for a file of its own."""
    plain = _VARIABLE.sub(lambda found: found["color"], svg)
    return _MIXTURE.sub(
        lambda found: mix(found["a"], found["b"], int(found["share"]) / 100), plain
    )


_VARIABLE = re.compile(r"var\(--\w+, (?P<color>#[0-9a-f]{6})\)")
_MIXTURE = re.compile(
    r"color-mix\(in oklab, (?P<a>#[0-9a-f]{6}) (?P<share>\d+)%, (?P<b>#[0-9a-f]{6})\)"
)


def mix(a: str, b: str, share: float) -> str:
    """Mix two `#rrggbb` colours in OKLab, as CSS `color-mix(in oklab, a share, b)` does."""
    first, second = oklab(linear(a)), oklab(linear(b))
    lightness, green_red, blue_yellow = (
        share * x + (1 - share) * y for x, y in zip(first, second, strict=True)
    )
    return _hexadecimal(_from_oklab((lightness, green_red, blue_yellow)))


def linear(color: str) -> Triple:
    """Read `#rrggbb` as linear-light sRGB, 0 to 1."""
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _to_linear(red), _to_linear(green), _to_linear(blue)


def oklab(color: Triple) -> Triple:
    """Convert linear-light sRGB to OKLab.

    Source: B. Ottosson, "A perceptual color space for image processing" (2020).
    """
    r, g, b = color
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _from_oklab(color: Triple) -> Triple:
    lightness, a, b = color
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _hexadecimal(color: Triple) -> str:
    channels = (
        12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
        for channel in (min(max(channel, 0.0), 1.0) for channel in color)
    )
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)
