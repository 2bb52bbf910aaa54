"""Names at the ends of lines: few params, and no two lines with one name."""

from hypothesis import given
from hypothesis import strategies as st

from staticrun.pages.views import experiment
from staticrun.pages.views.line_labels import short_labels, telling
from tests.pages.projects import open_context, write_config, write_run

values = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["a", "b", ""]))
params = st.dictionaries(st.sampled_from(["lr", "width", "x.lr", "depth", "opt"]), values)


def test_a_label_has_the_fewest_params_that_tell_the_lines_apart():
    rows = [
        {"optimizer": "adam", "lr": 0.01, "width": 32, "epochs": 40},
        {"optimizer": "sgd", "lr": 0.1, "width": 64, "epochs": 400},
        {"optimizer": "sgd", "lr": 0.1, "width": 8, "epochs": 40},
        {"optimizer": "adam", "lr": 0.1, "width": 8, "epochs": 40},
    ]

    labels, names = short_labels(rows, 24)

    assert labels == ["adam · 32", "sgd · 64", "sgd · 8", "adam · 8"]
    assert names == "optimizer · width"


def test_of_two_sets_that_do_the_one_whose_params_come_first_is_taken():
    rows = [{"lr": 1, "batch": 10, "depth": 100}, {"lr": 2, "batch": 20, "depth": 200}]

    assert telling(rows) == ("lr",)
    assert short_labels(rows, 24) == (["lr 1", "lr 2"], "")


def test_a_param_that_some_lack_is_named_where_it_stands():
    rows = [{"model": "svm", "gamma": 0.1}, {"model": "svm"}, {"model": "svm", "gamma": 0.001}]

    assert short_labels(rows, 24) == (["gamma 0.1", "no gamma", "gamma 0.001"], "")


def test_params_whose_last_parts_are_one_are_named_in_full():
    rows = [
        {"body.rate": "quickly", "head.rate": "quickly"},
        {"body.rate": "quickly", "head.rate": "slowly"},
        {"body.rate": "slowly", "head.rate": "slowly"},
    ]

    assert short_labels(rows, 24) == (
        ["quickly · quickly", "quickly · slowly", "slowly · slowly"],
        "body.rate · head.rate",
    )


def test_among_very_many_params_few_are_found_soon():
    names = [f"p{number:03d}" for number in range(300)]
    rows = [
        {name: row >> (place % 5) & 1 for place, name in enumerate(names)} for row in range(32)
    ]

    assert telling(rows) == ("p000", "p001", "p002", "p003", "p004")


@given(st.lists(params, max_size=6))
def test_labels_differ_and_no_param_can_be_left_out(rows):
    chosen = telling(rows)
    labels, _ = short_labels(rows, 24)

    assert len(set(labels)) == len(rows)
    assert telling(rows[::-1]) == chosen
    for name in chosen:
        without = [{key: row[key] for key in chosen if key in row and key != name} for row in rows]
        whole = [{key: row[key] for key in chosen if key in row} for row in rows]
        assert kinds(without) < kinds(whole) == kinds(rows)


def kinds(rows):
    from staticrun.analysis.groups import group_runs

    return len(group_runs(rows, ignore=()).groups)


def test_the_sentence_names_exactly_the_params_of_the_labels(project):
    write_config(project, "metrics:\n  acc: {direction: max, primary: true}\n")
    for optimizer, lr, epochs in (("momentum", 0.01, 40), ("sgd", 0.01, 40), ("sgd", 0.1, 400)):
        for seed in range(2):
            write_run(
                project,
                f"e/{optimizer}-{lr}-{seed}",
                {"acc": [0.1, lr + seed / 100]},
                {"optimizer": optimizer, "lr": lr, "width": 32, "epochs": epochs, "seed": seed},
            )
    context = open_context(project)
    runs = list(context.store.runs(experiment="e"))

    view = experiment.make("e", context.store.experiments()["e"], runs, context)

    svg = str(view.curves.figures[0].svg)
    for label in ("momentum · 0.01", "sgd · 0.01", "sgd · 0.1"):
        assert f">{label}<" in svg
    assert "Labels: optimizer · lr." in view.curves.notes
