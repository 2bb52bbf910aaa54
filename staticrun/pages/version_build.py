"""Making a site version: from the work tree, or from a commit without touching the work tree."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

from staticrun import config, files, git, layout, receipts
from staticrun.config.edit import set_version
from staticrun.errors import UserError
from staticrun.pages import output
from staticrun.pages.build import build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from staticrun.pages.build import Built, Progress
    from staticrun.receipts import Receipt


def build_version(
    root: Path,
    name: str,
    *,
    ref: str | None = None,
    out: Path | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[Built, Receipt]:
    """Build a project's site with its newest state, and a version of it.

    Args:
        root: The project's folder.
        name: The version's name.
        ref: The commit, branch or tag whose files the version shows; the work tree when None.
        out: Where the site goes; `site/` of the project when None.
        jobs: As in `build`.
        progress: As in `build`.

    Raises:
        UserError: When the name is none or taken, or there is no such ref; and as `build`.
    """
    site = (out or root / layout.SITE).absolute()
    _check(root, site, name)
    if ref is not None:
        with built_commit(root, name, ref, jobs=jobs, progress=progress) as (made, place):
            receipts.refuse_another(site, made)
            with output.lock(root / layout.CACHE):
                files.write_if_different(
                    site / output.MARK, b""
                )  # it may be the first to be there
                receipts.copy(made, place, site)
    else:
        build(root, out=out, jobs=jobs, progress=progress, version=name)
    # Once more, for the pages that lead to it.
    built = build(root, out=out, jobs=jobs, progress=progress)
    receipt = receipts.read(site, name)
    record(root, receipt)
    return built, receipt


def record(root: Path, receipt: Receipt) -> None:
    """Write a version's line into staticrun.yaml, which git keeps.

    Raises:
        UserError: When the file cannot be changed where it stands.
    """
    known = config.load(root)[0].versions.get(receipt.name)
    aliases = known.aliases if known else ()
    tool = receipt.tools["staticrun"]
    set_version(root, receipt.name, config.Version(receipt.commit, receipt.root, tool, aliases))


def _check(root: Path, site: Path, name: str) -> None:
    receipts.check_name(name)
    known = config.load(root)[0].versions
    for other, version in known.items():
        if name in version.aliases:
            raise UserError(
                layout.CONFIG,
                f"{name!r} is an alias of the version {other!r}",
                "a name that is free",
                f"staticrun versions alias --remove {name}",
            )
    output.check_folder(site)


@contextlib.contextmanager
def built_commit(
    root: Path,
    name: str,
    ref: str,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[Receipt, Path]]:
    """Build a version from a commit's files, in the cache, and take them away at the end.

    Args:
        root: The project's folder.
        name: The version's name.
        ref: The commit, branch or tag.
        jobs: As in `build`.
        progress: As in `build`.

    Yields:
        The version's receipt, and the folder of the site that holds it.

    Raises:
        UserError: When there is no such ref; and as `build`.
    """
    place = root / layout.CACHE / "at"
    shutil.rmtree(place, ignore_errors=True)
    try:
        commit = git.extract(root, ref, place)
        # What may be shown is decided today, not by the commit.
        privacy = config.load(root)[0].privacy
        build(
            place, jobs=jobs, progress=progress, version=name, at=(commit, root), privacy=privacy
        )
        yield receipts.read(place / layout.SITE, name), place / layout.SITE
    finally:
        shutil.rmtree(place, ignore_errors=True)
