"""Sound as WAV of 16 bits."""

from __future__ import annotations

import io
import math
import struct
import sys
import wave
from itertools import chain
from typing import Any

from staticrun.log.artifact import ArtifactError
from staticrun.log.values import to_host, to_list

_PEAK = 32767
_CHANNELS_MAX = 32


def encode_wav(samples: object, rate: int | None) -> bytes:
    """Encode sound as WAV.

    Args:
        samples: [samples], [samples, channels] or [channels, samples], the longer axis being
            time: floats -1 to 1, of which louder ones are cut, or integers of 16 bits.
        rate: Samples a second.

    Raises:
        ArtifactError: When it is no sound.
    """
    if rate is None:
        raise ArtifactError("an array of samples needs a sample_rate")
    samples = to_host(samples)
    numpy = sys.modules.get("numpy")
    if numpy is not None and hasattr(samples, "__array__"):
        channels, data = _of_array(numpy, numpy.asarray(samples))
    else:
        channels, data = _of_lists(to_list(samples))
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(int(rate))
        file.writeframes(data)
    return stream.getvalue()


def _of_array(numpy: Any, frames: Any) -> tuple[int, bytes]:
    if frames.ndim == 1:
        frames = frames[:, None]
    elif frames.ndim == 2 and frames.shape[0] < frames.shape[1]:
        frames = frames.T
    if frames.ndim != 2 or not frames.size:
        raise ArtifactError("a sound is an array of samples that is not empty")
    _demand_channels(frames.shape[1])
    if frames.dtype.kind not in "iub":
        scaled = frames.astype(float) * _PEAK
        frames = numpy.rint(numpy.nan_to_num(scaled, posinf=_PEAK, neginf=-_PEAK - 1))
    return frames.shape[1], frames.clip(-_PEAK - 1, _PEAK).astype("<i2").tobytes()


def _of_lists(frames: object) -> tuple[int, bytes]:
    if not isinstance(frames, list) or not frames:
        raise ArtifactError("a sound is an array of samples that is not empty")
    if not isinstance(frames[0], list):
        frames = [[sample] for sample in frames]
    elif len(frames) < len(frames[0]):
        frames = list(zip(*frames, strict=True))
    channels = len(frames[0])
    _demand_channels(channels)
    if any(len(frame) != channels for frame in frames):
        raise ArtifactError("the channels of a sound have one length")
    flat = list(chain.from_iterable(frames))
    if any(isinstance(sample, float) for sample in flat):
        flat = [0 if math.isnan(sample) else sample * _PEAK for sample in flat]
    numbers = [round(min(max(sample, -_PEAK - 1), _PEAK)) for sample in flat]
    return channels, struct.pack(f"<{len(numbers)}h", *numbers)


def _demand_channels(channels: int) -> None:
    if not 0 < channels <= _CHANNELS_MAX:
        raise ArtifactError(f"a sound has 1 to {_CHANNELS_MAX} channels, not {channels}")
