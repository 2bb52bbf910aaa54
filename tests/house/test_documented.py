"""Nothing that a user can name goes without a word in the guide."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import click
import msgspec
import pytest

import staticrun
from staticrun import config
from staticrun.cli.main import staticrun as program
from staticrun.record import types

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "reports"


def sections(page: str) -> dict[str, str]:
    """Split a page of the guide at its headings: heading, with its code marks → text below it.

    The text of a heading reaches to the next one of the same or a higher level.
    """
    text = (GUIDE / page).read_text(encoding="utf-8")
    lines = text.splitlines()
    heads = [
        (number, len(match[1]), match[2])
        for number, line in enumerate(lines)
        if (match := re.match(r"(#+) +(.+)", line)) and not in_fence(lines, number)
    ]
    found = {}
    for place, (number, level, title) in enumerate(heads):
        ends = [n for n, other, _ in heads[place + 1 :] if other <= level] or [len(lines)]
        found[title] = "\n".join(lines[number : ends[0]])
    return found


def in_fence(lines: list[str], number: int) -> bool:
    return sum(line.lstrip().startswith("```") for line in lines[:number]) % 2 == 1


def named(name: str, text: str) -> bool:
    """Say whether a text names something as code: between backticks, or in a block of code."""
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    spans = re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.DOTALL)
    return any(word.search(span) for span in spans)


def commands(command: click.Command, path: tuple[str, ...]) -> dict[str, click.Command]:
    """List every verb that does something: words after `staticrun` → command."""
    if not isinstance(command, click.Group):
        return {" ".join(path): command}
    found = {}
    context = click.Context(command)
    for name in command.list_commands(context):
        verb = command.get_command(context, name)
        assert verb is not None
        found.update(commands(verb, (*path, name)))
    return found


VERBS = commands(program, ())
PUBLIC = sorted(staticrun.__all__)


@pytest.mark.parametrize("file", [config.Config, config.Experiment], ids=["project", "experiment"])
def test_every_key_stands_in_the_guide(file):
    text = (GUIDE / "configuration.md").read_text(encoding="utf-8")
    missing = [
        row.key
        for row in config.reference(file)
        if not (named(row.key, text) or named(row.key.rpartition(".")[2], text))
    ]

    assert missing == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_and_option_stands_in_the_guide(verb):
    pages = sections("command-line.md")
    texts = [text for title, text in pages.items() if named(f"staticrun {verb}", title)]
    assert texts, f"no heading of command-line.md names `staticrun {verb}`"

    options = [
        max(option.opts, key=len)
        for option in VERBS[verb].params
        if isinstance(option, click.Option) and not option.hidden
    ]

    assert [name for name in options if name != "--help" and not named(name, texts[0])] == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_and_option_explains_itself(verb):
    command = VERBS[verb]
    silent = [
        option.opts[0]
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden and not option.help
    ]

    assert command.help or command.short_help
    assert silent == []


@pytest.mark.parametrize("kind", types.TYPES)
def test_every_type_of_record_and_each_of_its_fields_stands_in_the_guide(kind):
    pages = sections("format.md")
    texts = [text for title, text in pages.items() if named(kind, title)]
    assert texts, f"no heading of format.md names `{kind}`"

    fields = [field.encode_name for field in msgspec.structs.fields(types.TYPES[kind])]

    assert [name for name in fields if not named(name, texts[0])] == []


@pytest.mark.parametrize("kind", [types.Git, types.Failure], ids=lambda kind: kind.__name__)
def test_every_field_of_a_nested_object_stands_in_the_guide(kind):
    text = (GUIDE / "format.md").read_text(encoding="utf-8")
    fields = [field.encode_name for field in msgspec.structs.fields(kind)]

    assert [name for name in fields if not named(name, text)] == []


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_stands_in_the_guide(name):
    text = (GUIDE / "api.md").read_text(encoding="utf-8")

    assert named(name, text) or named(f"staticrun.{name}", text)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_says_what_it_does_gives_and_raises(name):
    thing = getattr(staticrun, name)
    if isinstance(thing, str):  # the version
        return
    text = inspect.getdoc(thing) or ""
    assert text

    if inspect.isfunction(thing):
        source = inspect.getsource(thing)
        returned = inspect.signature(thing).return_annotation
        gives = returned not in (None, "None", inspect.Signature.empty)
        assert not gives or re.search(
            r"^(Returns|Yields):|[Gg]ives?|\b[Rr]eturns?\b|as in `", text, re.MULTILINE
        )
        assert "raise " not in source or "Raises:" in text


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_method_says_what_it_does(name):
    thing = getattr(staticrun, name)
    if not inspect.isclass(thing):
        return
    methods = {
        key: value
        for key, value in inspect.getmembers(thing)
        if not key.startswith("_") and (inspect.isfunction(value) or isinstance(value, property))
    }

    assert [key for key, value in methods.items() if not inspect.getdoc(value)] == []


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_method_stands_in_the_guide(name):
    thing = getattr(staticrun, name)
    if not inspect.isclass(thing) or issubclass(thing, BaseException | list):
        return
    text = (GUIDE / "api.md").read_text(encoding="utf-8")
    methods = [
        key
        for key, value in inspect.getmembers(thing)  # those of what it is made of, too
        if not key.startswith("_") and inspect.isfunction(value)
    ]

    assert [key for key in methods if not named(key, text)] == []
