"""The machine under a process: processors, memory and GPUs, and how much of them it may use.

`processors` reads a few small files. `gpus` may ask a driver that takes a second to wake up.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staticrun.record.types import Json

SMI_TIMEOUT_S = 5.0
_GPUS_MAX = 64
_CPU_INFO = Path("/proc/cpuinfo")
_CGROUP = Path("/sys/fs/cgroup")
_CPU_INFO_BYTES = 4_096
# cgroup v1 says "no limit" as the largest multiple of a page.
_NO_LIMIT = 1 << 60


def processors() -> dict[str, Json]:
    """Describe processors and memory.

    Returns:
        As far as the system says: `cpu` (model), `cpus` (logical ones), `cpus_usable` where an
        affinity leaves fewer, `cpu_limit` (of a control group, in CPUs), `memory_bytes`,
        `memory_limit_bytes` (of a control group, where it is lower).
    """
    cpus = os.cpu_count()
    found: dict[str, Json] = {}
    if model := _cpu_model():
        found["cpu"] = model
    found["cpus"] = cpus
    with contextlib.suppress(AttributeError, OSError):  # a system without affinity
        usable = len(os.sched_getaffinity(0))
        if usable != cpus:
            found["cpus_usable"] = usable
    limit = _cpu_limit()
    if limit is not None and (cpus is None or limit < cpus):
        found["cpu_limit"] = limit
    with contextlib.suppress(AttributeError, ValueError, OSError):  # a system that does not say
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        found["memory_bytes"] = memory
        most = _number(_group("memory"), "memory.max", "memory.limit_in_bytes")
        if most is not None and most < min(memory, _NO_LIMIT):
            found["memory_limit_bytes"] = int(most)
    return found


def gpus() -> dict[str, Json]:
    """Describe NVIDIA's GPUs; empty where there are none.

    Returns:
        `gpus` (a list of `name`, `memory_bytes`), `gpu_driver` and `cuda`, the newest version that
        the driver knows. Asked by nvidia-ml-py where it is installed, else by nvidia-smi.
    """
    try:
        return _by_library()
    except ImportError:
        return _by_program()
    except Exception:  # noqa: BLE001 - no driver, or one that does not answer
        return {}


def _by_library() -> dict[str, Json]:
    import pynvml

    pynvml.nvmlInit()
    try:
        handles = [
            pynvml.nvmlDeviceGetHandleByIndex(index)
            for index in range(min(pynvml.nvmlDeviceGetCount(), _GPUS_MAX))
        ]
        cuda = pynvml.nvmlSystemGetCudaDriverVersion()
        if not handles:
            return {}
        return {
            "gpus": [
                {
                    "name": pynvml.nvmlDeviceGetName(handle),
                    "memory_bytes": pynvml.nvmlDeviceGetMemoryInfo(handle).total,
                }
                for handle in handles
            ],
            "gpu_driver": pynvml.nvmlSystemGetDriverVersion(),
            "cuda": f"{cuda // 1000}.{cuda % 1000 // 10}",
        }
    finally:
        pynvml.nvmlShutdown()


def _by_program() -> dict[str, Json]:
    asked = ("--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits")
    lines = [line.split(", ") for line in _smi(*asked).splitlines()]
    rows = [line for line in lines if len(line) == 3]
    if not rows:
        return {}
    cuda = re.search(r"CUDA Version: *([\d.]+)", _smi())
    return {
        "gpus": [
            {"name": name, "memory_bytes": int(memory) << 20 if memory.isdecimal() else None}
            for name, memory, _ in rows[:_GPUS_MAX]
        ],
        "gpu_driver": rows[0][2],
        **({"cuda": cuda[1]} if cuda else {}),
    }


def _smi(*words: str) -> str:
    import shutil
    import subprocess

    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    try:
        done = subprocess.run(
            [program, *words],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            timeout=SMI_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


def _cpu_model() -> str:
    try:
        with _CPU_INFO.open("rb") as stream:
            text = stream.read(_CPU_INFO_BYTES).decode("utf-8", "replace")
    except OSError:
        import platform

        return platform.processor()
    match = re.search(r"^model name\s*: *(.+)$", text, re.MULTILINE)
    return re.sub(r"\s+", " ", match[1]).strip() if match else ""


def _cpu_limit() -> float | None:
    folder = _group("cpu")
    words = _words(folder / "cpu.max")  # version 2: "200000 100000"
    if len(words) != 2:
        words = _words(folder / "cpu.cfs_quota_us") + _words(folder / "cpu.cfs_period_us")
    try:
        quota, period = map(float, words)
    except ValueError:  # "max", or no such file
        return None
    return round(quota / period, 3) if quota > 0 and period > 0 else None


def _number(folder: Path, *names: str) -> float | None:
    for name in names:
        words = _words(folder / name)
        if words and words[0].isdecimal():
            return float(words[0])
    return None


def _group(controller: str) -> Path:
    """Give the folder of this process's control group; in a container the top is its own."""
    try:
        lines = Path("/proc/self/cgroup").read_text("utf-8").splitlines()
    except OSError:
        return _CGROUP
    for line in lines:
        _, controllers, path = (*line.split(":", 2), "", "")[:3]
        if not controllers or controller in controllers.split(","):
            top = _CGROUP / controllers if controllers else _CGROUP
            own = top / path.lstrip("/")
            return own if own.is_dir() and ".." not in own.parts else top
    return _CGROUP


def _words(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").split()
    except (OSError, UnicodeError):
        return []
