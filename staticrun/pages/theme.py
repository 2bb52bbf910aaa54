"""A theme on disk: templates, styles, a matplotlib style. A project's theme extends the default.

themes/NAME/theme.yaml        name, styles (order of concatenation), plot_style
themes/NAME/templates/*.html  each replaces the default's file of the same name
themes/NAME/styles/*.css      stand behind the default's, so that a token can be set anew
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from staticrun import files, layout
from staticrun.errors import UserError, nearest

if TYPE_CHECKING:
    from pathlib import Path

_KEYS = {"name", "styles", "plot_style"}


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme, resolved.

    Attributes:
        templates: Folders of templates, the first one that has a file wins.
        css: The whole style sheet; the bundle's stands before the theme's.
        plot_style: The matplotlib style of the figures.
        digest: Over every template, style and the matplotlib style.
    """

    templates: tuple[Path, ...]
    css: bytes
    plot_style: Path
    digest: str

    @property
    def css_name(self) -> str:
        """The style sheet's file name at the site's root."""
        return f"app.{files.sha256(self.css)[:12]}.css"


def load(root: Path, name: str, bundled: bytes = b"") -> Theme:
    """Find a theme of the project, or the default one.

    Args:
        root: The project's folder.
        name: The theme's.
        bundled: Styles of the browser's bundle, which a theme may change.

    Raises:
        UserError: When there is no such theme, or its theme.yaml is wrong.
    """
    default = layout.bundled_themes() / "default"
    folders = [default]
    if name != "default":
        folder = root / layout.THEMES / name
        if not (folder / "theme.yaml").is_file() or not files.inside(root, folder):
            themes = [path.parent.name for path in (root / layout.THEMES).glob("*/theme.yaml")]
            raise UserError(
                f"{layout.CONFIG}: theme",
                f"there is no theme {name!r}: {layout.THEMES}/{name}/theme.yaml is missing",
                try_=nearest(name, [*themes, "default"]),
            )
        folders.insert(0, folder)
    settings = {folder: _settings(root, folder) for folder in folders}
    sheets = [
        _read(folder / "styles" / style)
        for folder in reversed(folders)
        for style in settings[folder].get("styles", [])
    ]
    css = b"\n".join([bundled, *sheets] if bundled else sheets)
    plot_styles = [
        folder / str(settings[folder]["plot_style"])
        for folder in folders
        if "plot_style" in settings[folder]
    ]
    templates = tuple(folder / "templates" for folder in folders)
    sources = sorted(path for folder in templates for path in folder.rglob("*.html"))
    digests = [
        files.sha256(css),
        *(files.sha256(_read(path)) for path in (*sources, *plot_styles)),
    ]
    names = [path.name for path in (*sources, *plot_styles)]
    return Theme(templates, css, plot_styles[0], files.sha256(repr([digests, names]).encode()))


def _settings(root: Path, folder: Path) -> dict[str, list[str]]:
    path = folder / "theme.yaml"
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    try:
        settings = yaml.safe_load(_read(path)) or {}
    except yaml.YAMLError as error:
        raise UserError(shown, f"not YAML ({error})") from error
    if not isinstance(settings, dict):
        raise UserError(shown, "not a mapping", f"the keys {', '.join(sorted(_KEYS))}")
    for key in settings:
        if key not in _KEYS:
            raise UserError(shown, f"unknown key {key!r}", try_=nearest(str(key), _KEYS))
    return settings


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(path.name, f"cannot be read ({error.strerror})") from error
