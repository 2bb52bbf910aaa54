"""`staticrun serve`: the site while one works, in the browser."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from staticrun import layout
from staticrun.cli.terminal import print_findings, root_option, say

if TYPE_CHECKING:
    from staticrun.errors import Finding
    from staticrun.serve.builder import Outcome
    from staticrun.serve.kinds import Kind


@click.command()
@root_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8137,
    show_default=True,
    help="Where to listen; 0 takes any port that is free.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="An address or name of this machine; others can read the site if it is not loopback.",
)
@click.option(
    "--open/--no-open", "opens", default=None, help="Open the browser, or do not [on a terminal]."
)
@click.option(
    "--poll",
    is_flag=True,
    help="Look at the files by itself: for NFS and Lustre, which tell nothing.",
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Where the site goes [site/]."
)
def serve(
    *, root: Path, port: int, host: str, opens: bool | None, poll: bool, out: Path | None
) -> None:
    """Build the site, serve it, and keep open pages up to date.

    Whatever changes below runs/, reports/ and themes/ is built again. Ctrl-C ends it.
    """
    from staticrun.serve.guard import is_loopback
    from staticrun.serve.session import Session

    wants = opens if opens is not None else _has_browser()
    terminal = _Terminal(wants)
    # Ended by `kill` as by Ctrl-C: no process stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    session = Session(
        root, out or root / layout.SITE, host=host, port=port, poll=poll, tell=terminal.tell
    )
    terminal.url = session.url
    say(f"Serving {session.url}   Ctrl-C ends it.")
    if not is_loopback(host):
        say("Everyone who can reach this machine can read the site.", err=True)
    try:
        session.run()
    except KeyboardInterrupt:
        say("\nStopped.")


def _has_browser() -> bool:
    """Say whether a person at a screen waits: over ssh a browser would fill the terminal."""
    screen = sys.platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    return sys.stdout.isatty() and bool(screen)


class _Terminal:
    """Tells of builds, and opens the browser after the first."""

    def __init__(self, opens: bool) -> None:
        self._opens = opens
        self._findings: tuple[Finding, ...] = ()
        self.url = ""

    def tell(self, outcome: Outcome, kinds: set[Kind]) -> None:
        clock = time.strftime("%H:%M:%S")
        if outcome.failed is not None:
            say(f"{clock}  the build failed after {outcome.seconds:.1f} s; the site is as it was")
            print_findings([outcome.failed])
        else:
            what = ", ".join(sorted(kinds))
            pages = f"{outcome.made} pages made, {len(outcome.changed)} files changed"
            say(f"{clock}  built in {outcome.seconds:.1f} s: {pages} ({what})")
            # What stands as it stood was told.
            if outcome.findings != self._findings:
                print_findings([one for one in outcome.findings if one.level != "note"])
            self._findings = outcome.findings
        sys.stdout.flush()
        if self._opens:
            self._opens = False
            import webbrowser

            webbrowser.open(self.url)
