"""Immutable objects."""

import pytest

from staticrun.pages.objects import Objects


def test_an_object_is_named_by_its_content(tmp_path):
    objects = Objects(tmp_path)

    url = objects.put(b"hello", "txt")

    assert "o/2c/f24dba5fb0a30e26e83b2ac5b9e29e1b.txt" == url
    assert b"hello" == (tmp_path / url).read_bytes()
    assert {url} == objects.used


def test_an_object_is_written_once(tmp_path):
    url = Objects(tmp_path).put(b"hello", "txt")
    before = (tmp_path / url).stat()

    Objects(tmp_path).put(b"hello", "txt")

    assert before == (tmp_path / url).stat()


@pytest.mark.parametrize("extension", ["html", "js", "xhtml", "svgz", "", "txt/../../x"])
def test_what_a_browser_may_run_is_refused(tmp_path, extension):
    with pytest.raises(ValueError, match="inert"):
        Objects(tmp_path).put(b"", extension)
