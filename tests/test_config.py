"""staticrun.yaml: what is right counts, what is wrong is said with its line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from staticrun import config
from staticrun.config import Capture, Comparison, Config, Experiment, Logs, Metric
from staticrun.config.strict_yaml import parse

if TYPE_CHECKING:
    from pathlib import Path

NOTHING = Capture(**dict.fromkeys(Capture.__struct_fields__, False))


@pytest.fixture
def project(tmp_path):
    def write(text: str | bytes) -> Path:
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / "staticrun.yaml").write_bytes(data)
        return tmp_path

    return write


def said(root: Path) -> list[str]:
    return [str(finding) for finding in config.load(root)[1]]


def test_a_project_without_a_file_has_the_defaults(tmp_path):
    found, findings = config.load(tmp_path)

    assert found == Config(root=tmp_path)
    assert found.runs == ("runs",)
    assert found.artifacts.max == 5_000_000
    assert found.theme == "default"
    assert findings == []


@pytest.mark.parametrize("text", ["", "---\n", "# nothing\n", "project:\nmetrics:\n  loss:\n"])
def test_empty_files_and_empty_keys_are_defaults(project, text):
    found, findings = config.load(project(text))

    assert findings == []
    assert found.project == config.Project()


def test_every_key_is_read(project):
    text = """
