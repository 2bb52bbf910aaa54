"""A run's page as a person reads it: why it failed, one of 300 params, the pictures of a step."""

from __future__ import annotations

import yaml

from tests.browser.ask import ask

HOSTILE = [
    *("no", "Null", "1", "~", "1e5", "y", "0x1f", "1:30", "<<", "=", "2026-01-01", "", " ", "a b"),
    *("- a", "? a", "a: b", "a #b", "#", "!x", "&x", "*x", "|", ">", "%", "@", "`", "{", "[", ","),
    *('"', "'", "\\", "a\nb", "\t", "äΩ", "🧮", "constructor", "__proto__", "a/b.c-d", "-", "---"),
]
NUMBERS = [0, -1, 64, 0.1, 1e-7, -1e-7, 1.5e-9, 1e22, 1e300, 5e-324, 2**53, 123456.789]


def test_copied_yaml_says_what_the_run_logged():
    params = {
        "texts": {text: text for text in HOSTILE},
        "numbers": {f"n{i}": number for i, number in enumerate(NUMBERS)},
        "lists": [HOSTILE, NUMBERS, [], {}, [[1, [2]]], {"a": {"b": "c"}}],
        "others": {"none": None, "true": True, "empty": {}, "deep": {"deeper": {"no": False}}},
    }
    [text] = ask("run/text.ts", ["yaml", params])

    assert yaml.safe_load(text) == params
