"""What a change may do: rules between the registry of the base branch and what merging gives.

`rules` holds of any moment; this is about the way from one to the next. A stage's file is the only
one that a promotion touches, so that all that has to be asked of a move stands in two states of
it, and in what it was before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from staticrun.errors import Finding
from staticrun.layout import RegistryFile, registry_file
from staticrun.registry.past import Past

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from staticrun.registry.manifests import Override, Registry, Stage

Level = Literal["error", "warning", "note"]
Changed = dict[str, tuple[str | None, str | None]]
POLICIES = RegistryFile("policies").path
_ONCE = frozenset(("version", "withdrawn"))


def broken_promises(changed: Changed, settings: Registry) -> Iterator[Finding]:
    """List what no change may do, whatever it says.

    Args:
        changed: Path → names of its content before and after.
        settings: Of the base branch.
    """
    places = {path: place for path in changed if (place := registry_file(path)) is not None}
    for path, place in places.items():
        before, after = changed[path]
        if place.kind in _ONCE and before is not None:
            what = "was changed" if after else "was removed, or is no regular file any more"
            try_ = f"git checkout BASE -- {path}, and register a new version"
            yield Finding(path, what, "what is written once to stay as it is", try_)
    stages = sorted(path for path, place in places.items() if place.kind == "stage")
    if stages and POLICIES in changed:
        what = f"changes together with {stages[0]}"
        try_ = "two pull requests: first what is asked for, then who comes through it"
        yield Finding(POLICIES, what, "policies that were there before the move", try_)
    models = sorted({place.model for place in places.values() if place.model})
    if settings.models_max and len(models) > settings.models_max:
        named = ", ".join(models[:5]) + (", …" if len(models) > 5 else "")
        what = f"the change touches {len(models)} models: {named}"
        path = RegistryFile("registry").path
        expected = f"at most {settings.models_max}, as models_max of the base branch says"
        yield Finding(path, what, expected, "a pull request for each model")


@dataclass(frozen=True, kw_only=True)
class Move:
    """What a change does to a stage.

    Attributes:
        path: The stage's file.
        model: The registered model.
        stage: The stage.
        before: What the base branch has, or had last where it has nothing that can be read.
        after: What merging gives; None for none.
        there: Whether the base branch has the file.
        kind: `revert` where the file is byte for byte what it was before; else `rollback` where
            its version was at the stage before; else `promotion`.
        moved: Whether another version is at the stage afterwards.
        back: Whether the version was there before the one that is there now first was.
    """

    path: str
    model: str
    stage: str
    before: Stage | None
    after: Stage | None
    there: bool
    kind: Literal["promotion", "rollback", "revert"]
    moved: bool
    back: bool

    @property
    def overrides(self) -> tuple[Override, ...]:
        """Those that a reviewer sees in the change: one of an earlier move decides nothing."""
        given = self.after.overrides if self.after else ()
        earlier = self.before.overrides if self.before and self.there else ()
        return tuple(one for one in given if one not in earlier)


def moves(
    changed: Changed,
    base: Mapping[str, Stage],
    head: Mapping[str, Stage],
    past: Mapping[tuple[str, str], Past],
) -> Iterator[Move]:
    """Give what a change does to each stage.

    Args:
        changed: Path → names of its content before and after.
        base: Path → stage, as the base branch has it.
        head: Path → stage, as merging gives it.
        past: Model and stage → what it was on the base branch.
    """
    for path, (of_base, of_head) in changed.items():
        place = registry_file(path)
        if place is None or place.kind != "stage" or (of_head is not None and path not in head):
            continue  # what cannot be read was told already
        was = past.get((place.model, place.stage), Past())
        before = base.get(path) or next(iter(was.states), None)
        after = head.get(path)
        states = [(one.version, one.tree) for one in was.states]
        target = (after.version, after.tree) if after else None
        returned = target in states
        reverted = after is not None and of_head in was.names
        now = (before.version, before.tree) if before else None
        # The oldest of the states in which the base's version is.
        oldest = max((at for at, one in enumerate(states) if one == now), default=0)
        there = of_base is not None
        yield Move(
            path=path,
            model=place.model,
            stage=place.stage,
            before=before,
            after=after,
            there=there,
            kind="revert" if reverted else "rollback" if returned else "promotion",
            moved=not (after and before and there and after.version == before.version),
            back=target in states[oldest + 1 :],
        )


def broken_move(move: Move) -> Iterator[Finding]:
    """List what is wrong with a move by itself, whatever its gates say."""
    before, after = move.before if move.there else None, move.after
    held = before is not None and before.hold
    if after is None:
        if held:
            yield _held(move)
        return
    if move.kind == "revert":
        if held and move.moved and not after.hold:
            what = "is held, and comes back to what it was before, which releases it"
            yield Finding(move.path, what, level="warning")
    else:
        yield from _compared(move.path, before, after, moved=move.moved)
        # A hold is there for what is trained next, and must not keep a second rollback up.
        if held and move.moved and not (move.kind == "rollback" and move.back and after.hold):
            yield _held(move)
    if move.moved and move.kind != "promotion" and not after.hold:
        what = f"goes back to version {after.version} without a hold"
        try_ = "hold: true, so that no automation brings the other version back"
        yield Finding(move.path, what, "", try_, level="warning")
    if move.moved and len(move.overrides) < len(after.overrides):
        what = "has an override of the move before, which decides nothing now"
        yield Finding(move.path, what, "", "remove it, or give its reason anew", level="warning")


def _compared(path: str, before: Stage | None, after: Stage, *, moved: bool) -> Iterator[Finding]:
    """Compare and swap: who moves a stage says from where, and who does not leaves that alone."""
    if before is not None and not moved:
        for key in ("previous", "overrides"):
            if getattr(after, key) != getattr(before, key):
                what = f"{key} is changed, and the version is not"
                yield Finding(path, what, "what was said of the move to stay")
        return
    expected = before.version if before else None
    if after.previous != expected:
        said, was = (str(one or "null") for one in (after.previous, expected))
        what = f"previous is {said}, and the base branch has {was}"
        try_ = "look at what came between, and promote again from there"
        yield Finding(path, what, f"previous: {was}", try_)


def _held(move: Move) -> Finding:
    what = f"is held at version {move.before.version if move.before else '?'}, and is moved"
    expected = "a hold that was released before, by a change of its own"
    return Finding(move.path, what, expected, "hold: false alone, in a pull request")
