"""A stand-in for what only GitHub has: it runs the shell commands of a workflow, one by one.

What a step reads of its host is given by the test, word by word; a step that reads something else
fails. An action is what the test says it is; the order, the conditions and the environment files
are those of the host.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tests.story.shell import program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[2]
_EXPRESSION = re.compile(r"\$\{\{ *(.+?) *\}\}")


class Host:
    """A machine of the host's with its programs.

    Args:
        folder: For the programs and what the host keeps.
        programs: Name → shell script of each program that is not the machine's own.

    Attributes:
        commands: The commands that were run.
        stubborn: Whether the steps after one that failed are run, too, as no host does.
    """

    def __init__(self, folder: Path, programs: Mapping[str, str]) -> None:
        self.folder = folder
        self.commands: list[str] = []
        self.stubborn = False
        self._bin = folder / "bin"
        self._bin.mkdir(parents=True)
        for name, text in {"staticrun": program(), **programs}.items():
            (self._bin / name).write_text(text)
            (self._bin / name).chmod(0o755 | stat.S_IXUSR)

    def run(
        self,
        workflow: Path,
        job: str,
        checkout: Path,
        words: Mapping[str, str],
        actions: Mapping[str, Callable[[dict[str, str]], None]],
    ) -> dict[str, str]:
        """Run a job in a checkout, and give its outputs.

        After a step that failed only those run that say they do.

        Args:
            workflow: The workflow's file.
            job: Its name there.
            checkout: The repository, as the host would have checked it out.
            words: Expression → what it says to this job; an empty text is false.
            actions: Name of an action, without its owner → what it does, given its `with`.

        Raises:
            subprocess.CalledProcessError: When a step failed, after all others.
        """
        read = yaml.safe_load(workflow.read_text(encoding="utf-8"))
        temp = self.folder / f"temp {len(self.commands)}"
        temp.mkdir()
        outputs: dict[str, str] = {"runner.temp": str(temp)}
        failed: subprocess.CalledProcessError | None = None
        for step in read["jobs"][job]["steps"]:
            known = {**words, **outputs}
            if failed and not self.stubborn and "cancelled()" not in step.get("if", ""):
                continue
            if "if" in step and not known[_EXPRESSION.sub(r"\1", step["if"]).strip()]:
                continue
            if "uses" in step:
                name = re.fullmatch(r"[\w-]+/([\w-]+)@\w+", step["uses"])
                given = {key: fill(str(value), known) for key, value in step["with"].items()}
                actions[name[1] if name else ""](given)
                continue
            output = temp / "output"
            output.write_text("")
            variables = {**read.get("env", {}), **step.get("env", {})}
            done = subprocess.run(
                ["bash", "-e", "-c", step["run"]],
                cwd=checkout,
                env={
                    **os.environ,
                    "PATH": f"{self._bin}:{os.environ['PATH']}",
                    "RUNNER_TEMP": str(temp),
                    "GITHUB_OUTPUT": str(output),
                    "GITHUB_STEP_SUMMARY": str(temp / "summary.md"),
                    "GITHUB_REPOSITORY": "ada/digits",
                    **{key: fill(str(value), known) for key, value in variables.items()},
                },
                check=False,
                timeout=120,
            )
            if done.returncode and failed is None:
                failed = subprocess.CalledProcessError(done.returncode, step["run"])
            self.commands.append(step["run"])
            for line in output.read_text().splitlines():
                key, _, value = line.partition("=")
                outputs[f"steps.{step['id']}.outputs.{key}"] = value
        if failed is not None:
            raise failed
        declared = read["jobs"][job].get("outputs", {})
        return {key: fill(value, {**words, **outputs}) for key, value in declared.items()}

    @staticmethod
    def rows(workflow: Path, job: str, words: Mapping[str, str]) -> list[dict[str, str]]:
        """Give the words of each row of a job's matrix, which another job printed.

        The job's condition compares a word with a text; it has to hold where there is a row.
        """
        read = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"][job]
        word, _, text = read["if"].partition(" != ")
        [source] = re.findall(r"^\$\{\{ fromJSON\((.+)\) \}\}$", read["strategy"]["matrix"])
        included = json.loads(words[source])["include"]
        assert (words[word] != text.strip("'")) == bool(included)
        return [{f"matrix.{key}": str(said) for key, said in one.items()} for one in included]


def fill(text: str, words: Mapping[str, str]) -> str:
    """Put what expressions say in their place."""
    return _EXPRESSION.sub(lambda match: words[match[1]], text)
