"""A run's histograms are on its page, in few drawings however many there are."""

import re

from tests.pages.test_run_view import Parsed, end, look, start, write


def histogram(name="w", step=0, edges=(0, 1, 2), counts=(1, 2)):
    record = {"type": "histogram", "name": name, "edges": list(edges), "counts": list(counts)}
    return record if step is None else {**record, "step": step}


def steps_of(multiple):
    """Read the steps beside the ridges."""
    return re.findall('x="-6"[^>]*>([^<]*)<', multiple.drawing)


def test_a_run_without_histograms_has_no_row_for_them(project):
    write(project, start(), end())
    view, page = look(project)

    assert view.histograms is None
    assert 'id="histograms"' not in page


def test_each_name_is_a_drawing_that_says_what_it_shows(project):
    rows = [histogram("weights", n * 10, counts=(1, n)) for n in range(4)]
    write(project, start(), *rows, histogram("bias", 5), end())
    view, page = look(project)
    weights, bias = view.histograms.shown

    assert (weights.name, weights.about, bias.name) == ("weights", "", "bias")
    assert (
        'aria-label="weights: 4 distributions from step 0 to step 30, the last between 0 and 2"'
        in page
    )
    assert 'aria-label="bias: distribution at step 5, between 0 and 2"' in page
    assert view.histograms.notes == ()
    Parsed(page)


def test_of_many_steps_the_first_the_last_and_some_between_are_drawn(project):
    write(project, start(), *[histogram(step=n) for n in range(100)], end())
    (multiple,) = look(project)[0].histograms.shown

    assert multiple.about == "8 of 100 steps"
    assert str(multiple.drawing).count("<path") == 8
    assert steps_of(multiple)[::7] == ["0", "99"]


def test_a_step_that_is_left_out_is_one_more_than_the_last(project):
    rows = [histogram(step=None), histogram(step=7), histogram(step=None)]
    write(project, start(), *rows, end())
    (multiple,) = look(project)[0].histograms.shown

    assert steps_of(multiple) == ["0", "7", "8"]


def test_of_two_at_one_step_the_last_holds(project):
    rows = [histogram(edges=(0, 50, 100)), histogram(edges=(0, 1, 2))]
    write(project, start(), *rows, end())

    assert "between 0 and 2" in look(project)[1]


def test_of_several_processes_the_first_is_drawn_and_that_is_said(project):
    for rank in (1, 0):
        rows = [histogram(edges=(rank, rank + 1, rank + 2)), end()]
        write(project, start(writer=f"rank{rank}"), *rows, name=f"run.rank{rank}.jsonl")
    view, page = look(project)

    assert "between 0 and 2" in page
    assert view.histograms.notes == (
        "Where several processes logged one, that of the first is drawn.",
    )


def test_what_cannot_be_drawn_is_counted(project):
    rows = [
        histogram("empty", 0, counts=(0, 0)),
        histogram("w", 0, edges=(2, 1, 0)),
        histogram("w", 1, counts=("NaN", 1)),
        histogram("w", 2, edges=("-Infinity", "NaN", 1)),
        histogram("w", 3),
    ]
    write(project, start(), *rows, end())
    view, page = look(project)

    assert [multiple.name for multiple in view.histograms.shown] == ["w"]
    (note,) = view.histograms.notes
    assert note == (
        "4 histograms are not drawn: nothing is counted, or edges and counts make no distribution."
    )
    assert "w: distribution at step 3" in page


def test_where_nothing_can_be_drawn_the_page_says_so_and_explains_no_drawing(project):
    write(project, start(), histogram(counts=(0, 0)), end())
    view, page = look(project)

    assert view.histograms.shown == ()
    assert "1 histogram is not drawn" in page
    assert "its own height" not in page


def test_many_names_are_folded_and_bounded(project):
    rows = [histogram(f"layer{n % 3}/w{n}") for n in range(80)]
    write(project, start(), *rows, end())
    view, page = look(project)
    folded = [fold.words for fold in view.histograms.folds]

    assert len(view.histograms.shown) == 12
    assert folded == ["16 more drawings"] * 3
    assert view.histograms.notes == ("20 more names in the record alone.",)
    assert len(page) < 200_000


def test_what_lies_beyond_the_axis_is_told(project):
    edges = (*range(11), 1000, 1001)
    rows = [histogram("w", step, edges, (*[100] * 10, 0, 1)) for step in range(2)]
    write(project, start(), *rows, end())
    (multiple,) = look(project)[0].histograms.shown

    assert multiple.about == "up to 0.1\u202f% beyond the axis"
