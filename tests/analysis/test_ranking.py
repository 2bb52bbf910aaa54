from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from staticrun.analysis.ranking import best, rank

NAN, INF = math.nan, math.inf


def test_missing_and_nan_come_last_whatever_the_direction():
    values = [NAN, 2.0, None, 1.0, INF, -INF]
    assert rank(values, "min") == (5, 3, 1, 4, 0, 2)
    assert rank(values, "max") == (4, 1, 3, 5, 0, 2)


def test_without_a_direction_the_natural_order_stays():
    assert rank([3.0, 1.0, None, 2.0], None) == (0, 1, 2, 3)


def test_ties_keep_their_order():
    assert rank([1.0, 0.0, 1.0, 0.0], "min") == (1, 3, 0, 2)
    assert rank([1.0, 0.0, 1.0, 0.0], "max") == (0, 2, 1, 3)


@given(st.lists(st.none() | st.floats()), st.sampled_from(["min", "max", None]))
def test_a_ranking_holds_every_place_once(values, direction):
    assert sorted(rank(values, direction)) == list(range(len(values)))


def test_the_best_are_all_that_tie_and_none_without_a_direction():
    assert best([0.9, 0.8, 0.9, None, NAN, INF], "max") == (0, 2)
    assert best([0.9, 0.8], "min") == (1,)
    assert best([0.9, 0.8], None) == ()
    assert best([None, NAN], "max") == ()
