from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.plots.labels import spread

GAP, LOW, HIGH = 13.0, 8.0, 180.0
wanted = st.lists(st.floats(-50, 300), max_size=12)


@given(wanted)
def test_labels_keep_their_distance_and_their_order(positions):
    places = spread(positions, GAP, LOW, HIGH)
    order = sorted(range(len(positions)), key=lambda place: positions[place])
    ranked = [places[place] for place in order]
    assert all(after - before >= GAP - 1e-6 for before, after in itertools.pairwise(ranked))


@given(wanted)
def test_labels_stay_inside(positions):
    for place in spread(positions, GAP, LOW, HIGH):
        assert LOW - 1e-6 <= place <= HIGH + 1e-6


def test_labels_with_room_stay_where_they_are():
    assert spread([100.0, 20.0, 60.0], GAP, LOW, HIGH) == (100.0, 20.0, 60.0)


def test_labels_at_one_place_fan_out_around_it():
    assert spread([90.0, 90.0, 90.0], GAP, LOW, HIGH) == pytest.approx((77.0, 90.0, 103.0))


def test_no_label_needs_no_place():
    assert spread([], GAP, LOW, HIGH) == ()
