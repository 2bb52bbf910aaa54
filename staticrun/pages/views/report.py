"""The page of a report: prose that a person wrote, with links into the project."""

from __future__ import annotations

import math
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import msgspec
from markupsafe import Markup

from staticrun import files, layout
from staticrun.errors import Finding, UserError, nearest
from staticrun.pages import format as fmt
from staticrun.pages import report_markdown
from staticrun.pages.render import ROOT
from staticrun.pages.report_markdown import Target
from staticrun.pages.views import front_matter

if TYPE_CHECKING:
    from staticrun.pages.context import Context

TEMPLATE = "report.html"
LIST_TEMPLATE = "reports.html"

# What a browser shows as a picture; SVG may hold scripts and is none.
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "webp", "avif", "bmp"})
_SCHEMES = ("run", "experiment", "comparison")


class SectionView(msgspec.Struct, frozen=True):
    """A part of a report: the heading stands in the margin, the text beside it."""

    anchor: str
    title: str
    body: Markup


class ReportView(msgspec.Struct, frozen=True):
    """All that a report's page shows.

    Attributes:
        path: Below `reports/`.
        title: The heading.
        description: A sentence below it; empty without one.
        intro: The text before the first heading; None where there is none.
        sections: The rest.
        cut: Whether the text was too long to be shown whole.
        findings: Links and pictures that lead nowhere, and what is wrong with the head.
    """

    path: str
    title: str
    description: str
    intro: Markup | None
    sections: tuple[SectionView, ...]
    cut: bool
    findings: tuple[Finding, ...]


class Listed(msgspec.Struct, frozen=True):
    """A report in a list."""

    title: str
    url: str
    description: str


class ReportsView(msgspec.Struct, frozen=True):
    """The list of reports, in the order that they ask for."""

    deck: str
    reports: tuple[Listed, ...]


def make(path: str, text: str, context: Context) -> ReportView:
    """Make the view of a report.

    Args:
        path: Below `reports/`.
        text: The whole file.
        context: The project.
    """
    shown = f"{layout.REPORTS}/{path}"
    parted = front_matter.read(text, shown)
    resolver = _Resolver(path, context)
    document = report_markdown.render(parted.body, resolver.link, resolver.image)
    anchors = document.anchors
    for anchor, line in resolver.own_anchors:
        if anchor not in anchors:
            resolver.tell(
                line, f"there is no heading with the anchor #{anchor}", nearest(anchor, anchors)
            )
    sections = document.sections
    intro = sections[0].body if sections and not sections[0].title else None
    return ReportView(
        path,
        parted.head.title or document.title or _title_of(path),
        parted.head.description or "",
        intro,
        tuple(
            SectionView(section.anchor, section.title, section.body)
            for section in sections
            if section.title
        ),
        document.cut,
        tuple(sorted({*parted.findings, *resolver.findings})),
    )


def make_list(context: Context) -> ReportsView:
    """Make the view of the list of reports."""
    reports = tuple(listed(context))
    return ReportsView(f"{fmt.plural(len(reports), 'report')}.", reports)


def listed(context: Context) -> list[Listed]:
    """List the reports by their `order`, those without one last, then by path."""
    found = []
    for path in context.reports:
        text = _read(path, context)
        if text is None:
            continue
        parted = front_matter.read(text, path)
        title = parted.head.title or report_markdown.title_of(parted.body) or _title_of(path)
        order = math.inf if parted.head.order is None else parted.head.order
        item = Listed(title, layout.report_url(path), parted.head.description or "")
        found.append(((order, files.natural_order(path), path), item))
    return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def _title_of(path: str) -> str:
    """Make a title of a file's name: the folder's for index.md."""
    pure = PurePosixPath(path)
    stem = pure.parent.name or "Reports" if pure.stem == "index" else pure.stem
    words = stem.replace("-", " ").replace("_", " ").strip() or stem
    return f"{words[:1].upper()}{words[1:]}"


def _read(path: str, context: Context) -> str | None:
    file = context.config.root / layout.REPORTS / path
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


