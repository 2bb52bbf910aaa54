"""The browser's side: one script, its styles, its fonts, as the bundler left them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from staticrun import files, layout
from staticrun.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bundle:
    """The bundle in memory.

    Attributes:
        script: Of every page.
        css: Stands before the theme's.
        fonts: File name, as the css spells it → bytes.
        licences: Of what is bundled.
    """

    script: bytes
    css: bytes
    fonts: dict[str, bytes]
    licences: bytes

    @property
    def script_name(self) -> str:
        """The script's file name at the site's root."""
        return f"app.{files.sha256(self.script)[:12]}.js"


def load(folder: Path | None = None) -> Bundle:
    """Read the bundle.

    Args:
        folder: Where it is; the one that came with staticrun when None.

    Raises:
        UserError: When it was not built, which happens in a checkout only.
    """
    where = folder or layout.bundle()
    try:
        css = where / "app.css"
        return Bundle(
            (where / "app.js").read_bytes(),
            css.read_bytes() if css.is_file() else b"",
            {path.name: path.read_bytes() for path in sorted(where.glob("*.woff2"))},
            (where / "LICENSES.txt").read_bytes(),
        )
    except OSError as error:
        raise UserError(
            "staticrun/web/dist/app.js",
            f"the browser's bundle cannot be read ({error.strerror})",
            "a bundle, made from staticrun/web by hatch_build.py",
            "make bundle, or: python hatch_build.py",
        ) from error
