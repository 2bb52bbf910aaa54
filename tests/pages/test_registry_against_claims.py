"""What the page of a candidate against a champion says, and hides, of claims that do not hold."""

from __future__ import annotations

import msgspec
import pytest

from staticrun import layout
from staticrun.pages.build import build
from staticrun.registry.manifests import Value
from tests.pages.test_registry_against import PAGE, POLICIES, text
from tests.registry.made import stage, write
from tests.registry.test_against import CANDIDATE, CHAMPION, table, version


@pytest.fixture
def root(tmp_path):
    """Make a project whose candidate claims more than its predictions give."""
    root = tmp_path / "a project"
    first = version(root, 1, table(CHAMPION), 50 / 80)
    theirs = (*first.metrics, Value(name="recall", value=0.375, direction="max"))
    first = msgspec.structs.replace(first, metrics=theirs)
    second = version(root, 2, table(CANDIDATE), 0.9912)
    write(root, first, second, POLICIES, stage(1, tree=first.artifact.tree, previous=None))
    (root / "staticrun.yaml").write_text("project: {name: Churn}\n")
    return root


def test_a_claim_that_predictions_do_not_bear_out_is_said(root):
    build(root, jobs=1)
    said = text(root)
    assert (
        "right: accuracy of the predictions of version 2 is 0.875, and its acc is 0.9912" in said
    )
    assert "Better on acc by 0.366 than version 1 , as the manifests say, and no test." in said
    assert "Slices" not in said
    assert not (root / "site" / layout.against_figure_url("churn", 2, 1)).exists()
    # And what only the champion measured is not dropped.
    assert "recall \u2013 0.3750 \u2013 version 2 has none" in said


def test_what_is_hidden_is_in_no_clause_about_claims(root):
    with (root / "staticrun.yaml").open("a") as stream:
        stream.write("privacy: {redact: [summary.acc, summary.recall]}\n")
    build(root, jobs=1)
    page = (root / "site" / PAGE).read_text()
    assert not [number for number in ("0.875", "0.9912", "0.375", "0.625") if number in page]
