"""The story of a build: read the project, plan the pages, make what changed, put it in place.

    runs/ ─▶ store ─▶ plan ─▶ views ─▶ render ─▶ stage ─▶ commit ─▶ sweep

Nothing in the site depends on a clock, a path, a locale, the number of workers or what was built
before: an incremental build leaves the bytes that a clean one leaves.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from staticrun import config, files, layout, receipts
from staticrun.pages import bundle, output, state, theme, versions
from staticrun.pages.context import Link, Site
from staticrun.pages.plan import Page, plan
from staticrun.pages.render import place
from staticrun.pages.work import Job, Maker, Setting, make_all
from staticrun.plots.style import load_style
from staticrun.privacy.store import open_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from staticrun.errors import Finding
    from staticrun.pages.context import Context
    from staticrun.pages.registered import Registered
    from staticrun.pages.work import Made
    from staticrun.privacy.rules import Rules
    from staticrun.store.store import Store

    # Called with what is being done, how much of it is done, and how much there is.
    Progress = Callable[[str, int, int], None]


# Whose versions may change the bytes of a page.
TOOLS = ("jinja2", "markdown-it-py", "matplotlib", "mdit-py-plugins", "numpy")
# The way to the browser's data, at the site's root; kept in the state beside the pages.
DATA = "runs.js"
# Files for programs that a version has, too, beside its list of runs.
FROZEN = ("registry.json",)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    Attributes:
        site: The site's folder.
        runs: Number of runs read.
        pages: Page kind → number of pages in the site.
        made: Number of pages that were made anew.
        written: URLs of the files whose bytes changed.
        removed: URLs of the files taken away.
        findings: What is wrong with the inputs, sorted.
    """

    site: Path
    runs: int
    pages: dict[str, int]
    made: int
    written: tuple[str, ...]
    removed: tuple[str, ...]
    findings: tuple[Finding, ...]


def build(
    root: Path,
    *,
    out: Path | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    version: str | None = None,
    at: tuple[str, Path] | None = None,
    privacy: config.Privacy | None = None,
    aside: Path | None = None,
) -> Built:
    """Build a project's site.

    Args:
        root: The project's folder.
        out: Where the site goes; `site/` of the project when None.
        jobs: Number of worker processes; one a core, at most 8, when None. The site is the same
            with any number.
        progress: Is told what is done.
        version: Freeze the new state under this name too.
        at: The commit whose files the folder holds, where it is not a work tree, and the folder
            of the project that has the commit.
        privacy: What holds instead of the `privacy` of the folder's staticrun.yaml.
        aside: As for `output.sweep`.

    Raises:
        UserError: When nothing can be built: no such theme, a folder that is not a site, a full
            disk, another build. The old site is then as it was.
    """
    tell = progress or (lambda _what, _done, _all: None)
    settings, found = config.load(root)
    if privacy is not None:
        settings = msgspec.structs.replace(settings, privacy=privacy)
    site = (out or root / layout.SITE).absolute()
    output.check_folder(site)
    with output.lock(root / layout.CACHE):
        try:
            workers = jobs or min(os.cpu_count() or 1, 8)
            return _build(settings, (site, aside), workers, tell, found, (version, at))
        except OSError as error:
            raise output.explain(error, site) from error


