"""The filter language in Python and in the browser: thousands of filters mean one thing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from random import Random

import pytest

from staticrun.errors import UserError
from staticrun.store.filter import RunFields, parse
from tests.browser.html import node
from tests.store.test_filter import METRICS, TABLE, run_of

WEB = Path(__file__).parents[2] / "staticrun" / "web"
CLOCK = TABLE["clock"]
FILTERS = 6_000

# Letters that fold in their own ways, spaces that only one language takes for one, characters
# beyond 16 bits, and what is special in a pattern or in quotes.
TEXTS = [
    "adam", "ADAM", "a", "ab", "aab", "", " ", "it's", 'a"b', "`", "%", "_", "a_b", "50%",
    "1", "1.0", "1e-5", "1e-05", "0.00001", "NaN", "nan", "NAN", "+nan", "inf", "-Infinity", "+1",
    "true", "True", "false", "2026-11-01", "-7d", "90s", "1h30m", "0123456", "0123456789ABCDEF",
    "ß", "SS", "\u017f", "s", "K", "\u212a", "k", "İ", "i", "\u0131", "Σς", "\u03c3", "ǅ", "é", "e\u0301",
    "日本", "\U0001f9e8", "x\U0001f9e8y", "\U00010428", "\U00010400", "\ufeff", "a\x85b",
    "\x1c", "\u2028", "\u00a0", "a\nb", "\t", "\\", "\\d", "[64, 64]", "[1, 1e-07]", "½", "٣",
    "finished", "FAILED", "killed", "done", "a" * 300,
]  # fmt: skip
NUMBERS = [
    0, -0.0, 1, 1.0, -1, 0.1, 1e-4, 1e-5, 1.5e-7, 5e-324, 1e15, 1e16, 1.2345e17, 1e21, 1e22, -1e300,
    2**53 + 1, 10**17, 10**400, 64, 3.0, 1793534400.0, 90.0,
]  # fmt: skip
NESTED = [
    [64, 64], [64.0, 1e-7, None, True], [], {}, {"b": 1.0, "a": ["é\n", '"']}, [[1e16]], ["\x7f"],
]  # fmt: skip
NAMES = [
    "lr", "opt", "model.width", 'model."a.b"', '"x.y"', "it's", "and", "val/acc", "val/loss", "é",
    "my metric", "status", "a", "constructor", "__proto__", "0.5", "inf", "日本", "\U0001f9e8",
]  # fmt: skip
# Fields with what they compare with: numbers, moments, lengths, booleans, texts, statuses, any.
FIELDS = {
    "n": ["val/acc", "val/loss", "metric.a", '"my metric"', "`status`", "max(val/acc)", "MIN(é)",
          "mean(a)", "first(metrics.val/acc)", "last(lr)", "at(val/loss, best val/acc)", "constructor",
          "at(a, BEST val/loss)", "日本", "\U0001f9e8", "__proto__"],
    "m": ["started", "created", "start_time", "attributes.ended", "run.end_time"],
    "l": ["duration"],
    "b": ["archived"],
    "t": ["name", "user", "experiment", "commit", "group", "parent", "attributes.id", "attr.key",
          "attr.`Run Name`", "datasets.name", "dataset.context", "dataset.digest"],
    "s": ["status", "attribute.status"],
    "a": ["params.lr", "param.opt", "parameters.é", "tags.a", "tag.and", "tags.`my metric`",
          "summary.lr", 'params."x.y"', 'params.model."a.b"', "params.constructor", "summary.`it's`"],
    "": ["params.", "params.model.", '"a".b', '"a"`.b`', "staus", "attributes.colour", "mix(a)",
         "datasets.size", "at(a)", "max(params.lr)", "and", "0.5", "İ", "attributes.", "'a'", "LIKE"],
}  # fmt: skip
VALUES = {
    "n": ["1", "0", "-1", ".5", "5.", "+1", "1e-5", "1e16", "64", "inf", "-inf", "nan", "NaN", "'1'",
          "+Infinity", "9" * 400, "0.5", "0.25", "0.75", "'inf'"],
    "m": ["2026-11-01", "2026-11-01T12:00", "2026-11-01t12:00:00.5z", "2026-11-01T13:00+01:00",
          "0001-01-01", "9999-12-31T23:59:59.999999", "1969-12-31T23:59:59.25", "nan", "-inf",
          "2500-01-01T00:00:00.1", "1793534400001", "1793534400", "'2026-11-01 12:00'", "1e11",
          "'2026-11-01 12:00 -0530'", "-7d", "-1w2h", "'-8d'", "'2026-11-01T12:00 '", "'2026-11-02'"],
    "l": ["90s", "1h30m", "1.1h2.2m3.3s4ms", "2h", "89s", "1min", "0.5d", "90", "nan", "'1w'",
          "1" + "0" * 308 + "s1" + "0" * 308 + "s"],
    "b": ["true", "FALSE", "'True'"],
    "t": ["'e/1'", "'id2'", "0123456", "'0123456789ABCDEF'", "12", "'ab'", "'eval'"],
    "s": ["'finished'", "'FAILED'", "'Running'", "'killed'", "'scheduled'"],
    "a": ["1", "64", "1e-5", "true", "False", "nan", "'nan'", "'[64, 64]'", "'1e-05'", "'{}'", "1e400"],
    "": ["1_000", "0x1", "1e", "--1", "adam", "finished", "2026-02-30", "2026-11-01T24:00", "2026",
         "0000-01-01", "-7x", "-", "m", "1ms2", "yesterday", "`a`", "(", "2026-11-01T12:60", "not"],
}  # fmt: skip
ORDERS = ["<", "<=", ">", ">="]
SAME = ["=", "!=", "=", "!=", "in", "not in", "exists", "missing"]
LIKE = ["like", "ilike", "not like", "NOT ILIKE", "~", "~"]
WRONG = ["==", "<>", "&&", "=>", "not ~", "is", "contains", "İn", "not =", "between", "'in'", ""]
OPERATORS = {
    "n": ORDERS + SAME, "m": ORDERS + SAME, "l": ORDERS + SAME, "b": SAME, "t": SAME + LIKE,
    "s": SAME + LIKE, "a": ORDERS + SAME + LIKE, "": WRONG,
}  # fmt: skip
ATOMS = [
    "a", "b", "m", ".", "[a-c]", "[^a]", "[^A-K]", "[S-T]", "[^\\d]", "\\w", "\\W", "\\s", "\\D",
    "\\.", "(a|b)", "(?:ab)", "(d|)", "^", "$", "é", "K", "s", "İ", "\u03c3", "1", "e", "-", "[\\w-]", "[a-]",
    "\U0001f9e8", "[\U0001f9e7-\U0001f9e9]", "[\ufeff-\U0001f9e8]", "|", "[!-\\d]", "\U00010400",
]  # fmt: skip
WRONG_ATOMS = [
    "\\é",
    "\\½",
    "(a",
    "(?=a)",
    "[",
    "[]",
    "[b-a]",
    "[\\D]",
    "[a-\\d]",
    ")",
    "\\",
    "a**",
]
REPEATS = [""] * 30 + [
    "*",
    "+",
    "?",
    "{2}",
    "{0}",
    "{1,2}",
    "{2,}",
    "*?",
    "{,2}",
    "{2,1}",
    "{501}",
]
SPACES = [" "] * 40 + ["  ", "\t", "\n", "\u00a0", "\x85", "\x1c", "\ufeff", ""]


class Made:
    """Filters and runs by chance."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def of(self, *choices: list) -> object:
        return self.random.choice(self.random.choice(choices))

    def quoted(self, text: str) -> str:
        quote = self.random.choice("'''\"")
        return f"{quote}{text.replace(quote, quote * 2)}{quote}"

    def regular(self) -> str:
        atoms = [*ATOMS, *WRONG_ATOMS] if self.random.random() < 0.2 else ATOMS
        parts = [self.of(atoms) + self.of(REPEATS) for _ in range(self.random.randint(0, 3))]
        return self.of(["", "", "(?i)"]) + "".join(parts)

    def like(self) -> str:
        return "".join(self.of(TEXTS, ["%", "%", "_"]) for _ in range(self.random.randint(0, 3)))

    def value(self, sort: str) -> str:
        if sort in "ta" and self.random.random() < 0.6:
            return self.quoted(self.of(TEXTS))
        return self.of(VALUES[sort])

    def test(self) -> str:
        """Make a test that fits, or, one time in five, one whose parts do not."""
        sort = self.of("nmlbtsaaatn")
        name, sign, kind = (
            sort if self.random.random() < 0.93 else self.of("nmlbtsa", [""]) for _ in range(3)
        )
        name, sign = self.of(FIELDS[name]), self.of(OPERATORS[sign])
        after = ""
        if sign.endswith("in"):
            after = f"({', '.join(self.value(kind) for _ in range(self.random.randint(1, 3)))})"
        elif sign.endswith("~"):
            after = self.quoted(self.regular())
        elif sign.lower().endswith("like"):
            after = self.quoted(self.like())
        elif sign not in ("exists", "missing"):
            after = self.value(kind)
        return f"{name}{self.of(SPACES)}{sign}{self.of(SPACES)}{after}"

    def filter(self, depth: int = 0) -> str:
        chance = self.random.random()
        if depth > 2 or chance < 0.6:
            return self.test()
        if chance < 0.7:
            return f"not {self.filter(depth + 1)}"
        if chance < 0.8:
            return f"({self.filter(depth + 1)})"
        word = self.of([" and ", " or ", " AND ", ") and ("])
        return f"{self.filter(depth + 1)}{word}{self.filter(depth + 1)}"

    def mistaken(self, text: str) -> str:
        """Take out, put in or double a piece, now and then."""
        if self.random.random() < 0.85:
            return text
        start = self.random.randint(0, len(text))
        end = min(len(text), start + self.random.randint(0, 3))
        return text[:start] + self.of(TEXTS, [text[start:end] * 2, "", "(", "'"]) + text[end:]

    def values(self, *kinds: list) -> dict:
        return {name: self.of(*kinds) for name in self.random.sample(NAMES, 8)}

    def run(self, i: int) -> dict:
        start = self.of([None, 1793534400.0, 1793620800.5, 1794142800.0])
        points = {
            "step": [1, 2, 4],
            "value": [0.5, self.of([0.25, "NaN"]), self.of([1.0, "Infinity"])],
        }
        stats = {
            "n": 3, "nonfinite": 0, "first": 0.5, "last": points["value"][-1], "last_step": 4,
            "min": 0.5, "min_step": self.of([1, 2]), "max": 1.0, "max_step": 4, "mean": 0.75,
        }  # fmt: skip
        names = self.random.sample(NAMES, 6)
        return {
            "id": f"id{i}", "run": f"e/{i}", "experiment": self.of(TEXTS), "name": self.of(TEXTS),
            "status": self.of(["finished", "failed", "stopped", "open"]), "started": start,
            "ended": start and start + 90, "duration": start and self.of([90.0, 7200.0, 0.5]),
            "last_record": None, "group": self.of([None], TEXTS), "parent": self.of([None], TEXTS),
            "user": self.of([None], TEXTS), "archived": self.of([True, False]),
            "git": self.of([None, {"commit": "0123456789abcdef" + "0" * 24, "dirty": False}]),
            "params": self.values(TEXTS, NUMBERS, NESTED, [None, True, False]),
            "tags": self.values(TEXTS), "summary": self.values(NUMBERS, TEXTS),
            "metrics": dict.fromkeys(names, stats), "points": dict.fromkeys(names, points),
            "datasets": self.of([[], [{"name": "adam", "digest": "ab"}, {"name": "a", "role": "eval"}]]),
        }  # fmt: skip


