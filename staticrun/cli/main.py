"""`staticrun VERB …`: the verbs, and how an error becomes an exit code.

0 done; 1 the work failed or a check found something; 2 wrong use. Verbs load their rooms when
they run, so that `--help` loads none.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from staticrun.cli.terminal import say
from staticrun.errors import StaticrunError, nearest, unwritable

INTERRUPTED = 130  # what a shell gives a command that Ctrl-C stopped


# In the order of --help; the verb NAME is `NAME` in `staticrun.cli.NAME`.
VERBS = (
    "init",
    "build",
    "serve",
    "check",
    "publish",
    "report",
    "runs",
    "versions",
    "registry",
    "schema",
)


class Verbs(click.Group):
    """The verbs, each loaded when it is asked for; and which one was probably meant."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """List the verbs in the order in which they are used."""
        return list(VERBS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Load a verb."""
        if name not in VERBS:
            return None
        verb: click.Command = getattr(import_module(f"staticrun.cli.{name}"), name)
        return verb

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, as click does, with a better word for one that there is not."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            hint = nearest(args[0], self.list_commands(ctx))
            raise click.UsageError(f"there is no verb {args[0]!r}: {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="staticrun", message="staticrun %(version)s")
def staticrun() -> None:
    """Experiment tracking without a server: run records in, a static site out."""


def main() -> None:
    """Run the command line and exit."""
    try:
        # Without standalone mode click gives the exit code of `ctx.exit` back.
        sys.exit(staticrun.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except StaticrunError as error:
        say(f"staticrun: {error}", err=True)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("staticrun: stopped; nothing was changed that was in place before.", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, and Python would say so
        sys.exit(1)
    except OSError as error:
        where = str(error.filename or "the output")
        say(f"staticrun: {unwritable(error, where, 'cannot be read or written')}", err=True)
        sys.exit(1)
