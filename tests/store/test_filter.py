"""The filter language: one table of cases, laws, and what it says when it is wrong."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from staticrun.config import Config, Metric
from staticrun.errors import UserError
from staticrun.record.numbers import to_number
from staticrun.record.types import Git
from staticrun.store import filter_tree as tree
from staticrun.store.entries import DatasetEntry
from staticrun.store.filter import FilterError, RunFields, parse
from staticrun.store.series import Series, Stats
from staticrun.store.store import Store

TABLE = json.loads(Path(__file__).with_name("filter_cases.json").read_text("utf-8"))
METRICS = {name: Metric(**values) for name, values in TABLE["metrics"].items()}
CLOCK = TABLE["clock"]


def series(name: str, points: dict) -> Series:
    value = np.array([to_number(one) for one in points["value"]])
    step = np.array(points["step"], dtype=np.float64)
    return Series(
        name=name,
        writer="main",
        step=step,
        time=np.full(step.shape, np.nan),
        value=value,
        superseded=np.zeros(step.shape, dtype=np.bool_),
    )


def run_of(shown: dict) -> SimpleNamespace:
    """Give a printed run the attributes that a read one has."""
    parts = dict(shown)
    points = parts.pop("points")
    parts["key"] = parts.pop("run")
    parts["git"] = msgspec.convert(shown["git"], Git | None)
    parts["datasets"] = msgspec.convert(shown["datasets"], list[DatasetEntry])
    parts["metrics"] = {
        name: Stats(**{key: one if one is None else to_number(one) for key, one in values.items()})
        for name, values in shown["metrics"].items()
    }
    return SimpleNamespace(**parts, series=lambda name: series(name, points[name]))


RUNS = [run_of(shown) for shown in TABLE["runs"]]


@pytest.mark.parametrize(
    "case",
    TABLE["cases"],
    ids=[f"{i} {one['filter'][:60]}" for i, one in enumerate(TABLE["cases"])],
)
def test_the_table_of_cases_holds(case):
    clock = case.get("clock", CLOCK)
    if "column" in case:
        with pytest.raises(FilterError) as caught:
            parse(case["filter"], clock=clock)

        assert caught.value.column == case["column"]
    else:
        holds = parse(case["filter"], clock=clock)
        again = parse(str(holds), clock=clock)

        found = [run.key for run in RUNS if holds(RunFields(run, METRICS))]
        assert found == case["keys"]
        assert again.tree == holds.tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "val/acc > 0.9 && a = 1",
            """\
filter, column 15: `&&` stands here, expected `and`, `or` or the end.
  val/acc > 0.9 && a = 1
                ^
  Try: write `and`""",
        ),
        (
            "staus = 'finished'",
            """\
filter, column 9: `'finished'` stands here, expected a number.
  staus = 'finished'
          ^
  Try: did you mean 'status'?""",
        ),
        (
            "attributes.ecperiment = 'a'",
            """\
filter, column 1: runs have no attribute `ecperiment`.
  attributes.ecperiment = 'a'
  ^
  Try: did you mean 'experiment'?""",
        ),
        (
            "日本 = 1 and",
            """\
filter, column 11: the filter ends, expected a field such as metrics.NAME.
  日本 = 1 and
              ^""",
        ),
        (
            "started > -7d",
            """\
filter, column 11: `-7d` is relative to now, and nothing here depends on the clock, expected a date such as 2026-11-01.
  started > -7d
            ^""",
        ),
        (
            "a = 1 or " * 30 + "b ? 2",
            """\
filter, column 273: `?` stands here, expected an operator: = != < <= > >= in not in like ilike ~ exists missing.
  …or a = 1 or a = 1 or a = 1 or a = 1 or a = 1 or a = 1 or b ? 2
                                                              ^""",
        ),
        (
            "params.opt = it's",
            """\
