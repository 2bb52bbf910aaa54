"""A small project that grows, shrinks and changes: made-up data from a seed, nothing else."""

from __future__ import annotations

import json
import shutil
import struct
import zlib
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NOON = 1_709_208_000.0
WIDTHS = (16, 32, 64)
CONFIG = """\
project: {name: Made-up, description: "Numbers from a *seed*."}
metrics:
  val/acc: {direction: max, format: .1%, primary: true}
  loss: {direction: min}
comparisons:
  widths:
    title: Narrow against wide
    groups: {narrow: "params.width = 16", wide: "params.width = 64"}
    baseline: narrow
"""


class Project:
    """A project on disk and the random numbers that it is made from.

    Args:
        root: A folder that is not there yet.
        seed: The same seed gives the same files.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.random = Random(seed)
        self._count = 0
        (root / "runs").mkdir(parents=True)
        (root / "reports").mkdir()
        self.write("staticrun.yaml", CONFIG)
        self.write("reports/first.md", "# First report\n\nSee the [experiments](../index.html).\n")

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def runs(self) -> list[Path]:
        """List the folders of all runs."""
        return sorted(path.parent for path in (self.root / "runs").rglob("run.jsonl"))

    def add_run(self, *, ended: bool | None = None) -> None:
        """Add a run with params, curves and artifacts."""
        number, self._count = self._count, self._count + 1
        experiment = self.random.choice(("digits", "vision/deep"))
        folder = self.root / "runs" / experiment / f"run-{number}"
        (folder / "artifacts").mkdir(parents=True)
        width, began = self.random.choice(WIDTHS), NOON + 1000 * number
        start = {
            "type": "start",
            "format": 1,
            "time": began,
            "id": f"{number:026d}",
            "name": f"run {number}",
        }
        params = {"lr": self.random.choice((0.1, 0.01)), "width": width, "seed": number}
        lines = [start, {"type": "params", "values": params}]
        lines += [self._point(step, began) for step in range(self.random.randint(3, 40))]
        for name, data in (("rows.csv", b"x,y\n1,2\n"), ("image.png", png(number))):
            (folder / "artifacts" / name).write_bytes(data)
            lines.append({"type": "artifact", "path": f"artifacts/{name}", "bytes": len(data)})
        if ended if ended is not None else self.random.random() < 0.7:
            lines.append({"type": "end", "time": began + 500, "status": "finished"})
        (folder / "run.jsonl").write_text(jsonl(lines), encoding="utf-8")

    def append(self, points: int | None = None) -> None:
        """Let a run go on: more points at the end of its file, a few of them when None."""
        folder = self.random.choice(self.runs())
        with (folder / "run.jsonl").open("a", encoding="utf-8") as stream:
            # 31 steps apart, 17,000 points have a level between the overview and the points.
            for i in range(points or self.random.randint(1, 20)):
                step = 100 + 31 * i
                stream.write(jsonl([self._point(step, NOON)]))

    def edit(self) -> None:
        """Let a person tag, rename or hide a run."""
        folder = self.random.choice(self.runs())
        change = self.random.choice(
            (
                {"tags": {"team": "risk"}},
                {"name": "renamed"},
                {"archived": True},
                {"note": "*Hm.*"},
            )
        )
        name = f"run.edit-{self.random.randrange(10**6):06d}.jsonl"
        line = {"type": "edit", "time": NOON + self.random.randrange(10**6), **change}
        (folder / name).write_text(jsonl([line]), encoding="utf-8")

    def delete_run(self) -> None:
        """Take a run away."""
        if len(self.runs()) > 2:
            shutil.rmtree(self.random.choice(self.runs()))

    def change_artifact(self) -> None:
        """Change a file after it was logged."""
        folder = self.random.choice(self.runs())
        (folder / "artifacts" / "rows.csv").write_text(f"x,y\n{self.random.random()},2\n")

    def write_report(self) -> None:
        """Write a report, or another text into one."""
        number = self.random.randrange(3)
        self.write(
            f"reports/more/report-{number}.md", f"# Report {self.random.random()}\n\nText.\n"
        )

    def delete_report(self) -> None:
        """Take a report away."""
        for path in sorted((self.root / "reports").rglob("report-*.md"))[:1]:
            path.unlink()

    def describe(self) -> None:
        """Say something else about an experiment."""
        self.write("runs/digits/experiment.yaml", f"title: Digits {self.random.randrange(100)}\n")

    def reconfigure(self) -> None:
        """Change staticrun.yaml."""
        self.write("staticrun.yaml", CONFIG.replace("Made-up", f"Made-up {self.random.random()}"))

    def step(self) -> str:
        """Change something; give its name."""
        changes = (
            self.add_run, self.append, self.append, self.edit, self.delete_run, self.describe,
            self.change_artifact, self.write_report, self.delete_report, self.reconfigure,
        )  # fmt: skip
        change = self.random.choice(changes)
        change()
        return change.__name__

    def _point(self, step: int, began: float) -> dict[str, object]:
        values = {"loss": self.random.random() / (step + 1), "val/acc": self.random.random()}
        return {"type": "metrics", "step": step, "time": began + step, "values": values}


def jsonl(records: list[dict[str, object]]) -> str:
    """Spell records as lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


def png(number: int) -> bytes:
    """Draw one grey pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        whole = kind + body
        return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(bytes([0, number % 256]))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
    )
