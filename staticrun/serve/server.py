"""The server: files of the site, objects that are in memory, and a stream of events."""

from __future__ import annotations

import socket
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlsplit

from staticrun import files
from staticrun.errors import UserError
from staticrun.serve import answer, inject
from staticrun.serve.guard import Guard

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.serve.hub import Hub
    from staticrun.serve.live import Live

# A stream says something at least this often, so that a page that has gone is noticed.
BEAT_S = 15.0
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


class Shown(NamedTuple):
    """All that is served.

    Attributes:
        site: The site's folder.
        aside: What the last builds took from it, for pages that were being loaded.
    """

    site: Path
    aside: Path
    live: Live
    hub: Hub
    assets: dict[str, bytes]

    def set_aside(self, url: str) -> Path | None:
        """Find what an earlier state of a page needs, if it was taken just now."""
        return answer.file_of(self.aside, url) if url.startswith(("o/", "app")) else None


class Server(ThreadingHTTPServer):
    """A server that listens, and answers once `serve_forever` runs.

    Args:
        shown: What it serves.
        host: An address or a name of this machine.
        port: 0 for any that is free.

    Raises:
        UserError: When it cannot listen there.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, shown: Shown, host: str, port: int) -> None:
        if ":" in host:
            self.address_family = socket.AF_INET6
        guard = Guard(host, (socket.gethostname(), socket.getfqdn()) if host else ())
        try:
            super().__init__((host, port), partial(_Handler, shown, guard))
        except OSError as error:
            raise UserError(
                f"{host}:{port}",
                f"cannot be listened on ({(error.strerror or str(error)).lower()})",
                "an address of this machine and a port that is free",
                "staticrun serve --port 0 takes any free one",
            ) from error
        # Where it listens everywhere, it is found here.
        near = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
        name = f"[{near}]" if ":" in near else near
        self.url = f"http://{name}:{self.server_address[1]}/"

    def server_bind(self) -> None:
        """Bind without asking the network for this machine's name, which may take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that has gone in the middle of an answer."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer is two writes; the second one must not wait for the first to be acknowledged.
    disable_nagle_algorithm = True
    server_version, sys_version = "staticrun", ""
    timeout = 120

    def __init__(self, shown: Shown, guard: Guard, *request: object) -> None:
        self._shown, self._guard = shown, guard
        super().__init__(*request)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with a file or the stream of events."""
        url = self._asked()
        if url is None:
            return
        if url == inject.EVENTS:
            self._stream()
        elif url in self._shown.assets:
            self._send(url, self._shown.assets[url])
        elif (path := answer.file_of(self._shown.site, url)) is not None:
            self._file(url, path)
        elif (held := self._shown.live.overlay.get(url)) is not None:
            self._send(url, held)
        elif (path := self._shown.set_aside(url)) is not None:
            self._file(url, path)
        else:
            self._missing(url)

    def do_HEAD(self) -> None:
        """Answer with the head alone."""
        self.do_GET()

    def _asked(self) -> str | None:
        """Give the URL that is asked for; None where the answer is given already."""
        url = answer.url_of(self.path)
        refused = self._guard.refuses(self.headers, navigates=url != inject.EVENTS)
        if refused:
            self._refuse(HTTPStatus.FORBIDDEN, refused)
        elif url is None:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")
        else:
            return url
        return None

    def _file(self, url: str, path: Path) -> None:
        build = self._shown.hub.told.build
        try:
            # The page first: a build that ends now is heard of, and the page is asked for again.
            tag = files.signature(path.stat())
            data = path.read_bytes()
        except OSError:
            self._missing(url)
            return
        if url.endswith(".html"):
            data, tag = inject.page(data, url, build), f"{tag}-{build}"
        self._send(url, data, tag=f'"{tag}"')

    def _missing(self, url: str) -> None:
        shown = self._shown
        if url.rpartition(".")[2] != "html" and (shown.site / url / "index.html").is_file():
            self._empty(HTTPStatus.MOVED_PERMANENTLY, Location=f"{self.path.partition('?')[0]}/")
        elif not inject.stands(shown.site) and url.endswith(".html"):
            self._send("index.html", inject.nothing(shown.hub.told.build))
        elif (page := answer.file_of(shown.site, "404.html")) is not None:
            body = inject.page(page.read_bytes(), "404.html", shown.hub.told.build)
            self._send("404.html", body, HTTPStatus.NOT_FOUND)
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")

    def _stream(self) -> None:
        page = parse_qs(urlsplit(self.path).query).get("page", [""])[0]
        with self._shown.hub.stream(page, self._shown.live.last_record(page)) as stream:
            if stream is None:
                self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too many pages are open")
                return
            self.close_connection = True
            self._head(HTTPStatus.OK, {"Content-Type": "text/event-stream"})
            if self.command == "HEAD":
                return
            self.wfile.write(b"retry: 1000\n\n")
            while (events := stream.take(BEAT_S)) is not None:
                self.wfile.write(b"".join(events) or b": here\n\n")

    def _send(
        self, url: str, data: bytes, status: HTTPStatus = HTTPStatus.OK, tag: str = ""
    ) -> None:
        headers = {"Content-Type": answer.type_of(url), "Accept-Ranges": "bytes"}
        if tag:
            headers["ETag"] = tag
            if tag in (self.headers.get("If-None-Match") or ""):
                self._empty(HTTPStatus.NOT_MODIFIED, ETag=tag)
                return
        part = None
        if status is HTTPStatus.OK and self.headers.get("If-Range") in (None, tag):
            part = answer.part_of(self.headers.get("Range"), len(data))
        if part is not None and not part:
            self._empty(
                HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                **{"Content-Range": f"bytes */{len(data)}"},
            )
            return
        if part is not None:
            headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(data)}"
            data, status = data[part.start : part.stop], HTTPStatus.PARTIAL_CONTENT
        self._head(status, {**headers, "Content-Length": str(len(data))})
        if self.command != "HEAD":
            self.wfile.write(data)

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        data = f"{status.value} {status.phrase}: {why}\n".encode()
        self.close_connection = True
        headers = {"Content-Type": answer.type_of("a.txt"), "Content-Length": str(len(data))}
        self._head(status, headers)
        if self.command != "HEAD":
            self.wfile.write(data)

    def _empty(self, status: HTTPStatus, **headers: str) -> None:
        length = {} if status is HTTPStatus.NOT_MODIFIED else {"Content-Length": "0"}
        self._head(status, {**length, **headers})

    def _head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, **headers}.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the terminal tells of builds."""
