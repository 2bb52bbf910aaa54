"""Pictures and films as PNG, with numpy and without."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from PIL import Image

from staticrun.log.artifact import ArtifactError
from staticrun.log.images import draw, encode_film, encode_png, split_batch

shapes = st.sampled_from([(3, 5), (4, 6, 1), (5, 7, 3), (3, 5, 6), (2, 5, 6), (4, 4, 4)])
arrays = shapes.flatmap(
    lambda shape: st.one_of(
        npst.arrays(np.uint8, shape),
        npst.arrays(np.int64, shape, elements=st.integers(-300, 300)),
        npst.arrays(np.bool_, shape),
        npst.arrays(np.float64, shape, elements=st.floats(-0.5, 1)),
        npst.arrays(np.float32, shape, elements=st.floats(-9, 300, width=32)),
    )
)


@given(arrays)
def test_an_array_and_its_lists_are_the_same_picture(array):
    assert encode_png(array) == encode_png(array.tolist())


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_black_or_white(value):
    array = np.array([[value, 0.5]])

    assert encode_png(array) == encode_png(array.tolist())


def test_a_large_picture_takes_no_second():
    code = (
        "import time, numpy\n"
        "from staticrun.log.images import encode_png\n"
        "image = numpy.zeros((1024, 1024, 3), numpy.float32)\n"
        "start = time.process_time()\n"
        "encode_png(image)\n"
        "print(time.process_time() - start)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert float(done.stdout) < 1


FRAMES = np.random.default_rng(1).integers(0, 256, (4, 6, 5, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    "frames",
    [FRAMES, FRAMES.tolist(), list(FRAMES), FRAMES.transpose(0, 3, 1, 2)],
    ids=["array", "lists", "arrays", "channels first"],
)
def test_a_film_holds_every_frame_and_its_time(frames):
    with Image.open(io.BytesIO(encode_film(frames, fps=4))) as film:
        assert film.is_animated
        assert film.n_frames == 4
        assert film.info["loop"] == 3
        for number, frame in enumerate(FRAMES):
            film.seek(number)
            assert film.info["duration"] == 250
            assert np.array_equal(np.asarray(film.convert("RGB")), frame)


@pytest.mark.parametrize(
    ("frames", "fps"),
    [([], 4), ("a.mp4", 4), ([[[1]], [[1, 2]]], 4), (FRAMES, 0), (FRAMES, 1e6), (3, 4)],
)
def test_what_is_no_film_is_refused(frames, fps):
    with pytest.raises(ArtifactError):
        encode_film(frames, fps)


@pytest.mark.parametrize(
    ("images", "count"),
    [
        (FRAMES, 4),
        (list(FRAMES), 4),
        (FRAMES.tolist(), 4),
        ((FRAMES[0, :, :, 0], FRAMES[1]), 2),
        ([Image.fromarray(FRAMES[0])], 1),
        (["a.png", "b.png"], 2),
        (FRAMES[0], None),
        (FRAMES[0].tolist(), None),
        (list(FRAMES[0, :, :, 0]), None),
        ("a.png", None),
        ([], None),
    ],
)
def test_several_images_are_told_from_one(images, count):
    parts = split_batch(images)

    assert (None if parts is None else len(parts)) == count


class Plotly:
    """What plotly has."""

    def __init__(self, kaleido):
        self.kaleido = kaleido

    def to_image(self, **options):
        assert options == {"format": "png", "scale": 2}
        if not self.kaleido:
            raise ValueError("Image export using the kaleido engine requires the package")
        return b"png"

    def to_json(self):
        return '{"data": []}'


def test_a_figure_of_plotly_is_drawn_where_that_can_be():
    assert draw(Plotly(kaleido=True)) == (b"png", "png")
    assert draw(Plotly(kaleido=False)) == (b'{"data": []}', "json")
