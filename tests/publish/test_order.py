"""What an order to publish may say."""

from __future__ import annotations

import pytest

from staticrun.errors import UsageError
from staticrun.publish import Order


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"to": "gh-pages"}, "target 'gh-pages': is no place to publish to"),
        ({"to": "folder:"}, "target 'folder:': is no place to publish to"),
        ({"to": "branch:--force"}, "target 'branch:--force': is no place to publish to"),
        ({"to": "branch:a..b"}, "target 'branch:a..b': is no place to publish to"),
        ({"to": "branch:a//b"}, "target 'branch:a//b': is no place to publish to"),
        ({"to": "branch:a.lock"}, "target 'branch:a.lock': is no place to publish to"),
        ({"to": "branch:a:refs/heads/main"}, "is no place to publish to"),
        ({"to": "branch:+main"}, "is no place to publish to"),
        ({"to": "branch:a b"}, "is no place to publish to"),
        ({"under": "../x"}, "--under '../x': is no address"),
        ({"under": "pr/.git"}, "--under 'pr/.git': is no address"),
        ({"under": "runs/x"}, "--under 'runs/x': is an address that a site has itself"),
        ({"remove": True}, "--remove: needs to know what"),
    ],
)
def test_a_wrong_order_is_refused(order, said):
    with pytest.raises(UsageError) as refused:
        Order(**order).check()

    assert said in str(refused.value)


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"to": "branch:gh-pages", "under": "pr/7"},
        {"to": "branch:team/pages_2.0"},
        {"to": "folder:../a folder"},
        {"under": "pr/7", "remove": True},
    ],
)
def test_a_right_order_is_taken(order):
    Order(**order).check()
