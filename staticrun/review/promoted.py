"""Read what a branch changes in a registry, what its check says, and who vouches for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from staticrun.git import Objects
from staticrun.layout import RegistryFile, registry_file
from staticrun.privacy.rules import REDACTED
from staticrun.registry.against import Against, against
from staticrun.registry.check import check
from staticrun.registry.difference import Change, Difference
from staticrun.registry.examples import Changes, Example
from staticrun.registry.material import Material
from staticrun.review.promotions import (
    Moved,
    Promotions,
    Registered,
    Withdrawn,
)
from staticrun.review.vouching import vouching

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from staticrun.privacy.rules import Rules
    from staticrun.registry.changes import Move
    from staticrun.registry.check import Checked, Judged
    from staticrun.registry.comparison import Comparison
    from staticrun.registry.manifests import Version
    from staticrun.registry.promotion import Outcome
    from staticrun.registry.vouched import Vouched
    from staticrun.review.promotions import Kind
    from staticrun.store.store import Store

_LEVELS = ("error", "warning", "note")


def promotions(
    root: Path,
    store: Store,
    rules: Rules,
    base: str,
    *,
    head: str | None = None,
    commands: bool = False,
    approvals: Vouched | None = None,
) -> Promotions:
    """Say what a branch changes in the registry.

    Args:
        root: The project's folder.
        store: Its runs, as they were recorded.
        rules: What pages may show; a comment is read by whoever reads those.
        base: The branch that the change is for.
        head: The commit with the change; None for the work tree.
        commands: Whether commands of the base's policies are run.
        approvals: What the host said of the pull request; None where nobody asked it.

    Raises:
        UserError: When a ref names no commit, or the two have none in common.
    """
    found = check(root, store, base, head=head, commands=commands, approvals=approvals)
    compared = found.compared
    if compared is None:
        raise AssertionError  # there is a base
    objects = Objects(root)
    commit, of_head = objects.resolve(base), objects.resolve(head or "HEAD")
    telling = _Telling(rules, found, compared, Material(root, store, before=commit))
    vouched = vouching(objects, commit, of_head, compared.changed)
    said = compared.bound(approvals)
    if not isinstance(said, str):
        vouched = msgspec.structs.replace(vouched, approvals=said)
    return Promotions(
        base=base,
        commit=commit,
        passed=not (found.stopped or any(one.level == "error" for one in found.findings)),
        moves=tuple(map(telling.moved, compared.moves)),
        registered=tuple(telling.registered()),
        withdrawn=tuple(telling.withdrawn()),
        files=tuple(compared.changed),
        findings=tuple(
            replace(one, what=rules.text(one.what), expected=rules.text(one.expected))
            for one in sorted(found.findings, key=lambda one: _LEVELS.index(one.level))
        ),
        vouching=msgspec.structs.replace(
            vouched, subject=rules.text(vouched.subject), author=rules.text(vouched.author)
        ),
    )


class _Telling:
    """Makes what a review says of what a check found, as pages may show it."""

    def __init__(
        self, rules: Rules, found: Checked, compared: Comparison, material: Material
    ) -> None:
        self._rules, self._found, self._compared = rules, found, compared
        self._material = material
        self._judged = {one.move.path: one for one in found.judged}

    def moved(self, move: Move) -> Moved:
        """Tell what happens to a stage."""
        before, after = move.before if move.there else None, move.after
        judged = self._judged.get(move.path)
        moved = Moved(
            path=move.path,
            model=move.model,
            stage=move.stage,
            kind=_kind(move),
            before=before.version if before else None,
            after=after.version if after else None,
            tree_before=before.tree if before else None,
            tree=after.tree if after else None,
            reason=self._rules.text(after.reason) if after else "",
            requested_by=self._rules.text(after.requested_by or "") if after else "",
            hold=after.hold if after else False,
        )
        return moved if judged is None else self._with_gates(moved, judged)

    def _with_gates(self, moved: Moved, judged: Judged) -> Moved:
        promotion = judged.promotion
        candidate, champion = promotion.candidate, promotion.current
        return msgspec.structs.replace(
            moved,
            card=promotion.card is not None,
            artifact=promotion.evidence.artifact,
            gates=tuple(self._gate(one, candidate) for one in judged.outcomes),
            against=self._against(candidate, champion) if champion else None,
        )

    def _gate(self, outcome: Outcome, candidate: Version) -> Outcome:
        metric = getattr(self._compared.base.policies.gate(outcome.gate), "metric", None)
        why = REDACTED if metric in self._hidden(candidate) else self._rules.text(outcome.why)
        return msgspec.structs.replace(
            outcome,
            why=why,
            values={} if why == REDACTED else outcome.values,
            overridden=outcome.overridden and self._rules.text(outcome.overridden),
        )

    def _hidden(self, *versions: Version | None) -> set[str]:
        """Name the metrics whose numbers `privacy.redact` keeps from pages."""
        names = [metric.name for one in versions if one for metric in one.metrics]
        said = self._rules.named("summary", dict.fromkeys(names))
        return {name for name, value in said.items() if value is not None}

    def _against(self, candidate: Version, champion: Version) -> Against:
        gates = self._compared.base.policies.gates
        hidden = self._hidden(candidate, champion)
        found = against(self._material, candidate, champion, gates, hidden)
        text = self._rules.text
        return msgspec.structs.replace(
            found,
            slices=tuple(
                msgspec.structs.replace(one, column=text(one.column), value=text(one.value))
                for one in found.slices
            ),
            changes=self._changes(found.changes) if found.changes else None,
            difference=self._shown(found.difference),
            missing=tuple(map(text, found.missing)),
        )

    def _changes(self, found: Changes) -> Changes:
        gained, lost = (
            tuple(Example(*(map(self._rules.text, msgspec.structs.astuple(one)))) for one in side)
            for side in (found.gained, found.lost)
        )
        return msgspec.structs.replace(found, gained=gained, lost=lost)

    def _shown(self, found: Difference) -> Difference:
        parts = {
            name: tuple(
                Change(one.name, self._said(one.before), self._said(one.after))
                for one in getattr(found, name)
            )
            for name in found.__struct_fields__
            if name != "metrics"  # they stand by themselves
        }
        return Difference(**parts)

    def _said(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._rules.text(value)
        if isinstance(value, dict):
            return {key: self._said(one) for key, one in value.items()}
        return [self._said(one) for one in value] if isinstance(value, list | tuple) else value

    def registered(self) -> Iterator[Registered]:
        """Tell which versions come to be there."""
        for place in self._new("version"):
            model = self._compared.after.models.get(place.model)
            version = model.versions.get(place.number) if model else None
            if model is None or version is None:
                continue  # what cannot be read is a finding
            yield Registered(
                model=place.model,
                version=place.number,
                tree=version.artifact.tree,
                artifact=self._found.evidence[place.model, place.number].artifact,
                run=version.run.key,
                by=self._rules.text(version.created_by or ""),
                card=RegistryFile("card", place.model, place.number).path
                in self._compared.after.names,
            )

    def withdrawn(self) -> Iterator[Withdrawn]:
        """Tell which versions must not be used any more."""
        for place in self._new("withdrawn"):
            model = self._compared.after.models.get(place.model)
            said = model.withdrawn.get(place.number) if model else None
            if said is not None:
                yield Withdrawn(
                    model=place.model,
                    version=place.number,
                    reason=self._rules.text(said.reason),
                    by=self._rules.text(said.by or ""),
                    superseded_by=said.superseded_by,
                )

    def _new(self, kind: str) -> Iterator[RegistryFile]:
        for path, (before, after) in self._compared.changed.items():
            place = registry_file(path)
            if place is not None and place.kind == kind and before is None and after is not None:
                yield place


def _kind(move: Move) -> Kind:
    if move.after is None:
        return "clear"
    if move.moved:
        return move.kind
    if move.before is not None and move.before.hold != move.after.hold:
        return "hold" if move.after.hold else "release"
    return "note"
