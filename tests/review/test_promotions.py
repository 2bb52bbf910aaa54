"""`staticrun registry report`: what changes, may it be merged, on what evidence, who vouches."""

from __future__ import annotations

import json
import shutil

import msgspec
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from staticrun.cli.main import staticrun
from staticrun.errors import UserError
from staticrun.privacy.rules import Rules
from staticrun.registry.kinds import Better, CardPresent, Integrity
from staticrun.registry.manifests import Override, Policies, Policy, Value, Withdrawn
from staticrun.registry.vouched import Approval, Discounted, Vouched
from staticrun.registry.vouched import spell as spelled
from staticrun.review.against import again, against
from staticrun.review.document import spell
from staticrun.review.promoted import promotions
from staticrun.review.promotions_comment import blocks
from tests.registry.branches import branch, change
from tests.registry.made import registry, stage, write
from tests.registry.repository import commit_all, git, repository
from tests.registry.trained import open_store, registered, run

POLICIES = Policies(
    stages={"production": Policy(gates=("integrity", "card", "better"))},
    gates={
        "integrity": Integrity(),
        "card": CardPresent(),
        "better": Better(metric="auc", direction="max"),
    },
)
OWNERS = "/registry/ @org/ml\n/registry/models/*/stages/production.yaml @org/leads @ann\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make a repository: two trained versions, the first at production, owners and a policy."""
    root = tmp_path_factory.mktemp("reviewed") / "a project"
    registry(root, 0)
    for number in (1, 2):
        run(root, f"exp/{number}", {"model.onnx": b"weights %d" % number})
    one = registered(root, 1, "exp/1")
    write(root, POLICIES, one, stage(1, tree=one.artifact.tree, reason="the first"))
    (root / "staticrun.yaml").write_text("project: {name: A}\n")
    (root / ".gitignore").write_text("/.staticrun/\n")
    (root / ".github").mkdir()
    (root / ".github/CODEOWNERS").write_text(OWNERS)
    return repository(root)


@pytest.fixture
def root(made, tmp_path):
    copy = shutil.copytree(made, tmp_path / "a project")
    branch(copy, "candidate")
    return copy


def two(root, auc=0.9, **said):
    """Give version 2 and the move that brings it to production."""
    record = root / "runs/exp/2/run.jsonl"
    record.write_text(record.read_text().replace('"auc": 0.875', f'"auc": {json.dumps(auc)}'))
    metrics = (Value(name="auc", value=auc, direction="max"),)
    made = registered(root, 2, "exp/2", metrics=metrics)
    tree = made.artifact.tree
    return made, stage(2, tree=tree, previous=1, reason="better", requested_by="Eve", **said)


def reported(root, **said):
    return promotions(root, open_store(root), Rules(), "main", **said)


def text(root, style="markdown", **said):
    return spell([*blocks(reported(root), **said)], style)


def test_the_first_lines_answer_what_changes_may_it_be_merged_on_what_evidence_who_vouches(root):
    change(root, *two(root))
    found = reported(root)

    [moved] = found.moves
    assert (moved.kind, moved.before, moved.after) == ("promotion", 1, 2)
    assert moved.tree_before != moved.tree
    assert [(one.gate, one.result) for one in moved.gates] == [
        ("integrity", "pass"), ("card", "fail"), ("better", "pass"),
    ]  # fmt: skip
    # What the champion alone measured is lost, and is told.
    assert [one.metric for one in moved.against.metrics] == ["auc", "loss", "latency"]
    assert moved.against.metrics[0].gain == pytest.approx(0.025)
    assert [one.name for one in moved.against.difference.files] == ["model.onnx"]
    assert (moved.card, moved.artifact) == (False, "verified")
    assert [(one.model, one.version, one.card) for one in found.registered] == [
        ("churn", 2, False)
    ]
    assert not found.passed

    head, verdict, evidence, vouched, *_ = text(root).split("\n\n")[1:]
    assert head == ("## <code>churn</code> <code>production</code> comes to version 2 (now at 1)")
    assert verdict.startswith(
        "<b>Not to be merged</b>, says the check: 1 gate (<code>card</code>) in the way."
    )
    assert "<code>auc</code> better by 0.025 (0.9 against 0.875)" in evidence
    assert (
        "<code>Eve</code> asks for it (claimed); <code>Ada Lovelace</code> wrote it (claimed)"
        in vouched
    )
    assert "approvals: unknown, only the host knows" in vouched


