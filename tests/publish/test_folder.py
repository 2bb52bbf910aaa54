"""Publishing into a folder."""

from __future__ import annotations

import os

import pytest

from staticrun.errors import UserError
from tests.publish.made import contents, send, site, thing, version


@pytest.fixture
def public(tmp_path):
    return tmp_path / "a public folder"


@pytest.fixture
def to(public):
    return f"folder:{public}"


def test_a_folder_holds_the_files_of_the_site(project, public, to):
    built = site(project / "site", {thing("x"): "x"})
    (built / ".gitignore").write_text("*\n")
    (built / ".tmp-left").write_text("half")

    done = send(project, built, to=to)

    assert (done.written, done.removed, done.commit) == (6, 0, None)
    assert contents(public).keys() == {
        ".nojekyll",
        "index.html",
        "publish.json",
        thing("x"),
        "versions.js",
        "versions.json",
    }


def test_what_did_not_change_is_not_written(project, public, to):
    built = site(project / "site", {"a.txt": "a", "b.txt": "b"})
    send(project, built, to=to)
    for path in public.rglob("*"):
        os.utime(path, (1, 1))

    send(project, built, to=to)
    untouched = {path.name for path in public.rglob("*") if path.stat().st_mtime == 1}
    (built / "a.txt").write_text("c")
    send(project, built, to=to)
    changed = {path.name for path in public.iterdir() if path.stat().st_mtime != 1}

    assert untouched == {path.name for path in public.rglob("*")}
    assert changed == {"a.txt"}


def test_pages_go_and_what_they_needed_stays_for_one_more_publication(project, public, to):
    one, two, three = (thing(text) for text in ("one", "two", "three"))
    send(project, site(project / "site", {one: "one", "runs/a/index.html": "a"}), to=to)
    send(project, site(project / "site", {two: "two"}), to=to)
    second = contents(public)
    send(project, site(project / "site", {two: "two"}), to=to)
    send(project, site(project / "site", {three: "three"}), to=to)

    assert {one, two} <= second.keys()
    assert not (public / "runs").exists()
    assert {one, two, three} & contents(public).keys() == {two, three}


def test_previews_and_files_of_others_stay(project, public, to):
    public.mkdir()
    (public / "robots.txt").write_text("mine")
    send(project, site(project / "site", {"a.txt": "a"}), to=to)
    send(project, site(project / "preview", {"a.txt": "p"}), to=to, under="pr/7")
    send(project, site(project / "site", {"b.txt": "b"}), to=to)
    both = contents(public)
    send(project, project, to=to, under="pr/7", remove=True)

    assert {"robots.txt", "b.txt", "pr/7/a.txt"} == {url for url in both if url.endswith(".txt")}
    assert not (public / "pr").exists()
    assert (public / "b.txt").exists()


def test_a_folder_with_other_things_is_refused(project, public, to):
    public.mkdir()
    (public / "index.html").write_text("mine")

    with pytest.raises(UserError, match=r"index\.html: is at the target, and staticrun did not"):
        send(project, site(project / "site", {}), to=to)

    assert contents(public) == {"index.html": b"mine"}


@pytest.mark.parametrize("where", ["site", "site/public", "."])
def test_the_sites_own_folder_is_refused(project, where):
    built = site(project / "site", {})

    with pytest.raises(UserError, match="own folder"):
        send(project, built, to=f"folder:{where}")


def test_a_folder_that_cannot_be_written_is_said(project, public, to, bound_by_modes):
    built = site(project / "site", {})
    send(project, built, to=to)
    public.chmod(0o500)
    (built / "a.txt").write_text("a")

    try:
        with pytest.raises(UserError, match="what was published before is whole"):
            send(project, built, to=to)
    finally:
        public.chmod(0o700)


def test_a_link_in_the_site_is_not_followed(project, public, to, tmp_path):
    (tmp_path / "secret").write_text("secret")
    built = site(project / "site", {})
    (built / "a.txt").symlink_to(tmp_path / "secret")

    send(project, built, to=to)

    assert not (public / "a.txt").exists()


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"format": 2, "names": []}', '{"format": 1, "names": 3}', '{"format": 1}'],
)
def test_a_mark_that_is_none_is_said(project, public, to, text):
    built = site(project / "site", {})
    send(project, built, to=to)
    (public / "publish.json").write_text(text)

    with pytest.raises(UserError, match=r"publish\.json: is"):
        send(project, built, to=to)


def test_a_version_that_is_not_whole_at_the_target_is_none(project, public, to):
    built = site(project / "site", {})
    made = version(built, "v1", "first")
    send(project, built, to=to)
    (public / made.objects[0]).unlink()

    done = send(project, site(project / "site", {}), to=to)

    assert done.versions == ()
    assert not (public / "v").exists()
