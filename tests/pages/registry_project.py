"""A project whose registry has a history in real commits, for the tests of its pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from staticrun import config
from staticrun.registry import artifacts, manifests, move
from staticrun.registry.draft import choose, draft
from staticrun.store.store import Store
from tests.registry import repository

if TYPE_CHECKING:
    from pathlib import Path

MODEL = "digits-mlp"
ADA = "Ada Lovelace <ada@example.org>"
CREATED = "2026-11-20T09:14:05Z"
TIME = 1_795_000_000
DAY = 86_400
CONFIG = """\
project: {name: Digits}
metrics:
  test/acc: {direction: max, format: .1%, primary: true}
  ece: {direction: min, format: .3f}
"""
POLICIES = """\
schema: staticrun.policies/1
stages:
  production:
    from: [staging]
    gates: [integrity, card-present, accuracy-floor, calibration, latency]
gates:
  accuracy-floor: {kind: threshold, metric: test/acc, min: 0.96}
  calibration: {kind: threshold, metric: ece, max: 0.02}
  latency: {kind: threshold, metric: latency/p95, max: 2.0}
"""
CARD = """\
# Reads digits

Trained on 1,437 digits of 8 by 8 pixels; see [the data](https://example.org/digits).

| set | rows |
|---|---|
| test | 360 |

<script>alert(1)</script> [run me](javascript:alert(1)) ![out](https://example.org/x.png)
"""
SCORES = ((0.967, 0.027), (0.971, 0.022), (0.975, 0.017), (0.978, 0.119), (0.981, 0.007))


def write_run(root: Path, name: str, accuracy: float, ece: float) -> None:
    """Write a run that ended, with a packaged model."""
    folder = root / "runs/digits" / name
    (folder / "artifacts/model").mkdir(parents=True)
    (folder / "artifacts/model/weights.npz").write_bytes(f"weights of {name}".encode() * 90)
    (folder / "artifacts/model/MLmodel").write_bytes(b"flavor: npz\n")
    signature = {
        "inputs": [{"name": "pixels", "type": "float32", "shape": [-1, 64]}],
        "outputs": [{"name": "digit", "type": "int64", "shape": [-1]}],
    }
    number = int(name)
    path = f"runs/digits/{name}/artifacts/model"
    tree = artifacts.tree(root, path).digest.removeprefix("sha256:")
    lines = [
        {"type": "start", "format": 1, "time": TIME + number, "id": f"RUN{name}"}
        | {"git": {"commit": f"{number:040x}", "dirty": False}, "python": "3.12.1"}
        | {"command": ["python", "train.py", "--seed", name]},
        {"type": "dataset", "name": "digits", "role": "eval", "digest": "sha256:d1", "rows": 360},
        {"type": "metrics", "step": 9, "values": {"test/acc": accuracy, "ece": ece}},
        {"type": "model", "name": "net", "path": "artifacts/model", "tree": tree, "flavor": "npz"}
        | {"signature": signature, "requirements": ["numpy>=1.26"]},
        {"type": "end", "status": "finished", "time": TIME + number + 60},
    ]
    (folder / "run.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


class Story:
    """Takes steps of a registry, each in a commit that is a day later than the one before."""

    def __init__(self, root: Path) -> None:
        self.root, self._days = root, 0

    def commit(self, message: str) -> None:
        """Commit what is in the work tree."""
        self._days += 1
        when = f"{TIME + self._days * DAY} +0000"
        with pytest.MonkeyPatch.context() as patch:
            for who in ("AUTHOR", "COMMITTER"):
                patch.setenv(f"GIT_{who}_DATE", when)
            repository.commit_all(self.root, message)

    def keep(self, change: move.Change, claimed: str = "") -> None:
        """Commit a change; what its message claims stands behind its first line."""
        put(self.root, change)
        first, _, rest = change.message.partition("\n")
        self.commit(f"{first}{claimed}\n{rest}")

    def register(self, number: int, card: str | None = CARD) -> None:
        """Register what a run wrote."""
        settings, _ = config.load(self.root)
        store = Store.open(settings)
        run = store.run(f"digits/{number:03}")
        found = draft(self.root, store, run, choose(run, ""), settings.metrics, MODEL, number)
        found = msgspec.structs.replace(found, created=CREATED, created_by=ADA)
        about = "Reads one handwritten digit of 8 by 8 pixels." if number == 1 else None
        self.keep(move.register(self.root, repository.state(self.root), found, card, about))

    def promote(self, number: int, stage: str, reason: str, claimed: str = "") -> None:
        """Promote a version; production in spite of a gate."""
        self.keep(promotion(self.root, number, stage, reason), claimed)


def promotion(root: Path, number: int, stage: str, reason: str) -> move.Change:
    """Say what promoting a version changes."""
    state = repository.state(root)
    version = state.models[MODEL].versions[number]
    against = manifests.Override(gate="latency", reason="no machine to measure on", by="Ann")
    overrides = (against,) if stage == "production" else ()
    return move.promote(
        root, state, version, stage, reason=reason, by="Jonas", overrides=overrides
    )


def put(root: Path, change: move.Change) -> None:
    """Write a change into the work tree."""
    for path, data in change.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def begin(root: Path) -> Story:
    """Write a project with five runs and policies, and commit it."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "staticrun.yaml").write_text(CONFIG)
    (root / ".gitignore").write_text("site/\n.staticrun/\n")
    for number, scores in enumerate(SCORES, 1):
        write_run(root, f"{number:03}", *scores)
    repository.git(root, "init", "-q")
    story = Story(root)
    story.commit("begin")
    (root / "registry").mkdir()
    (root / "registry/policies.yaml").write_text(POLICIES)
    story.commit("Ask for more of production")
    return story


def make(root: Path) -> Path:
    """Write a project: five versions registered, promoted, rolled back, withdrawn, overridden."""
    story = begin(root)
    for number in range(1, 6):
        story.register(number, None if number == 2 else CARD)
        story.promote(number, "staging", "it is the newest")
        if number in (1, 3, 4):
            story.promote(number, "production", "it reads more digits", f" (#2{number})")
    state = repository.state(root)
    versions = state.models[MODEL].versions
    why = "confidence is wrong by 12 points"
    story.keep(move.rollback(root, state, versions[3], "production", reason=why, by="Ann"))
    state = repository.state(root)
    gone = move.withdraw(
        root, state, versions[4], reason="noisy labels", by="Ann", superseded_by=5
    )
    story.keep(gone)
    story.promote(1, "smallest", "1,210 weights")
    return root
