"""`staticrun check`: every record, report, link and setting; all findings at once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click
import msgspec

from staticrun import layout
from staticrun.cli.terminal import json_option, print_findings, print_json, progress, root_option

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.config import Config
    from staticrun.errors import Finding


@click.command()
@root_option
@click.option("--bytes", "rehash", is_flag=True, help="Read every artifact's bytes again.")
@click.option("--notes", is_flag=True, help="Print notes too, not only errors and warnings.")
@json_option
def check(root: Path, rehash: bool, notes: bool, as_json: bool) -> None:
    """Tell everything that is wrong in a project.

    Records, settings, reports, the registry, pages and their links, and what must not go out:
    secrets and addresses of people. Exits with 1 when there is an error.
    """
    from staticrun import config, privacy
    from staticrun.pages import links
    from staticrun.pages.build import build

    # A site of its own in the cache: a check changes nothing that anybody looks at.
    out = root / layout.CACHE / "check"
    with progress(quiet=as_json) as tell:
        built = build(root, out=out, progress=tell)
        settings = config.load(root)[0]
        found: list[Finding] = [*built.findings, *links.check(out)]
        found += privacy.scan(settings, tell)
        found += _registry(settings)
        found += _size(settings, out)
        if rehash:
            found += _artifacts(settings)
    found.sort(key=lambda finding: (["error", "warning", "note"].index(finding.level), finding))
    counts = Counter[str](finding.level for finding in found)
    if as_json:
        rows = [msgspec.to_builtins(finding) for finding in found]
        print_json({"format": 1, "runs": built.runs, "counts": dict(counts), "findings": rows})
    else:
        told = [finding for finding in found if notes or finding.level != "note"]
        print_findings(told, everything=True)
        click.echo(
            f"{built.runs} runs and {sum(built.pages.values())} pages checked: "
            f"{_counted(counts, 'error')}, {_counted(counts, 'warning')}, "
            f"{_counted(counts, 'note')}."
        )
    if counts["error"]:
        click.get_current_context().exit(1)


def _registry(settings: Config) -> list[Finding]:
    from staticrun.registry.check import check as look
    from staticrun.registry.known import Known
    from staticrun.store.store import Store

    known = Known(settings.root)
    found = look(settings.root, Store.open(settings), known=known).findings
    known.save()
    return found


def _size(settings: Config, out: Path) -> list[Finding]:
    """Hold what a publication would have, versions of the built site included, to its budget."""
    from staticrun import receipts
    from staticrun.publish import budget

    sizes = {
        path.relative_to(out).as_posix(): path.stat().st_size
        for path in out.rglob("*")
        if path.is_file()
    }
    built = settings.root / layout.SITE
    for receipt in receipts.every(built):
        files = ((url, built / url) for url in receipt.urls())
        sizes.update({url: path.stat().st_size for url, path in files if path.is_file()})
    return budget.findings(sizes, settings, settings.publish.target)


def _counted(counts: Counter[str], level: str) -> str:
    return f"{counts[level]} {level}" + ("" if counts[level] == 1 else "s")


def _artifacts(settings: Config) -> list[Finding]:
    """Compare the bytes of every artifact with its record, whatever the cache says."""
    from staticrun import files
    from staticrun.errors import Finding
    from staticrun.store.store import Store

    store = Store.open(settings)
    findings = []
    for run in store.runs(archived=True):
        for artifact in run.artifacts:
            path = run.folder / (artifact.path or "")
            if not (artifact.path and artifact.sha256 and files.inside(run.folder, path)):
                continue
            if path.is_file() and files.sha256_file(path)[0] != artifact.sha256:
                shown = path.relative_to(settings.root).as_posix()
                findings.append(
                    Finding(shown, "its bytes changed since it was logged", artifact.sha256)
                )
    return findings