def _build(
    settings: config.Config,
    place_of: tuple[Path, Path | None],
    workers: int,
    tell: Progress,
    found: list[Finding],
    frozen_as: tuple[str | None, tuple[str, Path] | None],
) -> Built:
    (site, aside), (name, at) = place_of, frozen_as
    tell("reading runs", 0, 1)
    store, rules = open_private(settings)
    tell("reading runs", 1, 1)

    registered = _registered(settings, at)
    setting, base, common, tools = _setting(settings, site, rules, registered)
    context = Maker(setting, store).context()
    known, unreadable = receipts.scan(site)
    pages, collisions = plan(context, base, known)
    file = state.path(settings.root / layout.CACHE, site)
    before = state.load(file)
    # A version needs the body of every page, and so makes them all.
    todo = [Job(page, None) for page in pages] if name else _todo(pages, before, site)

    stage = output.Stage(settings.root / layout.CACHE / "stage")
    made: dict[str, Made] = {}
    try:
        for count, one in enumerate(make_all(setting, store, todo, workers), 1):
            made[one.url] = one
            if one.body is not None:
                stage.add(one.url, place(one.body, layout.root_prefix(one.url)))
            tell("making pages", count, len(todo))
        tell("writing", 0, 1)
        data = _data(site, context, pages, before, made)
        written = _commit(setting, stage, pages, common | (data or {}))
        if name and data is not None:
            beside = {url: data[url] for url in (DATA, *FROZEN) if url in data}
            frozen = [
                (one.kind, one.subject, made[one.url])
                for one in pages
                if one.kind not in ("gone", "versions")
            ]
            listed, shards = _runs_of_version(setting, store, name)
            needed = {*common, *context.objects.used, *shards}
            described = versions.describe(context, tools, at and at[0])
            of = msgspec.structs.replace(described, name=name)
            versions.freeze(site, of, frozen, needed, beside | listed)
            known = receipts.every(site)
        # What leads to versions comes last, so that nothing leads to what is not there.
        lists = versions.lists(known, settings)
        written += [
            url for url, data in lists.items() if files.write_if_different(site / url, data)
        ]
    finally:
        stage.drop()

    after = _states(pages, before, made, site)
    if data is None:
        after |= _data_states(before)
    else:
        used = tuple(sorted(context.objects.used))
        for url in data:
            objects = used if url == DATA else ()
            after[url] = state.PageState("", "", _signature(site / url), objects, (), ())
    keep = _keep(after, common).union(lists, *(one.urls() for one in known))
    # What an unreadable receipt needs is not known: nothing is taken away.
    removed = [] if unreadable else output.sweep(site, keep, aside)
    _prune_figures(settings.root / layout.CACHE / "figures", after)
    state.save(file, after)
    tell("writing", 1, 1)
    findings = {*found, *collisions, *unreadable, *store.findings}
    for left in after.values():
        findings.update(left.findings)
    return Built(
        site,
        len(store.keys()),
        dict(Counter(page.kind for page in pages)),
        len(todo),
        tuple(written),
        tuple(removed),
        tuple(sorted(findings)),
    )


def _registered(settings: config.Config, at: tuple[str, Path] | None) -> Registered | None:
    if not (settings.root / layout.REGISTRY).is_dir():
        return None
    from staticrun.pages import registered

    return registered.read(settings.root, *(at or ()))


def _setting(
    settings: config.Config, site: Path, rules: Rules, registered: Registered | None
) -> tuple[Setting, str, dict[str, bytes], dict[str, str]]:
    """Gather what every page depends on.

    Returns:
        The setting, its digest, the files that every page needs, and the versions of tools.
    """
    browser = bundle.load()
    style = theme.load(settings.root, settings.theme, browser.css)
    reports = _reports(settings.root / layout.REPORTS)
    nav = [Link("Experiments", "index.html#experiments"), Link("Compare", "compare/index.html")]
    if reports:
        nav.append(Link("Reports", "reports/index.html"))
    if registered is not None:
        nav.insert(2, Link("Registry", layout.REGISTRY_URL))
    name = settings.project.name or "Experiments"
    url = settings.project.url and layout.absolute(settings.project.url, "")
    facts = Site(name, url, tuple(nav), style.css_name, browser.script_name)
    code = _code_digest()
    tools = {tool: metadata.version(tool) for tool in TOOLS}
    render_base = files.sha256(repr([code, style.digest, tools, facts]).encode())
    plot_style = load_style(style.plot_style)
    # Which versions there are, where the site goes and what is accepted changes no page.
    privacy = msgspec.structs.replace(settings.privacy, accepted=())
    outside = {"root": Path(), "versions": {}, "publish": config.Publish(), "privacy": privacy}
    declared = msgspec.structs.replace(settings, **outside)
    said = f"{render_base} {plot_style.digest} {declared!r} {rules.users} {rules.hosts}"
    base = files.sha256(said.encode("utf-8", "surrogatepass"))
    own = metadata.version("staticrun")
    setting = Setting(
        settings, style, facts, reports, site, render_base, plot_style, own, rules, registered
    )
    common = {
        style.css_name: style.css,
        browser.script_name: browser.script,
        "app.licenses.txt": browser.licences,
        **browser.fonts,
    }
    return setting, base, common, {**tools, "staticrun": own}


def _code_digest() -> str:
    """Digest staticrun's own code: a new version of it makes every page again."""
    sources = sorted(Path(__file__).parents[1].rglob("*.py"))
    return files.sha256(b"\0".join(path.read_bytes() for path in sources))


