"""`staticrun registry …`: models, their versions and the stages that they are at."""

from __future__ import annotations

from importlib import import_module

import click

# In the order of --help; the verb NAME is `NAME` in `staticrun.cli.registry.NAME`.
VERBS: tuple[str, ...] = (
    "register",
    "promote",
    "rollback",
    "withdraw",
    "approvals",
    "show",
    "history",
    "at",
    "events",
    "check",
    "report",
    "pull",
    "fetch",
    "diff",
    "doctor",
    "renumber",
)


class RegistryVerbs(click.Group):
    """The verbs, each loaded when it is asked for."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """List the verbs in the order in which they are used."""
        return list(VERBS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Load a verb."""
        if name not in VERBS:
            return None
        verb: click.Command = getattr(import_module(f"staticrun.cli.registry.{name}"), name)
        return verb


@click.group(cls=RegistryVerbs)
def registry() -> None:
    """Register models, promote versions, roll back."""
