"""Files of the site for programs: runs, registry, a feed, badges, a map for language models.

Each is spelled from the project alone: no clock, no order that is not the project's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.pages.machine import badges, feed, llms, runs
from staticrun.pages.views.project_figure import know
from staticrun.published.shapes import LIST

if TYPE_CHECKING:
    from staticrun.pages.context import Context


def spell(context: Context) -> dict[str, bytes]:
    """Spell all files for programs of the newest state.

    Returns:
        URL → bytes. What needs an absolute address is left out without `project.url`.
    """
    known = [
        know(name, experiment, context)
        for name, experiment in context.store.experiments().items()
        if not experiment.archived
    ]
    registered = context.registered
    promotions: dict[str, bytes] = {}
    if registered is not None:
        from staticrun.pages.machine import registry

        promotions = registry.spell(registered, context)
    return {
        **promotions,
        LIST: runs.spell(context.store.runs()),
        **badges.spell(known),
        **feed.spell(context, known),
        llms.NAME: llms.spell(context, known),
    }
