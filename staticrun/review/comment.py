"""A review in the words of a comment: regressions first, then experiments, then runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.review import promotions_comment
from staticrun.review.document import Block, Heading, Paragraph, Style, Table, spell
from staticrun.review.text import code, link, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staticrun.config import Metric
    from staticrun.review.compare import State
    from staticrun.review.shapes import AddedRun, ChangedRun, Compared, Experiment, Review

_VALUES = 3
_CHANGES = 3
_COMMIT_DIGITS = 12


def write(
    review: Review,
    branch: State,
    style: Style,
    address: str | None = None,
    *,
    pictures: bool = False,
) -> str:
    """Write the comment.

    Args:
        review: What the branch changes.
        branch: Its state, which says how metrics are printed.
        style: Markdown or HTML.
        address: Where its site, or a preview of it, is published; None for no links.
        pictures: Whether what the branch brings is there, too, so that its figures are.
    """
    told = [*_blocks(review, branch, address)]
    if review.promotions:
        told = [*promotions_comment.blocks(review.promotions, address, pictures=pictures), *told]
    return spell(told, style)


def _blocks(review: Review, branch: State, address: str | None) -> Iterator[Block]:
    yield Heading(_head(review), 2)
    yield Paragraph(_verdict(review))
    bad = [
        (each, one)
        for each in review.experiments
        for one in each.compared
        if one.verdict == "regression"
    ]
    if bad:
        rows = [_row(each.name, one, branch) for each, one in bad]
        yield Heading("Regressions")
        yield Table("regressions", ("Experiment", *_COLUMNS), tuple(rows))
    for each in review.experiments:
        if each.compared or each.status != "changed":
            yield Heading(_title(each, address))
        if each.compared:
            rows = [_row(each.name, one, branch)[1:] for one in each.compared]
            yield Table("metrics of experiments", _COLUMNS, tuple(rows))
    if review.added:
        yield Heading("Added runs")
        added = [_added(run, branch, address) for run in review.added]
        yield Table("added runs", ("Run", "Status", "Results"), tuple(added))
    if review.changed:
        yield Heading("Changed runs")
        changed = [_changed(run, branch, address) for run in review.changed]
        yield Table("changed runs", ("Run", "What changed"), tuple(changed))
    if review.removed:
        yield Heading("Removed runs")
        yield Table("removed runs", ("Run",), tuple((code(key),) for key in review.removed))
    if review.moved:
        yield Heading("Moved runs")
        moved = [(code(old), link(new, address, layout.run_url(new))) for old, new in review.moved]
        yield Table("moved runs", ("From", "To"), tuple(moved))


def _head(review: Review) -> str:
    counts = {
        "added": review.added,
        "changed": review.changed,
        "removed": review.removed,
        "moved": review.moved,
    }
    parts = [f"{fmt.plural(len(runs), 'run')} {what}" for what, runs in counts.items() if runs]
    return fmt.listed(parts) if parts else "No run is added, changed or removed"


def _verdict(review: Review) -> str:
    against = f"Compared with {code(review.base)} ({code(review.commit[:_COMMIT_DIGITS])})."
    if review.regressions:
        count = fmt.plural(review.regressions, "regression")
        return f"{against} <b>{count}</b> beyond the declared tolerance."
    if not review.experiments:
        return against
    if review.tolerances:
        return f"{against} No regression beyond the declared tolerance."
    return (
        f"{against} Nothing that could be compared declares a tolerance, so that nothing "
        "is called a regression."
    )


def _title(each: Experiment, address: str | None) -> str:
    name = link(each.name, address, layout.experiment_url(each.name))
    if each.status == "gone":
        return f"{code(each.name)}: no run is left"
    new = "new, " if each.status == "new" else ""
    failed = f", {fmt.count(each.failed)} of them failed" if each.failed else ""
    return f"{name}: {new}{fmt.plural(each.added, 'run')} added{failed}"


_COLUMNS = ("Metric", "Runs", "#Base", "#Branch", "#Difference", "#95 % interval", "#p", "Verdict")


def _row(experiment: str, one: Compared, branch: State) -> tuple[str, ...]:
    metric = branch.declared(experiment).get(one.metric)
    interval = ""
    if one.low is not None and one.high is not None:
        interval = f"{_signed(one.low, metric)} to {_signed(one.high, metric)}"
    return (
        code(experiment),
        code(one.metric),
        words(one.runs),
        _side(one.base.mean, one.base.n, metric),
        _side(one.branch.mean, one.branch.n, metric)
        + (f", {fmt.count(one.branch.nonfinite)} not finite" if one.branch.nonfinite else ""),
        _signed(one.delta, metric),
        interval,
        "" if one.p is None else _p(one.p),
        _judged(one),
    )


def _judged(one: Compared) -> str:
    if one.verdict == "regression":
        return f"<b>regression</b>, {words(one.tolerance)} allowed"
    return f"within {words(one.tolerance)}" if one.verdict == "within" else one.verdict


def _side(mean: float | None, n: int, metric: Metric | None) -> str:
    # What a format or a unit says is a text from outside as well.
    return f"{words(fmt.metric_value(mean, metric))} (n{fmt.THIN}={fmt.THIN}{fmt.count(n)})"


def _signed(value: float | None, metric: Metric | None) -> str:
    if value is None:
        return ""
    return words(fmt.signed(value * fmt.factor(metric)))


def _p(value: float) -> str:
    return "&#60;0.001" if value < 0.001 else fmt.number(value, 2)


def _added(run: AddedRun, branch: State, address: str | None) -> tuple[str, ...]:
    metrics = branch.declared(layout.split_key(run.key)[0])
    values = [
        f"{code(name, 40)} {words(fmt.metric_value(value, metrics.get(name)))}"
        for name, value in list(run.metrics.items())[:_VALUES]
    ]
    return link(run.key, address, layout.run_url(run.key)), words(run.status), ", ".join(values)


def _changed(run: ChangedRun, branch: State, address: str | None) -> tuple[str, ...]:
    metrics = branch.declared(layout.split_key(run.key)[0])
    said: list[str] = []
    if run.status[0] != run.status[1]:
        said.append(f"{words(run.status[0])} → {words(run.status[1])}")
    said += [
        f"{code(one.name, 40)} {words(fmt.metric_value(one.before, metrics.get(one.name)))} → "
        f"{words(fmt.metric_value(one.after, metrics.get(one.name)))}"
        for one in run.metrics
    ]
    said += [
        f"{code(one.name, 40)} {_param(one.before)} → {_param(one.after)}" for one in run.params
    ]
    more = f" and {fmt.count(len(said) - _CHANGES)} more" if len(said) > _CHANGES else ""
    what = ", ".join(said[:_CHANGES]) + more
    return link(run.key, address, layout.run_url(run.key)), what or "records, not last values"


def _param(value: object) -> str:
    return code(fmt.scalar(value), 40)
