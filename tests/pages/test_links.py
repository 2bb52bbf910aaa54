"""The check of a built site's links."""

from staticrun.pages import links


def site(tmp_path, **pages):
    for name, body in pages.items():
        path = tmp_path / name.replace("__", "/")
        path = path.with_suffix(".html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body)
    return tmp_path


def told(tmp_path, **pages):
    return [str(finding) for finding in links.check(site(tmp_path, **pages))]


def test_links_between_pages_and_to_ids_are_good(tmp_path):
    assert [] == told(
        tmp_path,
        index='<a href="a/b.html#x">b</a><a href="https://example.org">out</a><p id="top"></p>',
        a__b='<h1 id="x"><a href="../index.html#top">up</a><a href="#x">here</a></h1>',
    )


def test_every_kind_of_broken_link_is_named_with_its_line(tmp_path):
    body = "\n".join(
        f'<a href="{link}">x</a>'
        for link in ("gone.html", "#no", "../out.html", "javascript:alert(1)", "/abs", "a/")
    )
    assert [
        "index.html:1: the link 'gone.html' leads to no file.",
        "index.html:2: the link '#no' names no id of index.html.",
        "index.html:3: the link '../out.html' leaves the site.",
        "index.html:4: the link 'javascript:alert(1)' has the scheme 'javascript'.",
        "index.html:5: the link '/abs' begins at the host's root, which may not be the site's.",
        "index.html:6: the link 'a/' leads to no file.",
    ] == told(tmp_path, index=body)


def test_images_and_style_sheets_are_links_too(tmp_path):
    assert [
        "index.html:1: the link 'a.png' leads to no file.",
        "index.html:1: the link 'app.css' leads to no file.",
    ] == told(tmp_path, index='<link rel="stylesheet" href="app.css"><img src="a.png">')


def test_a_style_sheet_may_say_here_before_a_file(tmp_path):
    (tmp_path / "font.woff2").write_bytes(b"")
    css = "@font-face { src: url(./font.woff2) } b { background: url(./gone.png) }"
    (tmp_path / "app.0123.css").write_text(css)

    assert ["app.0123.css: the link './gone.png' leads to no file."] == told(tmp_path)
