"""`staticrun registry fetch`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from staticrun.cli.registry.step import open_state
from staticrun.cli.terminal import print_findings, root_option, say
from staticrun.errors import UserError
from staticrun.layout import RegistryFile

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.errors import Finding
    from staticrun.registry.manifests import File


@click.command()
@root_option
@click.argument("what", metavar="NAME[@STAGE]")
def fetch(root: Path, what: str) -> None:
    """Bring the bytes of versions that are not in this checkout from their mirrors.

    NAME is every version of a model that was not withdrawn, NAME@STAGE or NAME@VERSION one. Files
    come one by one over https, and are put in place once their digests are right.
    """
    from staticrun import config
    from staticrun.registry import move
    from staticrun.registry.fetch import fetch as bring
    from staticrun.store.store import Store

    state = open_state(root)
    name, _, point = what.partition("@")
    model = move.model_of(state, name)
    usable = [
        one for number, one in sorted(model.versions.items()) if number not in model.withdrawn
    ]
    settings = config.load(root)[0]
    store = Store.open(settings)
    folder = RegistryFile("model", name).path.rpartition("/")[0]
    failed: list[Finding] = (
        []
        if point
        else [finding for finding in state.findings if finding.where.startswith(folder)]
    )
    for version in [move.find(state, name, point)] if point else usable:
        where = f"{name} {version.version}"

        def tell(file: File, mirror: str, where: str = where) -> None:
            say(f"{where}: {file.path}, {file.size:,} bytes from {mirror}")

        try:
            if not bring(root, settings.runs, store, version, tell):
                say(f"{where}: is here already")
        except UserError as error:
            failed.append(error.finding)
    print_findings(failed, everything=True)
    if failed:
        click.get_current_context().exit(1)