class _Resolver:
    """Turns the addresses of one report into URLs, and keeps what leads nowhere.

    Args:
        path: The report's path below `reports/`.
        context: The project.
    """

    def __init__(self, path: str, context: Context) -> None:
        self._path, self._context = path, context
        self.findings: list[Finding] = []
        self.own_anchors: list[tuple[str, int]] = []
        self._anchors: dict[str, frozenset[str]] = {}

    def tell(self, line: int, what: str, try_: str = "", expected: str = "") -> None:
        """Note what is wrong with a line of the report."""
        where = f"{layout.REPORTS}/{self._path}:{line}"
        self.findings.append(Finding(where, what, expected, try_))

    def link(self, address: str, line: int) -> Target | None:
        """Resolve an address that does not lead outside."""
        scheme, colon, rest = address.partition(":")
        if colon and scheme in _SCHEMES:
            return self._named(scheme, unquote(rest), line)
        try:
            parts = urlsplit(address)
        except ValueError:
            parts = None
        if parts is None or parts.scheme or parts.netloc or parts.path.startswith("/"):
            self.tell(
                line,
                f"the link {address!r} is not shown",
                expected="http, https, mailto, run:KEY, experiment:NAME or a report's path",
            )
            return None
        if not parts.path:
            self.own_anchors.append((unquote(parts.fragment), line))
            return Target(f"#{parts.fragment}") if parts.fragment else None
        return self._report(unquote(parts.path), unquote(parts.fragment), address, line)

    def image(self, path: str, line: int) -> str | None:
        """Publish a picture that lies in `reports/`, and give its URL."""
        root = self._context.config.root / layout.REPORTS
        file = root / PurePosixPath(self._path).parent / unquote(path)
        extension = file.suffix.lower().removeprefix(".")
        if extension not in _PICTURES:
            self.tell(
                line,
                f"the picture {path!r} is not shown",
                expected=f"one of {', '.join(sorted(_PICTURES))}",
            )
            return None
        if not file.is_file() or not files.inside(root, file):
            self.tell(line, f"there is no picture {path!r} in {layout.REPORTS}/")
            return None
        try:
            return ROOT + self._context.objects.put_file(file, extension)
        except OSError as error:
            self.tell(line, f"the picture {path!r} cannot be read ({error.strerror})")
            return None

    def _named(self, scheme: str, name: str, line: int) -> Target | None:
        store = self._context.store
        if scheme == "run":
            try:
                key = store.find(name).key
            except UserError as error:
                problem = error.finding
                self.tell(line, f"there is no run {name!r}", problem.try_)
                return None
            return Target(ROOT + layout.run_url(key), key)
        known, url = (
            (store.experiments(), layout.experiment_url)
            if scheme == "experiment"
            else (self._context.config.comparisons, layout.comparison_url)
        )
        if name not in known:
            self.tell(line, f"there is no {scheme} {name!r}", nearest(name, known))
            return None
        return Target(ROOT + url(name))

    def _report(self, path: str, fragment: str, address: str, line: int) -> Target | None:
        steps: list[str] = list(PurePosixPath(self._path).parent.parts)
        for step in path.split("/"):
            if step == ".." and not steps:
                steps = [""]
                break
            if step == "..":
                steps.pop()
            elif step not in ("", "."):
                steps.append(step)
        target = "/".join(steps)
        if target not in self._context.reports:
            self.tell(
                line,
                f"the link {address!r} leads to no report",
                nearest(target, self._context.reports),
            )
            return None
        if not fragment:
            return Target(ROOT + layout.report_url(target))
        if target not in self._anchors:
            text = _read(target, self._context) or ""
            body = front_matter.read(text, target).body
            self._anchors[target] = report_markdown.anchors_of(body)
        if fragment not in self._anchors[target]:
            self.tell(
                line,
                f"{target} has no heading with the anchor #{fragment}",
                nearest(fragment, self._anchors[target]),
            )
            return Target(ROOT + layout.report_url(target))
        return Target(f"{ROOT}{layout.report_url(target)}#{fragment}")
