"""A site version: the newest state, frozen.

The run pages of a version are objects, shared with every version in which they are the same; its
entry pages stand in `v/NAME/`; `manifest.js` maps its runs to their pages for the script, and
`receipt.json` names every file that it needs. What did not change between two versions is one
file, so that a version costs its difference.

A page was rendered with a placeholder before every address, so that what leads to another page is
known from what leads to a file: an entry page of a version leads to the run pages and the entry
pages of its own version, with a script or without. A run page belongs to many versions and leads
to the newest state, unless it was opened as a part of one (`o/HH/HASH.html#v=NAME`): then the
script leads to that one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from staticrun import files, git, layout, receipts, version_list
from staticrun.config import same_site
from staticrun.pages.render import ROOT, place
from staticrun.receipts import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from staticrun.config import Config
    from staticrun.pages.context import Context
    from staticrun.pages.work import Made

_ADDRESS = re.compile(rf'{ROOT}([^"#?\s]*)(#[^"\s]*)?'.encode())
_PREFIX, _SUFFIX = "runs/", "/index.html"


def describe(context: Context, tools: Mapping[str, str], at: str | None = None) -> Receipt:
    """Say what the project's state is made of; no files and no name yet.

    Args:
        context: The project.
        tools: Name of each tool → its version.
        at: The commit whose files the project's folder holds, where it is not a work tree.
    """
    config, runs = context.config, list(context.store.runs(archived=True))
    commit = at or git.head(config.root)
    whole = at is not None or (commit is not None and _is_committed(config, commit))
    if context.registered is not None and context.registered.history.truncated:
        whole = False  # a whole clone tells more of the registry
    times = [run.last_record for run in runs if run.last_record is not None]
    return Receipt(
        format=receipts.FORMAT,
        name="",
        time=(git.commit_time(config.root, commit) if commit else None)
        or max(times, default=None),
        commit=commit,
        rebuildable=whole,
        tools=dict(sorted(tools.items())),
        inputs=dict(sorted(_inputs(config, {run.key: run.digest for run in runs}).items())),
        runs={},
        entries={},
        objects=(),
        root="",
    )


def _is_committed(config: Config, commit: str) -> bool:
    """Say whether a commit has all that the site is made from, as it is now."""
    folders = (*config.runs, layout.REGISTRY, layout.REPORTS, layout.THEMES)
    if config.logs or not git.unchanged(config.root, folders):
        return False
    # The line that a version before this one added makes no other site.
    path = config.root / layout.CONFIG
    now = path.read_bytes() if path.is_file() else b""
    then = git.blob(config.root, commit, layout.CONFIG) or b""
    return same_site(now, then)


def _inputs(config: Config, runs: Mapping[str, str]) -> dict[str, str]:
    root = config.root
    paths = [root / layout.CONFIG]
    for folder in (layout.REGISTRY, layout.REPORTS, layout.THEMES):
        paths += (root / folder).rglob("*")
    for folder in config.runs:
        paths += (root / folder).rglob(layout.EXPERIMENT_CONFIG)
    found = {
        path.relative_to(root).as_posix(): files.sha256_file(path)[0]
        for path in paths
        if path.is_file() and files.inside(root, path)
    }
    return found | dict(runs)


def freeze(
    site: Path,
    of: Receipt,
    pages: Iterable[tuple[str, str, Made]],
    common: set[str],
    beside: Mapping[str, bytes],
) -> Receipt:
    """Write a version into a site; its receipt last, so that a version without one is none.

    Args:
        site: The site's folder.
        of: What it is made of, with its name.
        pages: Kind, subject and the page itself, made anew (with its body), for all pages.
        common: URLs of the files that every page needs, and of the objects that entries name.
        beside: Further files that stand beside the entry pages, such as `runs.js`.

    Returns:
        The receipt, as it was written.

    Raises:
        UserError: When the site has another version of that name, which is not touched.
    """
    from staticrun import script
    from staticrun.pages.data.types import FORMAT, Manifest

    made = [(kind, subject, page) for kind, subject, page in pages if kind != "missing"]
    objects = common.union(*(page.objects for _, _, page in made))
    runs: dict[str, str] = {}
    moved: dict[str, str] = {}
    placed: dict[str, bytes] = {}
    for kind, subject, page in made:
        if kind == "run":
            body = place(
                page.body or b"", "../../", note=_OF_SOME.format(newest=f"{ROOT}{page.url}")
            )
            url = layout.object_url(files.sha256(body), "html")
            runs[subject] = moved[page.url] = url
            placed[url] = body
    own = {page.url for kind, _, page in made if kind != "run"}
    entries = {
        page.url: _place(page.body or b"", of.name, page.url, own, moved)
        for kind, _, page in made
        if kind != "run"
    }
    short = {
        url.removeprefix(_PREFIX).removesuffix(_SUFFIX): to[2:4] + to[5:37]
        for url, to in moved.items()
    }
    manifest = Manifest(FORMAT, of.name, tuple(sorted(own)), dict(sorted(short.items())))
    folder = layout.version_url(of.name)
    entries |= {**beside, "manifest.js": script.spell(f"{folder}/manifest.js", manifest)}
    digests = {url: files.sha256(entries[url]) for url in sorted(entries)}
    receipt = msgspec.structs.replace(
        of,
        runs=dict(sorted(runs.items())),
        entries=digests,
        objects=tuple(sorted(objects)),
        root=receipts.root_digest(digests, {*objects, *runs.values()}),
    )
    receipts.refuse_another(site, receipt)
    for url, data in placed.items():
        files.write_if_different(site / url, data)
    for url, data in entries.items():
        files.write_if_different(site / folder / url, data)
    files.write_if_different(site / folder / receipts.NAME, msgspec.json.encode(receipt))
    return receipt


def _place(body: bytes, name: str, url: str, entries: set[str], moved: Mapping[str, str]) -> bytes:
    """Put an entry page into its version: pages lead to pages of the version."""
    root = layout.root_prefix(f"{layout.version_url(name)}/{url}")
    entry = layout.root_prefix(url)

    def lead(match: re.Match[bytes]) -> bytes:
        to, behind = match[1].decode(), (match[2] or b"").decode()
        if to in moved:
            return f"{root}{moved[to]}#v={name}".encode()
        if to in entries:
            return f"{entry}{to}{behind}".encode()
        return f"{root}{to}{behind}".encode()

    note = _OF_ONE.format(name=name, newest=f"{root}{url}")
    return place(_ADDRESS.sub(lead, body), root, entry, note)


def lists(found: Sequence[Receipt], config: Config) -> dict[str, bytes]:
    """Spell what leads to the versions of a site: pages of aliases, and the list of versions."""
    aliases = {name: one.aliases for name, one in config.versions.items()}
    return version_list.redirects(found, aliases) | version_list.spell(found, aliases)


# Names of versions and URLs of pages are plain characters alone: see `receipts.parse`.
_OF_ONE = (
    '<p class="of-version" data-version="{name}"><b>Version {name}</b> of this site, as it was. '
    '<a href="{newest}">Newest state</a></p>'
)
# A run's page belongs to every version in which it is the same.
_OF_SOME = (
    '<p class="of-version"><b>A version</b> of this site, as it was.'
    '<noscript> Links lead to the newest state.</noscript> <a href="{newest}">Newest state</a></p>'
)
