"""The table of metrics says each number once."""

from tests.pages.test_run_view import Parsed, end, facts, look, metrics, start, write


def cells(page, name):
    """Give the texts of a metric's row."""
    row = page.partition(f'class="k">{name}</th>')[2].partition("</tr>")[0]
    return [cell.rpartition(">")[2] for cell in row.replace("</b>", "").split("</td>")[:-1]]


def test_a_metric_with_one_point_has_its_value_and_step_and_no_statistics(project):
    rows = [metrics(n, loss=1.0 / (n + 1)) for n in range(4)]
    write(project, start(), *rows, metrics(3, acc=0.5), end())
    view, page = look(project)

    assert not view.metrics.single
    assert cells(page, "acc") == ["1", "", "0.5000", "3", "", "", "", "", ""]
    assert cells(page, "loss") == [
        "4", "1.000", "0.250", "3", "0.250", "3", "1.000", "0", "0.521",
    ]  # fmt: skip
    # A label without a number says nothing.
    assert page.count('data-l="lowest"') == 1


def test_where_every_metric_has_one_point_the_table_is_values_and_steps(project):
    write(project, start(), metrics(0, acc=0.5, f1="NaN"), metrics(7, params=1e6), end())
    view, page = look(project)

    assert view.metrics.single
    assert [cells(page, name) for name in ("acc", "f1", "params")] == [
        ["0.5000", "0"], ["NaN", "0"], ["1,000,000", "7"],
    ]  # fmt: skip
    assert "Points" not in page
    assert "Lowest, highest and mean" not in page
    Parsed(page)


def test_one_point_that_is_not_finite_among_others_is_counted(project):
    rows = [metrics(n, loss=1.0 / (n + 1)) for n in range(4)]
    write(project, start(), *rows, metrics(3, acc="Infinity"), end())
    _, page = look(project)

    assert cells(page, "acc") == ["1", "", "infinity", "3", "", "", "", "", "", "1"]


def test_a_command_breaks_between_its_words(project):
    command = ["python", "train.py", "--learning-rate", "1e-3", "two  words", ""]
    write(project, start(command=command), end())
    view, page = look(project)

    assert facts(view)["command"] == ["python train.py --learning-rate 1e-3 'two  words' ''"]
    assert '<span class="nb">--learning-rate</span> <span class="nb">1e-3</span>' in page
