"""The machine of a run in words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from staticrun.pages import format as fmt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from staticrun.record.types import Json

# Said together, as `_processors` and `_memory` say it.
_KNOWN = frozenset({"cpu", "cpus", "cpus_usable", "cpu_limit"})
_MEMORY = ("memory_bytes", "memory_limit_bytes")
NAME_MAX = 80


def hardware_words(hardware: Mapping[str, Json] | None) -> str:
    """Say what a run's machine was, in one line; empty for nothing.

    >>> hardware_words({"cpus": 8, "cpu_limit": 2, "memory_bytes": 32_000_000_000})
    '8 CPUs, limited to 2, memory 32 GB'
    """
    if not hardware:
        return ""
    parts = [*_processors(hardware)]
    for name, value in hardware.items():
        if name == "gpus" and isinstance(value, list):
            parts += _gpus(value)
        elif name == _MEMORY[1] and _MEMORY[0] in hardware and isinstance(value, int):
            parts.append(f"limited to {fmt.size(value)}")
        elif name.endswith("_bytes") and isinstance(value, int):
            parts.append(f"{name.removesuffix('_bytes')} {fmt.size(value)}")
        elif name not in _KNOWN or (name == "cpus" and not isinstance(value, int)):
            label = {"gpu_driver": "driver", "cuda": "CUDA"}.get(name, name)
            parts.append(f"{fmt.short(label, NAME_MAX)} {fmt.short(fmt.scalar(value), NAME_MAX)}")
    return ", ".join(parts)


def _processors(hardware: Mapping[str, Json]) -> Iterator[str]:
    model, count = hardware.get("cpu"), hardware.get("cpus")
    if isinstance(model, str) and model:
        yield fmt.short(model, NAME_MAX)
    if isinstance(count, int):
        yield fmt.plural(count, "CPU")
    for name, words in (("cpus_usable", "usable"), ("cpu_limit", "limited to")):
        value = hardware.get(name)
        if value is not None:
            text = fmt.short(fmt.scalar(value), NAME_MAX)
            yield f"{text} {words}" if words == "usable" else f"{words} {text}"


def _gpus(gpus: list[Json]) -> Iterator[str]:
    for words, same in groupby(_gpu(one) for one in gpus):
        count = len([*same])
        yield f"{count} \N{MULTIPLICATION SIGN} {words}" if count > 1 else words


def _gpu(gpu: Json) -> str:
    if not isinstance(gpu, dict):
        return fmt.short(fmt.scalar(gpu), NAME_MAX)
    name = fmt.short(fmt.scalar(gpu.get("name")), NAME_MAX)
    memory = gpu.get("memory_bytes")
    return f"{name} ({fmt.size(memory)})" if isinstance(memory, int) else name
