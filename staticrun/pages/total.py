"""Which artifacts stay out of the site so that those that enter have at most `artifacts.total`.

Decided for all runs together before any page is made, by what the files hold and nothing else:
the smallest enter first, so that one large file does not keep a hundred previews out. Files with
the same bytes are one object and count once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.errors import Finding
from staticrun.pages import format as fmt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from staticrun.pages.context import Context
    from staticrun.store.run import Run


def beyond(
    context: Context, runs: Iterable[Run]
) -> tuple[dict[str, tuple[str, ...]], list[Finding]]:
    """Choose the artifacts that do not enter.

    Args:
        context: The project; without an `artifacts.total` nothing is looked at.
        runs: All runs.

    Returns:
        Key of a run → paths of its artifacts, as recorded, that stay out; and a note that says
        how much that is.
    """
    limits = context.config.artifacts
    if limits.total is None:
        return {}, []
    from staticrun.pages import previews
    from staticrun.pages.views.run_artifacts import listed

    # Bytes, digest and extension of an object → the artifacts that would be it.
    wanted: dict[tuple[int, str, str], list[tuple[str, str]]] = {}
    for run in runs:
        for entry in listed(run):
            found = previews.find(run.folder, entry, context.store.file_digest)
            path, size = found.path, found.size
            if path is None or size is None or size > limits.max or path.is_dir():
                continue
            one = (size, found.digest, path.suffix.lower())
            wanted.setdefault(one, []).append((run.key, entry.path or ""))
    sum_in = sum_all = count = 0
    left_out: dict[str, list[str]] = {}
    for one in sorted(wanted):
        sum_all += one[0]
        if sum_all <= limits.total:
            sum_in = sum_all
            continue
        count += len(wanted[one])
        for key, recorded in wanted[one]:
            left_out.setdefault(key, []).append(recorded)
    if not left_out:
        return {}, []
    note = Finding(
        f"{layout.CONFIG}: artifacts.total",
        f"{fmt.plural(count, 'artifact')} with {sum_all - sum_in} bytes left out of the site, "
        f"because all together have {sum_all}",
        f"at most {limits.total} bytes",
        f"set artifacts.total to {sum_all} or more, or artifacts.max lower",
        level="note",
    )
    return {key: tuple(sorted(paths)) for key, paths in left_out.items()}, [note]
