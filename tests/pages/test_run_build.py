"""When a run's page is made anew: for what it shows, and for nothing else."""

import shutil

import staticrun
from staticrun import layout
from staticrun.pages.build import build
from tests.pages.test_build import append, tree, write_run

PAGE = "runs/vision/a/index.html"


def describe(project, text):
    (project / "runs/vision/experiment.yaml").write_text(text)


def contents(folder):
    return {path: data for path, (data, _) in tree(folder).items()}


def built_clean(project, tmp_path):
    """Give the bytes that a build without any cache leaves."""
    copy = tmp_path / "clean/project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("site", ".staticrun"))
    build(copy, jobs=1)
    return contents(copy / "site")


def test_what_experiment_yaml_says_of_metrics_makes_the_runs_pages_anew(project, tmp_path):
    write_run(project, "vision/a", 0.25, 0.5, 0.375)
    write_run(project, "text/b", 0.1, 0.2)
    describe(project, "metrics: {acc: {direction: max, format: .2f}}\n")
    build(project, jobs=1)
    before = (project / "site" / PAGE).read_text()

    describe(project, "metrics: {acc: {direction: min, format: .3f, unit: s}}\n")
    built = build(project, jobs=1)

    after = (project / "site" / PAGE).read_text()
    assert "highest 0.50 at step 1" in before
    assert "lowest 0.250\u202fs at step 0" in after
    assert PAGE in built.written
    assert "runs/text/b/index.html" not in built.written
    assert contents(project / "site") == built_clean(project, tmp_path)


def test_a_new_description_of_an_experiment_leaves_the_runs_pages_alone(project, tmp_path):
    write_run(project, "vision/a", 0.25, 0.5)
    describe(project, "description: Before.\nmetrics: {acc: {format: .2f}}\n")
    build(project, jobs=1)
    before = (project / "site" / PAGE).stat()

    describe(project, "title: New\ndescription: After.\nmetrics: {acc: {format: .2f}}\n")
    built = build(project, jobs=1)

    assert "After." in (project / "site/experiments/vision/index.html").read_text()
    # Not even looked at: its view is not made, so no digest of it is compared.
    assert built.made <= sum(n for kind, n in built.pages.items() if kind != "run")
    assert PAGE not in built.written
    assert (project / "site" / PAGE).stat() == before
    assert contents(project / "site") == built_clean(project, tmp_path)


def test_experiment_yaml_that_comes_and_goes_leaves_the_page_as_it_was(project):
    write_run(project, "vision/a", 0.25, 0.5)
    build(project, jobs=1)
    before = (project / "site" / PAGE).read_bytes()
    describe(project, "metrics: {acc: {format: .1%}}\n")
    build(project, jobs=1)
    during = (project / "site" / PAGE).read_bytes()
    (project / "runs/vision/experiment.yaml").unlink()
    build(project, jobs=1)

    assert during != before
    assert (project / "site" / PAGE).read_bytes() == before


def test_metrics_of_an_experiment_reach_pages_that_workers_make(project, tmp_path):
    for number in range(12):
        write_run(project, f"vision/{number}", 0.25, 0.5)
    describe(project, "metrics: {acc: {direction: min, format: .3f}}\n")
    build(project, jobs=2)
    append(project, "vision/3", '{"type":"metrics","step":9,"values":{"acc":0.125}}')
    build(project, jobs=2)

    assert contents(project / "site") == built_clean(project, tmp_path)


def test_the_page_links_to_the_run_that_wrote_the_same_bytes(project):
    with staticrun.start("e", name="writer", root=project) as writer:
        writer.file("w.bin", b"012")
    (project / "copy.bin").write_bytes(b"012")
    with staticrun.start("e", name="reader", root=project) as reader:
        reader.use(project / "copy.bin", role="init")
    build(project)
    pages = {
        run: (project / "site" / layout.run_url(run.key)).read_text("utf-8")
        for run in (writer, reader)
    }

    link = '<a href="../../../{}" data-run="{}">'
    assert link.format(layout.run_url(writer.key), writer.key) in pages[reader]
    assert link.format(layout.run_url(reader.key), reader.key) in pages[writer]
