"""A process that runs commands of `staticrun` and writes down what they set off.

Reads from standard input, as JSON, a list of command lines and the folders that may be written to;
writes a list with exit code, output, errors and events of each.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from pathlib import Path

STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork")
LOADS = ("pickle.find_class", "code.__new__")
TALKS = ("socket.connect", "socket.getaddrinfo", "urllib.Request", "webbrowser.open")
CHANGES = ("os.remove", "os.rename", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.chmod")

seen: list[list[str]] = []
allowed: list[str] = []


def is_elsewhere(path: object) -> bool:
    """Say whether a path is an absolute one outside the folders that may be written to."""
    text = os.fsdecode(path) if isinstance(path, str | bytes) else ""
    return text.startswith("/") and not any(f"{text}/".startswith(folder) for folder in allowed)


def watch(event: str, args: tuple[object, ...]) -> None:
    if event in STARTS:
        words = args[1] if event == "subprocess.Popen" else args[0]
        seen.append([event, *map(str, words if isinstance(words, list | tuple) else [words])])
    elif event in LOADS or event in TALKS:
        seen.append([event, *map(str, args)])
    elif event == "open" and isinstance(args[2], int):
        writes = args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        if writes and is_elsewhere(args[0]) and args[0] != os.devnull:
            seen.append([event, str(args[0])])
    elif event in CHANGES and any(map(is_elsewhere, args[:2])):
        seen.append([event, *map(str, args[:2])])


def main() -> None:
    asked = json.load(sys.stdin)
    allowed.extend(asked["allowed"])
    from staticrun.cli.main import main as staticrun

    sys.addaudithook(watch)
    answers = []
    for command in asked["commands"]:
        seen.clear()
        out, err = io.StringIO(), io.StringIO()
        sys.argv = ["staticrun", *command]
        code: object = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                staticrun()
            except SystemExit as end:
                code = end.code
        answers.append([code, out.getvalue(), err.getvalue(), [list(event) for event in seen]])
    Path(asked["answers"]).write_text(json.dumps(answers))


if __name__ == "__main__":
    main()
