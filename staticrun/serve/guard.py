"""Who may ask: pages of this server, by the names under which it is reached.

A page of a stranger that is open in the same browser could otherwise read the site: through a
name of its own that leads to this machine (DNS rebinding), or by loading its data as scripts.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from email.message import Message

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_loopback(host: str) -> bool:
    """Say whether an address or name is that of this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Guard:
    """Checks requests.

    Args:
        host: Where the server listens.
        names: Further names of this machine, used where it does not listen on loopback alone.
    """

    def __init__(self, host: str, names: tuple[str, ...] = ()) -> None:
        self._names = {*LOOPBACK, host.lower()}
        # An address cannot be rebound: only names can lead elsewhere tomorrow.
        self._any_address = not is_loopback(host)
        if self._any_address:
            self._names |= {name.lower() for name in names if name}

    def knows(self, host: str) -> bool:
        """Say whether a Host header names this server."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if name in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return self._any_address

    def refuses(self, headers: Message, *, navigates: bool = False) -> str:
        """Say why a request is not answered; empty where it is.

        Args:
            headers: Of the request.
            navigates: Whether a link of another site may lead here.
        """
        host = headers.get("Host") or ""
        if not self.knows(host):
            return f"this server is not known as {host!r}. Try: its address, or --host NAME"
        origin = headers.get("Origin")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return "a page of another site asked"
        site = headers.get("Sec-Fetch-Site") or "none"
        follows = navigates and headers.get("Sec-Fetch-Mode") == "navigate"
        if site not in ("none", "same-origin") and not follows:
            return "a page of another site asked"
        return ""
