"""`staticrun registry show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from staticrun.cli.registry.step import open_state
from staticrun.cli.terminal import (
    json_option,
    plain,
    print_findings,
    print_json,
    print_table,
    root_option,
    say,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

    from staticrun.registry.events import Event
    from staticrun.registry.manifests import Version
    from staticrun.registry.state import ModelState, State


@click.command()
@root_option
@click.argument("name", required=False)
@json_option
def show(root: Path, name: str | None, as_json: bool) -> None:
    """Show which version each stage is at.

    NAME is a model, NAME@STAGE or NAME@VERSION; without it, all models are shown.
    """
    from staticrun.registry import move
    from staticrun.registry.events import spelled

    state = open_state(root)
    model, _, point = (name or "").partition("@")
    findings = [finding for finding in state.findings if finding.level == "error"]
    if point:
        found = move.find(state, model, point)
        arrivals = _arrivals(root, state.models[model], found)
        if as_json:
            came = {stage: spelled(event) for stage, event in arrivals.items()}
            print_json({"format": 1, **_version(state.models[model], found), "arrivals": came})
        else:
            _print_version(state.models[model], found, arrivals)
    else:
        models = [move.model_of(state, model)] if model else list(state.models.values())
        if as_json:
            rows = [_model(state, one) for one in models]
            if model:
                rows[0]["uses"] = _uses(root, models[0])
            print_json({"format": 1, "models": rows})
        else:
            print_table(_table(state, models, every=bool(model)))
            for row in _uses(root, models[0]) if model else ():
                say(f"{row['name']} ({row['role']}, {row['digest'][:19]}) decided {row['said']}.")
    print_findings(findings)


def _model(state: State, model: ModelState) -> dict[str, Any]:
    about = {} if model.about is None else msgspec.to_builtins(model.about)
    return {
        "name": model.name,
        **{key: about.get(key) for key in ("description", "owners", "task", "license", "tags")},
        "stages": {
            name: msgspec.to_builtins(model.stages[name]) for name in state.order(model.name)
        },
        "versions": [_version(model, one) for _, one in sorted(model.versions.items())],
    }


def _uses(root: Path, model: ModelState) -> list[dict[str, Any]]:
    """Count the promotions that each dataset of a model's versions decided; those of none left."""
    from staticrun.registry import uses
    from staticrun.registry.history import history

    found = uses.read(root, history(root))
    cited = {
        (data.digest, data.role): data.name
        for _, version in sorted(model.versions.items())
        for data in version.data
        if data.digest and data.role
    }
    rows = []
    for (digest, role), name in cited.items():
        count = found.count(digest, role)
        if count:
            said = (
                f"{count} promotion{'' if count == 1 else 's'}{'' if found.known else ' or more'}"
            )
            rows.append(
                {"name": name, "role": role, "digest": digest, "uses": count, "said": said}
            )
    return rows


def _arrivals(root: Path, model: ModelState, version: Version) -> dict[str, Event]:
    """Find what brought a version to each stage that it is at, where history knows it."""
    from staticrun.registry.history import at, history

    stages = model.stages_of(version.version)
    found = history(root) if stages else None
    events = {stage: at(found, model.name, stage) for stage in stages} if found else {}
    tree = version.artifact.tree
    return {stage: one for stage, one in events.items() if one is not None and one.tree == tree}


def _version(model: ModelState, version: Version) -> dict[str, Any]:
    withdrawn = model.withdrawn.get(version.version)
    return {
        **msgspec.to_builtins(version),
        "stages": model.stages_of(version.version),
        "card": model.cards.get(version.version),
        "withdrawn": None if withdrawn is None else msgspec.to_builtins(withdrawn),
    }


def _table(state: State, models: list[ModelState], *, every: bool) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in ("model", "version", "stages", "run", "tree", "what"):
        table.add_column(title, no_wrap=title != "what")
    for model in models:
        for number in sorted(model.versions, reverse=True):
            stages = [name for name in state.order(model.name) if name in model.stages_of(number)]
            newest = number == max(model.versions)
            if every or stages or newest:
                version = model.versions[number]
                table.add_row(
                    model.name,
                    str(number),
                    ", ".join(stages) or ("(newest)" if newest and not every else ""),
                    plain(version.run.key),
                    version.artifact.tree[7:19],
                    plain(_said(model, number, stages)),
                )
    return table


def _said(model: ModelState, number: int, stages: list[str]) -> str:
    if number in model.withdrawn:
        return f"withdrawn: {model.withdrawn[number].reason}"
    said = []
    for name in stages:
        stage = model.stages[name]
        said.append(f"{stage.reason}{' (held)' if stage.hold else ''}")
    return "; ".join(said)


def _print_version(model: ModelState, version: Version, arrivals: dict[str, Event]) -> None:
    from rich.console import Console
    from rich.table import Table

    from staticrun.cli.registry import told

    console = Console(soft_wrap=True)
    stages = ", ".join(model.stages_of(version.version)) or "no stage"
    console.print(f"[bold]{model.name} {version.version}[/]  {stages}  {version.created}")
    if version.version in model.withdrawn:
        reason = plain(model.withdrawn[version.version].reason)
        console.print(f"[red]withdrawn[/]: {reason}")
    table = Table(box=None, show_header=False, pad_edge=False)
    code = version.code
    dirty = {True: " with changes", False: "", None: " (changes unknown)"}[code.dirty]
    table.add_row("run", plain(version.run.key), version.run.id)
    table.add_row("code", f"{(code.commit or 'unknown')[:12]}{dirty}", plain(code.remote or ""))
    table.add_row("tree", version.artifact.tree, f"{version.artifact.size:,} bytes")
    for stage, event in arrivals.items():
        since = f"since {told.time(event.origin.time)} (claimed)"
        table.add_row(stage, since, plain(told.facts(event, asked=True)))
    for data in version.data:
        table.add_row(data.role or "data", plain(data.name), plain(data.digest or "no digest"))
    for metric in version.metrics:
        table.add_row(plain(metric.name), str(metric.value), metric.direction or "")
    print_table(table)
