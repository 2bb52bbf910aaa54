"""Immutable objects of the site: `o/HH/HASH.EXT`, written once, named by their content.

Nothing is ever overwritten, so that a page of the old site keeps what it refers to until the
new one is in place and the sweep takes what nobody needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun import files, layout

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Types that a browser shows or saves but never runs as a page of this origin. `svg` is for our
# own figures alone: an artifact's SVG goes out as text.
INERT = frozenset(
    {"png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "svg"}
    | {"wav", "mp3", "ogg", "flac", "m4a", "mp4", "webm"}
    | {"pdf", "txt", "csv", "json", "bin"}
)


class Objects:
    """A place to put the files of one page.

    Attributes:
        left_out: Paths of the artifacts for which `artifacts.total` leaves no room.
        used: URLs of all objects that the page refers to.
    """

    def __init__(self, site: Path, left_out: frozenset[str] = frozenset()) -> None:
        self.site = site
        self.left_out = left_out
        self.used: set[str] = set()

    def put(self, data: bytes, extension: str) -> str:
        """Store bytes.

        Returns:
            The object's URL, relative to the site's root.

        Raises:
            ValueError: For an extension that is not inert: a bug in the caller.
        """
        url = self._url(files.sha256(data), extension)
        path = self.site / url
        if not path.exists():
            files.write_atomic(path, data)
        return url

    def put_at(self, url: str, make: Callable[[], bytes]) -> str:
        """Store what is made for a URL that names its content; it is made only where it is new.

        For the builder's own data scripts alone: an artifact's bytes go by `put`, which lets no
        script in.
        """
        self.used.add(url)
        path = self.site / url
        if not path.exists():
            files.write_atomic(path, make())
        return url

    def put_file(self, path: Path, extension: str) -> str:
        """Store a file; as `put`.

        Raises:
            OSError: When the file cannot be read.
        """
        return self.put(path.read_bytes(), extension)

    def _url(self, digest: str, extension: str) -> str:
        if extension not in INERT:
            raise ValueError(f"{extension!r} is no inert type")
        url = layout.object_url(digest, extension)
        self.used.add(url)
        return url
