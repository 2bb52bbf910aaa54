"""`staticrun runs compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from staticrun.cli.runs.project import open_store
from staticrun.cli.terminal import json_option, plain, print_json, print_table, root_option
from staticrun.record.numbers import spell

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.store.run import Run


@click.command()
@root_option
@click.argument("runs", nargs=-1, required=True)
@click.option("--all", "everything", is_flag=True, help="Params that are the same in all, too.")
@json_option
def compare(root: Path, runs: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Compare runs. Params that differ, and every metric with its difference to the first run."""
    store = open_store(root)
    found = [store.find(text) for text in runs]
    params = _params(found, everything=everything)
    metrics = _metrics(found)
    if as_json:
        print_json(
            {
                "format": 1,
                "runs": [run.key for run in found],
                "params": params,
                "metrics": {
                    name: [None if value is None else spell(value) for value in values]
                    for name, values in metrics.items()
                },
            }
        )
        return
    _print(found, params, metrics)


def _params(runs: list[Run], *, everything: bool) -> dict[str, list[object]]:
    names = dict.fromkeys(name for run in runs for name in run.params)
    columns = {name: [run.params.get(name) for run in runs] for name in names}
    return {
        name: values
        for name, values in columns.items()
        if everything or any(value != values[0] for value in values)
    }


def _metrics(runs: list[Run]) -> dict[str, list[float | None]]:
    names = dict.fromkeys(name for run in runs for name in run.metrics)
    return {name: [run.value(name) for run in runs] for name in names}


def _print(
    runs: list[Run], params: dict[str, list[object]], metrics: dict[str, list[float | None]]
) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", overflow="fold")
    for run in runs:
        table.add_column(plain(run.key), justify="right", overflow="fold")
    for name, values in params.items():
        cells = ["–" if v is None else msgspec.json.encode(v).decode() for v in values]
        table.add_row(plain(name), *map(plain, cells))
    table.add_section()
    for name, numbers in metrics.items():
        table.add_row(plain(name), *(_cell(number, numbers[0]) for number in numbers))
    print_table(table)


def _cell(number: float | None, first: float | None) -> str:
    if number is None:
        return "–"
    if first is None or number is first:
        return f"{number:.6g}"
    return f"{number:.6g} ({number - first:+.4g})"
