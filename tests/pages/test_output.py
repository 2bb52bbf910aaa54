"""Lock, stage, commit and sweep."""

import errno

import pytest

from staticrun.errors import UserError
from staticrun.pages import output


def test_a_second_build_is_refused_while_one_runs(tmp_path):
    with output.lock(tmp_path / ".staticrun"), pytest.raises(UserError) as refused:
        with output.lock(tmp_path / ".staticrun"):
            pass

    assert (
        ".staticrun/build.lock: another build of this project is running.\n"
        "  Try: wait for it to end, or stop it" == str(refused.value)
    )


def test_a_lock_ends_with_its_build(tmp_path):
    for _ in range(2):
        with output.lock(tmp_path / ".staticrun"):
            pass


def test_a_folder_of_somebody_elses_files_is_never_built_into(tmp_path):
    (tmp_path / "thesis.tex").touch()

    with pytest.raises(UserError) as refused:
        output.check_folder(tmp_path)

    assert "holds files that are not a site of staticrun ('thesis.tex')" in str(refused.value)


def test_nothing_is_in_the_site_before_the_commit(tmp_path):
    site = tmp_path / "site"
    stage = output.Stage(tmp_path / "stage")
    stage.add("a/index.html", b"a")

    assert not site.exists()
    assert ["a/index.html"] == stage.commit(site, ["index.html", "a/index.html"])
    assert b"a" == (site / "a/index.html").read_bytes()
    assert not (tmp_path / "stage").exists()


def test_a_sweep_takes_only_what_is_the_builders_own(tmp_path):
    for name in ("runs/a/index.html", "runs/b/index.html", "o/aa/x.svg", "CNAME", "app.1.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    removed = output.sweep(tmp_path, {"runs/a/index.html"})

    assert ["app.1.css", "o/aa/x.svg", "runs/b/index.html"] == removed
    assert {"CNAME", "runs"} == {path.name for path in tmp_path.iterdir()}
    assert not (tmp_path / "runs/b").exists()


def test_a_full_disk_is_said_in_words(tmp_path):
    error = output.explain(OSError(errno.ENOSPC, "No space left on device"), tmp_path / "site")

    assert "site/: the disk is full (" in str(error)
    assert "the old site is as it was" in str(error)
    assert "Try: make room" in str(error)
