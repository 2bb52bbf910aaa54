"""What frameworks hand over becomes numbers and JSON."""

from __future__ import annotations

import math
from argparse import Namespace
from collections import OrderedDict
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.log.values import clean, to_json, to_mapping, to_number, to_numbers, to_step


class Tensor:
    """What torch, jax and tensorflow have in common."""

    def __init__(self, values):
        self.values = values

    def item(self):
        if len(self.values) != 1:
            raise RuntimeError("a Tensor with 2 elements cannot be converted to Scalar")
        return self.values[0]

    def tolist(self):
        return self.values


class Broken:
    def __str__(self):
        raise RuntimeError

    def __float__(self):
        raise ZeroDivisionError


class Colour(Enum):
    RED = "red"


@dataclass
class Settings:
    lr: float
    layers: tuple[int, ...]


class Frozen(msgspec.Struct):
    width: int


class Model:
    """What pydantic's models have."""

    def model_dump(self):
        return {"depth": 3}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1),
        (0.5, 0.5),
        (True, 1),
        (np.float32(0.5), 0.5),
        (np.float64(0.1), 0.1),
        (np.int64(3), 3),
        (np.bool_(True), 1),  # noqa: FBT003 - the value under test
        (np.array(2.5), 2.5),
        (np.array([[2.5]]), 2.5),
        (Tensor([0.25]), 0.25),
        (Decimal("0.5"), 0.5),
        (Fraction(1, 4), 0.25),
        (math.inf, math.inf),
        (2**63 - 1, 2**63 - 1),
        (2**70, float(2**70)),
        (10**400, math.inf),
        (-(10**400), -math.inf),
    ],
)  # fmt: skip
def test_a_number_of_any_kind_is_read(value, expected):
    found = to_number(value)

    assert found == expected
    assert type(found) in (int, float)


def test_nan_is_a_number():
    assert math.isnan(to_number(np.float32("nan")))


@pytest.mark.parametrize(
    "value",
    [
        "0.5",
        b"1",
        None,
        [1],
        {"a": 1},
        1j,
        np.array([1, 2]),
        np.complex64(1),
        Tensor([1, 2]),
        Broken(),
        object(),
        float,
    ],
)
def test_what_is_no_number_is_none(value):
    assert to_number(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (3, 3),
        (np.int32(3), 3),
        (1.5, 1.5),
        (math.nan, None),
        (math.inf, None),
        ("3", None),
    ],
)
def test_a_step_is_a_finite_number(value, expected):
    assert to_step(value) == expected


def test_nested_metrics_are_joined_and_the_rest_is_told():
    refused = []
    values = {"train": {"loss": 1, "deep": {"x": 2.0}}, 3: 4, "name": "resnet", "none": None}

    found = to_numbers(values, lambda name, value: refused.append((name, value)))

    assert found == {"train/loss": 1, "train/deep/x": 2.0, "3": 4}
    assert refused == [("name", "resnet"), ("none", None)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({1: (1, 2), "a": {3, 1}}, {"1": [1, 2], "a": [1, 3]}),
        (Settings(0.1, (1, 2)), {"lr": 0.1, "layers": [1, 2]}),
        (Frozen(3), {"width": 3}),
        (Model(), {"depth": 3}),
        (Namespace(lr=1, path=Path("a/b")), {"lr": 1, "path": "a/b"}),
        (OrderedDict(b=1, a=Colour.RED), {"b": 1, "a": "red"}),
        (np.float32(0.5), 0.5),
        (np.array([1, 2]), [1, 2]),
        (Tensor([1.5]), [1.5]),
        (2**70, float(2**70)),
        (True, True),
        (None, None),
        (b"ab", "b'ab'"),
        (Broken(), "<Broken>"),
        (int, "<class 'int'>"),
    ],
)
def test_settings_become_json(value, expected):
    assert to_json(value) == expected


def test_settings_that_hold_themselves_end():
    settings = {"lr": 1}
    settings |= {"one": settings, "two": [settings, settings]}

    assert to_json(settings) == {"lr": 1, "one": "…", "two": ["…", "…"]}


def test_settings_that_stand_twice_are_told_twice():
    shared = {"lr": 1}

    assert to_json({"a": shared, "b": shared}) == {"a": {"lr": 1}, "b": {"lr": 1}}


def test_settings_too_deep_end():
    deep: list = []
    for _ in range(5000):
        deep = [deep]

    assert "…" in str(to_json(deep))


def test_what_has_no_names_is_no_mapping():
    assert to_mapping([1]) is None
    assert to_mapping(3) is None


@given(
    st.text(st.characters(), max_size=20)
    | st.text(st.characters(categories=["Cs"]), min_size=1, max_size=3)
)
def test_every_text_becomes_one_that_utf8_can_hold(text):
    clean(text).encode()


def test_sound_text_is_left_alone():
    assert clean("Größe 🙂") == "Größe 🙂"
