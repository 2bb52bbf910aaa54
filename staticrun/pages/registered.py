"""The registry as pages show it: its files as they are now, and its history up to a commit.

It is read once a build, by the process that plans; the workers are sent what it found.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.errors import UserError
from staticrun.registry.events import History, Uses
from staticrun.registry.kinds import COUNTED
from staticrun.registry.known import Known
from staticrun.registry.sources import Folder
from staticrun.registry.state import load

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.errors import Finding
    from staticrun.registry.events import Event
    from staticrun.registry.state import ModelState, State

# Events that bring another version to a stage.
ARRIVALS = frozenset({"stage.promoted", "stage.demoted", "stage.rolled_back"})


@dataclass(frozen=True, slots=True)
class Registered:
    """A registry and its history.

    Attributes:
        state: What its files say.
        history: How they came to say it.
        findings: What is wrong with them, and with all of them together.
        by_model: Model → what happened to it, the oldest first; the empty name for all else.
        uses: The promotions that results decided, where a gate of the policies counts them.
    """

    state: State
    history: History
    findings: tuple[Finding, ...]
    by_model: dict[str, list[Event]]
    uses: Uses = field(default_factory=Uses)

    def model(self, name: str) -> ModelState:
        """Give a model."""
        return self.state.models[name]

    def stages(self) -> tuple[str, ...]:
        """Name the stages of the declared order, the last one first."""
        return tuple(reversed(self.state.settings.order))

    def events(self, model: str) -> list[Event]:
        """List what happened to a model, the oldest first."""
        return self.by_model.get(model, [])

    def pending(self, model: str) -> list[str]:
        """List the files of a model that are not as the commit has them."""
        return [path for path in self.history.pending if path.startswith(folder_of(model))]

    def arrival(self, model: str, stage: str) -> Event | None:
        """Find what brought a stage to the version that it is at; None where that is unknown."""
        now = self.state.models[model].stages[stage]
        for event in reversed(self.events(model)):
            if event.stage == stage and event.type in ARRIVALS:
                return event if (event.version, event.tree) == (now.version, now.tree) else None
        return None

    @property
    def asked(self) -> bool:
        """Whether the host was asked about any commit: it may then be missed where it was not."""
        return any(event.origin.vouched is not None for event in self.history.events)

    def pairs(self, model: str) -> list[tuple[int, int]]:
        """List the comparisons worth a page: candidate and champion, in order.

        A version and each one whose place it took at a stage; and the versions that came after
        the one that the last stage is at, against that one.
        """
        of = self.state.models[model]
        found = {
            (event.version, event.previous)
            for event in self.events(model)
            if event.type == "stage.promoted" and event.version and event.previous
        }
        last = next((of.stages[one] for one in self.stages() if one in of.stages), None)
        if last is not None:
            fresh = (one for one in of.versions if one > last.version and one not in of.withdrawn)
            found.update((one, last.version) for one in fresh)
        return sorted(
            (one, other)
            for one, other in found
            if one != other and {one, other} <= of.versions.keys()
        )

    def is_first(self, event: Event) -> bool:
        """Say whether an event is only what was there where a shallow clone begins."""
        history = self.history
        return history.truncated and event.origin.commit == history.events[0].origin.commit


def folder_of(model: str) -> str:
    """Give the folder of a model's files, with `/` at its end."""
    return f"{layout.REGISTRY}/models/{model}/"


def read(root: Path, commit: str | None = None, project: Path | None = None) -> Registered:
    """Read the registry of a project.

    Args:
        root: The folder that holds its files.
        commit: The commit whose files those are, where the folder is no work tree.
        project: The project's own folder then.
    """
    from staticrun.registry.history import history
    from staticrun.registry.rules import broken_rules

    home = project or root
    known = Known(home)
    state = load(Folder(root), known)
    findings = [*state.findings, *broken_rules(state)]
    uses = Uses()
    try:
        found = history(home, commit or "HEAD", known)
        if any(isinstance(gate, COUNTED) for gate in state.policies.gates.values()):
            from staticrun.registry import uses as decided

            uses = decided.read(home, found, known)
    except UserError as error:  # a partial clone, or a broken one
        found = History()
        findings.append(error.finding)
    known.save()
    if commit is not None:  # what the work tree has is not what is shown
        found = msgspec.structs.replace(found, pending=())
    by_model: dict[str, list[Event]] = {}
    for event in found.events:
        by_model.setdefault(event.model, []).append(event)
    return Registered(state, found, tuple(findings), by_model, uses)
