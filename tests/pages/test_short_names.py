"""Names that say nothing but params, and what a table shows instead of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.pages.views import experiment
from staticrun.pages.views.short_names import mentions, says_params_alone
from tests.pages.projects import open_context, write_config, write_run

PARAMS = {
    "optimizer": "adam",
    "optim.lr": 1e-05,
    "width": 32,
    "amp": True,
    "seed": 3,
    "path": "a b",
}


@pytest.mark.parametrize(
    "name",
    [
        "adam lr 1e-5 width 32 seed 3",
        "adam-lr-0.00001-width-32-seed-3",
        "Adam, optim.lr=1e-5; SEED: 3",
        "lr1e-05_width32",
        "optimizer adam (amp true)",
        "a b adam",
    ],
)
def test_a_name_of_params_alone_is_found(name):
    assert says_params_alone(name, PARAMS)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "adam again",
        "adam lr 1e-4",
        "adam width 320",
        "adam width 32.5",
        "adamant",
        "32",
        "seed",
        "baseline",
        "w" * 201,
    ],
)
def test_a_name_that_says_anything_else_is_kept(name):
    assert not says_params_alone(name, PARAMS)


@given(st.text(max_size=30), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=5))
def test_any_name_is_read(name, params):
    says_params_alone(name, params)
    mentions(name, " ".join(params))
    words = [value for value in params.values() if value.strip(" _-") and value.isalnum()]
    assert not words or says_params_alone(" ".join(words), params)


def view_of(project):
    context = open_context(project)
    runs = list(context.store.runs(experiment="e"))
    return experiment.make("e", context.store.experiments()["e"], runs, context)


def write(project, name, seed, **params):
    folder = name.replace(" ", "-")
    write_run(project, f"e/{folder}", {"acc": [0.1, 0.5]}, {**params, "seed": seed}, name=name)


def test_such_a_run_is_called_by_its_seed_and_seeds_have_no_column(project):
    for lr in (0.1, 0.2):
        for seed in range(2):
            write(project, f"lr {lr} seed {seed}", seed, lr=lr)

    table = view_of(project).runs

    assert [(row.name, row.short) for row in table.rows][:2] == [
        ("lr 0.1 seed 0", "seed 0"),
        ("lr 0.1 seed 1", "seed 1"),
    ]
    assert [head.name for head in table.params] == ["lr"]


def test_beside_a_name_of_its_own_seeds_keep_their_column(project):
    write(project, "lr 0.1 seed 0", 0, lr=0.1)
    write(project, "the one", 1, lr=0.2)

    table = view_of(project).runs

    assert {row.name: row.short for row in table.rows} == {
        "lr 0.1 seed 0": "seed 0",
        "the one": "",
    }
    assert [head.name for head in table.params] == ["lr", "seed"]


def test_without_a_seed_a_name_is_kept_whole(project):
    write_run(project, "e/a", {"acc": [0.1, 0.5]}, {"codec": "xz"}, name="xz")
    write_run(project, "e/b", {"acc": [0.1, 0.5]}, {"codec": "gzip"}, name="gzip")

    assert [row.short for row in view_of(project).runs.rows] == ["", ""]


def test_where_a_param_has_no_column_no_name_is_shortened(project):
    for number in range(3):
        params = {f"p{place}": number for place in range(9)}
        write(project, f"p0 {number} seed {number}", number, **params)

    table = view_of(project).runs

    assert table.no_room
    assert [row.short for row in table.rows] == ["", "", ""]


def test_the_link_keeps_its_whole_name(project):
    from staticrun.pages.build import build

    write_config(project, "")
    write(project, "lr 0.1 seed 0", 0, lr=0.1)
    write(project, "lr 0.2 seed 0", 0, lr=0.2)
    build(project)

    page = (project / "site/experiments/e/index.html").read_text(encoding="utf-8")

    assert 'aria-label="lr 0.1 seed 0"><span class="short">seed 0</span>' in page
