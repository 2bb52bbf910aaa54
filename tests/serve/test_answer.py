"""Which file a request means, and which part of it."""

from __future__ import annotations

import pytest

from staticrun.serve import answer


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("/", "index.html"),
        ("/runs/a/", "runs/a/index.html"),
        ("/runs/a%20b/index.html?x=1", "runs/a b/index.html"),
        ("/o/ab/1.js", "o/ab/1.js"),
    ],
)
def test_a_path_names_a_url(target, url):
    assert answer.url_of(target) == url


@pytest.mark.parametrize(
    "target",
    [
        "/../secret",
        "/o/../../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/o/%2e%2e%2f%2e%2e%2fsecret",
        "/..\\secret",
        "/%5c..%5csecret",
        "/.git/config",
        "/runs/.hidden/index.html",
        "/%00",
        "/a%0d%0aSet-Cookie:x",
        "//evil.example/",
        "/%ff",
        "http://evil.example/../secret",
        "//[",
        "",
        "*",
    ],
)
def test_what_leads_out_of_the_site_or_to_hidden_files_is_no_url(target):
    assert answer.url_of(target) is None


def test_a_link_out_of_the_site_is_no_file(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (tmp_path / "secret").write_text("no")
    (site / "link.txt").symlink_to(tmp_path / "secret")
    (site / "own.txt").write_text("yes")

    assert answer.file_of(site, "link.txt") is None
    assert answer.file_of(site, "own.txt") == site / "own.txt"
    assert answer.file_of(site, "") is None
    assert answer.file_of(site, "a" * 5000) is None


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-3", range(4)),
        ("bytes=5-", range(5, 10)),
        ("bytes=-4", range(6, 10)),
        ("bytes=-99", range(10)),
        ("bytes=8-99", range(8, 10)),
        ("bytes=10-", range(10, 10)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("lines=0-1", None),
        (None, None),
    ],
)
def test_a_range_is_cut_to_the_file(header, part):
    assert answer.part_of(header, 10) == part


def test_what_is_unknown_has_no_meaning():
    assert answer.type_of("o/aa/1.exe") == "application/octet-stream"
    assert answer.type_of("app.js") == "text/javascript; charset=utf-8"
    assert answer.type_of("index.html") == "text/html; charset=utf-8"
