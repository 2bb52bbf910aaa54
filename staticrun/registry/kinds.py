"""The kinds of gate: one struct each, whose docstring is its documentation, as in `manifests`."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from staticrun.analysis.direction import Measured
from staticrun.registry.words import (
    Alpha,
    Direction,
    Line,
    Manifest,
    Name,
    Path,
    Resamples,
    Seed,
    Text,
)


class Kind(Manifest, frozen=True, kw_only=True, tag_field="kind"):
    """What all gates have.

    Attributes:
        models: The models that the gate is for; all where none is named.
    """

    models: Annotated[tuple[Name, ...], Meta(max_length=500)] = ()

    def is_for(self, model: str) -> bool:
        """Say whether a model has to pass it."""
        return not self.models or model in self.models


class Integrity(Kind, frozen=True, kw_only=True, tag="integrity"):
    """The bytes are here, and are those of the version; so is the run's record."""


class SignaturePresent(Kind, frozen=True, kw_only=True, tag="signature-present"):
    """The version says what goes in and what comes out."""


class CardPresent(Kind, frozen=True, kw_only=True, tag="card-present"):
    """The version has a model card.

    Attributes:
        headings: Headings that it must have, in any order.
    """

    headings: tuple[Line, ...] = ()


class CleanGit(Kind, frozen=True, kw_only=True, tag="clean-git"):
    """The run ran what a commit holds, without changes beyond it."""


class RequiredFiles(Kind, frozen=True, kw_only=True, tag="required-files"):
    """The artifact has certain files.

    Attributes:
        files: Their paths in it.
    """

    files: Annotated[tuple[Path, ...], Meta(min_length=1)]


class Threshold(Kind, frozen=True, kw_only=True, tag="threshold"):
    """A metric is within bounds.

    Attributes:
        metric: Which.
        min: What it must not be below.
        max: What it must not be above.
    """

    metric: Line
    min: float | None = None
    max: float | None = None


class Better(Kind, frozen=True, kw_only=True, tag="better"):
    """A metric is better than that of the version which the stage is at, on the same data.

    Attributes:
        metric: Which.
        direction: Which values are better.
        min_delta: By how much at least.
        role: Which datasets have to be the same.
        first_release: Whether a stage that is at no version yet lets any pass.
    """

    metric: Line
    direction: Direction
    min_delta: Annotated[float, Meta(ge=0)] = 0.0
    role: Line = "eval"
    first_release: Literal["allow", "fail"] = "allow"


class Paired(Kind, frozen=True, kw_only=True, tag="paired"):
    """A measure of predictions is better than the current version's, by a test on the same rows.

    Attributes:
        metric: Which metric of the manifest the measure is; it has to come out again.
        measure: `accuracy`, `f1`, `auc`, `log-loss`, `brier`, `mse`, `rmse`, `mae`; or `mean` of
            a number a row.
        predictions: Path of a CSV file in the artifact, or else of an artifact of the run.
        id: The column that names an example.
        target: The column that says what is true.
        prediction: The column that says what the model says.
        positive: The label of the positive class, for `f1`, `auc`, `log-loss` and `brier`.
        direction: Which values are better; for `mean`, and for that alone.
        test: `bootstrap` or `permutation` of the rows; `mcnemar` of those that one alone has
            right, for `accuracy`; `non-inferiority`: not worse by `margin`, by the bootstrap.
        alpha: How often at most a candidate that is no better may pass.
        min_delta: By how much better it has to be measured, at least.
        margin: How much worse is no worse, for `non-inferiority`.
        n_min: How many rows there have to be.
        resamples: How often rows are drawn.
        seed: Of the draws.
        tolerance: How far, relative to it, a metric may be from what comes out again.
        role: Which datasets have to be the same.
        first_release: Whether a stage that is at no version yet lets any pass.
    """

    metric: Line
    measure: Measured
    predictions: Path
    id: Line = "id"
    target: Line = "target"
    prediction: Line = "prediction"
    positive: Line = "1"
    direction: Direction | None = None
    test: Literal["bootstrap", "permutation", "mcnemar", "non-inferiority"] = "bootstrap"
    alpha: Alpha = 0.05
    min_delta: Annotated[float, Meta(ge=0)] = 0.0
    margin: Annotated[float, Meta(gt=0)] | None = None
    n_min: Annotated[int, Meta(ge=1)] = 100
    resamples: Resamples = 2000
    seed: Seed = 0
    tolerance: Annotated[float, Meta(ge=0, le=0.01)] = 1e-6
    role: Line = "eval"
    first_release: Literal["allow", "fail"] = "allow"


class Seeds(Kind, frozen=True, kw_only=True, tag="seeds"):
    """A metric is better over the runs that differ in their seeds alone, by a test of the means.

    Attributes:
        metric: Which.
        direction: Which values are better.
        test: `welch`, or `bootstrap` of the means, which of few runs is too sure of itself.
        alpha: How often at most a candidate that is no better may pass.
        min_delta: By how much better it has to be measured, at least.
        n_min: How many runs each side needs.
        resamples: How often runs are drawn, for `bootstrap`.
        seed: Of the draws.
        role: Which datasets have to be the same.
        first_release: Whether a stage that is at no version yet lets any pass.
    """

    metric: Line
    direction: Direction
    test: Literal["welch", "bootstrap"] = "welch"
    alpha: Alpha = 0.05
    min_delta: Annotated[float, Meta(ge=0)] = 0.0
    n_min: Annotated[int, Meta(ge=2)] = 3
    resamples: Resamples = 2000
    seed: Seed = 0
    role: Line = "eval"
    first_release: Literal["allow", "fail"] = "allow"


class FreshData(Kind, frozen=True, kw_only=True, tag="fresh-data"):
    """The evaluation data has not decided too many promotions already.

    Attributes:
        max_uses: How many promotions it may have decided before.
        role: Which datasets are counted.
    """

    max_uses: Annotated[int, Meta(ge=0)]
    role: Line = "eval"


class SameData(Kind, frozen=True, kw_only=True, tag="same-data"):
    """The version was evaluated on the data of the one which the stage is at, by digest.

    Attributes:
        role: Which datasets are compared.
        first_release: Whether a stage that is at no version yet lets any pass.
    """

    role: Line = "eval"
    first_release: Literal["allow", "fail"] = "allow"


class Command(Kind, frozen=True, kw_only=True, tag="command"):
    """A command of the project's own, which reads the promotion as JSON and says pass or fail.

    Attributes:
        command: One text an argument; run without a shell, in the project's folder.
        timeout: Seconds after which it is ended, and the gate was not evaluated.
    """

    command: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=100)]
    timeout: Annotated[float, Meta(gt=0, le=3600)] = 60.0


Gate = (
    Integrity
    | SignaturePresent
    | CardPresent
    | CleanGit
    | RequiredFiles
    | Threshold
    | Better
    | Paired
    | Seeds
    | FreshData
    | SameData
    | Command
)
# Gates that need nothing said are there by their kinds' names.
PLAIN: dict[str, Gate] = {
    "integrity": Integrity(),
    "signature-present": SignaturePresent(),
    "card-present": CardPresent(),
    "clean-git": CleanGit(),
    "same-data": SameData(),
}
# Gates that say how often the data that they read has decided a promotion.
COUNTED = (Better, Paired, Seeds, FreshData)
