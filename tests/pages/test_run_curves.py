"""What a run's page draws: curves. What has a single point stands in the table."""

import re

from tests.pages.test_run_view import end, look, metrics, start, write


def curve(**values):
    return [
        metrics(n, **{name: value / (n + 1) for name, value in values.items()}) for n in range(9)
    ]


def drawings(view):
    folded = [multiple for fold in view.curves.folds for multiple in fold.multiples]
    return {multiple.name: multiple.drawing for multiple in (*view.curves.shown, *folded)}


def test_a_metric_with_one_point_has_no_drawing_of_its_own(project):
    write(project, start(), *curve(loss=1.0), metrics(9, r2=0.5), metrics(10, f1=0.5), end())
    view, _ = look(project)

    assert [*drawings(view)] == ["loss"]
    assert view.curves.caption == (
        "1 metric by step. 2 metrics have one point: the table of metrics has them."
    )


def test_where_every_metric_has_one_point_nothing_is_drawn(project):
    write(project, start(), metrics(0, acc=0.5), metrics(1, f1=0.5), end("failed"))
    view, page = look(project)

    assert view.curves.caption == "2 metrics have one point: the table of metrics has them."
    assert "<svg" not in page
    assert 'class="grid"' not in page
    assert len(view.ledger) == 2


def test_a_single_point_joins_the_curve_of_another_stage(project):
    write(project, start(), *curve(**{"train/loss": 1.0}), metrics(8, **{"test/loss": 0.4}), end())
    view, _ = look(project)

    assert [*drawings(view)] == ["loss"]
    assert view.curves.caption == "2 metrics by step."
    assert "test/loss: 0.4 at step 8" in drawings(view)["loss"]


def test_single_points_of_two_stages_make_no_drawing(project):
    write(project, start(), metrics(0, **{"val/acc": 0.5, "test/acc": 0.6}), end())
    view, _ = look(project)

    assert drawings(view) == {}


def test_a_stage_without_a_finite_value_does_not_part_the_others(project):
    rows = curve(**{"train/loss": 1.0})
    write(project, start(), *rows, metrics(3, **{"val/loss": "NaN", "test/loss": 0.5}), end())
    view, _ = look(project)

    assert [*drawings(view)] == ["loss"]
    assert view.curves.caption == (
        "2 metrics by step. 1 metric has no finite value: the table of metrics has it."
    )


def test_one_finite_point_among_others_is_called_that(project):
    write(project, start(), metrics(0, a=1.0, b="NaN"), metrics(1, a="NaN", b="NaN"), end())
    view, _ = look(project)

    assert view.curves.caption == (
        "1 metric has one finite point and 1 metric has no finite value: "
        "the table of metrics has them."
    )


def test_superseded_points_count_as_points_to_draw(project):
    write(project, start(), metrics(0, loss=1.0), metrics(1, loss=0.9))
    again = [start(segment=1, rewind_to=0), metrics(0, loss=0.5), end()]
    write(project, *again, name="run.r2.jsonl")
    view, _ = look(project)

    assert [*drawings(view)] == ["loss"]
    assert "ghost" in drawings(view)["loss"]


def test_samples_of_the_machine_that_stand_alone_are_words(project):
    samples = [
        {"type": "system", "time": 1795110180 + n, "values": {"cpu.percent": 10.0 * n}}
        for n in range(3)
    ]
    once = {"type": "system", "time": 1795110190, "values": {"gpu.0.power": 35.0, "x": "NaN"}}
    write(project, start(), *samples, once, end())
    view, page = look(project)

    assert [multiple.name for multiple in view.machine.shown] == ["cpu.percent"]
    assert view.machine.caption == (
        "Use of the machine in 1 series, by sample. Sampled once: gpu.0.power 35 and x not finite."
    )
    assert len(re.findall("<svg", page)) == 2  # the drawing, and the plot in it


def test_a_machine_that_was_sampled_once_has_no_drawing(project):
    write(project, start(), {"type": "system", "time": 1795110190, "values": {"cpu": 3.0}}, end())
    view, page = look(project)

    assert view.machine.caption == "Sampled once: cpu 3."
    assert "<svg" not in page
