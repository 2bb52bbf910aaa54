"""A repository with a registry, and branches of it that people change and merge."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from staticrun.registry.check import check
from tests.registry.made import place, registry, stage, write
from tests.registry.repository import commit_all, git, repository
from tests.registry.trained import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.registry.check import Checked
    from staticrun.registry.manifests import Manifest

PRODUCTION = "registry/models/churn/stages/production.yaml"


def begin(folder: Path) -> Path:
    """Make a model with four versions on `main`: production came from 1 by 2 to 3; staging at 2."""
    repository(registry(folder, 4, production=1, staging=2))
    for number in (2, 3):
        change(folder, stage(number, previous=number - 1, reason=f"{number} is better"))
    return folder


def change(root: Path, *said: Manifest, message: str = "change") -> str:
    """Write manifests, and commit them."""
    write(root, *said)
    return commit_all(root, message)


def branch(root: Path, name: str, at: str = "main") -> None:
    """Begin a branch, and check it out."""
    git(root, "checkout", "-q", "-f", "-B", name, at)


def merge(root: Path, *names: str) -> bool:
    """Merge branches into `main` one after the other; whether git could."""
    git(root, "checkout", "-q", "-f", "main")
    for name in names:
        words = ("git", "merge", "-q", "--no-ff", "-m", f"Merge {name}", name)
        if subprocess.run(words, cwd=root, capture_output=True, check=False).returncode:
            git(root, "merge", "--abort")
            return False
    return True


def checked(root: Path, base: str | None = "main", **said) -> Checked:
    """Check what is in the work tree, as a process that comes later does."""
    return check(root, open_store(root), base, **said)


def errors(found: Checked) -> list[str]:
    return _told(found, "error")


def warnings(found: Checked) -> list[str]:
    return _told(found, "warning")


def _told(found: Checked, level: str) -> list[str]:
    """List findings, but for those of bytes: no run of these versions is there."""
    findings = [one for one in found.findings if one.level == level]
    return [str(one) for one in findings if "is not in this checkout" not in one.what]


def remove(root: Path, manifest: Manifest) -> None:
    (root / place(manifest)).unlink()
