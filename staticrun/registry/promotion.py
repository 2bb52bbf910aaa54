"""A promotion and what is known about it: what gates look at, and what they say."""

from __future__ import annotations

from typing import Literal

import msgspec

from staticrun.registry.manifests import Override, Version
from staticrun.registry.vouched import Vouched

Bytes = Literal["verified", "absent", "mismatch"]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """How a version's manifest compares with the run and the bytes that it names.

    Attributes:
        artifact: `verified` where the bytes are here and have the digest; `absent` where they are
            not in this checkout, or a pointer of Git LFS with the right digest stands for them;
            `mismatch` where other bytes are here.
        record: The same of the run's record files.
        claims: What the manifest says of the run and the record does not, one clause each.
        why: What is absent or differs, one clause each.
        path: Where the bytes are, below the project; None where they are not here.
        moved: Whether that is another place than the manifest says.
    """

    artifact: Bytes = "absent"
    record: Bytes = "absent"
    claims: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    path: str | None = None
    moved: bool = False


class Promotion(msgspec.Struct, frozen=True, kw_only=True):
    """A version that is to come to a stage.

    Attributes:
        model: The registered model.
        stage: The stage.
        candidate: The version.
        current: The version that the stage is at; None where it is at none.
        card: Markdown of the candidate's card; None where it has none.
        been_at: Stages that the candidate is at or was at before.
        evidence: Of the candidate.
        overrides: Gates that it is to come in spite of.
        soaked: How long the candidate was at a stage that it has to come from, in seconds; None
            where that is unknown.
        vouched: What the host said of exactly this promotion; None where that is unknown.
        unvouched: Why it is unknown, in a clause.
    """

    model: str
    stage: str
    candidate: Version
    current: Version | None = None
    card: str | None = None
    been_at: frozenset[str] = frozenset()
    evidence: Evidence = Evidence()
    overrides: tuple[Override, ...] = ()
    soaked: float | None = None
    vouched: Vouched | None = None
    unvouched: str = "the host was not asked"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a gate says.

    Attributes:
        gate: Its name in the policies.
        kind: What it checks.
        result: `pass`; `fail`; or `unknown`, where it could not be evaluated, which lets nothing
            pass.
        why: The finding in a clause, with its numbers.
        values: The numbers by name, for tables.
        overridden: The reason, where somebody decided against it; it stays what it is.
    """

    gate: str
    kind: str
    result: Literal["pass", "fail", "unknown"]
    why: str
    values: dict[str, float] = {}
    overridden: str | None = None

    @property
    def lets_pass(self) -> bool:
        """Whether it stands in no promotion's way."""
        return self.result == "pass" or self.overridden is not None
