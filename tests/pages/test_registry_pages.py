"""The registry in the site: what its pages say, of a real history, and when they say `unknown`."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

import msgspec
import pytest

from staticrun import layout
from staticrun.pages import links
from staticrun.pages.build import build
from staticrun.pages.version_build import build_version
from staticrun.registry import approvals, manifests
from staticrun.registry.read import read
from staticrun.registry.vouched import Approval, Vouched
from tests.pages import registry_project
from tests.pages.registry_project import MODEL, begin, promotion, put
from tests.registry.made import write
from tests.registry.repository import commit_all, git

if TYPE_CHECKING:
    from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """Make the project with its whole history, and build its site."""
    root = registry_project.make(tmp_path_factory.mktemp("registry") / "the project")
    with (root / "staticrun.yaml").open("a") as stream:
        stream.write("project: {name: Digits, url: https://example.org/digits/}\n")
    config = (root / "staticrun.yaml").read_text().replace("project: {name: Digits}\n", "", 1)
    (root / "staticrun.yaml").write_text(config)
    build(root, jobs=1)
    return root


@pytest.fixture
def small(tmp_path) -> Path:
    """Make a project with one version that is in staging."""
    story = begin(tmp_path / "small")
    story.register(1)
    story.promote(1, "staging", "it is the newest")
    return story.root


def text(root: Path, url: str) -> str:
    """Give what a page says, without its tags and its figures."""
    page = (root / "site" / url).read_text(encoding="utf-8")
    main = page[page.index("<main") : page.index("</main>")]
    plain = re.sub(r"<svg.*?</svg>|<[^>]*>", " ", main, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(plain)).replace("\u202f", " ")


def bytes_of(root: Path) -> dict[str, bytes]:
    site = root / "site"
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }


def test_every_link_of_the_registry_leads_somewhere(whole):
    assert [str(finding) for finding in links.check(whole / "site")] == []


def test_the_overview_says_where_each_stage_is_since_when_by_whom_and_on_what_evidence(whole):
    said = text(whole, layout.REGISTRY_URL)

    assert "1 registered model, 5 versions." in said
    row = said[said.index("production version 3") : said.index("staging version 5")]
    assert "97.5 since 4 Dec 2026, 11:06 UTC on hold" in row
    assert "confidence is wrong by 12 points requested by Ann" in row
    assert (
        "bytes verified record verified Five gates pass, one fails and one was overridden." in row
    )
    assert "pull request unknown pushed by Ann" in row
    assert "ada@example.org" not in (whole / "site" / layout.REGISTRY_URL).read_text()


def test_a_model_has_its_versions_two_figures_its_card_and_what_was_withdrawn(whole):
    page = (whole / "site" / layout.model_url(MODEL)).read_text()
    said = text(whole, layout.model_url(MODEL))

    assert "Version 3 is in production (on hold), 5 in staging, 1 in smallest." in said
    assert "version 4 withdrawn 97.8 0.119 digits/004" in said
    assert "version 4 : noisy labels says Ann ; use version 5" in said
    assert 'aria-label="test/acc. version 1: 96.7, smallest; version 2: 97.1; ' in page
    assert "production: version 1 since 23 Nov 2026" in page
    assert "Card Of version 3, as its author wrote it." in said


def test_a_card_is_text_and_links_to_the_web_alone(whole):
    page = (whole / "site" / layout.model_url(MODEL)).read_text()

    assert '<a href="https://example.org/digits">the data</a>' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; run me [picture not shown" in page
    assert "javascript:" not in page


def test_a_version_tells_its_lineage_its_files_and_what_differs_from_production(whole):
    url = layout.model_version_url(MODEL, 5)
    said = text(whole, url)

    assert "Run digits/005 RUN005 its id record verified" in said
    assert "Data digits eval, 360 rows d1 Code 0000000 clean python train.py --seed 005" in said
    assert "bytes verified" in said
    assert "Stages staging now" in said
    assert 'data-run="digits/005"' in (whole / "site" / url).read_text()
    assert "test/acc % 98.1 97.5 +0.6 better ece 0.007 0.017 \N{MINUS SIGN}0.01 better" in said
    assert "pixels input float32, shape [-1,64]" in said
    assert re.search(r"weights.npz 1.3 kB [0-9a-f]{12}", said)
    assert "command code python train.py --seed 003 python train.py --seed 005" in said


def test_gates_pass_fail_or_are_unknown_and_an_override_stays_visible(whole):
    coming = text(whole, layout.model_version_url(MODEL, 5))
    back = text(whole, layout.model_version_url(MODEL, 3))
    gone = text(whole, layout.model_version_url(MODEL, 4))

    assert "production if it were promoted" in coming
    assert "came-from pass version 5 was at staging" in coming
    assert "calibration threshold pass" in coming
    assert "latency threshold fail" in coming
    assert "promoted 28 Nov 2026, 11:06 UTC in place of version 1; here again" in back
    assert "came-from pass" in back
    assert "latency threshold fail overridden" in back
    assert "promoted 1 Dec 2026, 11:06 UTC in place of version 3" in gone
    assert "if it were promoted" not in gone
    for said in (back, gone, text(whole, layout.TIMELINE_URL)):
        assert "latency of production was overridden by Ann: no machine to measure on" in said


def test_the_timeline_is_in_the_order_of_the_branch_and_marks_what_is_claimed(whole):
    page = (whole / "site" / layout.TIMELINE_URL).read_text()
    said = text(whole, layout.TIMELINE_URL)

    order = ["1 in smallest", "version 4 withdrawn", "4 to 3 in production", "4 to 5 in staging"]
    places = [said.index(one) for one in order]
    assert places == sorted(places)
    assert '<span class="mk half"></span>pull request 24' in page
    # What is unknown of every move is said once.
    assert page.count("Approvals unknown: the host was not asked.") == 1
    assert "approval unknown" not in page
    assert '<span class="mk half"></span>merged by Ann' in page


def test_programs_get_the_registry_a_feed_badges_and_a_map(whole):
    site = whole / "site"
    said = json.loads((site / "registry.json").read_text())
    feed = fromstring((site / "feed.xml").read_text())  # noqa: S314 - we wrote it

    model = said["models"][0]
    assert (said["format"], said["history"], model["name"]) == (1, "whole", MODEL)
    assert model["stages"]["production"]["version"] == 3
    assert (
        model["stages"]["production"]["since"] == registry_project.TIME + 16 * registry_project.DAY
    )
    assert model["versions"][3]["withdrawn"]["superseded_by"] == 5
    assert model["versions"][0]["created_by"] == "Ada Lovelace"
    assert said["events"][-1]["stage"] == "smallest"
    assert "ada@example.org" not in (site / "registry.json").read_text()
    page = (site / layout.model_url(MODEL)).read_text()
    assert f'<meta property="og:title" content="{MODEL}">' in page
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles[:3] == [
        f"{MODEL}: version 1 promoted in smallest",
        f"{MODEL}: version 4 withdrawn",
        f"{MODEL}: version 3 rolled back in production",
    ]
    badge = (site / f"badges/registry/{MODEL}/production.svg").read_text()
    assert f'aria-label="{MODEL} production: version 3"' in badge
    assert (
        f"[{MODEL}](https://example.org/digits/registry/{MODEL}/index.html): 5 versions, "
        in (site / "llms.txt").read_text()
    )
    assert f'\\"kind\\":\\"model\\",\\"title\\":\\"{MODEL}\\"' in (site / "runs.js").read_text()


def test_a_build_of_nothing_new_makes_nothing_and_a_move_remakes_what_it_concerns(small):
    build(small, jobs=1)
    again = build(small, jobs=1)
    assert (again.made, again.written) == (0, ())

    put(small, promotion(small, 1, "production", "it reads digits"))
    moved = build(small, jobs=1)

    assert set(moved.written) == {
        *(layout.REGISTRY_URL, layout.model_url(MODEL), layout.model_version_url(MODEL, 1)),
        f"badges/registry/{MODEL}/production.svg",
        *("registry.json", "llms.txt", "runs.js"),
    }
    after = bytes_of(small)
    shutil.rmtree(small / "site")
    shutil.rmtree(small / ".staticrun")
    build(small, jobs=1)
    assert bytes_of(small) == after


@pytest.mark.slow
def test_what_a_host_said_is_verified_and_what_it_was_not_asked_is_unknown(small):
    commit = git(small, "rev-parse", "HEAD")
    asked = manifests.Policy(came_from=("canary",), soak="1h", approvals=manifests.Approvals())
    write(small, manifests.Policies(stages={"staging": asked}))
    commit_all(small)
    build(small, jobs=1)
    version = layout.model_version_url(MODEL, 1)
    assert "Approvals unknown: the host was not asked." in text(small, layout.TIMELINE_URL)
    assert "approvals unknown the host was not asked" in text(small, version)
    assert "soak fail version 1 was at canary for 0.0 h: 1h asked for" in text(small, version)
    said = Vouched(commit=commit, pull_request=7, approvals=(Approval(login="cleo"),))
    approvals.write(small, [said])

    # A branch that nobody has checked out is all that has changed.
    build(small, jobs=1)
    page = (small / "site" / layout.TIMELINE_URL).read_text()
    assert '<span class="mk"></span>pull request 7' in page
    assert '<span class="mk"></span>approved by cleo' in page
    assert "approvals pass cleo approved it: 1 of 1 asked for" in text(small, version)
    for url in (layout.TIMELINE_URL, layout.REGISTRY_URL, layout.model_url(MODEL)):
        assert "approved by cleo" in text(small, url)
        assert "host was not asked" not in text(small, url)
    registry = json.loads((small / "site/registry.json").read_text())
    [event] = [one for one in registry["events"] if one["origin"]["commit"] == commit]
    assert event["origin"]["vouched"]["approvals"][0]["login"] == "cleo"


@pytest.mark.slow
def test_workers_make_the_same_pages(small):
    build(small, jobs=1)
    alone = bytes_of(small)
    shutil.rmtree(small / "site")
    build(small, jobs=3)

    assert bytes_of(small) == alone


def test_what_is_not_committed_is_pending_and_never_dated(small):
    put(small, promotion(small, 1, "production", "it reads digits"))
    build(small, jobs=1)

    said = text(small, layout.REGISTRY_URL)
    assert f"Not committed: registry/models/{MODEL}/stages/production.yaml" in said
    row = said[said.index("production version 1") : said.index("staging version 1")]
    assert "not committed it reads digits" in row
    assert "since" not in row


def test_without_git_the_history_is_unknown(small):
    shutil.rmtree(small / ".git")
    build(small, jobs=1)

    assert "History unknown" in text(small, layout.REGISTRY_URL)
    assert "since when is unknown" in text(small, layout.model_url(MODEL))
    assert "none now, before unknown" not in text(small, layout.model_version_url(MODEL, 1))
    assert json.loads((small / "site/registry.json").read_text())["history"] == "unknown"
    # Whether it was in staging cannot be known, but that it is there now can.
    assert "came-from pass" in text(small, layout.model_version_url(MODEL, 1))


@pytest.mark.slow
def test_a_shallow_clone_says_that_its_history_is_truncated(small, tmp_path):
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", small.as_uri(), str(clone))
    build(clone, jobs=1, version="v1")

    assert not json.loads((clone / "site/v/v1/receipt.json").read_text())["rebuildable"]
    said = text(clone, layout.model_url(MODEL))
    assert "history truncated" in said
    assert "History truncated: the clone is shallow" in said
    assert "since 2" not in said
    stage = json.loads((clone / "site/registry.json").read_text())["models"][0]["stages"]
    assert stage["staging"]["since"] is None


@pytest.mark.slow
def test_a_version_of_the_site_shows_the_registry_as_it_was(small):
    then = git(small, "rev-parse", "HEAD")
    story = registry_project.Story(small)
    story._days = 9
    story.promote(1, "production", "it reads digits")
    put(small, promotion(small, 1, "smallest", "not committed"))
    _, receipt = build_version(small, "old", ref=then, jobs=1)

    front = f"v/old/{layout.REGISTRY_URL}"
    assert "staging version 1" in text(small, front)
    assert "since 22 Nov 2026" in text(small, front)
    assert "production version" not in text(small, front)
    assert "Not committed" not in text(small, front)
    assert {layout.model_version_url(MODEL, 1), "registry.json"} <= set(receipt.entries)
    assert f"registry/models/{MODEL}/stages/staging.yaml" in receipt.inputs
    assert "production version 1" in text(small, layout.REGISTRY_URL)
    assert [str(one) for one in links.check(small / "site")] == []
    # The same version from a work tree at that commit.
    git(small, "checkout", "-q", "-f", then)
    git(small, "clean", "-qfdx", "-e", "site")
    shutil.rmtree(small / "site")
    build(small, jobs=1, version="old")
    receipt_here = json.loads((small / "site/v/old/receipt.json").read_text())
    assert receipt_here["root"] == receipt.root


def test_names_reasons_and_signatures_of_strangers_are_text(tmp_path):
    story = begin(tmp_path / "hostile")
    nasty = '<img src=x onerror=alert(1)> {{7*7}} "'
    story.register(1)
    path = story.root / layout.RegistryFile("version", MODEL, 1).path
    version, _ = read(path.read_bytes(), "version", manifests.Version)
    bad = msgspec.structs.replace(
        version,
        version=2,
        created_by=nasty,
        created="2026-99-99T99:99:99Z",
        signature={"inputs": [{"name": nasty, nasty: [nasty]}, nasty, None]},
        requirements=(nasty,),
        data=(manifests.Data(name=nasty, digest=nasty, source="javascript:alert(1)"),),
        metrics=(manifests.Value(name=nasty, value="NaN"),),
    )
    stage = manifests.Stage(
        model=MODEL, stage="timeline", version=2, tree=bad.artifact.tree, reason=nasty
    )
    write(story.root, bad, stage, manifests.Model(model="timeline", description=nasty))
    story.commit(f"{nasty}\n\nReviewed-by: {nasty}")
    build(story.root, jobs=1)

    for url in (story.root / "site").glob("registry/**/index.html"):
        page = url.read_text()
        assert "<img" not in page, url
        assert "javascript:" not in re.sub(r">[^<]*<", "><", page), url
    assert (story.root / "site/registry/timeline~model/index.html").is_file()
    assert [str(one) for one in links.check(story.root / "site")] == []


def test_pages_hide_what_privacy_hides_and_still_compare_what_was_recorded(tmp_path):
    story = begin(tmp_path / "small")
    record = story.root / "runs/digits/001/run.jsonl"
    lines = record.read_text().replace('"name": "digits"', '"name": "/home/ada/digits"')
    lines = lines.replace('"train.py"', '"/home/ada/train.py"')
    record.write_text(lines)
    story.register(1)
    put(story.root, promotion(story.root, 1, "staging", "as /home/ada/notes says"))
    with (story.root / "staticrun.yaml").open("a") as stream:
        stream.write("privacy: {paths: hide, redact: [summary.ece]}\n")
    build(story.root, jobs=1)

    said = text(story.root, layout.model_version_url(MODEL, 1))
    assert "bytes verified" in said
    assert "record does not bear out" not in text(story.root, layout.model_url(MODEL))
    assert "~/digits eval, 360 rows" in said
    assert "test/acc" in said
    for url in ("registry.json", layout.model_url(MODEL), layout.model_version_url(MODEL, 1)):
        page = (story.root / "site" / url).read_text()
        assert "/home/ada" not in page
        assert "0.027" not in page


def test_a_project_without_a_registry_has_no_page_of_one(project):
    built = build(project, jobs=1)

    assert not {"registry", "model", "version", "promotions"} & built.pages.keys()
    assert "Registry" not in (project / "site/index.html").read_text()
    assert not (project / "site/registry.json").exists()


def test_a_broken_manifest_is_a_finding_and_the_rest_is_shown(small):
    path = small / layout.RegistryFile("stage", MODEL, stage="production").path
    path.write_text("schema: staticrun.stage/1\nversion: !!python/object:os.system 1\n")
    built = build(small, jobs=1)

    assert [one.where.partition(":")[0] for one in built.findings] == [
        path.relative_to(small).as_posix()
    ]
    assert "stages/production.yaml" in text(small, layout.REGISTRY_URL)
    assert "staging version 1" in text(small, layout.REGISTRY_URL)
