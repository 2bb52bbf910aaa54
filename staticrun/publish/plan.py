"""What a publication makes of a target: pure, from what the site has and what is there.

Everything of the site goes out. What is there and is not the site's stays where it belongs to
somebody: files that no publication of ours wrote, publications at addresses below this one (the
previews of pull requests), and site versions that this site's folder lacks. Of what the last
publication had and this one has not, objects, script and styles stay for one more, because
browsers and hosts still give out pages of that one for some minutes. The rest goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from staticrun import layout, receipts, version_list
from staticrun.errors import UserError
from staticrun.publish import mark, prune
from staticrun.publish.mark import Mark
from staticrun.publish.missing import missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from staticrun.config import Config
    from staticrun.publish.place import Place
    from staticrun.publish.prune import Verdict
    from staticrun.receipts import Receipt

# Says to GitHub Pages that names may begin with `_`; an empty file, whoever wrote it.
_HOST = ".nojekyll"


class Plan(NamedTuple):
    """What a target is to hold.

    Attributes:
        files: URL at the target → a file of the site, bytes, or None for what is there and stays.
        grace: URLs that are there and go without being missed.
        versions: Names of the versions that are published.
        taken: Those of them that only the target has.
        dropped: Versions that were there and go, with the reason.
    """

    files: dict[str, Path | bytes | None]
    grace: frozenset[str] = frozenset()
    versions: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    dropped: tuple[Verdict, ...] = ()


class Below:
    """What a target has below an address, without the publications that lie below that one.

    Args:
        place: The target.
        under: The address, without slashes around it; empty for the top.
    """

    def __init__(self, place: Place, under: str) -> None:
        self.prefix = f"{under}/" if under else ""
        cut = len(self.prefix)
        urls = [url[cut:] for url in place.sizes if url.startswith(self.prefix)]
        end = f"/{mark.NAME}"
        others = tuple(f"{url.removesuffix(end)}/" for url in urls if url.endswith(end))
        self.urls = {url for url in urls if not url.startswith(others)}
        self._place = place
        where = f"{self.prefix}{mark.NAME}"
        self.mark = mark.parse(self.read(mark.NAME), where) if mark.NAME in self.urls else None

    def read(self, url: str) -> bytes:
        """Read a file."""
        return next(iter(self._place.read([f"{self.prefix}{url}"])))

    def receipts(self) -> dict[str, Receipt]:
        """Read the receipts of all versions that are whole: name → receipt."""
        end = f"/{receipts.NAME}"
        urls = sorted(url for url in self.urls if url.startswith("v/") and url.endswith(end))
        found = {}
        data = self._place.read([f"{self.prefix}{url}" for url in urls])
        for url, body in zip(urls, data, strict=True):
            name = url.split("/")[1]
            try:
                receipt = receipts.parse(body, name)
            except (ValueError, msgspec.MsgspecError):
                continue
            if url == f"{layout.version_url(name)}{end}" and receipt.urls() <= self.urls:
                found[name] = receipt
        return found

    def aliases(self) -> dict[str, tuple[str, ...]]:
        """Read the aliases of the versions: name → further names, those that can be ones."""
        if version_list.TWIN not in self.urls:
            return {}
        try:
            listed = msgspec.json.decode(self.read(version_list.TWIN), type=version_list.Versions)
        except msgspec.MsgspecError:
            return {}
        return {
            one.name: tuple(alias for alias in one.aliases if layout.url_segment(alias) == alias)
            for one in listed.versions
        }


def make(
    site: Mapping[str, Path],
    own: Iterable[Receipt],
    place: Place,
    settings: Config,
    under: str = "",
    without: Iterable[str] = (),
) -> Plan:
    """Plan a publication.

    Args:
        site: URL → path of every file of the site.
        own: Receipts of the versions in the site's folder.
        place: What is at the target.
        settings: The project's.
        under: Address below the target that the site gets, such as `pr/7`.
        without: Names of versions that are not published.

    Raises:
        UserError: When the target holds files of others at the names of the site, has another
            version of the same name, or a version that staticrun.yaml lists is nowhere.
    """
    there = Below(place, under)
    _refuse_strangers(there, site, under)
    mine = {one.name: one for one in own if one.name not in {*without}}
    theirs = {name: one for name, one in there.receipts().items() if name not in {*without}}
    _refuse_others(mine, theirs)
    taken = {name: one for name, one in theirs.items() if name not in mine}
    aliases = _aliases(settings, there, {**theirs, **mine})
    verdicts = prune.decide([*mine.values(), *taken.values()], aliases, settings.publish.keep)
    dropped = [
        one
        for one in verdicts
        if not one.kept and one.name in taken and one.name not in settings.versions
    ]
    for one in dropped:
        del taken[one.name]
    if not under:
        lost = settings.versions.keys() - taken.keys() - mine.keys() - {*without}
        if lost:
            raise missing(settings, dict.fromkeys(lost, "the target does not have it"))
    found = _files(site, mine, taken)
    known = sorted([*mine.values(), *taken.values()], key=lambda one: (one.time or 0, one.name))
    found |= version_list.redirects(known, aliases) | version_list.spell(known, aliases)
    before, ours = (there.mark.before, there.mark.names) if there.mark else ((), ())
    tops = {url: url.partition("/")[0] for url in there.urls}
    late = {url for url in tops if tops[url] in ours and _is_shared(url)}
    late -= {*before, *found}
    names = {url.partition("/")[0] for url in (*found, *late, mark.NAME)}
    foreign = {url: None for url in tops if tops[url] not in {*names, *ours}}
    said = Mark(
        mark.FORMAT, tuple(sorted(names)), tuple(sorted(taken | mine)), tuple(sorted(late))
    )
    found |= {**dict.fromkeys(late), mark.NAME: mark.spell(said)}
    placed = {f"{there.prefix}{url}": source for url, source in {**foreign, **found}.items()}
    inside = {f"{there.prefix}{url}" for url in there.urls}
    outside = {url: None for url in place.sizes if url not in inside}
    # Hosts look for it at the top, wherever the site itself is.
    host = {} if _HOST in place.sizes else {_HOST: b""}
    return Plan(
        {**host, **outside, **placed},
        frozenset(f"{there.prefix}{url}" for url in before),
        said.versions,
        tuple(sorted(taken)),
        tuple(dropped),
    )


def remove(place: Place, under: str) -> Plan:
    """Plan to take a publication away, with all that lies below its address."""
    kept = {url: None for url in place.sizes if not url.startswith(f"{under}/")}
    return Plan(dict(kept))


def sizes(plan: Plan, place: Place) -> dict[str, int]:
    """Measure what a target holds then: URL → bytes."""
    return {url: _size(source, place.sizes.get(url, 0)) for url, source in plan.files.items()}


def _size(source: Path | bytes | None, there: int) -> int:
    if source is None:
        return there
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def _files(
    site: Mapping[str, Path], mine: Mapping[str, Receipt], taken: Mapping[str, Receipt]
) -> dict[str, Path | bytes | None]:
    """Join the site's files with those of versions that the target has."""
    folders = tuple(f"{layout.version_url(name)}/" for name in mine)
    found: dict[str, Path | bytes | None] = {
        url: path
        for url, path in site.items()
        if not url.startswith("v/") or url.startswith(folders)
    }
    for receipt in taken.values():
        for url in receipt.urls() - found.keys():
            found[url] = None
    for receipt in taken.values():
        for url, to in receipt.places().items():
            if url not in found:  # a page that is in a version, and not in the newest state
                found[url] = version_list.lead(url, to, receipt.name)
    return found


