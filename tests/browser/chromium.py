"""Find the browser that the tests drive: `CHROMIUM`, else the first usual name on PATH.

The headless shell is the same engine without the windows around it, and takes 0.6 of the time:
`make test` prefers it, `make test-all` has the whole browser. As a script it prints the path, or
exits with 1; with `whole` it looks for the whole browser alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"
WHOLE = ("chromium", "google-chrome-stable", "google-chrome", "chromium-browser")


def find(names: tuple[str, ...] = (SHELL, *WHOLE)) -> str | None:
    """Give the path of a Chromium that starts; None when there is none."""
    for name in filter(None, (os.environ.get("CHROMIUM"), *names)):
        path = shutil.which(name)
        # Ubuntu's `chromium-browser` may be a stub that only says how to get the real one.
        if path and _starts(path):
            return path
    return None


def arguments() -> list[str]:
    """Give the command line that this machine needs: as root its own sandbox cannot start."""
    return ["--no-sandbox"] if os.geteuid() == 0 or os.environ.get("CI") else []


def _starts(path: str) -> bool:
    try:
        subprocess.run([path, "--version"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


if __name__ == "__main__":
    chromium = find(WHOLE if "whole" in sys.argv else (SHELL,))
    print(chromium or "no Chromium")
    sys.exit(chromium is None)
