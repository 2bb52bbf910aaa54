"""Publishing a built site: from a folder of files to a target, whatever its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from staticrun import git, receipts
from staticrun.errors import UserError
from staticrun.publish import branch, budget, folder, plan, site
from staticrun.publish.place import target

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.config import Config
    from staticrun.errors import Finding
    from staticrun.publish.order import Order
    from staticrun.publish.place import Place
    from staticrun.publish.prune import Verdict


class Published(NamedTuple):
    """What became of a publication.

    Attributes:
        target: Where, as in `publish.target`.
        commit: Of a branch: what it is at now.
        written: How many files changed.
        removed: How many files went.
        bytes: Size of all that is published at the target.
        versions: Names of the site versions that are published.
        taken: Those of them that only the target has.
        dropped: Versions that were there and went, with the reason.
        findings: Warnings.
    """

    target: str
    commit: str | None
    written: int
    removed: int
    bytes: int
    versions: tuple[str, ...]
    taken: tuple[str, ...]
    dropped: tuple[Verdict, ...]
    findings: tuple[Finding, ...]


def publish(built: Path, settings: Config, order: Order) -> Published:
    """Publish a built site.

    Args:
        built: The site's folder. It is read alone.
        settings: The project's.
        order: What is to be published where.

    Raises:
        UsageError: When the order is wrong.
        UserError: When the target cannot be reached or refuses, holds other things than a site of
            staticrun, lacks a version that staticrun.yaml lists, or the site is over its budget.
            What is published is then as it was.
    """
    order.check()
    to = target(order.to or settings.publish.target)
    own = [] if order.remove else receipts.every(built)
    listed = {} if order.remove else site.listed(built)
    found: list[Finding] = []
    size = 0

    def make(place: Place) -> plan.Plan:
        nonlocal size
        if order.remove:
            made = plan.remove(place, order.under)
        else:
            made = plan.make(listed, own, place, settings, order.under, order.without)
        sizes = plan.sizes(made, place)
        size = sum(sizes.values())
        found[:] = budget.findings(sizes, settings, str(to))
        _refuse(found)
        return made

    if to.kind == "branch":
        subject = _subject(settings, order)
        done = branch.push(settings.root, to.name, make, order, subject)
    else:
        done = folder.copy(settings.root / to.name, built, make, dry_run=order.dry_run)
    return Published(
        target=str(to),
        commit=done.commit,
        written=done.written,
        removed=done.removed,
        bytes=size,
        versions=done.plan.versions,
        taken=done.plan.taken,
        dropped=done.plan.dropped,
        findings=tuple(found),
    )


def _refuse(found: list[Finding]) -> None:
    over = next((one for one in found if one.level == "error"), None)
    if over is not None:
        raise UserError.of(over)


def _subject(settings: Config, order: Order) -> str:
    name = " ".join((settings.project.name or settings.root.name).split())[:40]
    commit = git.head(settings.root)
    verb = "Remove" if order.remove else "Publish"
    at = f" at {commit[:12]}" if commit and not order.remove else ""
    return f"{verb} {f'{order.under} of ' if order.under else ''}{name}{at}"
