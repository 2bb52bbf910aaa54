"""A repository whose configuration came from anybody: publishing from it runs nothing of it."""

from __future__ import annotations

import pytest

from staticrun.errors import UserError
from tests.publish.made import bare, published, send, sh, site


@pytest.fixture
def trapped(project, tmp_path):
    """Make a repository in which every program that git would run leaves a mark."""
    mark, program = tmp_path / "mark", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\n")
    program.chmod(0o755)
    sh(project, "init", "--quiet", "--template=")
    sh(project, "remote", "add", "origin", str(bare(tmp_path / "remote.git")))
    hooks = project / ".git/hooks"
    hooks.mkdir()
    for name in ("pre-push", "reference-transaction", "post-index-change"):
        (hooks / name).symlink_to(program)
    with (project / ".git/config").open("a") as stream:
        stream.write(
            f"[core]\nsshCommand = {program}\nfsmonitor = {program}\naskPass = {program}\n"
            f"gitProxy = {program}\nhooksPath = {hooks}\n"
            f"[credential]\nhelper = {program}\n[gpg]\nprogram = {program}\n"
            f"[commit]\ngpgSign = true\n[push]\ngpgSign = true\n[gc]\nauto = 1\n"
            f'[filter "evil"]\nclean = {program}\n[diff]\nexternal = {program}\n'
            f'[remote "origin"]\nreceivepack = {program}\nuploadpack = {program}\n'
            f'[remote "evil"]\nurl = ext::{program}\nvcs = evil\n'
            f"[protocol]\nallow = always\n"
        )
    (project / ".gitattributes").write_text("* filter=evil\n")
    return mark


def test_nothing_of_it_is_run(project, trapped, tmp_path):
    done = send(project, site(project / "site", {"a.py": "a\r\n"}))

    assert not trapped.exists()
    assert published(tmp_path / "remote.git")["a.py"] == b"a\r\n"
    assert done.commit


@pytest.mark.parametrize(
    "name", ["evil", "--upload-pack=touch x", "-x/y", "ssh://-oProxyCommand=x/y"]
)
def test_a_remote_that_is_an_option_or_a_program_is_refused(project, trapped, name):
    with pytest.raises(UserError):
        send(project, site(project / "site", {}), remote=name)

    assert not trapped.exists()


def test_headers_that_the_repository_sends_are_in_no_command_line(project, trapped, monkeypatch):
    from staticrun.git.remote import remote

    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.name")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "Ada")
    sh(project, "config", "http.https://example.org/.extraheader", "AUTHORIZATION: basic x")

    variables = remote(project, "origin").variables

    assert variables["GIT_CONFIG_COUNT"] == "2"
    assert variables["GIT_CONFIG_KEY_1"] == "http.https://example.org/.extraheader"
    assert variables["GIT_CONFIG_VALUE_1"] == "AUTHORIZATION: basic x"


@pytest.mark.parametrize("name", ["a\nb.txt", "a\\b.txt", "a\u202eb.txt"])
def test_a_file_whose_name_could_not_stand_in_an_address_is_refused(project, trapped, name):
    built = site(project / "site", {})
    (built / name).write_text("x")

    with pytest.raises(UserError, match="cannot be published"):
        send(project, built)


def test_a_folder_of_gits_own_in_a_site_stays_out(project, trapped, tmp_path):
    built = site(project / "site", {"a/.git/config": "x", "b/.GIT/hooks/x": "x", "c.txt": "c"})

    send(project, built)

    assert {url for url in published(tmp_path / "remote.git") if "/" in url} == set()
