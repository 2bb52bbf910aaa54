"""`staticrun versions alias`: a further name, which may move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from staticrun.cli.terminal import root_option
from staticrun.errors import UsageError, UserError, nearest

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@root_option
@click.argument("name", metavar="ALIAS")
@click.argument("version", required=False)
@click.option("--remove", is_flag=True, help="Take the alias away.")
def alias(root: Path, name: str, version: str | None, remove: bool) -> None:
    """Let ALIAS lead to VERSION, from now on and until it is given to another.

    staticrun.yaml keeps it; the next build writes the pages that lead on.
    """
    from staticrun import config, receipts
    from staticrun.config.edit import set_version
    from staticrun.layout import CONFIG

    if remove == bool(version):
        raise UsageError("versions alias", "needs a version or --remove", "exactly one of them")
    receipts.check_name(name)
    known = config.load(root)[0].versions
    if version is not None and version not in known:
        raise UserError(CONFIG, f"there is no version {version!r}", try_=nearest(version, known))
    if name in known:
        raise UserError(CONFIG, f"{name!r} is a version itself", "a name that is free")
    for other, declared in known.items():
        wanted = tuple(one for one in declared.aliases if one != name)
        if other == version:
            wanted = (*wanted, name)
        if wanted != declared.aliases:
            set_version(root, other, msgspec.structs.replace(declared, aliases=wanted))
    to = f"leads to {version}" if version else "leads nowhere any more"
    click.echo(f"{name} {to} after the next: staticrun build")
