"""Which site the verbs are about."""

from __future__ import annotations

from pathlib import Path

import click

site_option = click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The site's folder [site/ of the project].",
)
