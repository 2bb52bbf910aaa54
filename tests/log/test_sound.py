"""Sound as WAV."""

from __future__ import annotations

import io
import math
import time
import wave

import numpy as np
import pytest

from staticrun.log.artifact import ArtifactError
from staticrun.log.sound import encode_wav


def heard(data):
    with wave.open(io.BytesIO(data)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return file.getframerate(), samples.reshape(-1, file.getnchannels()).tolist()


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([0.0, 1.0, -1.0, 2.0, -2.0, 0.5], [[0], [32767], [-32767], [32767], [-32768], [16384]]),
        ([0, 7, -7, 40_000], [[0], [7], [-7], [32767]]),
        ([[1, 2], [3, 4], [5, 6]], [[1, 2], [3, 4], [5, 6]]),
        ([[1, 3, 5], [2, 4, 6]], [[1, 2], [3, 4], [5, 6]]),
        ([math.nan, math.inf, -math.inf], [[0], [32767], [-32768]]),
    ],
)
def test_samples_are_heard_as_they_were(samples, expected):
    assert heard(encode_wav(samples, 8000)) == (8000, expected)
    assert encode_wav(np.array(samples), 8000) == encode_wav(samples, 8000)


def test_a_minute_takes_no_second():
    samples = np.zeros(60 * 44_100, np.float32)
    start = time.process_time()
    encode_wav(samples, 44_100)

    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("samples", "rate"), [([], 8000), (3, 8000), ([[1], [2, 3]], 8000), ([0.0], None), ([0], 0)]
)
def test_what_is_no_sound_is_refused(samples, rate):
    with pytest.raises((ArtifactError, wave.Error)):
        encode_wav(samples, rate)
