"""A whole build: what is made, what is kept, what a version holds."""

import json
import re

import pytest

from staticrun import receipts
from staticrun.errors import UserError
from staticrun.pages import links
from staticrun.pages.build import build

START = '{"type":"start","format":1,"time":1770000000,"id":"%s","name":"%s"}'


def write_run(project, key, *values, end=True):
    folder = project / "runs" / key
    folder.mkdir(parents=True, exist_ok=True)
    lines = [START % (key.replace("/", "-"), key)]
    lines += [
        json.dumps(
            {"type": "metrics", "step": step, "time": 1770000000 + step, "values": {"acc": v}}
        )
        for step, v in enumerate(values)
    ]
    if end:
        lines.append('{"type":"end","status":"finished","time":1770000100}')
    (folder / "run.jsonl").write_text("\n".join(lines) + "\n")


def append(project, key, line):
    with (project / "runs" / key / "run.jsonl").open("a") as stream:
        stream.write(line + "\n")


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_an_empty_project_has_a_site_that_says_what_to_do(project):
    built = build(project, jobs=1)

    assert built.runs == 0
    page = (project / "site/index.html").read_text()
    assert "staticrun init" in page
    assert links.check(project / "site") == []


def test_every_run_and_experiment_has_a_page_and_every_link_resolves(project):
    write_run(project, "vision/a", 0.1, 0.5)
    write_run(project, "vision/b", 0.2, 0.7)
    write_run(project, "lonely", 0.3, end=False)

    built = build(project, jobs=1)

    pages = {path for path in tree(project / "site") if path.endswith("index.html")}
    assert pages == {
        "index.html",
        "compare/index.html",
        "experiments/vision/index.html",
        "experiments/default/index.html",
        "runs/vision/a/index.html",
        "runs/vision/b/index.html",
        "runs/default/lonely/index.html",
    }
    assert built.pages == {
        "run": 3,
        "experiment": 2,
        "comparisons": 1,
        "missing": 1,
        "project": 1,
    }
    assert links.check(project / "site") == []


def test_a_build_with_nothing_changed_makes_and_writes_nothing(project):
    write_run(project, "vision/a", 0.1, 0.5)
    build(project, jobs=1)
    before = tree(project)

    built = build(project, jobs=1)

    assert (built.made, built.written, built.removed) == (0, (), ())
    assert tree(project) == before


def test_an_appended_record_changes_only_the_pages_that_show_it(project):
    write_run(project, "vision/a", 0.1, end=False)
    write_run(project, "vision/b", 0.1)
    write_run(project, "text/c", 0.1)
    build(project, jobs=1)

    append(project, "vision/a", '{"type":"metrics","step":1,"values":{"acc":0.987}}')
    built = build(project, jobs=1)

    pages = {url for url in built.written if url.endswith("index.html")}
    assert "runs/vision/a/index.html" in pages
    assert "experiments/vision/index.html" in pages
    assert pages.isdisjoint(
        {"runs/vision/b/index.html", "runs/text/c/index.html", "experiments/text/index.html"}
    )


def test_a_new_run_leaves_the_other_runs_pages_alone(project):
    write_run(project, "vision/a", 0.1)
    build(project, jobs=1)
    before = (project / "site/runs/vision/a/index.html").stat()

    write_run(project, "vision/b", 0.9)
    build(project, jobs=1)

    assert (project / "site/runs/vision/a/index.html").stat() == before


def test_a_deleted_run_is_gone_with_all_that_only_it_needed(project):
    write_run(project, "vision/a", 0.1)
    build(project, jobs=1)
    clean = {path: data for path, (data, _) in tree(project / "site").items()}
    write_run(project, "vision/b", 0.9)
    build(project, jobs=1)

    (project / "runs/vision/b/run.jsonl").unlink()
    build(project, jobs=1)

    assert {path: data for path, (data, _) in tree(project / "site").items()} == clean


def test_a_page_that_somebody_changed_is_put_right(project):
    write_run(project, "vision/a", 0.1)
    build(project, jobs=1)
    page = project / "site/runs/vision/a/index.html"
    right = page.read_bytes()
    page.write_bytes(b"changed")

    build(project, jobs=1)

    assert page.read_bytes() == right


