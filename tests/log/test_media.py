"""Figures, images, tables and histograms from what the frameworks hand over."""

from __future__ import annotations

import csv
import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from staticrun.log.artifact import ArtifactError, clean_name
from staticrun.log.images import draw, encode_png
from staticrun.log.media import count_bins, file_name, write_csv


class Tensor:
    """An array on a device, in a graph."""

    def __init__(self, array, at="device"):
        self.array = array
        self.at = at

    def detach(self):
        return Tensor(self.array, "host")

    def cpu(self):
        return Tensor(self.array, self.at)

    def tolist(self):
        assert self.at == "host"
        return self.array.tolist()


def pixels(data):
    return np.asarray(Image.open(io.BytesIO(data)))


SHADES = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
COLOURS = np.random.default_rng(1).integers(0, 256, (5, 6, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (SHADES, SHADES),
        (SHADES.tolist(), SHADES),
        (SHADES[:, :, None], SHADES),
        (SHADES / 255, SHADES),
        (SHADES.astype(float), SHADES),
        (SHADES > 100, (SHADES > 100) * 255),
        (COLOURS, COLOURS),
        (COLOURS.transpose(2, 0, 1), COLOURS),
        (Tensor(COLOURS), COLOURS),
        (np.dstack([COLOURS, COLOURS[:, :, :1]]), np.dstack([COLOURS, COLOURS[:, :, :1]])),
        (Image.fromarray(COLOURS), COLOURS),
        ([[-5, 300]], [[0, 255]]),
        ([[math.nan, 0.5]], [[0, 128]]),
    ],
)
def test_an_image_is_encoded_pixel_by_pixel(image, expected):
    assert np.array_equal(pixels(encode_png(image)), expected)


@pytest.mark.parametrize(
    "image",
    [
        [],
        [[]],
        [1, 2],
        np.zeros((2, 2, 2, 2)),
        np.zeros((5, 5, 7)),
        [[1, 2], [3]],
        "a.png",
        object(),
    ],
)
def test_what_is_no_image_is_refused(image):
    with pytest.raises((ArtifactError, TypeError)):
        encode_png(image)


def test_a_figure_its_axes_and_its_bytes():
    figure = Figure(figsize=(2, 1))
    axes = figure.add_subplot()
    axes.plot([1, 2])

    assert pixels(draw(figure)[0]).shape[2] == 4
    assert draw(figure)[0] == draw(axes)[0]
    assert b"Matplotlib" not in draw(figure)[0]


def test_what_cannot_draw_itself_is_no_figure():
    with pytest.raises(ArtifactError, match=r"^a list has no savefig\(\)$"):
        draw([1])


class Frame:
    """What pandas has."""

    def to_csv(self, target, *, index):
        assert not index
        target.write("a,b\n1,2\n")


class Polar:
    """What polars has."""

    def write_csv(self, target):
        target.write(b"a,b\n1,2\n")


@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [
        ([{"a": 1, "b": 2}], None, "a,b\n1,2\n"),
        ([{"a": 1}, {"b": None}], None, "a,b\n1,\n,\n"),
        ([{"a": 1, "b": 2}], ["b"], "b\n2\n"),
        ([[1, 2], (3, "x,y")], ["a", "b"], 'a,b\n1,2\n3,"x,y"\n'),
        ([[1, 2]], None, "1,2\n"),
        (np.array([[1, 2], [3, 4]]), ["a", "b"], "a,b\n1,2\n3,4\n"),
        ({"a": [1, 3], "b": [2, 4]}, None, "a,b\n1,2\n3,4\n"),
        ([], ["a"], "a\n"),
        ([{"ä": "ö\n"}], None, 'ä\n"ö\n"\n'),
        (Frame(), None, "a,b\n1,2\n"),
        (Polar(), None, "a,b\n1,2\n"),
    ],
)
def test_rows_become_csv(rows, columns, expected):
    assert write_csv(rows, columns).decode() == expected


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")),
            min_size=2,
            max_size=2,
        ),
        max_size=5,
    )
)
def test_what_is_written_as_csv_is_read_as_it_was(rows):
    text = write_csv(rows, ["a", "b"]).decode()

    assert list(csv.reader(io.StringIO(text, newline=""))) == [["a", "b"], *rows]


@pytest.mark.parametrize("rows", ["text", 3, None, [1, 2]])
def test_what_is_no_rows_is_refused(rows):
    with pytest.raises(ArtifactError):
        write_csv(rows)


finite = st.floats(-1e6, 1e6)


@given(st.lists(finite | st.sampled_from([math.nan, math.inf]), max_size=50), st.integers(1, 20))
def test_every_finite_number_is_in_the_bin_whose_edges_hold_it(values, bins):
    numbers = [value for value in values if math.isfinite(value)]

    edges, counts = count_bins(values, bins)

    assert sum(counts) == len(numbers)
    if numbers:
        assert len(edges) == len(counts) + 1 == bins + 1
        assert edges == sorted(edges)
        for index, count in enumerate(counts):
            low, high, is_last = edges[index], edges[index + 1], index == bins - 1
            inside = [n for n in numbers if low <= n < high or (is_last and n == high)]
            assert count == len(inside)


def test_lists_and_arrays_are_counted_alike():
    values = np.random.default_rng(1).normal(size=(40, 25))

    plain, fast = count_bins(values.tolist(), 10), count_bins(values, 10)

    assert plain[0] == pytest.approx(fast[0])
    assert plain[1] == fast[1]


def test_one_number_many_times_has_a_width():
    assert count_bins([2, 2], 2) == ([1.5, 2.0, 2.5], [0, 2])


def test_a_tensor_is_taken_from_its_device():
    assert count_bins(Tensor(np.array([[0, 1], [1, 2]])), 2) == ([0, 1, 2], [1, 3])


@pytest.mark.parametrize(("values", "bins"), [("abc", 2), ([1, None], 2), ([1], 0), ({"a": 1}, 2)])
def test_what_is_no_numbers_is_refused(values, bins):
    with pytest.raises(ArtifactError):
        count_bins(values, bins)


@pytest.mark.parametrize(
    ("name", "step", "expected"),
    [
        ("roc", None, "figures/roc.png"),
        ("val/roc", 10, "figures/val/roc-step10.png"),
        ("roc", 1_234_567_890, "figures/roc-step1234567890.png"),
        ("roc", 0.5, "figures/roc-step0.5.png"),
        ("../../etc", None, "figures/x~5ec1f7/x~5ec1f7/etc.png"),
        ("ROC curve", None, "figures/roc-curve~8a3c7e.png"),
        ("", None, "figures/x.png"),
        ("/", None, "figures/x.png"),
    ],
)
def test_a_name_becomes_a_file_below_its_folder(name, step, expected):
    found = file_name("figures", name, step, "png")

    assert found.rpartition("~")[0] == expected.rpartition("~")[0]
    assert "~" in expected or found == expected


@given(st.text())
def test_every_name_becomes_a_good_one(name):
    assert clean_name(file_name("figures", name, None, "png"))
