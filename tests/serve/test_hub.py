"""What waits for a page."""

from __future__ import annotations

from staticrun.serve.hub import STREAMS_MAX, Hub, Told
from staticrun.serve.live import Grown


def grown(key: str, series: str) -> Grown:
    return Grown(key, f"runs/{key}/index.html", series, "open", 1.0)


def test_a_new_page_hears_what_no_build_has_shown():
    hub = Hub("1")
    hub.grown(grown("a", "old"))
    shown = hub.mark()
    hub.grown(grown("b", "new"))
    hub.built(Told("2"), shown)

    with hub.stream("index.html", None) as stream:
        hello, *rest = stream.take(0)

    assert b'"build":"2"' in hello
    assert [b'"key":"b"' in event for event in rest] == [True]


def test_of_a_run_only_the_newest_waits_and_the_order_stays():
    hub = Hub("1")
    with hub.stream("index.html", None) as stream:
        stream.take(0)
        hub.grown(grown("a", "1"))
        hub.grown(grown("b", "2"))
        hub.grown(grown("a", "3"))

        assert [event.count(b'"series":"3"') for event in stream.take(0)] == [0, 1]
        assert stream.take(0) == []


def test_a_run_is_wanted_by_its_own_page_and_by_those_of_many():
    hub = Hub("1")
    assert not hub.wants("runs/a/index.html")
    with hub.stream("runs/a/index.html", None):
        assert hub.wants("runs/a/index.html")
        assert not hub.wants("runs/b/index.html")
        with hub.stream("experiments/x/index.html", None):
            assert hub.wants("runs/b/index.html")


def test_a_failure_stands_until_a_build_succeeds():
    hub = Hub("1")
    hub.failed(("themes/own: wrong",))
    assert hub.told.failed == ("themes/own: wrong",)
    hub.built(Told("1"), ())
    assert hub.told.failed == ()


def test_streams_are_bounded_and_end():
    hub = Hub("1")
    held = [hub.stream("", None) for _ in range(STREAMS_MAX)]
    streams = [one.__enter__() for one in held]
    with hub.stream("", None) as one_more:
        assert one_more is None
    hub.close()
    assert {stream.take(0) for stream in streams} == {None}
    for one in held:
        one.__exit__(None, None, None)
