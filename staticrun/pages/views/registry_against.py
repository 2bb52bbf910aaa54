"""The page of a candidate against a champion: what a reviewer looks at before a promotion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.pages.views import comparison_code, registry_figures, registry_gates
from staticrun.pages.views import registry_lineage as lineage
from staticrun.pages.views import registry_metrics as metrics
from staticrun.pages.views import registry_stages as stages
from staticrun.pages.views import registry_version as of_one
from staticrun.pages.views.naming import shown
from staticrun.pages.views.registry_moves import said
from staticrun.pages.views.run_facts import Fact
from staticrun.pages.views.sentence import Sentence, Words, count, sentence
from staticrun.registry.against import Against, against
from staticrun.registry.examples import Example

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from staticrun.config import Metric
    from staticrun.pages.context import Context
    from staticrun.pages.registered import Registered
    from staticrun.registry.against import Gain
    from staticrun.registry.examples import Changes, Slice
    from staticrun.registry.manifests import Version

TEMPLATE = "registered_against.html"
EXAMPLES_MAX = 10
SLICES_MAX = 60
TEXT_MAX = 80


class GainRow(msgspec.Struct, frozen=True):
    """A metric of both.

    Attributes:
        name: The metric.
        unit: Its unit.
        candidate: The candidate's value.
        champion: The champion's; empty where it has none.
        gain: By how much the candidate is better, with its sign; empty where that is unknown.
        interval: The 95 % interval of the gain; empty where there is none.
        p: Of the test; empty without one.
        how: By which test and on how much, or why there is no interval.
        verdict: `better` or `worse` where the interval leaves out zero; else empty.
    """

    name: str
    unit: str
    candidate: str
    champion: str
    gain: str
    interval: str
    p: str
    how: str
    verdict: str


class SliceRow(msgspec.Struct, frozen=True):
    """A slice of the examples, with its number of examples, both values, gain and verdict."""

    column: str
    value: str
    n: str
    candidate: str
    champion: str
    gain: str
    interval: str
    verdict: str


class ExampleTable(msgspec.Struct, frozen=True):
    """Examples that one of both does better, and how many more there are, in words."""

    title: str
    rows: tuple[Example, ...]
    left_out: str


class AgainstView(msgspec.Struct, frozen=True):
    """What the page shows.

    Attributes:
        model: The registered model.
        model_url: Its page.
        candidate: Number of the candidate.
        candidate_url: Its page.
        champion: Number of the champion.
        champion_url: Its page.
        deck: Who is better, and for whom not, in a sentence.
        missing: What could not be compared, a clause each.
        gates: What the gates say of the promotions of the one in the place of the other.
        metrics: The metrics of both.
        figure: The gains of all examples and of slices; None where none is tested on examples.
        picture: The same as a PNG; empty where there is none.
        slices: Slices, the worst first.
        slices_said: How many were looked at, and what chance does.
        sliced: The metric that slices are judged by.
        changed: How many examples change, in a sentence.
        examples: Those that change.
        lineage: Where both come from, one after the other, with heading and facts.
        differing: What differs between the manifests.
        code: What changed between the commits; None where neither is known.
    """

    model: str
    model_url: str
    candidate: str
    candidate_url: str
    champion: str
    champion_url: str
    deck: Sentence
    missing: tuple[str, ...]
    gates: tuple[registry_gates.Gates, ...]
    metrics: tuple[GainRow, ...]
    figure: registry_figures.Drawn | None
    picture: str
    slices: tuple[SliceRow, ...]
    slices_said: str
    sliced: str
    changed: str
    examples: tuple[ExampleTable, ...]
    lineage: tuple[tuple[str, tuple[Fact, ...]], ...]
    differing: tuple[of_one.Differing, ...]
    code: comparison_code.CodePart | None


def make(
    name: str, candidate: int, champion: int, registered: Registered, context: Context
) -> AgainstView:
    """Make the view of a page."""
    from staticrun.registry.material import Material

    model = registered.model(name)
    new, old = model.versions[candidate], model.versions[champion]
    material = Material(context.config.root, context.store.as_recorded(), cache=True)
    gates_of = registered.state.policies.gates
    found = against(material, new, old, gates_of, _hidden(context, new, old))
    evidence = stages.examined(new, context)
    gates = registry_gates.of_version(model, new, evidence, registered, context, champion)
    declared = context.config.metrics.get(found.sliced)
    figure, picture = None, ""
    if found.sliced:
        figure, picture = registry_figures.gains(name, found, context)
    return AgainstView(
        model=name,
        model_url=layout.model_url(name),
        candidate=str(candidate),
        candidate_url=layout.model_version_url(name, candidate),
        champion=str(champion),
        champion_url=layout.model_version_url(name, champion),
        deck=_deck(found, gates, name, context),
        missing=tuple(said(one, context) for one in found.missing),
        gates=gates,
        metrics=tuple(_gain(one, context) for one in found.metrics),
        figure=figure,
        picture=picture,
        slices=tuple(_slice(one, declared, context) for one in found.slices[:SLICES_MAX]),
        slices_said=_slices_said(found),
        sliced=shown(found.sliced, metrics.NAME_MAX, ""),
        changed=_changed(found.changes) if found.changes else "",
        examples=tuple(_examples(found, context)) if found.changes else (),
        lineage=tuple(
            (
                title,
                lineage.facts(model, one, stages.examined(one, context), registered, context)[:3],
            )
            for title, one in (
                (f"Version {candidate}, the candidate", new),
                (f"Version {champion}, the champion", old),
            )
        ),
        differing=tuple(of_one.differing(new, old, context)),
        code=_code(new, old, context),
    )


def _hidden(context: Context, *versions: Version) -> set[str]:
    """Name the metrics whose numbers `privacy.redact` keeps from pages."""
    known = {one.name for version in versions for one in metrics.shown_of(version, context)}
    return {one.name for version in versions for one in version.metrics} - known


def _deck(
    found: Against, gates: Sequence[registry_gates.Gates], name: str, context: Context
) -> Sentence:
    other = Words(f"version {found.champion}", url=layout.model_version_url(name, found.champion))
    parts: list[str | Words] = []
    first = next(iter(found.metrics), None)
    if first is not None and first.gain is not None:
        metric = context.config.metrics.get(first.metric)
        title = shown(first.metric, metrics.NAME_MAX)
        by = fmt.signed(first.gain * fmt.factor(metric)).lstrip("+\u2212-")
        word = {1: "Better", 0: "The same", -1: "Worse"}[(first.gain > 0) - (first.gain < 0)]
        parts += [Words(f"{word} on {title}{f' by {by}' if first.gain else ''}", strong=True)]
        sure = first.low is not None and first.high is not None and first.low <= 0 <= first.high
        doubt = ", which may be chance" if sure and first.gain else ""
        doubt = doubt if first.low is not None else ", as the manifests say, and no test"
        parts += [" than " if first.gain else " as ", other, f"{doubt}. "]
    else:
        parts += ["Against ", other, ". "]
    if found.slices:
        worse, whole = len(found.worse), count(len(found.slices), "slice")
        parts.append(f"Worse for {worse or 'none'} of {whole}. ")
    parts += [f"{one.stage.name}: {one.verdict[:1].lower()}{one.verdict[1:]} " for one in gates]
    return sentence(*parts)


def _gain(one: Gain, context: Context) -> GainRow:
    metric = context.config.metrics.get(one.metric)
    new, old = fmt.column([one.candidate, one.champion], metric)
    tested = one.n is not None and not one.why
    unit = "runs" if "seeds" in one.how else "examples"
    return GainRow(
        shown(one.metric, metrics.NAME_MAX),
        fmt.unit(metric),
        new,
        "" if one.champion is None else old,
        "" if one.gain is None else fmt.signed(one.gain * fmt.factor(metric)),
        _interval(one.low, one.high, metric),
        "" if one.p is None else probability(one.p),
        f"{one.how}, {fmt.count(one.n or 0)} {unit}" if tested else one.why,
        _verdict(one.low, one.high),
    )


def probability(p: float) -> str:
    """Print a p-value.

    >>> probability(0.00012)
    '<0.001'
    """
    return "<0.001" if p < 0.001 else fmt.number(p, 2)


def _interval(low: float | None, high: float | None, metric: Metric | None) -> str:
    if low is None or high is None:
        return ""
    factor = fmt.factor(metric)
    return f"{fmt.signed(low * factor)} to {fmt.signed(high * factor)}"


def _verdict(low: float | None, high: float | None) -> str:
    if low is None or high is None or low <= 0 <= high:
        return ""
    return "better" if low > 0 else "worse"


def _slice(one: Slice, metric: Metric | None, context: Context) -> SliceRow:
    new, old = fmt.column([one.candidate, one.champion], metric)
    return SliceRow(
        said(one.column, context, TEXT_MAX),
        said(one.value, context, TEXT_MAX) or fmt.MISSING,
        fmt.count(one.n),
        new,
        old,
        fmt.signed(one.gain * fmt.factor(metric)),
        _interval(one.low, one.high, metric),
        _verdict(one.low, one.high),
    )


def _slices_said(found: Against) -> str:
    if not found.slices:
        return "No column of the predictions says to which slice an example belongs."
    number = len(found.slices)
    chance = max(round(number / 40), 0)
    by_chance = f"about {chance}" if chance else "hardly one"
    more = number - SLICES_MAX
    cut = f" The {SLICES_MAX} worst are listed." if more > 0 else ""
    return (
        f"{fmt.plural(number, 'slice')} looked at: of so many, {by_chance} would seem worse by "
        f"chance alone.{cut}"
    )


def _changed(changes: Changes) -> str:
    better, worse = changes.better, changes.worse
    what = ("is right where the other is wrong", "is wrong where the other is right")
    if not changes.labels:
        what = ("is nearer", "is farther off")
    rest = f"For {fmt.plural(changes.same, 'example')} neither does." if changes.same else ""
    if changes.right is not None:
        both_wrong = fmt.count(changes.same - changes.right)
        rest = f"Both are right for {fmt.count(changes.right)}, and both wrong for {both_wrong}."
    return (
        f"The candidate {what[0]} for {fmt.plural(better, 'example')}, and {what[1]} for "
        f"{fmt.count(worse)}. {rest}".rstrip()
    )


def _examples(found: Against, context: Context) -> Iterator[ExampleTable]:
    changes = found.changes
    if changes is None:
        return
    verb = "right" if changes.labels else "nearer"
    for title, rows, every in (
        (f"Only the champion is {verb}", changes.lost, changes.worse),
        (f"Only the candidate is {verb}", changes.gained, changes.better),
    ):
        if rows:
            listed = tuple(
                type(row)(
                    *(said(text, context, TEXT_MAX) for text in msgspec.structs.astuple(row))
                )
                for row in rows[:EXAMPLES_MAX]
            )
            more = every - len(listed)
            left = f"{fmt.plural(more, 'more example')} not listed." if more else ""
            yield ExampleTable(title, listed, left)


def _code(new: Version, old: Version, context: Context) -> comparison_code.CodePart | None:
    base, own = old.code.commit, new.code.commit
    if base is None or own is None:
        return None
    title = f"From version {old.version} to version {new.version}"
    if base == own:
        return comparison_code.CodePart(title, (), "Both are of one commit.")
    return comparison_code.between(title, base, own, context)