def answer(text: str, runs: list) -> object:
    """Give what `filter_lines.ts` gives."""
    try:
        holds = parse(text, clock=CLOCK)
        return [[run.key for run in runs if holds(RunFields(run, METRICS))], str(holds)]
    except UserError as error:
        column, parts = getattr(error, "column", 1), error.finding
        return {
            "column": column,
            "what": parts.what,
            "expected": parts.expected,
            "try": parts.try_,
        }


@pytest.mark.slow
def test_python_and_the_browser_pass_the_same_runs_and_say_the_same_errors(seed):
    made = Made(seed)
    shown = [made.run(i) for i in range(40)]
    runs = [run_of(one) for one in shown]
    texts = [made.mistaken(made.filter()) for _ in range(FILTERS)]
    table = {"runs": shown, "metrics": TABLE["metrics"], "clock": CLOCK}

    done = subprocess.run(
        [node(), "tests/filter_lines.ts"],
        cwd=WEB,
        input="\n".join(json.dumps(one) for one in [table, *texts]),
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    theirs = [json.loads(line) for line in done.stdout.rstrip("\n").split("\n")]
    ours = [answer(text, runs) for text in texts]

    differ = [found for found in zip(texts, ours, theirs, strict=True) if found[1] != found[2]]
    assert differ[:5] == []
    # Neither side may agree by refusing all, or by passing none.
    assert sum(isinstance(one, list) for one in ours) > FILTERS / 5
    assert (
        sum(isinstance(one, list) and 0 < len(one[0]) < len(runs) for one in ours) > FILTERS / 20
    )
