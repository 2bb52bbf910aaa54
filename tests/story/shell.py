"""Running lines of the guide, where `staticrun` is the one that is tested."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def program(words: str = "-m staticrun") -> str:
    """Spell a program that is Python with words, as a shell script."""
    return f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" {words} "$@"\n'


class Shell:
    """A shell that finds some programs first.

    Args:
        folder: For the programs; made.
        programs: Name → words that follow Python.
    """

    def __init__(self, folder: Path, programs: dict[str, str]) -> None:
        self._folder = folder
        folder.mkdir()
        for name, words in programs.items():
            (folder / name).write_text(program(words))
            (folder / name).chmod(0o755)

    def __call__(self, text: str, folder: Path) -> str:
        """Run lines in a folder until one fails; give what they print."""
        done = subprocess.run(
            ["sh", "-e", "-c", text],
            cwd=folder,
            env={**os.environ, "PATH": f"{self._folder}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        return done.stdout
