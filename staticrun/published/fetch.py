"""Bytes of a published site, from a folder or over HTTP, with bounds for size and time."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from staticrun.errors import UserError

if TYPE_CHECKING:
    from http.client import HTTPMessage

# Runs of a newest state of 100,000 runs; a shard has 100.
BYTES_MAX = 256_000_000
# Of one wait for the host, and of a whole file.
WAIT_S, FILE_S = 20.0, 300.0
_BLOCK = 1 << 16
_WEB = ("http", "https")


class Missing(Exception):  # noqa: N818 -- an answer, told in words by whoever asked
    """The site has no such file."""


class Source(Protocol):
    """Where a site is."""

    shown: str

    def read(self, url: str, limit: int = BYTES_MAX) -> bytes:
        """Read a file.

        Args:
            url: Relative to the site's root; plain characters alone.
            limit: How many bytes it may have.

        Raises:
            Missing: When there is none.
            UserError: When it cannot be read, is too large, or takes too long.
        """


def source(where: str | Path) -> Source:
    """Find out of which kind an address is.

    Raises:
        UserError: When it is of another kind.
    """
    text = str(where)
    parts = urlsplit(text) if "://" in text else None
    if parts is None:
        return Folder(Path(where))
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return Folder(Path(url2pathname(parts.path)))
    if parts.scheme in _WEB and parts.hostname:
        return Web(text)
    expected = "a folder, or an address with https://, http:// or file://"
    raise UserError(text, "is no address of a site", expected)


class Folder:
    """A site in a folder.

    Args:
        folder: The folder, or its index.html.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.parent if folder.name == "index.html" else folder
        self.shown = str(self._folder)

    def read(self, url: str, limit: int = BYTES_MAX) -> bytes:
        """Read a file; as in `Source`."""
        path = self._folder / url
        try:
            if not path.is_file():  # a pipe would be waited for
                raise Missing(url)
            with path.open("rb") as stream:
                data = stream.read(limit + 1)
        except OSError as error:
            raise UserError(f"{self.shown}/{url}", f"cannot be read ({error.strerror})") from error
        return _bounded(data, f"{self.shown}/{url}", limit)


class Web:
    """A site on a host.

    Args:
        address: Of its root, or of its index.html.
    """

    def __init__(self, address: str) -> None:
        plain = address.partition("#")[0].partition("?")[0].removesuffix("index.html")
        self._base = plain.rstrip("/") + "/"
        self.shown = self._base.rstrip("/")
        self._opener = urllib.request.OpenerDirector()
        # Not urllib's own: that one reads files and speaks FTP as well.
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.UnknownHandler(),
            _Redirects(),
        ):
            self._opener.add_handler(handler)

    def read(self, url: str, limit: int = BYTES_MAX) -> bytes:
        """Read a file; as in `Source`."""
        where = self._base + url
        asked = urllib.request.Request(where, headers={"Accept-Encoding": "identity"})  # noqa: S310
        try:
            with self._opener.open(asked, timeout=WAIT_S) as answer:
                return _bounded(_drained(answer, where, limit), where, limit)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in (404, 410):
                raise Missing(url) from error
            what = f"the host answers {error.code} {error.reason}"
            raise UserError(where, what, "the file", "open the address in a browser") from error
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            try_ = "open the address in a browser"
            raise UserError(
                where, f"cannot be read ({reason})", "a host that answers", try_
            ) from (error)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follow what stays on the web, and never from an encrypted address to another."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        to = urlsplit(newurl).scheme
        if to != "https" and not (to == "http" and req.type == "http"):
            raise urllib.error.URLError(f"it leads on to {newurl!r}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _drained(answer: IO[bytes], where: str, limit: int) -> bytes:
    """Read an answer as far as it may be long, however slowly it drips."""
    deadline, data = monotonic() + FILE_S, bytearray()
    read1 = getattr(answer, "read1", answer.read)  # gives what is there, not a whole block
    while len(data) <= limit and (block := read1(_BLOCK)):
        data += block
        if monotonic() > deadline:
            raise UserError(where, f"takes more than {FILE_S:.0f} s", "a faster host")
    return bytes(data)


def _bounded(data: bytes, where: str, limit: int) -> bytes:
    if len(data) > limit:
        raise UserError(where, f"has more than {limit:,} bytes", "the list of runs of a site")
    return data
