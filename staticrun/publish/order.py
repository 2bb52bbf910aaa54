"""What is to be published where."""

from __future__ import annotations

import re

import msgspec

from staticrun.errors import UsageError
from staticrun.publish.place import target

_UNDER = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}(?:/[a-z0-9][a-z0-9._-]{0,63}){0,3}")
# Folders of a site itself, below which another one would be lost at the next publication.
_RESERVED = {"o", "v", "runs", "experiments", "compare", "registry", "reports", "badges"}


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be published where; each field is an option of `staticrun publish`.

    Attributes:
        to: The target, as in `publish.target`; None for that one.
        remote: Of a branch: the name of a remote, or an address.
        under: Address below the target that the site gets; empty for the target itself.
        without: Names of versions that are not published.
        history: Whether a branch keeps its commits; None where it has only our last one.
        remove: Take away what is published under the address.
        dry_run: Only say what would be done.
    """

    to: str | None = None
    remote: str = "origin"
    under: str = ""
    without: tuple[str, ...] = ()
    history: bool | None = None
    remove: bool = False
    dry_run: bool = False

    def check(self) -> None:
        """Refuse an order that cannot be carried out.

        Raises:
            UsageError: When it cannot.
        """
        if self.to is not None:
            target(self.to)
        top = self.under.partition("/")[0]
        if self.under and (not _UNDER.fullmatch(self.under) or top in _RESERVED):
            what = "is an address that a site has itself" if top in _RESERVED else "is no address"
            raise UsageError(
                f"--under {self.under!r}", what, "small letters, digits and dashes", "--under pr/7"
            )
        if self.remove and not self.under:
            raise UsageError("--remove", "needs to know what", "an address", "--under pr/7")
