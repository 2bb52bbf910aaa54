from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from staticrun.analysis.groups import MISSING, group_runs, short_value

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(width=16),
    st.text(max_size=3),
    st.lists(st.integers(0, 1), max_size=2),
)
names = st.sampled_from(["lr", "optim.lr", "width", "seed", "data.seed", "layers"])
tables = st.lists(st.dictionaries(names, scalars, max_size=4), max_size=12)


def sets(rows):
    """Give the groups as sets of rows, told apart by identity."""
    return {
        frozenset(id(rows[place]) for place in group.members) for group in group_runs(rows).groups
    }


@given(tables)
def test_each_run_is_in_exactly_one_group(rows):
    members = [place for group in group_runs(rows).groups for place in group.members]
    assert sorted(members) == list(range(len(rows)))


@given(tables.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_runs_changes_neither_groups_nor_labels(pair):
    rows, shuffled = pair
    assert sets(rows) == sets(shuffled)
    before, after = group_runs(rows), group_runs(shuffled)
    assert [group.label for group in before.groups] == [group.label for group in after.groups]
    assert before.varying == after.varying
    assert repr(before.constant) == repr(after.constant)


@given(tables)
def test_no_two_groups_share_a_label(rows):
    labels = [group.label for group in group_runs(rows).groups]
    assert len(labels) == len(set(labels))


@given(tables)
def test_a_param_is_constant_or_varying_or_a_seed(rows):
    grouping = group_runs(rows)
    parts = [*grouping.constant, *grouping.varying, *grouping.seeds]
    assert sorted(parts) == sorted({name for row in rows for name in row})


def test_runs_that_differ_in_seeds_alone_are_one_group():
    rows = [
        {
            "optimizer": "adam",
            "width": 256,
            "lr": 0.01,
            "epochs": 30,
            "seed": 1,
            "cv.random_state": 7,
        },
        {
            "optimizer": "adam",
            "width": 256,
            "lr": 0.01,
            "epochs": 30,
            "seed": 2,
            "cv.random_state": 8,
        },
        {
            "optimizer": "sgd",
            "width": 64,
            "lr": 0.03,
            "epochs": 30,
            "seed": 1,
            "cv.random_state": 9,
        },
        {"optimizer": "adam", "width": 16, "lr": 0.01, "epochs": 30, "seed": 1},
    ]
    grouping = group_runs(rows)
    assert grouping.constant == {"epochs": 30}
    assert grouping.varying == ("optimizer", "width", "lr")
    assert grouping.seeds == ("seed", "cv.random_state")
    assert [(group.label, group.members) for group in grouping.groups] == [
        ("adam, width 16, lr 0.01", (3,)),
        ("adam, width 256, lr 0.01", (0, 1)),
        ("sgd, width 64, lr 0.03", (2,)),
    ]


def test_a_missing_param_is_a_value_of_its_own_and_not_null():
    grouping = group_runs([{"dropout": 0.3}, {"dropout": None}, {}])
    assert [group.label for group in grouping.groups] == [
        "dropout 0.3",
        "dropout none",
        "no dropout",
    ]
    assert grouping.groups[2].values["dropout"] is MISSING


def test_one_and_one_point_zero_are_one_number_and_true_is_none():
    grouping = group_runs([{"k": 1}, {"k": 1.0}, {"k": True}])
    assert [(group.label, group.members) for group in grouping.groups] == [
        ("k 1", (0, 1)),
        ("k true", (2,)),
    ]


def test_lists_nans_and_nested_values_can_be_grouped():
    rows = [
        {"layers": [64, 32], "lr": float("nan")},
        {"layers": [64, 32], "lr": float("nan")},
        {"layers": [64], "lr": {"warm": [1]}},
    ]
    assert [group.members for group in group_runs(rows).groups] == [(0, 1), (2,)]


def test_equal_texts_of_two_params_keep_their_names():
    rows = [
        {"optimizer": "a", "model": "a"},
        {"optimizer": "a", "model": "b"},
        {"optimizer": "b", "model": "a"},
    ]
    assert [group.label for group in group_runs(rows).groups] == [
        "optimizer a, model a",
        "optimizer a, model b",
        "optimizer b, model a",
    ]


def test_labels_that_shortening_made_equal_are_spelled_out():
    long = "x" * 40
    rows = [{"path": f"{long}a{long}"}, {"path": f"{long}b{long}"}]
    assert [group.label for group in group_runs(rows).groups] == [
        f'path="{long}a{long}"',
        f'path="{long}b{long}"',
    ]


def test_numbers_sort_by_value_and_dotted_names_are_cut_where_unique():
    rows = [{"optim.lr": value} for value in (0.1, 1e-5, 10)]
    assert [group.label for group in group_runs(rows).groups] == ["lr 1e-5", "lr 0.1", "lr 10"]


def test_runs_without_difference_are_one_group_and_no_run_is_no_group():
    assert [group.label for group in group_runs([{"lr": 1}, {"lr": 1}]).groups] == ["all runs"]
    assert group_runs([]).groups == ()


def test_a_value_of_thousands_of_digits_is_only_a_text():
    rows = [{"id": "9" * 5000}, {"id": "8" * 5000}]
    assert len(group_runs(rows).groups) == 2


def test_values_are_written_as_short_as_they_are_exact():
    values = [1e-05, 0.3, 0.1 + 0.2, 1e22, 3.0, "a" * 30, [64, 32], None, True]
    assert [short_value(value) for value in values] == [
        "1e-5",
        "0.3",
        "0.30000000000000004",
        "1e22",
        "3",
        "aaaaaaaaaaa…aaaaaaaaaaa",
        "[64,32]",
        "none",
        "true",
    ]
