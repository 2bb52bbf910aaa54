"""Read back what a run wrote, with nothing of the reader."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read(file: Path) -> list[dict]:
    """Give the records of a file; every line must be sound."""
    text = file.read_text(encoding="utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines() if line]


def of_type(folder: Path, kind: str, name: str = "run.jsonl") -> list[dict]:
    """Give a run's records of one type, without their times."""
    found = [record for record in read(folder / name) if record["type"] == kind]
    return [{k: v for k, v in record.items() if k not in ("type", "time")} for record in found]


def start_of(folder: Path, name: str = "run.jsonl") -> dict:
    """Give the start of a file with all that later ones completed it by."""
    return {
        key: value for record in of_type(folder, "start", name) for key, value in record.items()
    }
