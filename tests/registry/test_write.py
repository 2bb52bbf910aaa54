"""Writing manifests: what is written is read as it was meant, and edits touch nothing else."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staticrun.errors import UserError
from staticrun.registry import manifests
from staticrun.registry.read import read
from staticrun.registry.write import edit, spell
from tests.registry.made import digest, stage, version

LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=30
)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
STAGES = st.builds(
    manifests.Stage,
    model=st.just("churn"),
    stage=st.just("production"),
    version=st.integers(1, 999),
    tree=st.integers(0, 2**250).map(digest),
    previous=st.none() | st.integers(1, 999),
    reason=LINE,
    requested_by=st.none() | LINE,
    hold=st.booleans(),
    overrides=st.lists(
        st.builds(manifests.Override, gate=st.just("floor"), reason=LINE, by=LINE), max_size=3
    ).map(tuple),
)
VERSIONS = st.builds(
    lambda number, by, metrics, data, signature: version(
        number, created_by=by, metrics=metrics, data=data, signature=signature
    ),
    st.integers(1, 999),
    st.none() | LINE,
    st.lists(
        st.builds(
            manifests.Value,
            name=LINE,
            value=NUMBER | st.sampled_from(["NaN", "Infinity", "-Infinity"]),
            direction=st.sampled_from([None, "max", "min"]),
        ),
        max_size=4,
    ).map(tuple),
    st.lists(
        st.builds(
            manifests.Data, name=LINE, role=st.none() | LINE, rows=st.none() | st.integers(0, 9**9)
        ),
        max_size=3,
    ).map(tuple),
    st.none()
    | st.dictionaries(LINE, st.lists(NUMBER | LINE | st.booleans(), max_size=3), min_size=1),
)


@given(STAGES | VERSIONS)
def test_what_is_written_is_read_as_it_was_meant(manifest):
    again, findings = read(spell(manifest), "m.yaml", type(manifest))
    assert findings == []
    # JSON knows one zero and no tuples; a signature may have both.
    assert msgspec.json.encode(again) == msgspec.json.encode(manifest)


@given(STAGES, STAGES)
def test_an_edit_says_what_was_meant_and_keeps_every_comment(old, new):
    lines = spell(old).decode().splitlines()
    text = "# at the top\n" + "".join(f"# {n}\n{line}\n" for n, line in enumerate(lines))
    after = edit(text.encode(), "m.yaml", new)
    assert read(after, "m.yaml", manifests.Stage)[0] == new
    kept = [line for line in after.decode().splitlines() if line.startswith("#")]
    assert [line for line in text.splitlines() if line.startswith("# ")][:9] == kept[:9]


def test_a_promotion_changes_the_lines_that_a_reviewer_reads():
    old = stage(2, previous=1, reason="first gated release", requested_by="alice")
    new = stage(3, previous=2, reason="better on the holdout", requested_by="alice")
    before = spell(old).decode().replace("version: 2", "version: 2  # until the next release")
    after = edit(before.encode(), "m.yaml", new).decode()
    changed = set(after.splitlines()) - set(before.splitlines())
    assert changed == {
        "version: 3  # until the next release",
        f'tree: "{digest(3)}"',
        "previous: 2",
        'reason: "better on the holdout"',
    }


def test_a_stage_is_spelled_so_that_its_parts_merge_by_themselves():
    assert spell(stage(1, requested_by="alice")).decode() == (
        "schema: staticrun.stage/1\nmodel: churn\nstage: production\n\n"
        f'version: 1\ntree: "{digest(1)}"\nprevious: null\n\n'
        'reason: "it is better"\nrequested_by: "alice"\nhold: false\n'
    )


def test_what_cannot_be_edited_is_left_alone():
    keys = spell(stage(1)).decode().split("\n")
    flow = "{" + ", ".join(filter(None, keys)) + "}\n"
    with pytest.raises(UserError, match="cannot be changed where it stands"):
        edit(flow.encode(), "m.yaml", stage(2))
    with pytest.raises(UserError, match=r"m\.yaml:5"):
        edit(spell(stage(1)).replace(b"version: 1", b"version: no"), "m.yaml", stage(2))
