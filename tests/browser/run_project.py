"""A project of two runs: one that made a picture a step and weights, one that used them and failed."""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING

from staticrun import layout

if TYPE_CHECKING:
    from pathlib import Path

TIME = 1_795_110_180
STEPS = range(0, 60, 10)
PARAMS = {
    "lr": 0.1,
    **{f"block{i}": {f"layer{j}": {"width": 10 * i + j} for j in range(10)} for i in range(30)},
}
TRACEBACK = """\
Traceback (most recent call last):
  File "train.py", line 7, in <module>
    \x1b[1;31mfit()\x1b[0m
ValueError: loss is \x1b[31mnan\x1b[0m
"""
CONSOLE = "epoch 1: 10%\repoch 1: 100%\n\x1b[33mwarning\x1b[0m: <b>slow</b>\n"
CHANGES = """\
diff --git a/train.py b/train.py
--- a/train.py
+++ b/train.py
@@ -1,2 +1,2 @@
 import numpy
-fit(lr=0.1, width=32)
+fit(lr=0.1, width=64)
"""


def write(root: Path) -> None:
    """Write the runs `digits/first` and `digits/second`."""
    pictures = {f"samples-{step:02}.png": _png(step) for step in STEPS}
    _run(
        root,
        "first",
        [{"type": "metrics", "step": step, "values": {"loss": 1 / (step + 1)}} for step in STEPS]
        + [
            {"type": "artifact", "path": f"artifacts/{name}", "kind": "image", "key": "samples",
             "step": step, "caption": f"sample {step}"}
            for step, name in zip(STEPS, pictures, strict=True)
        ]
        + [{"type": "params", "values": PARAMS}, {"type": "end", "status": "finished"}],
        pictures,
    )  # fmt: skip
    error = {"type": "ValueError", "message": "loss is nan", "traceback": TRACEBACK}
    _run(
        root,
        "second",
        [
            {"type": "use", "run": "first", "path": "model/weights.npz", "role": "init"},
            {"type": "artifact", "path": "artifacts/console.txt", "kind": "console"},
            {"type": "artifact", "path": "artifacts/changes.diff", "kind": "diff"},
            {"type": "end", "status": "failed", "error": error},
        ],
        {"console.txt": CONSOLE.encode(), "changes.diff": CHANGES.encode()},
    )


def _run(root: Path, name: str, records: list[dict], artifacts: dict[str, bytes]) -> None:
    folder = root / layout.RUNS / "digits" / name
    (folder / "artifacts").mkdir(parents=True)
    for path, data in artifacts.items():
        (folder / "artifacts" / path).write_bytes(data)
    records = [{"type": "start", "format": 1, "time": TIME, "id": name, "name": name}, *records]
    lines = [json.dumps({"time": TIME + i, **one}) for i, one in enumerate(records)]
    (folder / layout.record_file_name()).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _png(grey: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes([4 * grey]) * 16) * 16)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
