"""A stranger's words in the comment on a promotion: shown, and nothing that anybody acts on."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staticrun import config
from staticrun.errors import Finding
from staticrun.registry.against import Against, Gain
from staticrun.registry.difference import Change, Difference
from staticrun.registry.examples import Changes, Example, Slice
from staticrun.registry.promotion import Outcome
from staticrun.review import comment
from staticrun.review.against import again
from staticrun.review.compare import State
from staticrun.review.promotions import (
    Moved,
    Owned,
    Promotions,
    Registered,
    Vouching,
    Withdrawn,
)
from staticrun.review.shapes import Review
from staticrun.store.store import Store
from tests.review.seen import only_ours

ADDRESS = "https://ada.example.org/digits/pr/7/"
HOSTILE = [
    "<img src=x onerror=alert(1)>", "</code></td></tr></table><script>alert(1)</script>",
    "](javascript:alert(1))", "![x](https://e.example/x.png)", "[a]: https://e.example",
    "@org/team", "@octocat", "a@b.example", "#1", "org/repo#1", "GH-1", "https://e.example/x",
    "-->", "<!--", "<!-- staticrun-report -->", "```", "~~~\n", "`a`", "``` ", "$(touch tripped)",
    "`touch tripped`", "\x1b[31mred\x1b]8;;https://e.example\x07", "\u202egnp.exe", "\u2066a\u2069",
    "a\u2028# b\u2029- c", "a|b\\|c", "line\n\n# heading\n\n- item\n\n    code", "&lt;b&gt;&#64;x",
    "\\", "<a href='https://e.example'>a</a>", "&#60;b&#62;", "<details open><summary>", "$x$ $$y$$",
    ":tada:", "| --- | --- |", "\x00", "\ud800", "", "\u115f",
]  # fmt: skip
LONG = ["x" * 100_000, "@a " * 30_000, "`" * 100_000]
# What a typed reader lets through in a few words only.
CLOSED = {"direction", "result", "artifact", "level", "signature", "verdict"}


def everything() -> Review:
    """Make a review that says something in every field."""
    gates = [
        Outcome(gate="g", kind="command", result="fail", why="a", values={"n": 1.0}, overridden=o)
        for o in (None, "o")
    ]
    change = (
        Change("n", {"size": 1, "sha256": "d", "digest": "d", "rows": 3, "source": "s"}, None),
        Change("m", ["a", {"b": "c"}], "text"),
    )
    parts = dict.fromkeys(Difference.__struct_fields__, change)
    kinds = ("promotion", "revert", "hold", "clear")
    moves = [
        Moved(
            path="p", model="m", stage="s", kind=kind, before=1, after=2, tree_before="t", tree="u",
            reason="r", requested_by="b", card=False, artifact="absent", gates=tuple(gates),
            against=Against(
                candidate=2, champion=1, sliced="s",
                metrics=(
                    Gain(metric="n", direction="max", candidate=0.5, champion=1.0, gain=-0.5),
                    Gain(
                        metric="n", candidate=0.5, champion=1.0, gain=-0.5, low=-1.0, high=-0.1,
                        p=0.5, n=9, how="h", why="w",
                    ),
                ),
                slices=(
                    Slice(
                        column="c", value="v", n=9, candidate=0.5, champion=1.0, gain=-0.5,
                        low=-1.0, high=-0.1,
                    ),
                ),
                changes=Changes(
                    labels=True, same=1, better=1, worse=1, lost=(Example("i", "t", "a", "b"),)
                ),
                difference=Difference(**parts), missing=("m",),
            ),
        )
        for kind in kinds
    ]  # fmt: skip
    said = Promotions(
        base="b", commit="c", passed=False, moves=tuple(moves), files=("f",),
        registered=(
            Registered(
                model="m", version=2, tree="t", artifact="mismatch", run="r", by="b", card=False
            ),
        ),
        withdrawn=(Withdrawn(model="m", version=1, reason="r", by="b", superseded_by=2),),
        findings=(Finding("w", "a", "e", "t"), Finding("w", "a", level="note")),
        vouching=Vouching(
            commit="c", subject="s", author="a <b>", signature="verified", signer="s",
            codeowners="c", owners=(Owned(("o",), 1, ("p",)), Owned((), None, ("p",))),
        ),
    )  # fmt: skip
    return Review(
        format=1, base="b", commit="c", added=(), removed=("e/r",), moved=(("e/a", "e/b"),),
        changed=(), experiments=(), regressions=0, tolerances=False, promotions=said,
    )  # fmt: skip


def poisoned(value: object, text: str, key: str = "", above: str = "") -> object:
    """Put a text in the place of every text."""
    if isinstance(value, dict):
        return {name: poisoned(one, text, name, key) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [poisoned(one, text, key, above) for one in value]
    closed = key in CLOSED or (key == "kind" and above == "moves")
    return text if isinstance(value, str) and not closed else value


@pytest.fixture(scope="module")
def tell(tmp_path_factory):
    """Write the comment of a report that somebody printed as JSON, as the workflow does."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "staticrun.yaml").write_text("project: {name: A}\n")
    state = State(config.load(folder)[0], Store.open(config.load(folder)[0], cache=False))
    builtins = msgspec.to_builtins(everything())

    def told(text: str, style: str, address: str | None = None) -> str:
        file = folder / "report.json"
        said = poisoned(builtins, text)
        if len(text) > 10_000:  # a report has at most 16 MiB
            said["promotions"]["moves"][1:] = []
            said["promotions"]["moves"][0]["against"]["difference"] = {}
        file.write_text(json.dumps(said), encoding="utf-8")
        return comment.write(again(folder, file)[0], state, style, address, pictures=bool(address))

    return told


@pytest.mark.parametrize(
    ("style", "address"),
    [
        ("markdown", ADDRESS),
        pytest.param("html", ADDRESS, marks=pytest.mark.slow),
        pytest.param("markdown", None, marks=pytest.mark.slow),
        pytest.param("html", None, marks=pytest.mark.slow),
    ],
)
def test_hostile_texts_in_every_field_are_read_and_do_nothing(tell, style, address):
    for text in HOSTILE:
        if "\ud800" in text:  # no JSON can say it: what has it is no report
            continue
        seen = only_ours(tell(text, style, address), style, address)
        assert "Who vouches for it" in seen


@pytest.mark.slow
@pytest.mark.parametrize("text", LONG, ids=["x", "mentions", "backticks"])
def test_texts_of_100_kb_in_every_field_leave_a_comment_that_can_be_posted(tell, text):
    for style in ("markdown", "html"):
        only_ours(tell(text, style, ADDRESS), style, ADDRESS)


@given(text=st.text(st.characters(codec="utf-8"), max_size=40))
@settings(max_examples=5)
def test_any_text_in_every_field_does_nothing(tell, text):
    for style in ("markdown", "html"):
        only_ours(tell(text, style, ADDRESS), style, ADDRESS)


def test_of_thousands_of_rows_the_first_are_told_and_the_others_counted(tell, tmp_path):
    review = everything()
    said = review.promotions
    many = msgspec.structs.replace(
        said,
        moves=said.moves * 60,
        findings=said.findings * 500,
        registered=said.registered * 500,
    )
    text = comment.write(
        msgspec.structs.replace(review, promotions=many),
        State(config.load(tmp_path)[0], Store.open(config.load(tmp_path)[0], cache=False)),
        "markdown",
    )

    seen = only_ours(text, "markdown")
    assert "Not to be merged" in seen
    assert seen.index("Who vouches for it: ") < seen.index("Errors")
    assert "Left out, for want of room: " in seen
