"""Versions with predictions: runs that measured what a file beside their bytes says."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import msgspec

from staticrun.analysis.measures import measure
from staticrun.files import sha256
from staticrun.registry.manifests import Data, Value
from tests.registry.made import digest
from tests.registry.trained import COMMIT, registered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from staticrun.registry.manifests import Version

DATA = (Data(name="holdout", role="eval", digest=digest(77)),)


def guesses(n: int, skill: float, seed: object) -> list[str]:
    """Guess targets, which `targets` draws, with a chance to be right."""
    rng = random.Random(f"guesses {seed}")
    return [t if rng.random() < skill else "ox" for t in targets(n)]


def targets(n: int) -> list[str]:
    return [("cat", "dog")[place % 2] for place in range(n)]


def csv_of(target: Sequence[object], said: Sequence[object], ids: Sequence[object] = ()) -> bytes:
    """Write predictions as a training does."""
    ids = ids or range(1, len(target) + 1)
    rows = [f"{i},{t},{p}\n" for i, t, p in zip(ids, target, said, strict=True)]
    return "".join(["id,target,prediction\n", *rows]).encode()


def train(
    root: Path,
    key: str,
    predictions: bytes,
    value: float,
    *,
    params: dict[str, Any] | None = None,
    beside: bool = False,
    data: Sequence[Data] = DATA,
) -> None:
    """Write a run that has ended; its predictions are in its model, or else beside it."""
    folder = root / "runs" / key
    name = key.replace("/", "-")
    model = folder / "artifacts/model"
    model.mkdir(parents=True)
    (model / "weights").write_text(f"weights of {key}")
    place = "artifacts/eval.csv" if beside else "artifacts/model/eval.csv"
    (folder / place).write_bytes(predictions)
    lines: list[dict[str, Any]] = [
        {"type": "start", "format": 1, "time": 1770000000, "id": f"ID-{name}"}
        | {"git": {"commit": COMMIT, "dirty": False}},
        {"type": "params", "values": params or {}},
        *({"type": "dataset", **_named(one)} for one in data),
        {"type": "metrics", "step": 0, "values": {"acc": value}},
        {"type": "artifact", "path": "artifacts/model", "kind": "model"},
    ]
    if beside:
        lines.append({"type": "artifact", "path": place, "sha256": sha256(predictions)})
    lines.append({"type": "end", "status": "finished", "time": 1770000002})
    (folder / "run.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def _named(data: Data) -> dict[str, Any]:
    said = {"name": data.name, "role": data.role, "digest": data.digest, "rows": data.rows}
    return {name: value for name, value in said.items() if value is not None}


def version_of(
    root: Path, number: int, key: str, value: float, model: str = "churn", **changes: Any
) -> Version:
    """Make the version of a run, without writing it."""
    said: dict[str, Any] = {
        "model": model,
        "python": None,
        "flavor": None,
        "signature": None,
        "requirements": (),
        "data": DATA,
        "metrics": (Value(name="acc", value=value, direction="max"),),
        **changes,
    }
    made = registered(root, number, key, **said)
    of = msgspec.structs.replace(made.run, id=f"ID-{key.replace('/', '-')}")
    return msgspec.structs.replace(made, run=of)


def guess(root: Path, number: int, skill: float, *, n: int = 400, **said: Any) -> Version:
    """Train a model of a skill, and give its version."""
    key, model = said.pop("key", f"exp/{number}"), said.pop("model", "churn")
    predicted = guesses(n, skill, said.pop("seed", key))
    value = measure("accuracy").value(targets(n), predicted)
    train(root, key, csv_of(targets(n), predicted), value, **said)
    return version_of(root, number, key, value, model)
