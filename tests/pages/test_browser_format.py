"""A number, a time, a value: the browser prints what the builder prints."""

from __future__ import annotations

from random import Random

import pytest

from staticrun.config import Metric
from staticrun.pages import format as fmt
from tests.browser.ask import ask

SPECS = (
    ".3f", ".0f", ".1%", ".2%", "%", ",.2f", "+.1f", " .1f", ".2e", "e", ".3g", "g", "G", ".2E",
    "", ",", ".5", "+,.0%", "100f", "x",
)  # fmt: skip


def numbers(seed: int) -> list[float]:
    random = Random(seed)
    some = [0.0, -0.0, 1.0, -1.0, 10_000.0, 9999.5, 1e7, 1e22, 2.0**53, 0.1, 1e-4, 9.9995e-5, 1e16]
    some += [random.uniform(-1, 1) * 10 ** random.randint(-12, 12) for _ in range(400)]
    return some + [float(random.randint(-(10**9), 10**9)) for _ in range(40)]


def test_numbers(seed):
    values = numbers(seed)

    assert ask("data/format.ts", *(["number", x] for x in values)) == list(map(fmt.number, values))
    assert ask("data/format.ts", *(["signed", x] for x in values)) == list(map(fmt.signed, values))


def test_columns_of_numbers(seed):
    random, values = Random(seed), numbers(seed)
    columns = [random.sample(values, random.randint(1, 4)) for _ in range(100)]
    columns += [[random.uniform(0, 10), None, random.uniform(0, 10)] for _ in range(100)]

    assert ask("data/format.ts", *(["column", one] for one in columns)) == [
        fmt.column(one) for one in columns
    ]


def test_metrics_with_a_format(seed):
    values = [None, *numbers(seed)]
    metrics = [{"format": spec, "unit": "ms"} for spec in SPECS]
    calls = [["metricValue", x, metric] for metric in metrics for x in values]

    found = dict(zip(map(repr, calls), ask("data/format.ts", *calls), strict=True))

    assert found == {
        repr(["metricValue", x, metric]): fmt.metric_value(x, Metric(**metric))
        for metric in metrics
        for x in values
    }


@pytest.mark.parametrize("unit", ["%", "ms", None])
def test_only_a_format_of_per_cent_multiplies(unit):
    specs = [None, *SPECS]
    owns = [Metric(format=spec, unit=unit) for spec in specs]
    metrics = [{"format": spec or "", "unit": unit or ""} for spec in specs]

    factors = ask("data/format.ts", *(["factorOf", metric] for metric in metrics))
    heads = ask("data/format.ts", *(["unit", metric] for metric in metrics))
    cells = ask("data/format.ts", *(["column", [0.25], metric] for metric in metrics))

    assert factors == [fmt.factor(own) for own in owns]
    assert [factor == 100 for factor in factors] == [(spec or "").endswith("%") for spec in specs]
    assert heads == [fmt.unit(own) for own in owns]
    assert cells == [fmt.column([0.25], own) for own in owns]


def test_durations_and_dates(seed):
    random = Random(seed)
    values = [None, 0.0, 59.94, 59.96, 3599.6, 86_399.9, 1e13, -5.0, 90.0, 150.0]
    values += [random.uniform(0, 1) * 10 ** random.randint(-7, 9) for _ in range(300)]
    times = [None, 0.0, 1795110180.0, 1e300, -1e11, 253402300799.0, 253402300800.0]

    assert ask("data/format.ts", *(["duration", x] for x in values)) == [
        fmt.duration(x) for x in values
    ]
    assert ask("data/format.ts", *(["date", x] for x in times)) == [fmt.date(x) for x in times]


def test_values_of_params():
    values = [True, None, 1e-4, [0.9, 0.999], "a", {"a": [1, {"b": None}]}, 3, 1e22, 1.5e-7, []]

    assert ask("data/format.ts", *(["scalar", x] for x in values)) == list(map(fmt.scalar, values))
