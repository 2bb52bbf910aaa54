"""`staticrun schema`: the formats as JSON Schema."""

from __future__ import annotations

import click

from staticrun.cli.terminal import print_json

FILES = ("registry", "policies", "model", "version", "withdrawn", "stage")


@click.command()
@click.argument(
    "what", type=click.Choice(["record", "config", "experiment", *FILES]), default="record"
)
def schema(what: str) -> None:
    """Print a JSON Schema. Of a record line, a configuration or a file of the registry."""
    if what in FILES:
        from staticrun.registry import schema as files

        print_json(files.json_schema(what))
    elif what == "record":
        from staticrun.record.schema import json_schema

        print_json(json_schema())
    else:
        from staticrun import config

        print_json(config.json_schema(config.Config if what == "config" else config.Experiment))
