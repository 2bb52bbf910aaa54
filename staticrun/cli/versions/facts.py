"""A site version in words and as JSON, the same in every verb."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staticrun.receipts import Receipt


def facts(receipt: Receipt, aliases: tuple[str, ...] = ()) -> dict[str, object]:
    """Give what is known of a version as JSON."""
    return {
        "name": receipt.name,
        "aliases": list(aliases),
        "time": receipt.time,
        "commit": receipt.commit,
        "rebuildable": receipt.rebuildable,
        "runs": len(receipt.runs),
        "files": len(receipt.urls()),
        "tools": receipt.tools,
        "root": receipt.root,
    }


def sentence(receipt: Receipt) -> str:
    """Say what a version is in one line."""
    of = f"commit {receipt.commit[:12]}" if receipt.commit else "no commit"
    if not receipt.rebuildable:
        of += ", not rebuildable: not all of it is in the commit"
    return f"Version {receipt.name}: {len(receipt.runs)} runs, {of}, root {receipt.root[:12]}."


def when(receipt: Receipt) -> str:
    """Say when the commit, or the newest record, of a version was made."""
    from staticrun.pages import format as fmt

    return fmt.date(receipt.time)
