"""Manifests: what is read, what is refused, and that every refusal names its line."""

from __future__ import annotations

import pytest

from staticrun.registry import manifests
from staticrun.registry.read import read

TREE = f"sha256:{'a' * 64}"
STAGE = f"""\
schema: staticrun.stage/1
model: churn
stage: production

version: 2
tree: "{TREE}"
previous: 1

reason: "first gated release"
requested_by: "alice"
hold: false
"""


def of(text: str, kind=manifests.Stage):
    manifest, findings = read(text.encode(), "m.yaml", kind)
    return manifest, [str(finding) for finding in findings]


def test_a_manifest_says_what_it_says():
    manifest, findings = of(STAGE)
    assert findings == []
    assert manifest == manifests.Stage(
        model="churn",
        stage="production",
        version=2,
        tree=TREE,
        previous=1,
        reason="first gated release",
        requested_by="alice",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version: 2", "version: 2\nversion: 3", 'm.yaml:6: the key "version" stands twice'),
        ("version: 2", "version: &a 2", "m.yaml:5: the anchor &a"),
        ("version: 2", "version: !!int 2", "m.yaml:5: the value with the tag !!int"),
        (
            "version: 2",
            'version: !!python/object/apply:os.system ["id"]',
            "m.yaml:5: the value with",
        ),
        ("version: 2", "version: 0x2", 'm.yaml:5: "0x2" stands without quotes'),
        ("version: 2", "version: 1_0", 'm.yaml:5: "1_0" stands without quotes'),
        ("version: 2", "version: 2.0", "m.yaml:5: version"),
        ("version: 2", "version: true", "m.yaml:5: version"),
        ("version: 2", 'version: "2"', "m.yaml:5: version"),
        ("version: 2", "version: 0", "m.yaml:5: version"),
        ("version: 2", "version: 99999999999999999999", 'm.yaml:5: "99999999999999999999" stands'),
        ("version: 2", "version: .nan", 'm.yaml:5: ".nan" stands without quotes'),
        ("version: 2\n", "", "m.yaml:1: the key version is missing"),
        (f'"{TREE}"', TREE[7:], "m.yaml:6: tree"),
        (f'"{TREE}"', f'"{TREE}\\n"', "m.yaml:6: tree"),
        (f'"{TREE}"', f'"{TREE.upper()}"', "m.yaml:6: tree"),
        ("model: churn", "model: Churn", "m.yaml:2: model"),
        ("model: churn", 'model: "\u0441hurn"', "m.yaml:2: model"),
        ("model: churn", 'model: "churn\\n"', "m.yaml:2: model"),
        ("model: churn", "model: ../churn", "m.yaml:2: model"),
        ("model: churn", "model: churn.", "m.yaml:2: model"),
        ("model: churn", "model: con", "m.yaml:2: model"),
        ("model: churn", "model: 12:30:45", 'm.yaml:2: "12:30:45" stands without quotes'),
        ("model: churn", "model: 0123456", 'm.yaml:2: "0123456" stands without quotes'),
        ("stage: production", "stage: no", 'm.yaml:3: "no" stands without quotes'),
        ("stage: production", "stage: 2026-11-20", 'm.yaml:3: "2026-11-20" stands'),
        ("hold: false", "hold: no", 'm.yaml:11: "no" stands without quotes'),
        ("hold: false", "hold: yes", 'm.yaml:11: "yes" stands without quotes'),
        ("hold: false", 'hold: "false"', "m.yaml:11: hold"),
        ('"alice"', '"alice\u202egnp"', "m.yaml:10: the character U+202E"),
        ('"alice"', '"al\u200bice"', "m.yaml:10: the character U+200B"),
        ("requested_by", "requested-by", 'm.yaml:10: unknown key "requested-by"'),
        ("hold: false", "hold: false\n<<: {version: 3}", 'm.yaml:12: unknown key "<<"'),
        ("hold: false", "hold: false\n---\nversion: 3", "m.yaml:12: a second document"),
        ("hold: false", "hold:\tfalse\r", "m.yaml:11: a line ends with a carriage return"),
        ("reason:", "reason: [", "not YAML"),
        ("schema: staticrun.stage/1\n", "", "the key schema is missing"),
        ("staticrun.stage/1", "staticrun.stage/9", "m.yaml:1: schema"),
    ],
)
def test_what_could_mean_two_things_is_refused_with_its_line(old, new, said):
    assert old in STAGE
    manifest, findings = of(STAGE.replace(old, new, 1))
    assert manifest is None
    assert any(said in finding for finding in findings), findings


def test_all_that_is_wrong_is_told_at_once():
    text = STAGE.replace("churn", "Churn").replace("version: 2", "version: 0")
    _, findings = of(text.replace("requested_by", "asked_by"))
    assert [finding.split(":")[1] for finding in findings] == ["10", "2", "5"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "just a text",
        "[" * 3000,
        "a: " * 100_000,
        "- &a [x,x,x,x]\n- &b [*a,*a,*a,*a]\n- [*b,*b,*b,*b]\n",
        "\ufeff" + STAGE,
        STAGE + "x" * 1_000_001,
        "\x00",
        "reason: \x1b[31m",
    ],
    ids=range(10),
)
def test_what_is_no_manifest_is_one_finding_and_no_traceback(text):
    manifest, findings = of(text)
    assert manifest is None
    assert findings


@pytest.mark.parametrize(
    "path",
    [
        "../../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "runs\\\\..\\\\..\\\\x",
        "a/./../../x",
        "a/../x",
        "C:x",
        "//host/share",
        "runs/x;/../..",
        "a#../..",
        "nul\\0",
        "~root",
        "$HOME/x",
        "",
        ".",
        "..",
        "a//b",
        "a/",
        "-rf",
        "a\\nb",
    ],
)
def test_a_path_that_could_lead_elsewhere_is_none(path):
    text = f'schema: staticrun.registry/1\nallowed_signers: "{path}"\n'
    manifest, findings = of(text, manifests.Registry)
    assert manifest is None
    assert "m.yaml:2: allowed_signers" in findings[0]


def test_a_gate_that_is_wrong_is_named():
    text = """\
schema: staticrun.policies/1
gates:
  floor: {kind: threshold, metric: auc, min: 0.9}
  other: {kind: threshold, metric: auc, min: "0.9"}
"""
    _, findings = of(text, manifests.Policies)
    assert findings == ['m.yaml:4: gates.other.min "0.9": expected `float | null`, got `str`.']
