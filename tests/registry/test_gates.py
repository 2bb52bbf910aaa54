"""Gates: what each lets pass, and that every way to fool one turns it red."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from staticrun.registry import manifests
from staticrun.registry.gates import evaluate, integrity_alone
from staticrun.registry.manifests import Data, Override, Policies, Policy, Value
from staticrun.registry.promotion import Evidence, Promotion
from tests.registry.made import digest, version

DATA = (Data(name="holdout", role="eval", digest=digest(77)),)
OTHER = (Data(name="holdout", role="eval", digest=digest(78)),)
VERIFIED = Evidence(artifact="verified", record="verified")
BETTER = manifests.Better(metric="auc", direction="max", min_delta=0.002)
FLOOR = manifests.Threshold(metric="auc", min=0.88)


def measured(number: int, value: Any, **changes: Any):
    """Make a version with one metric; a struct holds any value, as a bug would leave one."""
    metrics = (Value(name="auc", value=value, direction=changes.pop("direction", "max")),)
    return version(number, **{"metrics": metrics, "data": DATA, **changes})


def outcome(gate, candidate, current=None, *, root=".", **said):
    policies = Policies(stages={"production": Policy(gates=("g",))}, gates={"g": gate})
    promotion = Promotion(
        model="churn", stage="production", candidate=candidate, current=current, **said
    )
    (found,) = evaluate(policies, promotion, root=root)
    return found


def result(gate, candidate, current=None, **said) -> str:
    return outcome(gate, candidate, current, **said).result


def test_a_threshold_holds_at_its_limits():
    assert result(FLOOR, measured(1, 0.88)) == "pass"
    assert result(FLOOR, measured(1, 0.8799)) == "fail"
    ceiling = manifests.Threshold(metric="auc", min=0.5, max=0.9)
    assert result(ceiling, measured(1, 0.9)) == "pass"
    assert result(ceiling, measured(1, 0.91)) == "fail"
    assert result(ceiling, measured(1, 0.4)) == "fail"


def test_an_outcome_says_its_numbers():
    found = outcome(FLOOR, measured(1, 0.5))
    assert (found.gate, found.kind) == ("g", "threshold")
    assert found.why == "auc is 0.5, below 0.88"
    assert found.values == {"auc": 0.5, "min": 0.88}


NO_NUMBERS = [
    *(math.nan, -math.inf, 1e400, "NaN", "Infinity"),
    *("0.99", True, None, [0.99], {"value": 0.99}, b"0.99", 1),
]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
@pytest.mark.parametrize("gate", [FLOOR, BETTER, manifests.Threshold(metric="auc", max=2.0)])
def test_what_is_no_finite_number_never_passes(gate, value):
    found = outcome(gate, measured(2, value), measured(1, 0.5))
    assert found.result == "fail"
    assert "no finite number" in found.why
    assert result(BETTER, measured(2, 0.99), measured(1, value)) == "unknown"


@pytest.mark.parametrize(
    "limits",
    [{}, {"min": math.nan}, {"max": math.nan}, {"min": -math.inf}, {"min": 0.1, "max": math.inf}],
)
def test_a_threshold_without_a_limit_lets_nothing_pass(limits):
    assert result(manifests.Threshold(metric="auc", **limits), measured(1, 0.99)) == "unknown"


def test_what_came_to_zero_from_below_is_below_zero():
    gate = manifests.Threshold(metric="auc", min=0.0)
    assert result(gate, measured(1, 0.0)) == "pass"
    assert result(gate, measured(1, -0.0)) == "fail"
    equal = manifests.Better(metric="auc", direction="max")
    assert result(equal, measured(2, 0.0), measured(1, -0.0)) == "fail"
    assert result(equal, measured(2, -0.0), measured(1, 0.0)) == "fail"


def test_a_metric_that_is_missing_or_there_twice_never_passes():
    assert result(FLOOR, version(1)) == "fail"
    twice = version(1, metrics=(Value(name="auc", value=0.9), Value(name="auc", value=0.99)))
    assert result(FLOOR, twice) == "fail"
    assert result(BETTER, version(2, data=DATA), measured(1, 0.5)) == "fail"
    assert result(BETTER, measured(2, 0.9), version(1, data=DATA)) == "unknown"


def test_better_is_what_a_reviewer_reckons():
    assert result(BETTER, measured(2, 0.912), measured(1, 0.91)) == "pass"
    assert result(BETTER, measured(2, 0.9119), measured(1, 0.91)) == "fail"
    # In floats 0.3 - 0.1 < 0.2.
    gate = manifests.Better(metric="auc", direction="max", min_delta=0.2)
    assert result(gate, measured(2, 0.3), measured(1, 0.1)) == "pass"
    equal = manifests.Better(metric="auc", direction="max")
    assert result(equal, measured(2, 0.9), measured(1, 0.9)) == "fail"


def test_swapped_sides_turn_red():
    assert result(BETTER, measured(2, 0.95), measured(1, 0.9)) == "pass"
    assert result(BETTER, measured(1, 0.9), measured(2, 0.95)) == "fail"


@pytest.mark.parametrize("gate", [BETTER, manifests.SameData()], ids=["better", "same-data"])
def test_a_model_is_not_compared_with_itself(gate):
    current = measured(1, 0.5)
    again = measured(2, 0.99, artifact=current.artifact)
    found = outcome(gate, again, current)
    assert found.result == "fail"
    assert "with itself" in found.why


def test_a_flipped_direction_turns_red():
    lower = manifests.Better(metric="auc", direction="min")
    assert result(lower, measured(2, 0.5), measured(1, 0.9)) == "fail"
    assert result(lower, measured(2, 0.5, direction="min"), measured(1, 0.9)) == "fail"
    assert result(BETTER, measured(2, 0.95, direction="min"), measured(1, 0.9)) == "fail"
    assert "max in version 2" in outcome(lower, measured(2, 0.5), measured(1, 0.9)).why
    # Without a direction of their own, the policy's counts.
    pair = [measured(n, value, direction=None) for n, value in ((2, 0.5), (1, 0.9))]
    assert result(lower, *pair) == "pass"
    assert result(BETTER, *pair) == "fail"


@pytest.mark.parametrize("gate", [BETTER, manifests.SameData()], ids=["better", "same-data"])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (DATA, "pass"),
        (OTHER, "fail"),
        ((*DATA, *OTHER), "fail"),
        ((), "unknown"),
        ((Data(name="holdout", role="eval"),), "unknown"),
        ((Data(name="holdout", role="train", digest=digest(77)),), "unknown"),
    ],
)
def test_other_evaluation_data_turns_red(gate, data, expected):
    assert result(gate, measured(2, 0.95, data=data), measured(1, 0.9)) == expected
    if data != DATA:
        assert result(gate, measured(2, 0.95), measured(1, 0.9, data=data)) == expected
        assert outcome(gate, measured(2, 0.95, data=data), measured(1, 0.9)).why


def test_the_first_release_is_what_the_policy_says():
    for release, expected in (("allow", "pass"), ("fail", "fail"), ("Allow", "fail")):
        better = manifests.Better(metric="auc", direction="max", first_release=release)
        same = manifests.SameData(first_release=release)
        assert result(better, measured(1, 0.9)) == result(same, measured(1, 0.9)) == expected
    assert result(BETTER, measured(1, math.nan)) == "fail"
    assert result(manifests.SameData(), version(1)) == "unknown"


@pytest.mark.parametrize("change", [{"min_delta": math.nan}, {"min_delta": -1.0}])
def test_a_policy_without_sense_lets_nothing_pass(change):
    gate = msgspec.structs.replace(BETTER, **change)
    assert result(gate, measured(2, 0.99), measured(1, 0.5)) == "unknown"


def test_integrity_is_green_for_verified_bytes_alone():
    gate = manifests.Integrity()
    states = {"verified": "pass", "absent": "unknown", "mismatch": "fail"}
    for artifact, one in states.items():
        for record, other in states.items():
            worst = max(one, other, key=["pass", "unknown", "fail"].index)
            found = Evidence(artifact=artifact, record=record, why=("model.onnx is gone",))
            assert result(gate, version(1), evidence=found) == worst
    claimed = Evidence(artifact="verified", record="verified", claims=("auc is 0.5",))
    assert result(gate, version(1), evidence=claimed) == "fail"
    assert result(gate, version(1)) == "unknown"


def test_clean_git_takes_nothing_for_granted():
    gate, commit = manifests.CleanGit(), "a" * 40
    for said, expected in (
        ({"commit": commit, "dirty": False}, "pass"),
        ({"commit": commit, "dirty": True}, "fail"),
        ({"commit": commit}, "unknown"),
        ({"commit": commit, "dirty": 0}, "unknown"),
        ({"dirty": False}, "fail"),
        ({}, "fail"),
    ):
        assert result(gate, version(1, code=manifests.Code(**said))) == expected


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        ({"inputs": [{"name": "x"}], "outputs": [{"name": "y"}]}, "pass"),
        ({"inputs": '[{"name": "x"}]', "outputs": '[{"name": "y"}]'}, "pass"),
        ({"inputs": [{"name": "x"}], "outputs": []}, "fail"),
        ({"inputs": True, "outputs": True}, "fail"),
        ({"inputs": [1]}, "fail"),
        *((nothing, "fail") for nothing in (None, {}, [], "", "yes", True)),
    ],
    ids=repr,
)
def test_a_signature_says_what_goes_in_and_out(signature, expected):
    assert result(manifests.SignaturePresent(), version(1, signature=signature)) == expected


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("# Churn\n\n## Limits\nNone.\n\n### Intended   USE ##\nAll.\n", "pass"),
        ("# Churn\n\n## Limits\n", "fail"),
        ("```\n## Limits\n## Intended use\n```\n", "fail"),
        ("<!--\n## Limits\n## Intended use\n-->\n# Churn\n", "fail"),
        ("text <!-- \n## Limits\n## Intended use\n", "fail"),
        ("##Limits\n##Intended use\n", "fail"),
        *((nothing, "fail") for nothing in (None, "", " \n\t", "<!-- later -->")),
    ],
    ids=repr,
)
def test_a_card_has_the_headings_that_are_asked_for(card, expected):
    gate = manifests.CardPresent(headings=("Limits", "Intended use"))
    assert result(gate, version(1), card=card) == expected


def test_a_card_of_any_length_is_read_at_once():
    assert result(manifests.CardPresent(), version(1), card="<!--" * 250_000) == "fail"


def test_required_files_are_found_by_their_whole_path():
    assert result(manifests.RequiredFiles(files=("model.onnx",)), version(1)) == "pass"
    for path in ("Model.onnx", "onnx", "x/model.onnx"):
        assert result(manifests.RequiredFiles(files=("model.onnx", path)), version(1)) == "fail"
    assert result(manifests.RequiredFiles(files=()), version(1)) == "unknown"


def all_of(policies, **said):
    promotion = Promotion(model="churn", stage="production", candidate=measured(2, 0.9), **said)
    return {one.gate: one for one in evaluate(policies, promotion, root=".")}


def test_the_path_is_a_gate_of_its_own():
    policies = Policies(stages={"production": Policy(came_from=("staging", "canary"))})
    assert all_of(policies)["came-from"].result == "fail"
    assert all_of(policies, been_at=frozenset({"production"}))["came-from"].result == "fail"
    assert all_of(policies, been_at=frozenset({"canary"}))["came-from"].result == "pass"
    assert all_of(Policies()) == {}


def test_a_gate_that_no_policy_defines_is_unknown():
    policies = Policies(stages={"production": Policy(gates=("speed",))})
    assert all_of(policies)["speed"].result == "unknown"


def test_an_override_is_seen_and_changes_no_result():
    gates = ("integrity", "signature-present", "floor")
    policies = Policies(
        stages={"production": Policy(came_from=("staging",), gates=gates)},
        gates={"floor": FLOOR},
    )
    names = ("came-from", "integrity", "floor")
    overrides = tuple(Override(gate=name, reason="INC-214", by="bob") for name in names)
    found = all_of(policies, overrides=overrides)
    assert {name: one.result for name, one in found.items()} == {
        "came-from": "fail",
        "integrity": "unknown",
        "signature-present": "fail",
        "floor": "pass",
    }
    assert found["integrity"].overridden == "INC-214 (bob)"
    # What passes needs none.
    assert found["floor"].overridden is None
    assert [name for name, one in found.items() if not one.lets_pass] == ["signature-present"]


def test_of_a_rollback_integrity_alone_is_asked():
    policies = Policies(
        stages={"production": Policy(came_from=("staging",), gates=("bytes", "floor", "none"))},
        gates={"bytes": manifests.Integrity(), "floor": FLOOR},
    )
    assert list(all_of(integrity_alone(policies))) == ["bytes"]
