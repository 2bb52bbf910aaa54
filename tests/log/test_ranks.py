"""The processes of one job write one run, each a file of its own."""

from __future__ import annotations

import os

import pytest

import staticrun
from tests.log.processes import begin, finish, run, slurm, torch
from tests.log.records import of_type

TRAIN = (
    "with staticrun.start('digits', params={'lr': 1}, capture=False) as run:\n"
    "    for step in range(5):\n"
    "        run.log({'loss': step + int(os.environ.get('RANK', 0))})\n"
    "    print(run.key)\n"
)


def together(text, environments):
    """Run a script once for each set of variables, at once; give what each printed."""
    found = [finish(process) for process in [begin(text, **each) for each in environments]]
    assert [(code, errors) for code, _, errors in found] == [(0, "")] * len(found)
    return [output.strip() for _, output, _ in found]


def names(folder):
    return sorted(path.name for path in folder.glob("run*.jsonl"))


LAUNCHERS = {
    "torchrun": torch,
    "RANK and WORLD_SIZE alone": lambda rank, size: {"RANK": str(rank), "WORLD_SIZE": str(size)},
    "srun": slurm,
    "Open MPI": lambda rank, size: {
        "OMPI_COMM_WORLD_RANK": str(rank),
        "OMPI_COMM_WORLD_SIZE": str(size),
    },
    "MPICH": lambda rank, size: {"PMI_RANK": str(rank), "PMI_SIZE": str(size)},
}


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_the_ranks_of_a_job_write_one_run(project, launcher):
    keys = together(TRAIN, [LAUNCHERS[launcher](rank, 4) for rank in range(4)])

    assert len(set(keys)) == 1
    folder = project / "runs" / keys[0]
    assert names(folder) == [
        "run.jsonl",
        "run.rank1.jsonl",
        "run.rank2.jsonl",
        "run.rank3.jsonl",
    ]
    [main] = of_type(folder, "start")
    [third] = of_type(folder, "start", "run.rank3.jsonl")
    assert third == {
        "format": 1,
        "id": main["id"],
        "writer": "rank3",
        "rank": 3,
        "world_size": 4,
    }
    assert (main["rank"], main["world_size"], main.get("writer")) == (0, 4, None)
    [found] = staticrun.runs(root=project)
    assert (found.status, found.writers) == ("finished", ("main", "rank1", "rank2", "rank3"))
    assert found.findings == ()


def test_the_next_job_writes_the_next_run_though_its_launcher_says_the_same(project):
    for _ in range(3):
        together(TRAIN, [torch(rank, 3) for rank in range(3)])

    found = staticrun.runs(root=project)
    assert [run.writers for run in found] == [("main", "rank1", "rank2")] * 3


def test_each_start_of_a_job_is_one_run_of_all_its_ranks(project):
    text = (
        "with staticrun.start('digits', name='sweep', capture=False) as sweep:\n"
        "    for lr in (1, 2, 3):\n"
        "        with sweep.child(params={'lr': lr}) as run:\n"
        "            run.log({'loss': lr})\n"
    )
    together(text, [torch(rank, 2) for rank in range(2)])

    found = staticrun.runs(root=project)
    assert [run.writers for run in found] == [("main", "rank1")] * 4
    [sweep] = [run for run in found if run.name == "sweep"]
    assert [run.parent for run in found if run is not sweep] == [sweep.id] * 3
    assert sorted(run.params["lr"] for run in found if run is not sweep) == [1, 2, 3]


def test_what_rank_0_alone_starts_confuses_no_rank(project):
    text = (
        "if os.environ['RANK'] == '0':\n"
        "    staticrun.start('setup', capture=False).finish()\n" + TRAIN
    )
    together(text, [torch(rank, 3) for rank in range(3)])

    [setup] = staticrun.runs("setup", root=project)
    [trained] = staticrun.runs("digits", root=project)
    assert (setup.writers, trained.writers) == (("main",), ("main", "rank1", "rank2"))


@pytest.mark.slow
def test_a_slow_rank_0_finds_the_run_that_the_others_began(project):
    text = "if os.environ['RANK'] == '0':\n    time.sleep(3)\n" + TRAIN
    processes = [begin(text, **torch(rank, 3, STATICRUN_WAIT="0.5")) for rank in range(3)]
    codes, keys, errors = zip(*map(finish, processes), strict=True)

    assert codes == (0, 0, 0)
    assert len(set(keys)) == 1
    # One says that it did not wait for ever.
    assert [bool(error) for error in errors] == [False, True, False]
    assert "rank 0 has begun no run, so rank 1 has" in errors[1]
    [found] = staticrun.runs(root=project)
    assert found.writers == ("main", "rank1", "rank2")
    assert [found.series("loss", writer).value.tolist() for writer in found.writers] == [
        [rank + step for step in range(5)] for rank in range(3)
    ]


def test_a_rank_that_is_alone_loses_nothing(project):
    code, key, errors = finish(begin(TRAIN, **torch(2, 3, STATICRUN_WAIT="0")))

    assert code == 0
    assert errors.count("LogWarning") == 1
    [found] = staticrun.runs(root=project)
    assert (found.key, found.writers, found.metrics["loss"].n) == (key.strip(), ("rank2",), 5)


