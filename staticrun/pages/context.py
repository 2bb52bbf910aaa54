"""What a view may ask for beside its own subject: the project, the other runs, a place for files.

One `Context` a build; each page gets a copy whose `objects` and `figures` note what the page
uses, so that the builder knows what may be swept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from staticrun.privacy.rules import Rules

if TYPE_CHECKING:
    from staticrun.config import Config
    from staticrun.pages.figures import Figures
    from staticrun.pages.objects import Objects
    from staticrun.pages.registered import Registered
    from staticrun.store.store import Store


class Link(msgspec.Struct, frozen=True):
    """A link inside the site: its words, and a URL relative to the site's root."""

    text: str
    url: str


class RunLink(msgspec.Struct, frozen=True):
    """A run that another page mentions."""

    key: str
    name: str
    status: str


class Repeat(msgspec.Struct, frozen=True):
    """A run that repeated another, and what its verdict says of the two."""

    run: RunLink
    result: str


class Kin(msgspec.Struct, frozen=True):
    """A relative of a run, over any number of generations.

    Attributes:
        how: How it is related to the one before it, in words.
        run: Which run it is; None for a thing that a run read, and for the rest of a list.
        text: The thing in words; empty for a run and for a rest.
        next: Its own relatives in the same direction; empty for one that stands there already.
        left_out: How many more of those there are.
    """

    how: str
    run: RunLink | None
    text: str
    next: tuple[Kin, ...]
    left_out: int


class Relations(msgspec.Struct, frozen=True):
    """How a run hangs together with other runs.

    Attributes:
        children: Runs that name this one as their parent, in natural order.
        parent: The run that this one names; None also where it is not in the project.
        uses: The runs whose artifacts this one consumed, each with the id or digest by which
            it is named (`store.lineage.name_of`).
        used_by: Runs that consumed an artifact of this one.
        originals: The runs that this one repeated, each with its id.
        repeats: Runs that repeated this one.
        before: What this one came from, generation by generation.
        behind: What came of it.
    """

    children: tuple[RunLink, ...] = ()
    parent: RunLink | None = None
    uses: tuple[tuple[str, RunLink], ...] = ()
    used_by: tuple[RunLink, ...] = ()
    originals: tuple[tuple[str, RunLink], ...] = ()
    repeats: tuple[Repeat, ...] = ()
    before: tuple[Kin, ...] = ()
    behind: tuple[Kin, ...] = ()


class Site(msgspec.Struct, frozen=True):
    """What every page knows of its site; nothing in it changes when a run is added.

    Attributes:
        name: The project's name.
        url: Where it is published, with a `/` at its end, or None; only what must be absolute
            needs it.
        nav: The links of the running head.
        css: File name of the style sheet at the site's root.
        script: File name of the script beside it.
    """

    name: str
    url: str | None
    nav: tuple[Link, ...]
    css: str
    script: str


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of one page while its view is made."""

    config: Config
    store: Store
    objects: Objects
    figures: Figures
    site: Site
    reports: tuple[str, ...] = ()
    """Paths of the reports, relative to `reports/`, in natural order."""
    rules: Rules = field(default_factory=Rules)
    """What is done to the texts of files that runs hold; the store's are as they may be shown."""
    registered: Registered | None = None
    """The registry; None where the project has none."""
