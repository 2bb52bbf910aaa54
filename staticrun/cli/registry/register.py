"""`staticrun registry register`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from staticrun.cli.registry.step import asked_by, by_option, change_options, finish, open_state
from staticrun.cli.runs.project import open_store
from staticrun.cli.terminal import root_option
from staticrun.errors import StaticrunError, UsageError

if TYPE_CHECKING:
    from staticrun.store.run import Run
    from staticrun.store.store import Store


@click.command()
@root_option
@click.argument("run")
@click.argument("name")
@click.option(
    "--card",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A Markdown file that becomes the version's model card.",
)
@click.option("--description", help="What a new model is for, in Markdown.")
@click.option(
    "--mirror",
    "mirrors",
    multiple=True,
    metavar="URL",
    help="An https folder that holds the same files, for `fetch`; may be given several times.",
)
@by_option
@change_options
def register(
    root: Path,
    run: str,
    name: str,
    card: Path | None,
    description: str | None,
    mirrors: tuple[str, ...],
    by: str | None,
    how: str | None,
    as_json: bool,
) -> None:
    """Make a run's model the next version of a registered one.

    RUN is a run's key, id or end of its key; RUN:MODEL or RUN:PATH says which of its models or
    artifacts. NAME is the registered model; it is made where it is new.
    """
    from staticrun.config import load
    from staticrun.registry import draft, manifests, move

    if not manifests.is_name(name):
        what = "cannot name a model"
        expected = "lower case letters, digits, dots, dashes and underscores, such as churn-eu"
        raise click.UsageError(f"{name!r} {what}: {expected}")
    store = open_store(root)
    found, text = _split(run, store)
    state = open_state(root)
    metrics = {**load(root)[0].metrics, **store.experiment(found.experiment).metrics}
    chosen = draft.choose(found, text)
    number = move.next_number(state, name)
    version = draft.draft(root, store, found, chosen, metrics, name, number)
    artifact = msgspec.structs.replace(version.artifact, mirrors=_mirrors(mirrors))
    version = msgspec.structs.replace(version, created_by=asked_by(root, by), artifact=artifact)
    said = card.read_text(encoding="utf-8", errors="replace") if card else None
    change = move.register(root, state, version, said, description)
    finish(root, change, how, as_json=as_json)


def _mirrors(urls: tuple[str, ...]) -> tuple[str, ...]:
    from staticrun.registry.fetch import may_ask
    from staticrun.registry.manifests import Url

    for url in urls:
        try:
            asked = may_ask(msgspec.convert(url, Url))
        except (msgspec.ValidationError, ValueError):
            asked = False
        if not asked:
            raise UsageError(url, "cannot be a mirror", "an address such as https://HOST/FOLDER/")
    return urls


def _split(text: str, store: Store) -> tuple[Run, str]:
    """Split RUN:NAME where the part before a colon is a run; a run's name may hold colons."""
    try:
        return store.find(text), ""
    except StaticrunError:
        run, colon, name = text.partition(":")
        if not colon:
            raise
        return store.find(run), name