def _reports(folder: Path) -> tuple[str, ...]:
    paths = (path for path in folder.rglob("*.md") if path.is_file())
    inside = (path for path in paths if files.inside(folder, path))
    return tuple(sorted(path.relative_to(folder).as_posix() for path in inside))


def _todo(pages: Iterable[Page], before: state.State, site: Path) -> list[Job]:
    """Pick the pages whose inputs changed, or whose files are not what the last build left."""
    objects = _objects(site)
    jobs = []
    for page in pages:
        old = before.get(page.url)
        if old is None or not _is_intact(old, site / page.url, objects):
            jobs.append(Job(page, None))
        elif old.inputs != page.inputs:
            jobs.append(Job(page, old.view))
    # Entry pages draw figures and take longest: first in the queue, last in the commit.
    return jobs[::-1]


def _objects(site: Path) -> set[str]:
    # Not by glob: it takes five times as long, and a site has more objects than runs.
    return {
        f"o/{folder.name}/{file.name}"
        for folder in _entries(site / "o")
        for file in _entries(folder)
        if file.is_file()
    }


def _entries(folder: Path | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _is_intact(old: state.PageState | None, path: Path, objects: set[str]) -> bool:
    return (
        old is not None and _signature(path) == old.signature and objects.issuperset(old.objects)
    )


def _data_states(before: state.State) -> state.State:
    """Give what the last build left of the data beside the pages: it has no inputs of its own."""
    return {url: left for url, left in before.items() if not left.inputs}


def _data(
    site: Path,
    context: Context,
    pages: Iterable[Page],
    before: state.State,
    made: dict[str, Made],
) -> dict[str, bytes] | None:
    """Write the shards; give `runs.js` and the files for programs, or None where all stand."""
    if not made and DATA in before:
        objects, left = _objects(site), _data_states(before)
        if all(_is_intact(left[url], site / url, objects) for url in left):
            return None
    from staticrun.pages import machine
    from staticrun.pages.data import shards

    found, pictures = {}, {}
    for page in pages:
        one = made.get(page.url) or before[page.url]
        if one.files is not None:
            found[page.subject] = one.files
        if one.picture:
            # Beside the page, where a comment that was written before may show it.
            url = f"{page.url.removesuffix('index.html')}{layout.AGAINST_FIGURE}"
            pictures[url] = (site / one.picture).read_bytes()
    listed = {DATA: shards.spell(shards.make(context, found))}
    return {**listed, **pictures, **machine.spell(context)}


def _runs_of_version(
    setting: Setting, store: Store, name: str
) -> tuple[dict[str, bytes], set[str]]:
    """Give the run list of a version, and the objects that it names and nothing else does."""
    from staticrun.pages.machine import runs
    from staticrun.published.shapes import LIST

    objects = Maker(setting, store).context().objects
    return {LIST: runs.of_version(name, store.runs(), objects)}, objects.used


def _commit(
    setting: Setting,
    stage: output.Stage,
    pages: list[Page],
    common: dict[str, bytes],
) -> list[str]:
    site = setting.out
    others = {
        output.MARK: b"",
        ".gitignore": b"*\n!.gitignore\n",
        **common,
    }
    written = [
        name for name, data in others.items() if files.write_if_different(site / name, data)
    ]
    return written + stage.commit(site, [page.url for page in pages])


def _states(
    pages: Iterable[Page], before: state.State, made: dict[str, Made], site: Path
) -> state.State:
    after: state.State = {}
    for page in pages:
        one = made.get(page.url)
        if one is None:
            after[page.url] = before[page.url]
            continue
        after[page.url] = state.PageState(
            one.inputs,
            one.view,
            _signature(site / page.url),
            one.objects,
            one.figures,
            one.findings,
            one.files,
            one.picture,
        )
    return after


def _keep(after: state.State, common: Iterable[str]) -> set[str]:
    keep = {*after, *common}
    for left in after.values():
        keep.update(left.objects)
    return keep


def _prune_figures(folder: Path, after: state.State) -> None:
    used = {name for left in after.values() for name in left.figures}
    for path in folder.glob("*/*"):
        if path.relative_to(folder).as_posix() not in used:
            path.unlink()


def _signature(path: Path) -> str:
    try:
        return files.signature(path.stat())
    except OSError:
        return ""
