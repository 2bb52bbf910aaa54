"""README and ARCHITECTURE.md say what is so: their commands and files exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from staticrun.cli.main import staticrun as program

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "staticrun" / "ARCHITECTURE.md"
GUIDE = sorted((ROOT / "reports").rglob("*.md"))


def code(path: Path) -> list[str]:
    """List the lines of code of a page: each line of a fenced block, each inline span."""
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"```.*?\n(.*?)```", text, flags=re.DOTALL)
    rest = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    fenced = [line.strip() for block in blocks for line in block.splitlines()]
    return fenced + re.findall(r"`([^`\n]+)`", rest)


def targets() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", text, flags=re.MULTILINE))


def known(words: list[str]) -> bool:
    """Say whether the words after `staticrun` lead to a verb, and all its options are known."""
    command: click.Command = program
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            return False
        command, words = found, words[1:]
    options = {
        name for option in command.params for name in (*option.opts, *option.secondary_opts)
    }
    options |= {"--help", "--version"}
    asked = [word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    return all(name in options for name in asked)


@pytest.mark.parametrize("page", [README, *GUIDE], ids=lambda page: page.name)
def test_every_command_of_a_page_is_one(page):
    wrong = []
    for line in code(page):
        words = re.sub(r"^\$ ", "", line).split("#")[0].split()
        if words[:1] == ["make"]:
            names = [word for word in words[1:] if "=" not in word]
            wrong += [line for name in names if name not in targets()]
        elif words[:1] == ["staticrun"] and len(words) > 1 and re.match(r"[a-z-]", words[1]):
            words = [word for word in words[1:] if word not in ("|", "&&")]
            wrong += [line] if not known(words) else []

    assert wrong == []


def test_the_readme_names_commands():
    lines = code(README)

    assert any(line.startswith(("staticrun ", "$ staticrun ")) for line in lines)
    assert any(line.startswith(("make ", "$ make ")) for line in lines)


@pytest.mark.parametrize("page", [README, ARCHITECTURE], ids=lambda page: page.name)
def test_every_file_that_a_map_links_to_exists(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    local = [link for link in links if not re.match(r"[a-z]+:", link)]

    assert [link for link in local if not (page.parent / link).exists()] == []


def test_architecture_names_only_files_that_exist():
    # `train.py` is a user's; a name in capitals stands for many.
    names = [
        name
        for span in code(ARCHITECTURE)
        for name in re.findall(r"(?<![\w/*.-])[\w./-]*\w\.(?:py|html|css|mplstyle|toml)\b", span)
        if name != "train.py" and not re.search(r"[A-Z]{2}", name)
    ]
    assert names

    bases = (ROOT, ROOT / "staticrun", ROOT / "themes" / "default")
    assert [name for name in names if not any((base / name).exists() for base in bases)] == []


def test_architecture_names_every_room():
    text = ARCHITECTURE.read_text(encoding="utf-8")
    rooms = [
        path.name
        for path in (ROOT / "staticrun").iterdir()
        if path.is_dir() and any(path.glob("*.py"))
    ]

    assert [room for room in rooms if f"{room}/" not in text and f"`{room}`" not in text] == []
