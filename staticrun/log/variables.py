"""Environment variables that change results or name the job, by a list of what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.log.redact import SECRET, is_secret, redact
from staticrun.log.values import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# One * at the end stands for any rest.
ALLOWED = (
    # Which processors, how many threads.
    *("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"),
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
    # How exact, how repeatable.
    *("PYTHONHASHSEED", "PYTHONOPTIMIZE", "CUBLAS_WORKSPACE_CONFIG", "CUDA_LAUNCH_BLOCKING"),
    *("NVIDIA_TF32_OVERRIDE", "MKL_CBWR", "TF_DETERMINISTIC_OPS", "TF_CUDNN_DETERMINISTIC"),
    *("TF_ENABLE_ONEDNN_OPTS", "XLA_FLAGS", "JAX_PLATFORMS", "JAX_ENABLE_X64"),
    *("PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ENABLE_MPS_FALLBACK"),
    # Which process of how many.
    *("RANK", "LOCAL_RANK", "NODE_RANK", "GROUP_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE"),
    # Which job, which environment.
    *("SLURM_JOB_ID", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_PROCID"),
    *("SLURM_NTASKS", "SLURM_NNODES", "SLURM_CPUS_PER_TASK", "PBS_JOBID", "LSB_JOBID"),
    "CONDA_DEFAULT_ENV",
)
VALUE_LENGTH_MAX = 1_000
_COUNT_MAX = 200


def recorded(allowed: Iterable[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Give the variables that may be recorded, sorted by name, secrets redacted.

    Args:
        allowed: Names beyond `ALLOWED`; `PREFIX_*` stands for all that begin so.
        environ: All variables.
    """
    names, prefixes = set(ALLOWED), []
    for name in allowed:
        if name.endswith("*"):
            prefixes.append(name[:-1])
        else:
            names.add(name)
    chosen = sorted(name for name in environ if name in names or name.startswith((*prefixes,)))
    return {name: _value(name, environ[name]) for name in chosen[:_COUNT_MAX]}


def _value(name: str, value: str) -> str:
    if is_secret(name, value):
        return SECRET
    text = redact(clean(value))
    return text if len(text) <= VALUE_LENGTH_MAX else f"{text[:VALUE_LENGTH_MAX]}…"
