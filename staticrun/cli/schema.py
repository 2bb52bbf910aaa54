"""`staticrun schema`: the formats as JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from staticrun.cli.terminal import print_json

if TYPE_CHECKING:
    from collections.abc import Callable


@click.command()
@click.argument("what", type=click.Choice(["record", "config", "experiment"]), default="record")
def schema(what: str) -> None:
    """Print the JSON Schema of a record line, of staticrun.yaml or of experiment.yaml."""
    print_json(_schema(what)())


def _schema(what: str) -> Callable[[], dict[str, object]]:
    if what == "record":
        from staticrun.record.schema import json_schema

        return json_schema
    from staticrun import config

    return config.json_schema if what == "config" else config.experiment_schema
