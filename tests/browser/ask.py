"""Calling functions of the browser's sources in Node, to compare them with Python's."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.browser.html import node

WEB = Path(__file__).parents[2] / "staticrun/web"


def ask(module: str, *calls: list[Any]) -> list[Any]:
    """Call functions of a module: each call is a name and arguments, each answer is JSON.

    Args:
        module: Path of a file below `staticrun/web/src`.
        calls: `["welch", [1, 2], [3, 4]]`; null is what a function that gives nothing gives.
    """
    script = f"""
    import {{ readFileSync }} from "node:fs";
    const calls = await import("./src/{module}");
    const asked = JSON.parse(readFileSync(0, "utf8"));
    console.log(JSON.stringify(asked.map(([name, ...rest]) => calls[name](...rest) ?? null)));
    """
    done = subprocess.run(
        [node(), "--input-type=module-typescript", "-e", script],
        cwd=WEB, input=json.dumps(calls), check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