def test_a_job_that_its_launcher_starts_again_goes_on_with_its_run(project):
    text = (
        "attempt = int(os.environ['TORCHELASTIC_RESTART_COUNT'])\n"
        "with staticrun.start('digits', capture=False, rewind_to=2 * attempt) as run:\n"
        "    for step in range(2 * attempt, 4):\n"
        "        run.log({'loss': 10 * attempt + step})\n"
        "    print(run.key, flush=True)\n"
        "    if not attempt:\n"
        "        os._exit(0)\n"
    )
    for attempt in "012":
        ranks = [torch(rank, 2, TORCHELASTIC_RESTART_COUNT=attempt) for rank in range(2)]
        together(text, ranks)

    [found] = staticrun.runs(root=project)
    assert names(found.folder) == [
        "run.jsonl",
        "run.r2.jsonl",
        "run.r3.jsonl",
        "run.rank1.jsonl",
        "run.rank1.r2.jsonl",
        "run.rank1.r3.jsonl",
    ]
    assert of_type(found.folder, "start", "run.rank1.r3.jsonl")[0]["segment"] == 2
    for writer in found.writers:
        series = found.series("loss", writer)
        assert [a.tolist() for a in series.at_steps()] == [[0, 1, 2, 3], [0, 1, 12, 13]]


def test_a_job_of_slurm_that_was_requeued_goes_on_with_its_run(project):
    for count in ({}, {"SLURM_RESTART_COUNT": "1"}):
        together(TRAIN, [slurm(rank, 2, **count) for rank in range(2)])

    [found] = staticrun.runs(root=project)
    assert (found.writers, found.segments) == (("main", "rank1"), 2)


def test_the_tasks_of_an_array_are_runs_of_their_own(project):
    tasks = [
        slurm(0, 1, SLURM_JOB_ID=str(4711 + task), SLURM_ARRAY_TASK_ID=str(task))
        for task in range(3)
    ]
    keys = together(TRAIN, tasks)

    assert len(set(keys)) == 3
    assert all(names(project / "runs" / key) == ["run.jsonl"] for key in keys)


def test_the_tasks_of_an_array_may_have_ranks(project):
    tasks = [
        slurm(rank, 2, SLURM_JOB_ID=str(4711 + task), SLURM_ARRAY_TASK_ID=str(task))
        for task in range(2)
        for rank in range(2)
    ]
    together(TRAIN, tasks)

    assert [run.writers for run in staticrun.runs(root=project)] == [("main", "rank1")] * 2


@pytest.mark.parametrize("way", ["variable", "argument"])
def test_trials_that_a_launcher_starts_ask_for_runs_of_their_own(project, way):
    text = TRAIN if way == "variable" else TRAIN.replace("capture", "run='new', capture")
    more = {"STATICRUN_RUN": "new"} if way == "variable" else {}
    keys = together(text, [slurm(rank, 3, **more) for rank in range(3)])

    assert len(set(keys)) == 3
    assert [run.writers for run in staticrun.runs(root=project)] == [("main",)] * 3


def test_the_variable_names_the_run_of_a_job(project):
    variable = {"STATICRUN_RUN": "digits/job-7"}
    keys = together(TRAIN, [torch(rank, 3, **variable) for rank in range(3)])
    evaluated = run(
        "with staticrun.start(capture=False) as run:\n    run.log({'test/acc': 1})\n", **variable
    )

    assert keys == ["digits/job-7"] * 3
    assert evaluated == ""
    [found] = staticrun.runs(root=project)
    assert found.writers == ("main", "part1", "rank1", "rank2")
    assert found.value("test/acc") == 1


def test_without_a_launcher_the_first_process_makes_the_run_that_the_variable_names(project):
    keys = together(TRAIN, [{"STATICRUN_RUN": "digits/job-7"}] * 4)

    assert keys == ["digits/job-7"] * 4
    [found] = staticrun.runs(root=project)
    assert found.writers == ("main", "part1", "part2", "part3")
    assert (
        len({of_type(found.folder, "start", name)[0]["id"] for name in names(found.folder)}) == 1
    )


def test_eight_processes_write_one_run_at_once_and_every_record_counts(project):
    text = (
        "rank = int(os.environ['RANK'])\n"
        "with staticrun.start('digits', capture=False) as run:\n"
        "    for step in range(2000):\n"
        "        run.log({'loss': rank, f'own/{rank}': step})\n"
    )
    together(text, [torch(rank, 8) for rank in range(8)])

    [found] = staticrun.runs(root=project)
    assert len(found.writers) == 8
    assert found.bad_lines == 0
    for rank, writer in enumerate(found.writers):
        assert found.series("loss", writer).value.tolist() == [rank] * 2000
        assert found.series(f"own/{rank}").value.tolist() == list(range(2000))


def test_the_variables_of_a_job_are_not_those_of_this_one():
    assert not {"RANK", "SLURM_PROCID", "STATICRUN_RUN"} & set(os.environ)
