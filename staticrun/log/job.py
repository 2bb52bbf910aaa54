"""Which of a launcher's processes this one is, told by the variables that the launcher set.

Known are torchrun (and whatever else sets RANK and WORLD_SIZE), Open MPI, MPICH and SLURM's
`srun`. An inner launcher goes before an outer one: torchrun in a SLURM job is torchrun.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

# Set by `srun` for each step; the batch script itself has a job and no step.
_SLURM = ("SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_ARRAY_TASK_ID")


class Job(NamedTuple):
    """The processes that one launch started, and this one's place among them.

    Attributes:
        rank: 0 to `world_size` - 1.
        world_size: Number of processes.
        name: What identifies the job, also when its launcher starts it again.
        launch: What is the same in all processes of one launch, and in few others.
        restart: How often the launcher has started the job again.
    """

    rank: int
    world_size: int
    name: tuple[str, ...]
    launch: tuple[str, ...]
    restart: int = 0


def find_job(environ: Mapping[str, str]) -> Job | None:
    """Find this process's place in a job; None where no launcher speaks of several processes."""
    for read in (_torch, _open_mpi, _mpich, _slurm):
        job = read(environ)
        if job is not None:
            return job if 0 <= job.rank < job.world_size else None
    return None


def _torch(environ: Mapping[str, str]) -> Job | None:
    rank, size = _number(environ, "RANK"), _number(environ, "WORLD_SIZE")
    is_elastic = "TORCHELASTIC_RUN_ID" in environ
    if rank is None or size is None or (size == 1 and not is_elastic):
        return None
    port = environ.get("MASTER_PORT", "")
    name = ("torch", *_several(environ, "TORCHELASTIC_RUN_ID", "MASTER_ADDR", *_SLURM))
    errors = environ.get("TORCHELASTIC_ERROR_FILE", "")
    if errors and environ.get("LOCAL_WORLD_SIZE") == environ["WORLD_SIZE"]:
        # …/RUN_ID_CHANCE/attempt_N/RANK/error.json: all on one machine, a folder for each launch.
        name = (*name, str(Path(errors).parent.parent.parent))
    return Job(
        rank, size, name, (*name, port), _number(environ, "TORCHELASTIC_RESTART_COUNT") or 0
    )


def _open_mpi(environ: Mapping[str, str]) -> Job | None:
    return _plain(environ, "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "PMIX_NAMESPACE")


def _mpich(environ: Mapping[str, str]) -> Job | None:
    return _plain(environ, "PMI_RANK", "PMI_SIZE", "PMI_JOBID")


def _plain(environ: Mapping[str, str], rank: str, size: str, identity: str) -> Job | None:
    number, count = _number(environ, rank), _number(environ, size)
    if number is None or count is None or count == 1:
        return None
    name = (rank, *_several(environ, identity, *_SLURM))
    return Job(number, count, name, name)


def _slurm(environ: Mapping[str, str]) -> Job | None:
    rank = _number(environ, "SLURM_PROCID")
    size = _number(environ, "SLURM_STEP_NUM_TASKS") or _number(environ, "SLURM_NTASKS")
    if rank is None or size is None or size == 1:
        return None
    name = ("slurm", *_several(environ, *_SLURM))
    is_step = "SLURM_STEP_ID" in environ
    restart = (_number(environ, "SLURM_RESTART_COUNT") or 0) if is_step else 0
    return Job(rank, size, name, name, restart)


def _several(environ: Mapping[str, str], *names: str) -> tuple[str, ...]:
    return tuple(environ.get(name, "") for name in names)


def _number(environ: Mapping[str, str], name: str) -> int | None:
    text = environ.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
