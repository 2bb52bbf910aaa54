"""What a review says of a registry: the shape of `staticrun registry report --format json`."""

from __future__ import annotations

from typing import Literal

import msgspec

from staticrun.errors import Finding
from staticrun.registry.against import Against
from staticrun.registry.promotion import Bytes, Outcome
from staticrun.registry.vouched import Vouched

FORMAT = 1
Kind = Literal["promotion", "rollback", "revert", "hold", "release", "clear", "note"]


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What the change does to a stage.

    Attributes:
        path: The stage's file.
        model: The registered model.
        stage: The stage.
        kind: `promotion`; `rollback` or `revert`, which ask integrity alone; `hold`, `release` or
            `note`, where the version stays; `clear`, where the stage is nowhere afterwards.
        before: The version that the base branch has; None for none.
        after: The version that merging gives; None for none.
        tree_before: Tree digest of `before`; None for none.
        tree: Tree digest of `after`; None for none.
        reason: As the file says it; claimed.
        requested_by: Who asks for it, as the file says; claimed.
        hold: Whether the stage is held afterwards.
        card: Whether `after` has a model card; None where no version is moved.
        artifact: Whether its bytes are here: see `Evidence`.
        gates: What the gates of the base branch's policies say.
        against: The version that is to come against the one that is there: metrics with
            intervals, slices, predictions that change and what manifests have otherwise; None
            where no version is moved, or there is none to compare with.
    """

    path: str
    model: str
    stage: str
    kind: Kind
    before: int | None
    after: int | None
    tree_before: str | None = None
    tree: str | None = None
    reason: str = ""
    requested_by: str = ""
    hold: bool = False
    card: bool | None = None
    artifact: Bytes | None = None
    gates: tuple[Outcome, ...] = ()
    against: Against | None = None


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """A version that the change registers.

    Attributes:
        model: The registered model.
        version: Its number.
        tree: Tree digest of its bytes.
        artifact: Whether they are here: see `Evidence`.
        run: Key of the run that wrote them, as the manifest says.
        by: Who registered it; claimed.
        card: Whether it has a model card.
    """

    model: str
    version: int
    tree: str
    artifact: Bytes
    run: str
    by: str
    card: bool


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A version that the change withdraws.

    Attributes:
        model: The registered model.
        version: Its number.
        reason: Why; claimed.
        by: Who says so; claimed.
        superseded_by: The version to use in its place; None for none.
    """

    model: str
    version: int
    reason: str
    by: str
    superseded_by: int | None


class Owned(msgspec.Struct, frozen=True):
    """Changed files that one line of CODEOWNERS is for.

    Attributes:
        owners: Whom the line names; none where nobody has to approve.
        line: Its number in the file; None for files that no line matches.
        paths: The files.
    """

    owners: tuple[str, ...]
    line: int | None
    paths: tuple[str, ...]


class Vouching(msgspec.Struct, frozen=True, kw_only=True):
    """Who vouches for the change.

    Attributes:
        commit: Full hash of the commit that has the registry as it is here; None where none has
            it, since something is not committed.
        subject: First line of its message; claimed.
        author: Who wrote it; claimed.
        signature: `verified` by the signers that the base branch lists, `unknown` where there is
            one that was not or could not be verified, `none`, or `bad` where it does not fit.
        signer: Whose signature it is, where it is verified.
        codeowners: Path of the CODEOWNERS file of the base branch; None where it has none.
        owners: Whom it names for the files of the registry that change.
        approvals: What the host said of `commit`; None where nobody asked it, or what it said is
            of another commit.
    """

    commit: str | None = None
    subject: str = ""
    author: str = ""
    signature: Literal["verified", "unknown", "none", "bad"] = "none"
    signer: str | None = None
    codeowners: str | None = None
    owners: tuple[Owned, ...] = ()
    approvals: Vouched | None = None


class Promotions(msgspec.Struct, frozen=True, kw_only=True):
    """What a branch changes in a registry.

    Attributes:
        format: 1.
        base: The ref that it is compared with, as it was asked for.
        commit: Full hash of the base.
        passed: Whether the check finds no error and no gate in the way.
        moves: What happens to stages, in the order of paths.
        registered: Versions that it registers.
        withdrawn: Versions that it withdraws.
        files: Files of the registry that change, in the order of paths.
        findings: What the check says, errors first.
        vouching: Who vouches for it.
    """

    format: int = FORMAT
    base: str
    commit: str
    passed: bool
    moves: tuple[Moved, ...] = ()
    registered: tuple[Registered, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    files: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    vouching: Vouching = Vouching()

    def __bool__(self) -> bool:
        """Say whether anything changes, or is wrong as it is."""
        return bool(self.files) or any(one.level == "error" for one in self.findings)
