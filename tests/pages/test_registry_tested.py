"""What pages say of gates that test, and that they follow what the gates read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from staticrun import layout
from staticrun.pages.build import build
from staticrun.registry import manifests
from staticrun.registry.manifests import Policies, Policy
from tests.pages.test_registry_pages import bytes_of, text
from tests.registry.branches import change
from tests.registry.made import stage, write
from tests.registry.predicted import guess
from tests.registry.repository import repository

GATES = {
    "better": manifests.Paired(metric="acc", measure="accuracy", predictions="eval.csv"),
    "recipe": manifests.Seeds(metric="acc", direction="max"),
    "fresh": manifests.FreshData(max_uses=3),
}
ASKS = Policies(stages={"production": Policy(gates=tuple(GATES))}, gates=GATES)


def version_page(root: Path, number: int) -> str:
    return text(root, layout.model_version_url("churn", number))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Make a champion with two more seeds, a better one that took its place, and one alike."""
    root = tmp_path_factory.mktemp("tested") / "a project"
    for number, skill in ((1, 0.7), (2, 0.8), (3, 0.8)):
        params = {"number": number, "seed": 0}
        write(root, guess(root, number, skill, params=params))
        for seed in (1, 2):
            guess(root, 9, skill, key=f"exp/{number}-{seed}", params={**params, "seed": seed})
    write(root, manifests.Model(model="churn"), ASKS)
    (root / "staticrun.yaml").write_text("project: {name: Churn}\n")
    (root / ".gitignore").write_text("site/\n.staticrun/\n")
    repository(root)
    for number in (1, 2):
        tree = manifests_of(root)[number].artifact.tree
        change(root, stage(number, tree=tree, previous=number - 1 or None))
    build(root, jobs=1)
    return root


def manifests_of(root: Path) -> dict[int, manifests.Version]:
    from tests.registry.repository import state

    return state(root).models["churn"].versions


@pytest.fixture
def root(template, tmp_path):
    return Path(shutil.copytree(template, tmp_path / "a project"))


@pytest.mark.slow
def test_a_version_shows_verdicts_and_how_often_its_data_decided(template):
    took, coming = version_page(template, 2), version_page(template, 3)

    assert "better paired pass acc 0.8" in took
    assert "of version 1: better by 0." in took
    assert "(bootstrap), n = 400; the evaluation data decided 0 promotions before" in took
    assert "recipe seeds pass acc 0." in took
    assert "better paired fail acc 0." in coming
    # Its own promotion is none before it.
    assert "decided 0 promotions before; at most 3 asked for" in took
    assert "the evaluation data decided 1 promotion before; at most 3 asked for" in coming
    for said in (took, coming):
        assert "Data holdout eval 000000000000 decided 1 promotion" in said


@pytest.mark.slow
def test_a_promotion_leads_to_the_comparison_with_what_it_took_the_place_of(template):
    page = layout.against_url("churn", 2, 1)
    # Of two promotions, the first took nobody's place.
    for url in (layout.TIMELINE_URL, layout.model_url("churn"), layout.REGISTRY_URL):
        html = (template / "site" / url).read_text()
        assert html.count(f'href="{layout.root_prefix(url)}{page}">compared</a>') == 1, url
    assert (template / "site" / page).exists()


@pytest.mark.slow
def test_pages_follow_what_gates_read(root):
    build(root, jobs=1)
    again = build(root, jobs=1)
    assert (again.made, again.written) == (0, ())
    # The champion's predictions are not files of the version that is judged.
    file = root / "runs/exp/1/artifacts/model/eval.csv"
    file.write_bytes(file.read_bytes().replace(b"ox", b"cow"))
    build(root, jobs=1)
    assert (
        "better paired fail runs/exp/1/artifacts/model/eval.csv has other bytes"
        in version_page(root, 2)
    )
    # Nor are the runs of other seeds.
    shutil.rmtree(root / "runs/exp/2-2")
    build(root, jobs=1)
    assert "version 2 has 2 runs of its seeds, and 3 are asked for" in version_page(root, 2)
    # And what the data decides for one model counts for all that cite it.
    write(root, manifests.Model(model="other"))
    for number in (1, 2):
        made = guess(root, number, 0.9, key=f"other/{number}", model="other")
        write(root, made)
        moved = stage(number, model="other", tree=made.artifact.tree, previous=number - 1 or None)
        change(root, moved)
    build(root, jobs=1)
    assert "decided 2 promotions before; at most 3 asked for" in version_page(root, 3)
    after = bytes_of(root)
    shutil.rmtree(root / "site")
    shutil.rmtree(root / ".staticrun")
    build(root, jobs=1)
    assert bytes_of(root) == after


@pytest.mark.slow
def test_numbers_of_a_hidden_metric_stay_hidden(root):
    values = {number: of.metrics[0].value for number, of in manifests_of(root).items()}
    with (root / "staticrun.yaml").open("a") as stream:
        stream.write("privacy: {redact: [summary.acc]}\n")
    build(root, jobs=1)
    said = version_page(root, 2)
    assert "better paired pass (redacted)" in said
    assert "recipe seeds pass (redacted)" in said
    for url in ("registry.json", layout.model_url("churn"), layout.model_version_url("churn", 2)):
        page = (root / "site" / url).read_text()
        assert not [value for value in values.values() if str(value) in page], url


@pytest.mark.slow
def test_a_hidden_param_still_tells_recipes_apart(root):
    with (root / "staticrun.yaml").open("a") as stream:
        stream.write("privacy: {redact: [params.number]}\n")
    build(root, jobs=1)
    assert "recipe seeds pass acc 0." in version_page(root, 2)