def test_owners_are_those_of_the_base_branch_line_by_line(root):
    (root / ".github/CODEOWNERS").write_text("* @eve\n")
    change(root, *two(root))
    vouched = reported(root).vouching

    assert vouched.codeowners == ".github/CODEOWNERS"
    assert [(one.owners, one.line) for one in vouched.owners] == [
        (("@org/leads", "@ann"), 2), (("@org/ml",), 1),
    ]  # fmt: skip
    # GitHub would tell both of them of every comment.
    assert "@org" not in text(root)
    assert "@&#8203;" not in text(root)


@pytest.mark.slow
def test_who_wrote_it_is_who_wrote_what_was_merged_where_the_merge_changes_none_of_it(root):
    made = change(root, *two(root))
    git(root, "checkout", "-q", "-b", "merge", "main")
    git(root, "-c", "user.name=Host", "merge", "-q", "--no-ff", "-m", "Merge", "candidate")
    assert reported(root).vouching.commit == made

    # A merge that is not what was merged is its own author's.
    (root / "registry/models/churn/versions/0002.card.md").write_text("# Better\n")
    git(root, "add", "-A")
    git(root, "-c", "user.name=Host", "commit", "-q", "--amend", "--no-edit")
    assert reported(root).vouching.commit == git(root, "rev-parse", "HEAD")

    # What is in no commit is nobody's.
    (root / "registry/models/churn/versions/0002.card.md").write_text("# Best\n")
    assert reported(root).vouching.commit is None
    assert "no commit has these files" in text(root)


def test_an_override_is_loud(root):
    override = Override(gate="card", reason="it comes on Monday", by="Eve")
    change(root, *two(root, overrides=(override,)))
    told = text(root)

    assert reported(root).passed
    assert "<b>May be merged</b>" in told
    assert "<b>1 gate overridden.</b>" in told
    assert "| ✗\u00a0<b>fails</b> | <code>card</code> (card-present) | <b>OVERRIDDEN</b>" in told


def test_what_is_worse_is_told_first(root):
    change(root, *two(root, auc=0.5))

    assert "<code>auc</code> <b>worse</b> by 0.375 (0.5 against 0.875)" in text(root)
    assert not reported(root).passed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moved", "kind", "words"),
    [
        ({"hold": True}, "hold", "is held at version 1"),
        ({"reason": "for another reason"}, "note", "is noted otherwise, and stays at version 1"),
    ],
)
def test_a_version_that_stays_is_told_too(root, moved, kind, words):
    tree = registered(root, 1, "exp/1").artifact.tree
    change(root, stage(1, tree=tree, **{"reason": "the first", **moved}))

    assert [one.kind for one in reported(root).moves] == [kind]
    assert words in text(root)


@pytest.mark.slow
def test_withdrawn_versions_and_cleared_stages_are_told(root):
    change(root, Withdrawn(model="churn", version=1, reason="leaked labels", by="Eve"))
    git(root, "rm", "-q", "registry/models/churn/stages/production.yaml")
    commit_all(root)
    told = text(root)

    assert [one.kind for one in reported(root).moves] == ["clear"]
    assert "is cleared, and was at version 1" in told
    assert "| leaked labels | <code>Eve</code> |" in told


def test_a_picture_stands_where_one_was_drawn(root):
    change(root, *two(root))
    found = reported(root)
    [moved] = found.moves
    to = "https://a.example.org/pr/7/registry/churn/2/against-1/"
    for sliced, before, pictures, links in (
        ("auc", 1, True, 2), ("", 1, True, 1), ("auc", 1, False, 1), ("auc", 3, True, 0),
    ):  # fmt: skip
        changed = replace(moved, before=before, against=replace(moved.against, sliced=sliced))
        said = replace(found, moves=(changed,))
        address = "https://a.example.org/pr/7/"
        told = spell([*blocks(said, address, pictures=pictures)], "markdown")
        assert told.count(f'<a href="{to}index.html">') == links
        assert told.count(f'<img src="{to}figure.png"') == (links == 2)


def test_links_lead_to_the_preview(root):
    change(root, *two(root))

    assert "<a " not in text(root)
    link = '<a href="https://a.example.org/pr/7/registry/churn/2/index.html"><code>churn 2</code>'
    assert link in text(root, address="https://a.example.org/pr/7/")


