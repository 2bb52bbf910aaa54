"""The runs behind a mean: named by their seeds where these tell them apart, else by number."""

from staticrun.pages.views import comparison, experiment
from tests.pages.projects import open_context, write_config, write_run

GROUPS = """
comparisons:
  c:
    groups: {one: "params.lr = 1", two: "params.lr = 2"}
"""


def compared(project):
    write_config(project, GROUPS)
    context = open_context(project)
    return comparison.make("c", context.config.comparisons["c"], context)


def write(project, lr, seeds, **run):
    for place, seed in enumerate(seeds):
        params = {"lr": lr} if seed is None else {"lr": lr, "seed": seed}
        write_run(project, f"e/lr{lr}-{place}", {"acc": [0.1, 0.5]}, params, **run)


def texts(side):
    return [member.text for member in side.members.first]


def test_runs_whose_seeds_differ_are_named_by_them_in_order(project):
    write(project, 1, (10, 2, 0))
    write(project, 2, (0, 1))

    view = compared(project)

    assert view.seeds
    assert [texts(side) for side in view.sides] == [["0", "2", "10"], ["0", "1"]]
    assert view.sides[0].members.first[0].name == "lr1-2"


def test_where_a_seed_comes_twice_all_are_numbered(project):
    write(project, 1, (0, 0))
    write(project, 2, (0, 1))

    view = compared(project)

    assert not view.seeds
    assert [texts(side) for side in view.sides] == [["1", "2"], ["1", "2"]]


def test_one_run_without_a_seed_is_called_a_run(project):
    write(project, 1, (None,))
    write(project, 2, (None, None), status="failed")

    view = compared(project)

    assert [texts(side) for side in view.sides] == [["run"], ["1", "2"]]
    assert [member.status for member in view.sides[1].members.first] == ["failed", "failed"]


def test_of_many_runs_the_first_are_listed_and_the_others_counted(project):
    write(project, 1, range(11))
    write(project, 2, range(8))

    sides = compared(project).sides

    assert [(len(side.members.first), side.members.more) for side in sides] == [(8, 3), (8, 0)]


def test_groups_name_their_runs_the_same_way(project):
    write(project, 1, (1, 0))
    write(project, 2, (0, 0))
    context = open_context(project)
    runs = list(context.store.runs(experiment="e"))

    view = experiment.make("e", context.store.experiments()["e"], runs, context)

    assert view.groups.member_head == "run"
    assert [texts(row) for row in view.groups.rows] == [["1", "2"], ["1", "2"]]
