"""Every link of a built site leads somewhere: files exist, fragments are ids."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from staticrun.errors import Finding

if TYPE_CHECKING:
    from pathlib import Path

_LINKING = {"href", "src", "poster", "data"}
_CSS_URL = re.compile(rb"url\(\s*['\"]?([^'\")]+)")


class _Page(HTMLParser):
    """Collects the ids of a page, and its links with the lines where they stand."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[tuple[int, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            elif name in _LINKING and value is not None and tag != "base":
                self.links.append((self.getpos()[0], value))
            elif name == "srcset" and value:
                self.links += [(self.getpos()[0], part.split()[0]) for part in value.split(",")]


def check(site: Path) -> list[Finding]:
    """Check all links of all pages and style sheets that stay inside the site.

    Returns:
        A finding for each link that leads nowhere or out of the site, sorted.
    """
    pages = {
        path.relative_to(site).as_posix(): _Page(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }
    present = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    findings = []
    for url, page in pages.items():
        for line, link in page.links:
            problem = _problem(url, link, pages, present)
            if problem:
                findings.append(Finding(f"{url}:{line}", f"the link {link!r} {problem}"))
    for path in site.glob("app.*.css"):
        for match in _CSS_URL.finditer(path.read_bytes()):
            link = match[1].decode()
            if not link.startswith("data:") and _resolve(path.name, link) not in present:
                findings.append(Finding(path.name, f"the link {link!r} leads to no file"))
    return sorted(findings)


def _problem(url: str, link: str, pages: dict[str, _Page], present: set[str]) -> str:
    parts = urlsplit(link)
    if parts.scheme in ("http", "https", "mailto", "data"):
        return ""
    if parts.scheme or parts.netloc:
        return f"has the scheme {parts.scheme!r}"
    if parts.path.startswith("/"):
        return "begins at the host's root, which may not be the site's"
    target = _resolve(url, unquote(parts.path)) if parts.path else url
    if target is None:
        return "leaves the site"
    if target not in present:
        return "leads to no file"
    fragment = unquote(parts.fragment)
    if fragment.startswith("v="):  # as a part of a version
        manifest = f"v/{fragment.removeprefix('v=')}/manifest.js"
        return "" if manifest in present else f"names a version without {manifest}"
    if fragment and target in pages and fragment not in pages[target].ids:
        return f"names no id of {target}"
    return ""


def _resolve(url: str, path: str) -> str | None:
    parts = url.split("/")[:-1]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
