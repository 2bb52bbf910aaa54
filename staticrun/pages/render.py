"""A view and a template become a page.

A page is rendered once, with a placeholder where the way to the site's root goes, and placed
wherever it is needed: `runs/a/b/index.html` in the newest state, `o/HH/HASH.html` in a version.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup

from staticrun import files, layout
from staticrun.errors import UserError
from staticrun.pages.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    import jinja2

    from staticrun.pages.context import Site
    from staticrun.pages.machine.cards import Share

# A character that HTML forbids and `visible` removes from all data, so that it can only be ours.
ROOT = "\x02"
# The same for the folder of the entry pages that a page belongs to.
ENTRY = "\x03"
# The same for what a page says of the site version that it belongs to.
NOTE = "\x04"
_ROOT, _ENTRY, _NOTE = map(Markup, (ROOT, ENTRY, NOTE))  # ours, not to be made visible


class Renderer:
    """The templates of a theme, compiled once; a build that renders nothing loads no jinja2.

    Args:
        folders: Template folders; the first that has a file wins.
        version: Version of staticrun, for the colophon.
    """

    def __init__(self, folders: Sequence[Path], version: str) -> None:
        import jinja2

        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            finalize=_finalize,
        )
        self._version = version

    def render(
        self,
        template: str,
        view: msgspec.Struct,
        site: Site,
        url: str = "",
        share: Share | None = None,
    ) -> bytes:
        """Render a page with the placeholders `ROOT`, `ENTRY` and `NOTE` in it.

        Args:
            template: Its file name.
            view: Everything that it shows.
            site: What all pages know.
            url: Where it stands in the newest state.
            share: What a link to it shows elsewhere.

        Raises:
            UserError: When a template is wrong, or asks for what the view does not hold.
        """
        import jinja2

        try:
            text = self._environment.get_template(template).render(
                view=view,
                site=site,
                root=_ROOT,
                entry=_ENTRY,
                note=_NOTE,
                url=url,
                share=share,
                version=self._version,
            )
        except jinja2.TemplateError as error:
            raise _explain(error, template) from error
        return text.encode()


def place(page: bytes, prefix: str, entry: str | None = None, note: str = "") -> bytes:
    """Put the way to the site's root into a rendered page.

    Args:
        page: As `Renderer.render` gave it.
        prefix: `../../`, or empty at the root.
        entry: The way to the entry pages that it belongs to; None where that is the root.
        note: HTML that says to which site version it belongs; empty for the newest state.
    """
    to_entry = prefix if entry is None else entry
    for mark, text in ((NOTE, note), (ROOT, prefix), (ENTRY, to_entry)):
        page = page.replace(mark.encode(), text.encode())
    return page


def view_digest(template: str, view: msgspec.Struct, share: Share | None = None) -> str:
    """Digest everything that a page shows."""
    body = msgspec.json.encode((view, share) if share else view, enc_hook=str)
    return files.sha256(template.encode() + b"\0" + type(view).__name__.encode() + b"\0" + body)


def _explain(error: jinja2.TemplateError, template: str) -> UserError:
    """Say which line of which template is wrong."""
    import jinja2

    path, line = template, 0
    if isinstance(error, jinja2.TemplateSyntaxError):
        path, line = error.filename or error.name or template, error.lineno
    else:
        for frame, at in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_filename.endswith(".html"):
                path, line = frame.f_code.co_filename, at
    parts = Path(path).parts
    # themes/NAME/templates/FILE
    folders = [place for place, part in enumerate(parts) if part == layout.THEMES]
    shown = "/".join(parts[folders[-1] :] if folders else parts[-1:])
    where = f"{shown}:{line}" if line else shown
    return UserError(where, f"the template is wrong ({str(error.message or error).rstrip('.')})")


def _finalize(value: object) -> object:
    # Exactly `str`: Markup is made by us and has gone through `visible` already.
    return visible(value) if type(value) is str else value
