"""`staticrun build`: runs/ and reports/ become site/."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from staticrun.cli.terminal import json_option, print_findings, print_json, progress, root_option
from staticrun.cli.versions.facts import facts, sentence
from staticrun.errors import UsageError

if TYPE_CHECKING:
    from staticrun.pages.build import Built
    from staticrun.pages.sizes import Part


@click.command()
@root_option
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Where the site goes [site/]."
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), help="Worker processes [one a core, at most 8]."
)
@click.option("--version", "name", metavar="NAME", help="Freeze it as a site version, too.")
@click.option(
    "--at", "ref", metavar="REF", help="With --version: the commit, branch or tag that it shows."
)
@click.option("--strict", is_flag=True, help="Exit with 1 when an input has an error or warning.")
@click.option("--quiet", is_flag=True, help="Print findings only.")
@json_option
def build(
    *,
    root: Path,
    out: Path | None,
    jobs: int | None,
    name: str | None,
    ref: str | None,
    strict: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Build the site of a project.

    With --version the state is frozen under a name, at addresses that never change, and a line in
    staticrun.yaml makes git remember it. With --at the version shows the files of a commit; the
    work tree is not touched.
    """
    from staticrun.pages import sizes
    from staticrun.pages.build import build as build_site
    from staticrun.pages.version_build import build_version

    if ref and not name:
        raise UsageError("--at", "is the commit of a version", "--version NAME beside it")
    began = time.perf_counter()
    receipt = None
    with progress(quiet=quiet or as_json) as tell:
        if name:
            built, receipt = build_version(root, name, ref=ref, out=out, jobs=jobs, progress=tell)
        else:
            built = build_site(root, out=out, jobs=jobs, progress=tell)
    seconds = time.perf_counter() - began
    if as_json:
        found = _as_json(built, sizes.measure(built.site))
        print_json({**found, "version": receipt and facts(receipt)})
    elif not quiet:
        _print(built, sizes.measure(built.site), seconds)
        if receipt:
            click.echo(sentence(receipt))
    told = [finding for finding in built.findings if finding.level != "note"]
    print_findings(told)
    if strict and told:
        click.get_current_context().exit(1)


def _print(built: Built, parts: list[Part], seconds: float) -> None:
    total = sum(part.bytes for part in parts)
    pages = sum(built.pages.values())
    click.echo(
        f"{built.runs} runs, {pages} pages, {built.made} made, {len(built.written)} files "
        f"written, {len(built.removed)} removed in {seconds:.1f} s."
    )
    share = total / 1e9
    click.echo(f"{total / 1e6:.1f} MB in all, {share:.1%} of the 1 GB that GitHub Pages allows:")
    for part in parts[:8]:
        click.echo(f"  {part.bytes / 1e6:7.2f} MB  {part.count:>6}  {part.name}")
    if built.runs == 0:
        click.echo("There are no runs yet. Try: staticrun init, then python train.py")
    click.echo(f"Open {built.site / 'index.html'}")


def _as_json(built: Built, parts: list[Part]) -> dict[str, object]:
    findings = [msgspec.to_builtins(finding) for finding in built.findings]
    return {
        "format": 1,
        "runs": built.runs,
        "pages": built.pages,
        "made": built.made,
        "written": built.written,
        "removed": built.removed,
        "sizes": parts,
        "findings": findings,
    }
