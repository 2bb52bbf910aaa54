"""An entry of staticrun.yaml is changed where it stands; everything else keeps its bytes."""

from __future__ import annotations

import pytest
import yaml

from staticrun.config.edit import set_entry
from staticrun.errors import UserError

VALUE = {"ref": "4f2d", "tool": "0.1.0", "aliases": ["paper"]}
LINE = '"v1": {ref: "4f2d", tool: "0.1.0", aliases: ["paper"]}'


def changed(tmp_path, text, value=VALUE, name="v1"):
    path = tmp_path / "staticrun.yaml"
    path.write_text(text)
    set_entry(tmp_path, "versions", name, value)
    return path.read_text()


def test_a_file_is_made_where_there_is_none(tmp_path):
    assert set_entry(tmp_path, "versions", "v1", VALUE)
    assert (tmp_path / "staticrun.yaml").read_text() == f"versions:\n  {LINE}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# mine\nproject: {name: A}\n", f"# mine\nproject: {{name: A}}\n\nversions:\n  {LINE}\n"),
        ("versions:\n", f"versions:\n  {LINE}\n"),
        ("versions: {}\ntheme: a\n", f"versions:\n  {LINE}\ntheme: a\n"),
        (
            "versions:\n  # the first\n  v0: {ref: a}  # kept\n# below\ntheme: a\n",
            f"versions:\n  # the first\n  v0: {{ref: a}}  # kept\n  {LINE}\n# below\ntheme: a\n",
        ),
        (
            "versions:\n    v0:\n        ref: a\n\n# below\ntheme: a\n",
            f"versions:\n    v0:\n        ref: a\n    {LINE}\n\n# below\ntheme: a\n",
        ),
        ("versions: {v0: {ref: a}}\n", f"versions: {{v0: {{ref: a}}, {LINE}}}\n"),
        ("versions:\n  v1: {ref: old} # why\n", f"versions:\n  {LINE} # why\n"),
        (
            "versions:\n  v1:\n    ref: old\n  # of v2\n  v2: {ref: b}\n",
            f"versions:\n  {LINE}\n  # of v2\n  v2: {{ref: b}}\n",
        ),
    ],
)
def test_an_entry_is_written_and_comments_stay(tmp_path, before, after):
    assert changed(tmp_path, before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("versions:\n  v1: {ref: a}\n  v2: {ref: b}\n", "versions:\n  v2: {ref: b}\n"),
        ("versions:\n  v2: {ref: b}\n  v1: {ref: a}\n", "versions:\n  v2: {ref: b}\n"),
        ("versions: {v1: {ref: a}, v2: {ref: b}}\n", "versions: {v2: {ref: b}}\n"),
        ("versions: {v2: {ref: b}, v1: {ref: a}}\n", "versions: {v2: {ref: b}}\n"),
        ("versions:\n  v1: {ref: a}\n", "versions:\n"),
        ("theme: a\n", "theme: a\n"),
    ],
)
def test_an_entry_is_taken_away(tmp_path, before, after):
    assert changed(tmp_path, before, value=None) == after


@pytest.mark.parametrize("text", ["versions: [a]\n", "- a\n", "a: [\n", "versions: text\n"])
def test_what_cannot_be_changed_is_left_as_it_is(tmp_path, text):
    with pytest.raises(UserError, match=r"staticrun.yaml: versions.v1 cannot be changed"):
        changed(tmp_path, text)
    assert (tmp_path / "staticrun.yaml").read_text() == text


def test_a_name_is_never_yaml(tmp_path):
    text = changed(tmp_path, "theme: a\n", name="a: {b}\n#")

    assert yaml.safe_load(text)["versions"] == {"a: {b}\n#": VALUE}