project: {name: Digits, url: "https://example.org/digits/", description: Of hand}
runs: [runs/, ./archive//runs]
logs: [{glob: out/**/*.jsonl, step: epoch, time: wall, experiment: a/b}]
capture: {user: false}
metrics:
  val/acc: {direction: max, unit: "%", format: .1%, primary: true}
comparisons:
  width:
    title: Width
    description: Five seeds
    groups: {small: params.width = 16, large: params.width = 64}
    baseline: small
    metrics: [val/acc]
artifacts: {max: 20 MB, total: 1.5 GB}
theme: plain
"""

    found, findings = config.load(project(text))

    assert findings == []
    assert found.project.url == "https://example.org/digits/"
    assert found.runs == ("runs", "archive/runs")
    assert found.logs == (Logs("out/**/*.jsonl", "epoch", "wall", "a/b"),)
    assert found.capture == Capture(user=False)
    assert found.metrics == {"val/acc": Metric("max", "%", ".1%", primary=True)}
    assert found.comparisons["width"] == Comparison(
        title="Width",
        description="Five seeds",
        groups={"small": "params.width = 16", "large": "params.width = 64"},
        baseline="small",
        metrics=("val/acc",),
    )
    assert found.artifacts == config.Artifacts(max=20_000_000, total=1_500_000_000)
    assert found.theme == "plain"


def test_what_is_wrong_is_said_with_its_line_and_the_rest_counts(project):
    text = """\
project:
  name: Digits
  ur: x
runs: [runs/, ../x, runs, runs/old]
metrics:
  val/acc: {direction: maxx, format: .1%, primary: yes}
comparisons:
  a: {runs: [digits/1], where: x}
  b: {where: "loss < 1"}
  c: {title: C}
artifacts: {max: big, total: 2 GB}
logs:
  - step: 3
  - glob: /etc/*
capture: maybe
theme: [default]
version: {}
"""
    root = project(text)

    found, _ = config.load(root)

    assert said(root) == [
        """staticrun.yaml:3: unknown key "project.ur".\n  Try: did you mean 'url'?""",
        'staticrun.yaml:4: runs[1] is "../x", expected a folder inside the project, with / and without `..`.',
        'staticrun.yaml:4: runs[2] is "runs", which runs has already by "runs".',
        'staticrun.yaml:4: runs[3] is "runs/old", which runs has already by "runs".',
        """staticrun.yaml:6: metrics.val/acc.direction is "maxx", expected max or min.\n  Try: did you mean 'max'?""",
        'staticrun.yaml:6: metrics.val/acc.primary is "yes", expected true or false.',
        "staticrun.yaml:8: comparisons.a has runs and where, expected exactly one of groups, runs and where.",
        "staticrun.yaml:10: comparisons.c has nothing that chooses runs, expected exactly one of groups, runs and where.",
        'staticrun.yaml:11: artifacts.max is "big", expected a size such as 5 MB or a number of bytes.',
        "staticrun.yaml:13: logs[0] has no glob.",
        'staticrun.yaml:14: logs[1].glob is "/etc/*", expected a pattern of paths inside the project, with / and without `..`.',
        'staticrun.yaml:15: capture is "maybe", expected true, false or a mapping.',
        "staticrun.yaml:16: theme is a list, expected the name of a folder.",
        "staticrun.yaml:17: unknown key \"version\".\n  Try: did you mean 'versions'?",
    ]
    assert found.project.name == "Digits"
    assert found.runs == ("runs",)
    assert found.metrics == {"val/acc": Metric(format=".1%")}
    assert list(found.comparisons) == ["b"]
    assert found.artifacts == config.Artifacts(total=2_000_000_000)
    assert found.logs == ()
    assert found.capture == NOTHING
    assert found.theme == "default"


@pytest.mark.parametrize("name", ["no", "1.10", "2026-11-01", "0x10", "1_000", "on", "3e5", "01"])
def test_a_bare_word_is_the_text_that_is_written(project, name):
    text = f"project: {{name: {name}}}\nmetrics: {{{name}: {{unit: {name}}}}}\nruns: {name}\n"

    found, findings = config.load(project(text))

    assert findings == []
    assert found.project.name == name
    assert found.metrics == {name: Metric(unit=name)}
    assert found.runs == (name,)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("5 MB", 5_000_000),
        ("500kB", 500_000),
        ("2 GB", 2_000_000_000),
        ("1 MiB", 1_048_576),
        ("12345", 12345),
        ("5_000_000", 5_000_000),
        ("0", 0),
        ('"7 MB"', 7_000_000),
    ],
)
def test_sizes_are_read_with_their_units(project, text, size):
    found, findings = config.load(project(f"artifacts: {{max: {text}}}"))

    assert findings == []
    assert found.artifacts.max == size


@pytest.mark.parametrize(
    "text", ["-1", "5 mb", "1e6", "0.3 B", "5 XB", "\u0665", "9" * 40, "true"]
)
def test_what_is_no_size_is_reported(project, text):
    root = project(f"artifacts: {{max: {text}}}")

    expected = "expected a size such as 5 MB or a number of bytes."
    assert said(root) == [f'staticrun.yaml:1: artifacts.max is "{text}", {expected}']


@pytest.mark.parametrize("text", [">99999999.3f", "s", "d", ".999f", "{}", "!r"])
def test_a_format_that_could_fail_or_fill_the_memory_is_reported(project, text):
    root = project(f"metrics: {{a: {{format: '{text}'}}}}")

    what = f'staticrun.yaml:1: metrics.a.format is "{text}"'
    assert said(root) == [f"{what}, expected a format such as .3f, .2e or .1%."]


@pytest.mark.parametrize("path", ["/x", "a/../../x", "..", "C:/x", "C:x", "a\\b", "~/x", '"a\\0"'])
def test_paths_that_leave_the_project_are_reported(project, path):
    found, findings = config.load(project(f"runs: {path}\nlogs:\n- glob: {path}"))

    assert [finding.where for finding in findings] == ["staticrun.yaml:1", "staticrun.yaml:3"]
    assert found.runs == ("runs",)
    assert found.logs == ()


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (
            "a: &x 1\nproject: {name: &y A, url: *x}",
            "staticrun.yaml:1: the anchor &x is not known here.\n  Try: remove it",
        ),
        (
            "project: {name: !!python/name:os.system A}",
            "staticrun.yaml:1: the value with the tag !!python/name:os.system is left out.\n  Try: remove the tag",
        ),
        (
            "theme: a\nproject: !x {name: B}",
            "staticrun.yaml:2: the value with the tag !x is left out.\n  Try: remove the tag",
        ),
        (
            "theme: a\ntheme: b",
            'staticrun.yaml:2: the key "theme" stands twice, that of line 1 holds.\n  Try: remove one of them',
        ),
        (
            "theme: a\n---\ntheme: b",
            "staticrun.yaml:2: a second document begins, only the first one is read.\n  Try: remove the line `---`",
        ),
        ("? [a]\n: b", "staticrun.yaml:1: a list or mapping stands where a key is expected."),
        (
            "theme: a\nruns: [",
            "staticrun.yaml:3: not YAML: did not find expected node content at column 1.",
        ),
        (
            "theme: a\nb: " + "[" * 60,
            "staticrun.yaml:2: nested more than 50 levels deep, the file is not read.",
        ),
        (
            "theme: a\nb: \x01",
            "staticrun.yaml:2: not YAML: the character U+0001 is not allowed.",
        ),
        ("- a", "staticrun.yaml:1: the file is a list, expected a mapping of keys to values."),
        (b"theme: a\nb: \xff", "staticrun.yaml:2: not UTF-8 at byte 13."),
        (
            "#" * 1_000_001,
            "staticrun.yaml: the file has more than 1,000,000 bytes and is not read.",
        ),
    ],
)
def test_yaml_that_surprises_is_refused(project, text, finding):
    assert said(project(text))[0] == finding


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (
            "project:\n\tname: a",
            "staticrun.yaml:2: not YAML: a tab stands at column 1, expected spaces.\n  Try: indent with spaces",
        ),
        (
            "project:\n  name: a\n \turl: b",
            "staticrun.yaml:3: not YAML: a tab stands at column 2, expected spaces.\n  Try: indent with spaces",
        ),
        (
            "project:\n  name: a: b",
            "staticrun.yaml:2: not YAML: a second `:` stands at column 10, expected one key a line.\n  Try: put a value that holds `: ` in quotes",
        ),
        (
            "project: {name: @a}",
            "staticrun.yaml:1: not YAML: no value begins with @ at column 17.\n  Try: put the value in quotes",
        ),
        (
            "project: {}\ntheme: 'a\nmetrics: {}\n",
            "staticrun.yaml:2: not YAML: the quote at column 8 has no end.\n  Try: close the quote",
        ),
    ],
    ids=["tab", "tab after a space", "colon", "at", "quote"],
)
def test_a_usual_mistake_is_told_in_plain_words(project, text, finding):
    assert said(project(text)) == [finding]


def test_the_first_of_two_equal_keys_holds(project):
    assert config.load(project("theme: a\ntheme: b"))[0].theme == "a"


def test_a_folder_in_place_of_the_file_is_a_finding(tmp_path):
    (tmp_path / "staticrun.yaml").mkdir()

    assert said(tmp_path) == ["staticrun.yaml: not a file."]


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbftheme: a")
@example(b"? ? a")
@example(b"{capture: *a")
def test_no_bytes_raise(tmp_path_factory, data):
    root = tmp_path_factory.mktemp("any")
    (root / "staticrun.yaml").write_bytes(data)

    config.load(root)
    config.load_experiment(root / "staticrun.yaml", "x")
    config.for_writer(root, {})


@given(st.text(alphabet="ab:-{}[],'\"&*!|>#%@?~ \n", max_size=60))
def test_no_text_raises(text):
    parse(text.encode(), "x", [])


def test_an_experiment_is_read_with_the_name_it_is_shown_by(tmp_path):
    path = tmp_path / "experiment.yaml"
    path.write_text("title: T\nmetrics: {loss: {direction: min}}\narchived: true\nrun: a\n")

    found, findings = config.load_experiment(path, "runs/a/experiment.yaml")

    assert found == Experiment(title="T", metrics={"loss": Metric("min")}, archived=True)
    assert list(map(str, findings)) == [
        "runs/a/experiment.yaml:4: unknown key \"run\".\n  Try: one of 'archived', 'baseline', 'description', 'metrics', 'title'"
    ]


def test_an_experiment_without_a_file_has_the_defaults(tmp_path):
    assert config.load_experiment(tmp_path / "no.yaml", "no.yaml") == (Experiment(), [])


def nested(key: str, value: str) -> str:
    """Write a file that holds one key."""
    name, _, rest = key.partition(".")
    if not rest:
        return f"{{{name}: {value}}}" if not name.endswith("[]") else value
    if name.endswith("[]"):
        return f"{{{name[:-2]}: [{nested(rest, value)}]}}"
    return f"{{{name}: {nested(rest, value)}}}"


@pytest.mark.parametrize(
    ("file", "key"),
    [(file, key) for file in (Config, Experiment) for key in config.reference(file)],
    ids=lambda value: getattr(value, "key", value.__name__ if isinstance(value, type) else ""),
)
def test_every_key_is_described_and_its_example_is_right(tmp_path, file, key):
    text = nested(key.key, key.example)
    if key.key.startswith("logs[].") and "glob" not in key.key:
        text = text.replace("[{", "[{glob: x, ")
    if key.key.startswith("privacy.accepted[]."):
        needed = {"file": "a", "reason": "b"}
        needed.pop(key.key.rpartition(".")[2], None)
        more = "".join(f"{name}: {value}, " for name, value in needed.items())
        text = text.replace("[{", f"[{{{more}")
    if key.key.startswith("comparisons.") and key.key[len("comparisons.NAME.") :] not in (
        "groups",
        "runs",
        "where",
    ):
        text = text.replace("{NAME: {", "{NAME: {runs: [a/b], ")
    if ".watch" in key.key or ".tolerance" in key.key:
        text = text.replace("{NAME: {", "{NAME: {direction: min, ")
    path = tmp_path / "staticrun.yaml"
    path.write_text(text)

    if file is Config:
        found, findings = config.load(tmp_path)
        unset: Config | Experiment = Config(root=tmp_path)
    else:
        found, findings = config.load_experiment(path, "experiment.yaml")
        unset = Experiment()

    assert findings == []
    assert found != unset or key.example == key.default
    assert all(part for part in key)
    assert key.description.endswith(".")
    units = {
        "size": "bytes",
        "true, false or number": "seconds",
        "number": "the metric's",
        "number or per cent": "the metric's",
        "whole number above 0": "versions" if key.key == "publish.keep.last" else "values",
    }
    assert key.unit == units.get(key.kind, "none")


def test_the_reference_lists_every_field_of_every_struct():
    keys = [key.key for key in config.reference()]
    assert len(keys) == len(set(keys))
    for struct, above in [
        (config.Project, "project."),
        (config.Publish, "publish."),
        (config.Keep, "publish.keep."),
        (config.Logs, "logs[]."),
        (Capture, "capture."),
        (Metric, "metrics.NAME."),
        (config.Watch, "metrics.NAME.watch."),
        (Comparison, "comparisons.NAME."),
        (config.Artifacts, "artifacts."),
    ]:
        assert {f"{above}{name}" for name in struct.__struct_fields__} <= set(keys)


def keys_of(schema: dict, above: str = "") -> list[str]:
    """List the keys that a schema describes, spelled as the reference spells them."""
    found = []
    for name, inner in schema.get("properties", {}).items():
        whole = next((one for one in inner.get("anyOf", []) if "properties" in one), inner)
        named = whole.get("additionalProperties") or {}
        found += [above + name, *keys_of(whole, f"{above}{name}.")]
        found += keys_of(named, f"{above}{name}.NAME.")
        found += keys_of(whole.get("items", {}), f"{above}{name}[].")
    return found


@pytest.mark.parametrize("file", [Config, Experiment])
def test_the_schema_is_json_and_has_every_key(file):
    schema = config.json_schema(file)

    json.dumps(schema)
    assert schema["additionalProperties"] is False
    assert set(keys_of(schema)) == {key.key for key in config.reference(file)}


def test_the_schema_accepts_what_the_reader_accepts():
    properties = config.json_schema()["properties"]

    assert properties["artifacts"]["properties"]["max"]["anyOf"] == [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": "^[0-9][0-9_]*([.][0-9]+)? *([kKMGT]i?B|B|bytes)?$"},
    ]
    assert properties["runs"]["anyOf"][1]["type"] == "array"
    assert properties["capture"]["anyOf"][0] == {"type": "boolean"}


@pytest.mark.parametrize(
    ("text", "read"),
    [("0.01", "0.01"), ("2%", "2%"), ("2.5 %", "2.5%"), ("1e-3", "1e-3"), ("-1", None),
     ("%", None), ("a", None), ("1e999", None), ("2%%", None)],
)  # fmt: skip
def test_a_tolerance_is_a_number_or_a_share(tmp_path, text, read):
    (tmp_path / "staticrun.yaml").write_text(
        f'metrics: {{acc: {{direction: max, tolerance: "{text}"}}}}\n'
    )

    found, findings = config.load(tmp_path)

    assert found.metrics["acc"].tolerance == read
    assert bool(findings) == (read is None)


def test_a_tolerance_needs_a_direction(tmp_path):
    (tmp_path / "staticrun.yaml").write_text("metrics: {acc: {tolerance: 0.1, unit: s}}\n")

    found, [finding] = config.load(tmp_path)

    assert found.metrics["acc"] == config.Metric(unit="s")
    assert finding.what == "metrics.acc has a tolerance, but no direction"


@pytest.mark.parametrize("number", ["-1", "1e-7", "123456.789"])
def test_a_watch_takes_any_finite_number(tmp_path, number):
    (tmp_path / "staticrun.yaml").write_text(f"metrics: {{acc: {{watch: {{min: {number}}}}}}}\n")

    found, findings = config.load(tmp_path)

    assert findings == []
    assert found.metrics["acc"].watch.min == float(number)