def test_the_figure_is_shown_where_a_gate_tests_examples_and_there_is_one(root):
    write(root, *two(root))
    commit_all(root, "Promote it")
    [moved] = reported(root).moves
    tested = replace(moved, against=replace(moved.against, sliced="auc"))
    found, shown = reported(root), {}
    for name, one in (("plain", moved), ("tested", tested)):
        told = [*blocks(replace(found, moves=(one,)), "https://example.org/p/", pictures=True)]
        shown[name] = "registry/churn/2/against-1/figure.png" in spell(told, "markdown")
    assert shown == {"plain": False, "tested": True}


def test_one_comment_tells_of_promotions_and_of_runs(root):
    run(root, "exp/3")
    change(root, *two(root))
    done = CliRunner().invoke(staticrun, ["report", "--root", str(root), "--base", "main"])

    assert done.exit_code == 0, done.output
    assert done.output.count("<!-- staticrun-report -->") == 1
    assert done.output.index("comes to version 2") < done.output.index("1 run added")


def test_nothing_to_report_is_a_line(root):
    words = ["registry", "report", "--root", str(root), "--base", "main"]
    done = CliRunner().invoke(staticrun, words)

    assert (done.exit_code, done.output.count("\n")) == (0, 1)
    assert done.output == "The registry is as main has it: nothing to report.\n"
    assert against(root, "main")[0].promotions is None


@pytest.mark.parametrize("style", ["markdown", pytest.param("html", marks=pytest.mark.slow)])
def test_what_json_says_is_told_again_word_by_word(root, style, tmp_path):
    run(root, "exp/3")
    change(root, *two(root, auc="NaN"))

    def said(*words):
        done = CliRunner().invoke(staticrun, ["report", "--root", str(root), *words])
        assert done.exit_code == 0, done.output
        return done.output

    file = tmp_path / "report.json"
    file.write_text(said("--base", "main", "--format", "json"))
    assert json.loads(file.read_text())["promotions"]["format"] == 1
    once = said("--base", "main", "--format", style)
    assert said("--from", str(file), "--format", style) == once


def test_what_is_no_report_is_said(made, tmp_path):
    file = tmp_path / "report.json"
    for text in ("", "[]", "{}", "[" * 100_000, '{"format": 2}', '{"format":1}', " " * (17 << 20)):
        file.write_text(text)
        with pytest.raises(
            UserError, match=r"^report\.json: (cannot be read \(|has more than 16)"
        ):
            again(made, file)


@pytest.mark.slow
def test_a_shallow_clone_says_that_it_does_not_know(root, tmp_path):
    change(root, *two(root))
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), str(shallow))
    git(shallow, "fetch", "-q", "--depth", "1", "origin", "main:main")
    found = against(shallow, "main")[0].promotions

    assert not found.passed
    assert "has no commit in common" in str(found.findings[0])


@pytest.mark.slow
def test_approvals_count_for_the_very_commit_and_are_nobodys_in_a_report_read_again(
    root, tmp_path
):
    made = change(root, *two(root))
    given = Vouched(
        head=made,
        author="eve",
        approvals=(Approval(login="ann"), Approval(login="eve", author=True)),
        others=(Discounted(login="bob", why="an earlier state"),),
    )
    file = tmp_path / "approvals.json"
    file.write_bytes(spelled(given))
    words = ["registry", "report", "--root", str(root), "--base", "main", "--approvals", str(file)]
    told = CliRunner().invoke(staticrun, words).output
    assert "| Approvals | <code>ann</code>; <code>eve</code> wrote it, too; " in told
    assert (
        "<code>bob</code> does not count (an earlier state) | verified, as the host says" in told
    )

    change(root, stage(2, tree=two(root)[1].tree, previous=1, reason="another"))
    assert reported(root, approvals=given).vouching.approvals is None

    review = against(root, "main")[0]
    claim = replace(review.promotions.vouching, approvals=given, signature="verified", signer="a")
    claimed = replace(review, promotions=replace(review.promotions, vouching=claim))
    report = tmp_path / "report.json"
    report.write_bytes(msgspec.json.encode(claimed))
    vouched = again(root, report)[0].promotions.vouching
    assert (vouched.approvals, vouched.signature, vouched.signer) == (None, "unknown", None)


@pytest.mark.slow
def test_a_file_that_is_none_of_approvals_is_said(root, tmp_path):
    file = tmp_path / "approvals.json"
    file.write_text('{"login": "ann"}')
    words = ["registry", "report", "--root", str(root), "--base", "main", "--approvals", str(file)]
    done = CliRunner().invoke(staticrun, words)

    assert done.exit_code == 1
    assert str(done.exception).partition(": ")[2].startswith("is no file of approvals")
