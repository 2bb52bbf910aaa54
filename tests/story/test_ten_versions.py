"""Ten versions of a thousand runs with ten new runs each cost little more than one."""

from __future__ import annotations

import json
import math
from random import Random
from typing import TYPE_CHECKING

import pytest

from staticrun import receipts
from staticrun.pages import links
from staticrun.pages.build import build

if TYPE_CHECKING:
    from pathlib import Path


def write(project: Path, number: int) -> None:
    random = Random(number)
    folder = project / "runs" / f"experiment-{number % 4}" / f"run-{number:05}"
    folder.mkdir(parents=True)
    begun = 1.77e9 + 100 * number
    records = [
        {"type": "start", "format": 1, "time": begun, "id": f"{number:026d}", "name": f"{number}"},
        {"type": "params", "values": {f"param{i}": random.random() for i in range(8)}},
    ]
    for step in range(200):
        value = math.exp(-step / 50)
        values = {f"metric{i}": value + random.random() / 10 for i in range(4)}
        records.append({"type": "metrics", "step": step, "time": begun + step, "values": values})
    records.append({"type": "end", "time": begun + 300, "status": "finished"})
    (folder / "run.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))


def size(site: Path) -> int:
    return sum(path.stat().st_size for path in site.rglob("*") if path.is_file())


@pytest.mark.slow
def test_ten_versions_of_a_thousand_runs_take_less_than_half_more_than_one(tmp_path):
    site = tmp_path / "site"
    for number in range(1000):
        write(tmp_path, number)
    build(tmp_path, version="v00")
    one = size(site)

    for version in range(1, 10):
        for number in range(990 + 10 * version, 1000 + 10 * version):
            write(tmp_path, number)
        build(tmp_path, version=f"v{version:02}")

    assert [len(receipt.runs) for receipt in receipts.every(site)] == [
        1000 + 10 * version for version in range(10)
    ]
    assert size(site) < 1.5 * one
    assert links.check(site) == []
    assert receipts.verify(site, receipts.read(site, "v00")) == []
