"""The colours of runs, measured.

Simulated colour-blindness: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based
Model for Simulation of Color Vision Deficiency", IEEE TVCG 15 (2009), matrices of severity 1.0, on
linear-light sRGB. Difference: Euclidean distance in OKLab (B. Ottosson, 2020), times 100.
Contrast: WCAG 2.2.
"""

from __future__ import annotations

import itertools
import math
import re

import pytest

from staticrun import layout
from staticrun.plots import load_style
from staticrun.plots.color import LABEL_SHARE, linear, mix, oklab

THEME = layout.bundled_themes() / "default"
SLOTS = [f"r{slot}" for slot in range(1, 11)]
LEAST_DIFFERENCE, LEAST_CONTRAST, LEAST_TEXT_CONTRAST = 8.0, 3.0, 4.5
VISION = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def tokens(scheme):
    text = (THEME / "styles" / "tokens.css").read_text("utf-8")
    pairs = re.findall(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", text)
    return {name: colors[scheme == "dark"] for name, *colors in pairs}


def seen(color, vision):
    return tuple(
        min(
            max(
                sum(weight * channel for weight, channel in zip(row, linear(color), strict=True)),
                0.0,
            ),
            1.0,
        )
        for row in VISION[vision]
    )


def difference(a, b, vision):
    return 100 * math.dist(oklab(seen(a, vision)), oklab(seen(b, vision)))


def contrast(a, b):
    lights = sorted(
        sum(
            weight * channel
            for weight, channel in zip((0.2126, 0.7152, 0.0722), linear(color), strict=True)
        )
        for color in (a, b)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("vision", VISION)
def test_every_two_runs_and_the_baseline_are_told_apart(scheme, vision):
    palette = tokens(scheme)
    close = {
        (a, b): round(distance, 1)
        for a, b in itertools.combinations([*SLOTS, "ink"], 2)
        if (distance := difference(palette[a], palette[b], vision)) < LEAST_DIFFERENCE
    }
    assert close == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_run_stands_out_from_the_paper(scheme):
    palette = tokens(scheme)
    pale = {
        slot: round(contrast(palette[slot], palette["paper"]), 2)
        for slot in SLOTS
        if contrast(palette[slot], palette["paper"]) < LEAST_CONTRAST
    }
    assert pale == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_labels_in_the_colour_of_a_run_can_be_read_as_text(scheme):
    palette = tokens(scheme)
    labels = {slot: mix(palette[slot], palette["ink"], LABEL_SHARE) for slot in SLOTS}
    weak = {
        slot: label
        for slot, label in labels.items()
        if contrast(label, palette["paper"]) < LEAST_TEXT_CONTRAST
    }
    assert weak == {}


def test_a_slot_has_the_same_hue_in_light_and_dark():
    light, dark = tokens("light"), tokens("dark")

    def hue(color):
        _, a, b = oklab(linear(color))
        return math.degrees(math.atan2(b, a))

    turns = {slot: abs((hue(light[slot]) - hue(dark[slot]) + 180) % 360 - 180) for slot in SLOTS}
    assert {slot: turn for slot, turn in turns.items() if turn > 15} == {}


def test_the_style_file_spells_the_light_colours_as_the_style_sheet_does():
    palette = load_style(THEME / "plots.mplstyle").palette
    light = tokens("light")
    assert palette == {name: light[name] for name in palette}
    assert set(palette) == {*SLOTS, "ink", "muted", "faint", "paper", "worse"}