filter, column 16: the quote ' is never closed.
  params.opt = it's
                 ^""",
        ),
    ],
)
def test_an_error_shows_the_place_and_what_was_expected(text, message):
    with pytest.raises(FilterError) as caught:
        parse(text)

    assert str(caught.value) == message


def test_an_error_is_a_user_error_that_survives_a_worker():
    with pytest.raises(UserError) as caught:
        parse("a = ")
    again = pickle.loads(pickle.dumps(caught.value))

    assert str(again) == str(caught.value)
    assert again.finding == caught.value.finding


def test_what_is_best_needs_a_direction():
    holds = parse("at(val/loss, best val/acc) < 1")

    with pytest.raises(UserError) as caught:
        holds(RunFields(RUNS[0], {}))

    assert str(caught.value) == (
        "filter: what is best of val/acc is not known, expected a direction in staticrun.yaml."
        '\n  Try: metrics: {"val/acc": {direction: max}}'
    )


def test_runs_that_were_read_from_files_are_filtered(tmp_path):
    for name, lr in (("one", 0.1), ("two", 0.01)):
        folder = tmp_path / "runs" / "digits" / name
        folder.mkdir(parents=True)
        lines = [
            {"type": "start", "format": 1, "time": CLOCK - 100, "id": name, "name": name},
            {"type": "params", "values": {"lr": lr, "model": {"a.b": name}}},
            {"type": "metrics", "step": 1, "values": {"acc": 0.5, "loss": 2}},
            {"type": "metrics", "step": 2, "values": {"acc": 0.4, "loss": lr}},
            {"type": "dataset", "name": "digits"},
            {"type": "end", "time": CLOCK, "status": "finished"},
        ]
        (folder / "run.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    store = Store.open(Config(root=tmp_path), cache=False)
    runs = list(map(store.run, store.keys()))

    def found(text: str) -> list[str]:
        holds = parse(text, clock=CLOCK)
        return [run.name for run in runs if holds(RunFields(run, {"acc": Metric("max")}))]

    assert found("params.lr < 0.05 and status = 'FINISHED'") == ["two"]
    assert found("at(loss, best acc) = 2 and duration = 100s") == ["one", "two"]
    assert found("params.model.\"a.b\" = 'one' or loss < 0.05") == ["one", "two"]
    assert found("datasets.name = 'digits' and attributes.id = 'one' and started > -2m") == ["one"]
    assert found("commit exists or group exists or parent exists or user exists") == []


def test_a_predicate_names_its_fields_once():
    found = parse('a > 1 and (params."b c" = 2 or not max(a) < 3) and a < 9').fields

    assert list(map(tree.write_field, found)) == [
        "metrics.a",
        'params."b c"',
        "max(metrics.a)",
    ]


names = st.one_of(
    st.text(min_size=1, max_size=6),
    st.sampled_from(
        ["a", "val/acc", "status", "and", "metrics.a", "it's", 'a"b', "0.5", "`", "a."]
    ),
)
texts = st.text(max_size=6).map(lambda text: tree.Value("text", text, None, quoted=True))
numbers = st.sampled_from(["0", "-1.5", "1e-3", ".5", "+7", "inf"]).flatmap(
    lambda text: st.builds(
        tree.Value, st.just("number"), st.just(text), st.just(float(text)), st.booleans()
    )
)
bare_numbers = numbers.map(lambda value: msgspec.structs.replace(value, quoted=False))
booleans = st.sampled_from(
    [tree.Value("boolean", "true", 1.0), tree.Value("boolean", "false", 0.0)]
)
days = st.booleans().map(
    lambda quoted: tree.Value("day", "2026-11-01", 1793491200.0, quoted=quoted)
)
lengths = st.just(tree.Value("length", "1h30m", 5400.0))
metrics = st.builds(
    tree.Field,
    st.just("metric"),
    names,
    st.sampled_from(["last", "min", "max", "mean", "first"]),
) | st.builds(tree.Field, st.just("metric"), names, st.just("at"), names)
others = st.builds(tree.Field, st.sampled_from(["param", "tag", "summary"]), names)


def attributes(*known: str) -> st.SearchStrategy:
    return st.sampled_from([tree.Field("attribute", name) for name in known])


orders = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
equals = st.sampled_from(["=", "!="])


def made_of(fields, values, operators) -> st.SearchStrategy:
    return st.one_of(
        st.builds(tree.Compare, fields, operators, values),
        st.builds(
            tree.In, fields, st.lists(values, min_size=1, max_size=3).map(tuple), st.booleans()
        ),
        st.builds(tree.Exists, fields, st.booleans()),
    )


texty = attributes("experiment", "name", "user", "id", "key", "group", "commit")
leaves = st.one_of(
    made_of(metrics, numbers, orders),
    made_of(others, st.one_of(texts, bare_numbers, booleans), equals),
    st.builds(tree.Compare, others, orders, bare_numbers),
    made_of(texty, texts, equals),
    made_of(attributes("archived"), booleans, equals),
    made_of(attributes("started", "ended"), days, orders),
    made_of(attributes("duration"), lengths, orders),
    st.builds(tree.Like, others | texty, st.text(max_size=6), st.booleans(), st.booleans()),
    st.builds(tree.Matches, others, st.text(alphabet="ab'\" .", max_size=6)),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(tree.Not, inner),
        st.builds(tree.And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(tree.Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@given(trees)
def test_a_written_tree_reads_as_itself(expression):
    assert parse(tree.write(expression)).tree == expression


WORDS = [
    "metrics.",
    "params.",
    "tags.",
    "a",
    "val/acc",
    "started",
    "status",
    "'x'",
    '"y"',
    "0.5",
    "-7d",
    "2026-11-01",
    "max",
    "exists",
    "missing",
    "true",
    "at(",
    "best",
    "\\",
    "{2}",
    "[",
    "é",
    "(",
    ")",
    "<",
    ">",
    "=",
    "!",
    "~",
    ",",
    ".",
    "'",
    '"',
    "`",
    "-",
]
pieces = st.sampled_from([*WORDS, " ", "\n", " and ", " or ", "not ", " in ", " like ", " ~ "])


@given(st.one_of(st.text(max_size=40), st.lists(pieces, max_size=14).map("".join)))
@example("a ~ '(((((((((((((((((((((((((((((((('")
@example("a" * 20_000)
@example("not " * 1_000)
@example("(" * 5_000)
@example("started > 9999-12-31T23:59-23:59")
@example("started > -" + "9" * 400 + "d")
@example("duration > " + ("1" + "0" * 308 + "s") * 2)
@example("params.a = " + "9" * 5_000)
@example("params.a ~ '(((a{500}){500}){500}){500}'")
@example("params.a ~ '((){500}){500}'")
@example("params.a ~ '\ud800'")
def test_no_text_raises_anything_but_a_filter_error(text):
    column, again = outcome(text)

    assert 1 <= column <= len(text) + 1
    assert again is not False


def outcome(text: str) -> tuple[int, bool | None]:
    """Give the column of the error, or whether the filter is written so that it reads the same."""
    try:
        holds = parse(text, clock=CLOCK)
    except FilterError as error:
        return error.column, None
    if all(field.aggregate != "at" for field in holds.fields):
        for run in RUNS:
            holds(RunFields(run, METRICS))
    return 1, parse(str(holds), clock=CLOCK).tree == holds.tree


def test_a_long_text_of_digits_is_read_in_linear_time():
    run = SimpleNamespace(params={"a": "9" * 1_000_000 + "x"})

    assert not parse("params.a > 1")(RunFields(run, {}))


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["NaN", "inf", "-Infinity", "1e5", "", "true"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.none(), max_size=1),
)


@given(values, st.one_of(texts, bare_numbers, booleans))
def test_equal_and_unequal_exclude_each_other_and_a_missing_value_is_neither(value, wanted):
    run = SimpleNamespace(params={} if value is None else {"a": value})
    fields = RunFields(run, {})

    equal = parse(f"params.a = {tree.write_value(wanted)}")(fields)
    unequal = parse(f"params.a != {tree.write_value(wanted)}")(fields)

    assert not (equal and unequal)
    if value is None or value != value:  # noqa: PLR0124  (NaN)
        assert not equal
        assert not unequal


@given(values, st.sampled_from(["0", "1.5", "-3", "1e5"]))
def test_numbers_are_in_one_order(value, number):
    fields = RunFields(SimpleNamespace(tags={"a": value}), {})
    holds = [parse(f"tags.a {sign} {number}")(fields) for sign in ("<", "=", ">")]
    both = [parse(f"tags.a {sign} {number}")(fields) for sign in ("<=", ">=")]

    assert sum(holds) <= 1
    assert both == [holds[0] or holds[1], holds[1] or holds[2]]
