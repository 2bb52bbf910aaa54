"""Commands of `staticrun` under watch: what they start, load, ask and write, and where."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

WATCH = Path(__file__).with_name("watch.py")
# Programs that a stranger's file would like to be started; each leaves a mark when it is.
PROGRAMS = (
    *("sh", "bash", "env", "python", "python3", "id", "touch", "curl", "wget", "ssh", "less"),
    *("git-lfs", "gh", "gpg", "ssh-keygen", "vi", "nano", "node", "evil", "xdg-open"),
)


# git; and what matplotlib asks about fonts, which is not on the PATH of a watched process.
ALLOWED = [["subprocess.Popen", "git"], ["subprocess.Popen", "fc-list"]]


class Ran(NamedTuple):
    """How a command ended, and what it set off."""

    command: tuple[str, ...]
    code: int
    out: str
    err: str
    events: list[list[str]]


class Tripwire:
    """A place around a project that tells when anything of it was touched.

    Args:
        folder: A new folder; projects are in `folder/projects`, and secrets in `folder/outside`.

    Attributes:
        project: The one that commands are for which do not name another.
    """

    def __init__(self, folder: Path) -> None:
        self.projects = folder / "projects"
        self.project = self.projects / "one"
        self.outside = folder / "outside"
        self.mark = folder / "tripped"
        self._bin = folder / "bin"
        self._temporary = self.projects / "tmp"
        for made in (self.project / "runs", self.outside, self._bin, self._temporary):
            made.mkdir(parents=True)
        (self.outside / "secret").write_text("a secret\n")
        for name in PROGRAMS:
            program = self._bin / name
            program.write_text(f'#!/bin/sh\necho "$0 $*" >> "{self.mark}"\n')
            program.chmod(0o755)
        git = shutil.which("git")
        assert git
        (self._bin / "git").symlink_to(git)

    def run(self, *commands: tuple[str, ...], cwd: Path | None = None) -> list[Ran]:
        """Run commands in one process, and assert that nothing outside was touched by any.

        Programs other than git must not be started, nothing may be unpickled, no address asked.
        """
        before = self._outside()
        answers = self.mark.with_name("answers")
        asked = {
            "commands": [
                command if "--root" in command else at(self.project, command)[0]
                for command in commands
            ],
            # matplotlib keeps what it knows of fonts at home.
            "allowed": [f"{self.projects}/", f"{os.environ['HOME']}/"],
            "answers": str(answers),
        }
        env = {**os.environ, "PATH": str(self._bin), "PYTHONDONTWRITEBYTECODE": "1"}
        env["TMPDIR"] = str(self._temporary)
        done = subprocess.run(
            [sys.executable, "-P", str(WATCH)],
            input=json.dumps(asked),
            cwd=cwd or self.project,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        found = [
            Ran(command, *answer)
            for command, answer in zip(commands, json.loads(answers.read_text()), strict=True)
        ]
        answers.unlink()
        for ran in found:
            started = [event for event in ran.events if event[:2] not in ALLOWED]
            assert started == [], (ran.command, started)
            assert "Traceback" not in ran.err, ran
            assert "a secret" not in ran.out + ran.err
        assert not self.mark.exists(), self.mark.read_text()
        assert self._outside() == before
        return found

    def another(self, name: str) -> Path:
        """Copy the project, and give the folder of the copy."""
        copy = self.projects / name
        shutil.copytree(self.project, copy, symlinks=True)
        return copy

    def refused(self, *commands: tuple[str, ...], said: str = "") -> None:
        """Run commands, all of which must fail with words."""
        for ran in self.run(*commands):
            assert ran.code in (1, 2), ran
            assert (ran.err + ran.out).strip(), ran
            assert said in ran.err + ran.out, ran

    def _outside(self) -> dict[str, bytes | str]:
        """Read all there is but the project."""
        found: dict[str, bytes | str] = {}
        for path in sorted(self.mark.parent.rglob("*")):
            if path.is_relative_to(self.projects):
                continue
            link = path.is_symlink()
            found[str(path)] = (
                str(path.readlink()) if link else path.read_bytes() if path.is_file() else ""
            )
        return found


def at(root: Path, *commands: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Make commands those for a project."""
    verbs = [2 if words[0] in ("registry", "runs") else 1 for words in commands]
    return [
        (*words[:verb], "--root", str(root), *words[verb:])
        for words, verb in zip(commands, verbs, strict=True)
    ]
