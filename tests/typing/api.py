"""The writer and the reader as a user types them; `mypy --strict` reads this file, nobody runs it."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import staticrun
from staticrun import LogWarning, Run, UsageError, UserError, finish, init, log, runs, start


@dataclass
class Settings:
    """Settings of a training."""

    lr: float = 1e-3


def train() -> float:
    """Log everything there is."""
    with staticrun.start(
        "vision/digits",
        name="base",
        params={"lr": 1e-3, "model": {"width": 32}},
        tags={"team": "risk"},
        group="sweep",
        seed=1,
        root=Path(),
        capture={"user": False, "host": False},
    ) as run:
        run.log({"train/loss": 0.31, "val/acc": np.float32(0.92)}, step=10)
        run.log({"train/loss": 1})
        run.log({"val": {"loss": 0.5}}, step=2.5)
        run.params({"more": [1, 2]})
        run.params(Settings())
        run.params(Namespace(lr=1))
        run.summary({"val/best": 0.93, "gone": None})
        run.tag(team="risk", reviewed=True)
        run.tag({"any key": 1})
        run.note("A note.")
        run.text("a line", level="error")
        run.alert("look")
        copied: Path | None = run.artifact("a.png", caption="As found.", step=1)
        if copied is not None:
            run.artifact(copied.parent, name="all", kind="model", key="k")
        run.figure("roc", Figure(), step=3, caption="Rising.")
        run.image("sample", np.zeros((8, 8)))
        run.table("errors", [{"a": 1}], columns=["a"])
        run.histogram("weights", np.zeros(100), step=1, bins=10)
        run.dataset("digits", (np.zeros((3, 2)), np.zeros(3)), role="train")
        run.dataset("known", digest="0" * 64, rows=7, source="somewhere")
        run.use(run, path="artifacts/a.png", role="init")
        run.use(uri="s3://bucket/x", sha256="0" * 64)
        with run.child("fold", params={"fold": 1}, seed=2) as child:
            child.log({"loss": 1.0})
        described: tuple[str, str, str, str] = (run.id, run.key, run.name, run.experiment)
        places: tuple[Path, Path] = (run.folder, run.root)
        state: tuple[bool, int] = (run.ended, run.dropped)
        print(described, places, state)
        # The block swallows no exception: mypy knows that nothing comes after it.
        return 0.9


def train_without_a_variable() -> None:
    """Log by the module's functions."""
    run: Run = init("digits", params={"lr": 1e-2}, capture=False)
    log({"loss": 0.31}, step=0)
    staticrun.log({"loss": 0.29})
    finish("stopped")
    staticrun.finish()
    start(parent=run).finish("failed")
    start(parent=run.id)
    start(run=run.key).finish()
    init(run=run, capture=False)
    start(resume=run.folder, rewind_to=100)
    start(name="night", resume="auto", run=None)


def read() -> list[str]:
    """Read runs back."""
    found = runs("digits", where="val/acc > 0.9 and params.lr < 0.01")
    staticrun.runs(root=Path())
    site = staticrun.open("site", version="paper-v1")
    found += site.runs("digits", where="val/acc > 0.9")
    return [run.key for run in found]


def misuse(run: Run) -> None:
    """Show what a type checker refuses."""
    run.log(0.5)  # type: ignore[arg-type]
    run.finish("crashed")  # type: ignore[arg-type]
    run.text("a", level="loud")  # type: ignore[arg-type]
    staticrun.start(3)  # type: ignore[arg-type]
    run.dropped = 3  # type: ignore[misc]


ERRORS: tuple[type[Exception], ...] = (UsageError, UserError)
WARNING: type[Warning] = LogWarning
VERSION: str = staticrun.__version__
