"""`artifacts.total`: which artifacts enter a site that has room for some."""

import json
import random
import shutil

import pytest

from staticrun import files
from staticrun.pages import links
from staticrun.pages.build import build
from tests.story.site_bytes import contents, differences


@pytest.fixture
def write(project):
    """Write a run whose artifacts are given by name."""

    def write(key, **artifacts):
        folder = project / "runs" / key
        (folder / "artifacts").mkdir(parents=True, exist_ok=True)
        start = {"type": "start", "format": 1, "time": 1770000000, "id": key.replace("/", "-")}
        lines = [start]
        for name, text in artifacts.items():
            path = f"artifacts/{name}.csv"
            data = text.encode()
            (folder / path).write_bytes(data)
            digest = files.sha256(data)
            lines.append({"type": "artifact", "path": path, "sha256": digest, "bytes": len(data)})
        lines.append({"type": "end", "status": "finished", "time": 1770000100})
        (folder / "run.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))

    return write


def rows(size, name="x"):
    """Make a table of so many bytes."""
    return (f"name,{name}\n" + "1,2\n" * size)[:size]


def allow(project, total, size_max=5_000_000):
    (project / "staticrun.yaml").write_text(f"artifacts: {{total: {total}, max: {size_max}}}\n")


def tables(project):
    """Give the sizes of the tables in a site, in order."""
    return sorted(path.stat().st_size for path in (project / "site/o").glob("*/*.csv"))


def page(project, key):
    return (project / f"site/runs/{key}/index.html").read_text()


WHY = "beyond what all artifacts together may have (artifacts.total): not on the site, it is at "


def test_the_smallest_enter_while_their_sum_stays_within_the_total(project, write):
    write("a/one", large=rows(500, "a"), small=rows(100, "b"))
    write("a/two", middle=rows(300, "c"), other=rows(301, "d"))
    allow(project, 701)

    built = build(project, jobs=1)

    assert tables(project) == [100, 300, 301]
    assert WHY + "runs/a/one/artifacts/large.csv" in page(project, "a/one")
    assert "small.csv</a>" in page(project, "a/one")
    assert WHY not in page(project, "a/two")
    assert links.check(built.site) == []


def test_a_sum_that_is_the_total_stays_within_it(project, write):
    write("a/one", large=rows(500), small=rows(100))
    allow(project, 600)

    assert build(project, jobs=1).findings == ()
    assert tables(project) == [100, 500]


def test_what_stays_out_is_listed_with_its_size_and_digest(project, write):
    write("a/one", large=rows(1200))
    allow(project, 1000)

    build(project, jobs=1)

    text = page(project, "a/one")
    assert tables(project) == []
    assert "1.2\u202fkB" in text
    assert files.sha256(rows(1200).encode()) in text
    assert WHY + "runs/a/one/artifacts/large.csv" in text


def test_a_note_says_how_many_bytes_stay_out_and_what_to_change(project, write):
    write("a/one", large=rows(500, "a"), small=rows(100, "b"))
    write("a/two", larger=rows(600, "c"))
    allow(project, 400)

    [note] = build(project, jobs=1).findings

    assert note.level == "note"
    assert str(note) == (
        "staticrun.yaml: artifacts.total: 2 artifacts with 1100 bytes left out of the site, "
        "because all together have 1200, expected at most 400 bytes.\n"
        "  Try: set artifacts.total to 1200 or more, or artifacts.max lower"
    )
    allow(project, 1200)
    assert build(project, jobs=1).findings == ()


def test_what_is_larger_than_max_takes_no_room(project, write):
    write("a/one", large=rows(900), small=rows(100))
    allow(project, 100, size_max=500)

    assert build(project, jobs=1).findings == ()
    assert tables(project) == [100]


def test_the_same_bytes_count_once(project, write):
    for number in range(5):
        write(f"a/{number}", table=rows(300, "the same"))
    allow(project, 300)

    assert build(project, jobs=1).findings == ()
    assert tables(project) == [300]


def test_what_changed_since_it_was_logged_counts_as_it_is(project, write):
    write("a/one", table=rows(100))
    (project / "runs/a/one/artifacts/table.csv").write_text(rows(400))
    allow(project, 200)

    [note] = build(project, jobs=1).findings

    assert "1 artifact with 400 bytes" in note.what
    assert tables(project) == []


def test_without_a_total_everything_enters(project, write):
    write("a/one", large=rows(4_000_000))

    assert build(project, jobs=1).findings == ()
    assert tables(project) == [4_000_000]


def test_a_run_more_makes_only_those_pages_anew_whose_artifacts_it_concerns(project, write):
    for name, size in (("a", 500), ("b", 100), ("c", 200)):
        write(f"x/{name}", table=rows(size, name))
    allow(project, 800)
    build(project, jobs=1)

    write("x/d", table=rows(50, "d"))
    built = build(project, jobs=1)

    pages = {url for url in built.written if url.startswith("runs/")}
    assert pages == {"runs/x/a/index.html", "runs/x/d/index.html"}
    assert tables(project) == [50, 100, 200]


@pytest.mark.slow
def test_what_was_built_before_and_by_how_many_changes_no_byte(project, write, tmp_path, seed):
    chance = random.Random(seed)
    clean = tmp_path / "clean"
    for step in range(12):
        name = chance.choice("abcdefgh")
        write(f"x/{name}", **{n: rows(chance.randrange(10, 400), n) for n in "pq"})
        if step % 4 == 3:
            shutil.rmtree(project / f"runs/x/{name}")
        allow(project, chance.choice((300, 900)))

        build(project, jobs=1 + step % 2)

        shutil.rmtree(clean, ignore_errors=True)
        ignored = shutil.ignore_patterns("site", ".staticrun")
        shutil.copytree(project, clean / "project", ignore=ignored)
        build(clean / "project", jobs=2 - step % 2)
        same = [contents(folder / "site") for folder in (project, clean / "project")]
        assert (step, differences(*same)) == (step, [])
