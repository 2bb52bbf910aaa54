"""Use of the machine, sampled: the whole of it, and what this process and its children take.

Needs psutil; GPUs are sampled where nvidia-ml-py is installed.
"""

from __future__ import annotations

import contextlib
import os
from time import monotonic, time
from typing import TYPE_CHECKING, Any

import psutil

from staticrun.log import console
from staticrun.record import types

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GPUS_MAX = 64
# Memory that several processes share is counted once each, so a tree is never followed further.
_TREE_MAX = 512


class Sampler:
    """Takes samples; rates are over the time since the sample before.

    Args:
        folder: The free space of the disk that holds it is sampled.

    Raises:
        Exception: Whatever psutil raises on a system that it does not know.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._own = psutil.Process()
        self._cpu: dict[int, float] = {}
        self._counters: dict[str, float] = {}
        self._time = monotonic()
        self._gpus = list(_handles())
        psutil.cpu_percent()
        self._tree()
        self._rates(1.0)

    def records(self) -> list[types.System]:
        """Take a sample, as what is to be recorded."""
        return [types.System(values={**self.sample()}, time=time())]

    def sample(self) -> dict[str, float]:
        """Take a sample.

        Returns:
            `cpu.percent`, `memory.bytes`, `memory.percent`, `disk.free_bytes`; bytes a second as
            `disk.read`, `disk.write`, `network.receive`, `network.send`; of this process and its
            children `process.cpu.percent` (100 is one core), `process.memory.bytes`,
            `process.count`; of each GPU `gpu.0.utilization` (percent), `gpu.0.memory.bytes`,
            `gpu.0.memory.percent`, `gpu.0.power.watts`, `gpu.0.temperature` (°C).
        """
        now = monotonic()
        passed, self._time = max(now - self._time, 1e-3), now
        memory = psutil.virtual_memory()
        found: dict[str, float] = {
            "cpu.percent": psutil.cpu_percent(),
            "memory.bytes": memory.total - memory.available,
            "memory.percent": memory.percent,
        }
        cpu, resident, count = self._tree()
        found["process.cpu.percent"] = round(100 * cpu / passed, 1)
        found["process.memory.bytes"] = resident
        found["process.count"] = count
        with contextlib.suppress(OSError):  # the folder was deleted
            found["disk.free_bytes"] = psutil.disk_usage(self._folder).free
        found.update(self._rates(passed))
        for index, handle in self._gpus:
            found.update(_gpu(f"gpu.{index}.", handle))
        return found

    def _tree(self) -> tuple[float, int, int]:
        """Give seconds of CPU since the sample before, resident bytes, and processes."""
        relay = console.relay_pid()
        children = self._own.children(recursive=True)[:_TREE_MAX]
        processes = [self._own, *(child for child in children if child.pid != relay)]
        seconds: dict[int, float] = {}
        resident = 0
        for process in processes:
            with contextlib.suppress(psutil.Error, OSError):  # it has just ended
                times = process.cpu_times()
                seconds[process.pid] = times.user + times.system
                resident += process.memory_info().rss
        # A process that is new counts with all that it has taken.
        taken = sum(max(0.0, now - self._cpu.get(pid, 0.0)) for pid, now in seconds.items())
        self._cpu = seconds
        return taken, resident, len(seconds)

    def _rates(self, passed: float) -> dict[str, float]:
        counters: dict[str, float] = {}
        disk = psutil.disk_io_counters()
        if disk is not None:
            counters |= {"disk.read": disk.read_bytes, "disk.write": disk.write_bytes}
        network = psutil.net_io_counters()
        if network is not None:
            counters["network.receive"] = network.bytes_recv
            counters["network.send"] = network.bytes_sent
        before, self._counters = self._counters, counters
        return {
            name: round(max(0.0, value - before[name]) / passed)
            for name, value in counters.items()
            if name in before
        }


def _handles() -> Iterator[tuple[int, Any]]:
    """Give the GPUs that this process may use: index, handle."""
    try:
        import pynvml

        pynvml.nvmlInit()
        count = min(pynvml.nvmlDeviceGetCount(), _GPUS_MAX)
        usable = os.environ.get("CUDA_VISIBLE_DEVICES")
        words = [word.strip() for word in usable.split(",")] if usable is not None else []
        # Named by UUID, or not at all: then all are sampled.
        is_listed = usable is not None and all(word.isdecimal() for word in words if usable)
        chosen = [int(word) for word in words if word] if is_listed else range(count)
        for index in chosen:
            if index < count:
                yield index, pynvml.nvmlDeviceGetHandleByIndex(index)
    except Exception:  # noqa: BLE001 - not installed, or no driver
        return


def _gpu(prefix: str, handle: Any) -> dict[str, float]:
    import pynvml

    found: dict[str, float] = {}
    with contextlib.suppress(pynvml.NVMLError):
        found["utilization"] = pynvml.nvmlDeviceGetUtilizationRates(handle).gpu
    with contextlib.suppress(pynvml.NVMLError):
        memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
        found["memory.bytes"] = memory.used
        found["memory.percent"] = round(100 * memory.used / memory.total, 1)
    with contextlib.suppress(pynvml.NVMLError):
        found["power.watts"] = pynvml.nvmlDeviceGetPowerUsage(handle) / 1000
    with contextlib.suppress(pynvml.NVMLError):
        found["temperature"] = pynvml.nvmlDeviceGetTemperature(handle, pynvml.NVML_TEMPERATURE_GPU)
    return {f"{prefix}{name}": value for name, value in found.items()}