def test_the_cache_is_always_safe_to_delete(project):
    import shutil

    write_run(project, "vision/a", 0.1)
    build(project, jobs=1)
    before = {path: data for path, (data, _) in tree(project / "site").items()}
    shutil.rmtree(project / ".staticrun")

    build(project, jobs=1)

    assert {path: data for path, (data, _) in tree(project / "site").items()} == before


def test_two_versions_of_one_runs_page_stand_side_by_side(project):
    write_run(project, "vision/a", 0.125, end=False)
    write_run(project, "vision/b", 0.25)
    site = project / "site"
    build(project, jobs=1, version="v1")
    first = receipts.read(site, "v1")
    frozen = {url: (site / url).read_bytes() for url in first.urls()}

    append(project, "vision/a", '{"type":"metrics","step":1,"values":{"acc":0.8125}}')
    build(project, jobs=1, version="v2")
    build(project, jobs=1)
    second = receipts.read(site, "v2")

    old, new = first.runs["vision/a"], second.runs["vision/a"]
    assert old != new
    assert "0.8125" not in (site / old).read_text()
    assert "0.8125" in (site / new).read_text()
    # What did not change is one object, and no later build has touched a byte of the first.
    assert first.runs["vision/b"] == second.runs["vision/b"]
    assert {url: (site / url).read_bytes() for url in first.urls()} == frozen
    assert links.check(site) == []
    # The newest state's page and the object differ in the way to the root, and in what the object
    # says of its links to who has no script.
    newest = (site / "runs/vision/a/index.html").read_text().replace("../../../", "../../")
    before, note, after = re.split('(<p class="of-version">.*</p>)', (site / new).read_text())
    assert "Links lead to the newest state" in note
    assert before + after == newest


def test_a_theme_that_is_missing_is_said_with_the_nearest_name(project):
    (project / "staticrun.yaml").write_text("theme: defualt\n")

    with pytest.raises(UserError) as refused:
        build(project, jobs=1)

    assert str(refused.value) == (
        "staticrun.yaml: theme: there is no theme 'defualt': themes/defualt/theme.yaml is missing."
        "\n  Try: did you mean 'default'?"
    )
    assert not (project / "site").exists()


def test_a_projects_theme_extends_the_default_one(project):
    styles = project / "themes/mine/styles"
    styles.mkdir(parents=True)
    (project / "themes/mine/theme.yaml").write_text("name: mine\nstyles: [mine.css]\n")
    (styles / "mine.css").write_text(":root { --ink: rebeccapurple; }")
    (project / "staticrun.yaml").write_text("theme: mine\n")

    build(project, jobs=1)

    (css,) = (project / "site").glob("app.*.css")
    assert css.read_text().endswith(":root { --ink: rebeccapurple; }")
    assert "--paper:" in css.read_text()


def test_a_bad_setting_is_told_and_the_rest_is_built(project):
    write_run(project, "vision/a", 0.1)
    (project / "staticrun.yaml").write_text("project: {name: Mine, nmae: x}\n")

    built = build(project, jobs=1)

    assert any(finding.where.startswith("staticrun.yaml:1") for finding in built.findings)
    assert "Mine" in (project / "site/index.html").read_text()


def test_several_workers_leave_the_bytes_of_one(project, tmp_path):
    for number in range(12):
        write_run(project, f"vision/{number:03}", 0.1 * number)

    build(project, out=tmp_path / "one", jobs=1)
    build(project, out=tmp_path / "two", jobs=2)

    one, two = tree(tmp_path / "one"), tree(tmp_path / "two")
    assert {path: data for path, (data, _) in one.items()} == {
        path: data for path, (data, _) in two.items()
    }


def test_a_reports_new_title_reaches_the_front_page(project):
    (project / "reports").mkdir()
    report = project / "reports/a.md"
    report.write_text("---\ntitle: Before\n---\nText.\n")
    build(project, jobs=1)

    report.write_text("---\ntitle: Afterwards\n---\nText.\n")
    build(project, jobs=1)

    assert "Afterwards" in (project / "site/index.html").read_text()
