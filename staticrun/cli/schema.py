"""`staticrun schema`: the formats as JSON Schema."""

from __future__ import annotations

import click

from staticrun.cli.terminal import print_json


@click.command()
@click.argument("what", type=click.Choice(["record", "config", "experiment"]), default="record")
def schema(what: str) -> None:
    """Print a JSON Schema. Of a record line, of staticrun.yaml or of experiment.yaml."""
    if what == "record":
        from staticrun.record.schema import json_schema

        print_json(json_schema())
    else:
        from staticrun import config

        print_json(config.json_schema(config.Config if what == "config" else config.Experiment))
