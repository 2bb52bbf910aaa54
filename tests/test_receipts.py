"""What a receipt may say, wherever it comes from."""

from __future__ import annotations

import msgspec
import pytest

from staticrun import receipts
from staticrun.errors import UserError
from staticrun.receipts import Receipt

SHARED = "o/ab/" + "c" * 32 + ".html"
SOUND = Receipt(
    format=1,
    name="v1",
    time=None,
    commit=None,
    rebuildable=False,
    tools={},
    inputs={},
    runs={"a/b": SHARED},
    entries={"index.html": "0" * 64},
    objects=("app.0123456789ab.js",),
    root="",
)


def test_a_receipt_comes_back_as_it_was():
    assert receipts.parse(msgspec.json.encode(SOUND), "v1") == SOUND
    assert SOUND.urls() == {
        SHARED, "app.0123456789ab.js", "v/v1/index.html", "v/v1/receipt.json",
    }  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "v2"},
        {"entries": {"../../index.html": ""}},
        {"entries": {"a//b.html": ""}},
        {"entries": {"..\\x": ""}},
        {"objects": ("index.html",)},
        {"objects": ("/etc/passwd",)},
        {"objects": ("o/ab/../../x",)},
        {"runs": {"a/b": "https://example.org/x.html"}},
        {"runs": {"a/b": "runs/a/b/index.html"}},
    ],
)
def test_a_receipt_that_names_anything_else_is_none(changed):
    data = msgspec.json.encode(msgspec.structs.replace(SOUND, **changed))

    with pytest.raises(ValueError, match="it names"):
        receipts.parse(data, "v1")


@pytest.mark.parametrize("name", ["", "Paper", "a/b", "..", "-v", "x" * 65, "index.html", "con"])
def test_a_name_that_no_host_takes_is_refused(name):
    with pytest.raises(UserError, match="is no name of a version"):
        receipts.check_name(name)


def test_the_root_follows_from_every_file():
    digests = {"index.html": "0" * 64, "a/index.html": "1" * 64}
    root = receipts.root_digest(digests, ["o/1", "o/2"])

    assert root == receipts.root_digest(dict(reversed(digests.items())), ["o/2", "o/1"])
    assert root != receipts.root_digest(digests, ["o/1"])
    assert root != receipts.root_digest({**digests, "index.html": "2" * 64}, ["o/1", "o/2"])


def test_a_receipt_that_cannot_be_read_is_told_beside_those_that_can(tmp_path):
    for name in ("v1", "v2"):
        (tmp_path / "v" / name).mkdir(parents=True)
    (tmp_path / "v/v1/receipt.json").write_bytes(msgspec.json.encode(SOUND))
    (tmp_path / "v/v2/receipt.json").mkdir()

    found, bad = receipts.scan(tmp_path)

    assert found == [SOUND]
    assert [finding.what for finding in bad] == ["cannot be read"]


def test_a_page_of_a_version_is_known_by_its_place_in_the_newest_state():
    entries = {"index.html": "0" * 64, "compare/index.html": "0" * 64, "runs.js": "0" * 64}
    assert msgspec.structs.replace(SOUND, entries=entries).places() == {
        "runs/a/b/index.html": f"{SHARED}#v=v1",
        "compare/index.html": "v/v1/compare/index.html",
    }