def _is_shared(url: str) -> bool:
    return url.startswith(("o/", "app.", "app-"))


def _aliases(
    settings: Config, there: Below, known: Mapping[str, Receipt]
) -> dict[str, tuple[str, ...]]:
    """Join the aliases of staticrun.yaml with those of versions that only the target knows."""
    found = {name: one.aliases for name, one in settings.versions.items() if name in known}
    used = {alias for aliases in found.values() for alias in aliases} | known.keys()
    for name, aliases in there.aliases().items():
        if name in known and name not in settings.versions:
            found[name] = tuple(alias for alias in aliases if alias not in used)
            used |= {*found[name]}
    return found


def _refuse_strangers(there: Below, site: Mapping[str, Path], under: str) -> None:
    if there.mark is not None:
        return
    tops = {url.partition("/")[0] for url in site} - {_HOST}
    strange = sorted(url for url in there.urls if url.partition("/")[0] in tops)
    if strange:
        raise UserError(
            strange[0] if not under else f"{under}/{strange[0]}",
            "is at the target, and staticrun did not put it there",
            "an empty target, or one that staticrun publishes to",
            "another target: --to branch:NAME, or an address below it: --under NAME",
        )


def _refuse_others(mine: Mapping[str, Receipt], theirs: Mapping[str, Receipt]) -> None:
    for name in sorted(mine.keys() & theirs.keys()):
        if mine[name].root != theirs[name].root:
            raise UserError(
                f"v/{name}/",
                f"the version {name!r} is published with another content",
                f"the root {theirs[name].root[:12]}, not {mine[name].root[:12]}",
                f"build it under another name: a version never changes; or take the published"
                f" one away first: staticrun publish --without {name}",
            )
